import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Served } from './server.ts';

/**
 * Keeps a throwaway server: a program of its own, so that the server and its folder go when `verify` has gone in
 * whatever way. A line on stdin kills the server with SIGKILL and starts it again, which a message says once the former
 * one has gone; the end of stdin ends everything.
 */
const served = JSON.parse(process.argv[2] ?? '') as Served;
let server: ChildProcess | undefined;
let ending = false;

function start(): void {
  const { command, args, env, uid } = served;
  const as = uid === null ? {} : { uid, gid: uid };
  // A group of its own: a database is several processes.
  server = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
    cwd: served.folder,
    ...as,
  });
  const own = server;
  server.once('error', end);
  server.once('exit', () => {
    if (own === server && !ending) end();
  });
}

function kill(): Promise<void> {
  const killed = server;
  server = undefined;
  if (!killed?.pid || killed.exitCode !== null || killed.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    killed.once('exit', () => resolve());
    try {
      process.kill(-killed.pid!, 'SIGKILL');
    } catch {
      resolve();
    }
  });
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await kill();
  rmSync(served.folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(0);
}

async function crash(): Promise<void> {
  await kill();
  start();
  process.send?.('killed');
}

process.stdin.on('data', () => void crash());
process.stdin.on('end', () => void end());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
start();
