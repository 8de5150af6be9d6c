import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'vitest';
import type { RedisRunner, SqlRunner } from './adapters.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The error a promise is rejected with; it must be. */
export const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.fail('it should have been rejected'),
    (error) => error,
  );

/** How long it took, in ms, whatever came of it. */
export async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run().catch(() => {});
  return performance.now() - start;
}

/** Fifty transactions at once on a new table, with queries among them. Gives how many rows there are then. */
export async function fiftyAtOnce(runner: SqlRunner): Promise<unknown> {
  await runner.query('DROP TABLE IF EXISTS many');
  await runner.query('CREATE TABLE many (id INTEGER)');
  const count = () => runner.query('SELECT count(*) AS n FROM many');
  const all = Array.from({ length: 50 }, (_, id) => [
    runner.transaction((tx) => tx.query('INSERT INTO many VALUES (?)', [id])),
    count(),
  ]);
  await Promise.all(all.flat());
  return count();
}

/** A server that accepts connections and never answers. */
export async function silentServer(): Promise<{ port: number; close(): void }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/**
 * Eight workers write numbers while the server is killed and started again. Gives how many were reported done after the
 * restart, and those reported done that are not stored: work that was claimed and lost.
 */
export async function killUnderLoad(server: {
  write(id: number): Promise<unknown>;
  kill(): Promise<unknown>;
  start(): Promise<unknown>;
  stored(): Promise<number[]>;
}): Promise<{ resumed: number; lost: number[] }> {
  const reported: number[] = [];
  let going = true;
  const worker = async (start: number) => {
    for (let id = start; going; id += 8) {
      const done = await server.write(id).then(
        () => true,
        () => false,
      );
      if (done) reported.push(id);
      else await pause(20);
    }
  };
  const workers = Array.from({ length: 8 }, (_, i) => worker(i));
  await pause(300);
  await server.kill();
  await pause(300);
  const before = reported.length;
  await server.start();
  for (let tries = 0; reported.length < before + 20 && tries < 600; tries += 1) await pause(50);
  going = false;
  await Promise.all(workers);
  const stored = new Set(await server.stored());
  return { resumed: reported.length - before, lost: reported.filter((id) => !stored.has(id)) };
}

/** The same on Redis or Valkey, with the numbers in a set. */
export function killStoreUnderLoad(
  server: {
    stop(signal: 'SIGKILL'): Promise<unknown>;
    start(): Promise<unknown>;
    admin(name: string, ...rest: string[]): Promise<unknown>;
  },
  runner: RedisRunner,
): Promise<{ resumed: number; lost: number[] }> {
  return killUnderLoad({
    write: (id) => runner.command('SADD', ['load', id]),
    kill: () => server.stop('SIGKILL'),
    start: () => server.start(),
    stored: async () => ((await server.admin('SMEMBERS', 'load')) as string[]).map(Number),
  });
}
