import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import path from 'node:path';
import { home } from '../../blueprints/shelf.ts';
import { Problem } from '../../problem.ts';

/** How a server is started, and the folder that goes with it. */
export interface Served {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Whom it runs as, where it refuses to run as root. */
  uid: number | null;
  folder: string;
}

/** A server that is ours, on a port of this machine. */
export interface Server {
  port: number;
  /** Kills it with SIGKILL and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Starts it under its guard, and waits until `ready` says so. Raises `operation-failed`. */
export async function serve(
  served: Served,
  port: number,
  ready: () => Promise<boolean> = () => answers(port),
): Promise<Server> {
  const guard = spawn(process.execPath, [path.join(home, 'dist/verify/guard.mjs'), JSON.stringify(served)], {
    stdio: ['pipe', 'ignore', 'ignore', 'ipc'],
    detached: process.platform !== 'win32',
  });
  guard.on('error', () => {});
  guard.stdin!.on('error', () => {});
  const server: Server = {
    port,
    crash: async () => {
      // Who answers from then on is another one, however fast it was.
      const gone = Promise.race([once(guard, 'message'), once(guard, 'exit')]);
      guard.stdin!.write('crash\n');
      if (guard.exitCode === null && guard.signalCode === null) await gone;
      await up(guard, ready, served);
    },
    stop: () =>
      new Promise((resolve) => {
        if (guard.exitCode !== null) return resolve();
        guard.once('exit', () => resolve());
        guard.stdin!.end();
      }),
  };
  try {
    await up(guard, ready, served);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function up(guard: ChildProcess, ready: () => Promise<boolean>, { command }: Served): Promise<void> {
  if (await until(ready, 20_000, guard)) return;
  const message = `the throwaway server (\`${command}\`) did not start`;
  throw new Problem('operation-failed', message, 'run that program by hand, to see what it says; nothing was changed');
}

async function until(holds: () => Promise<boolean>, limit: number, guard: ChildProcess): Promise<boolean> {
  for (const end = Date.now() + limit; Date.now() < end && guard.exitCode === null; ) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

/** Whether something listens there. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const done = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.on('connect', () => done(true)).on('error', () => done(false));
  });
}
