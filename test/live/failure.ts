import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'vitest';

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
