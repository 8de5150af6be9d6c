// flue-blueprint: database/valkey@1
import { redis } from '@flue/redis';
import { client } from '#clients/ioredis';

// The client belongs to the application, which makes it and closes it; this file only uses it.
const pending = new Set<Promise<unknown>>();

// Without a listener every lost connection would be reported as unhandled.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[flue] Valkey connection lost: ${error.message}`));
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

/** Remembers what is pending, which `close` waits for. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending.add(running);
  const settled = () => void pending.delete(running);
  running.then(settled, settled);
  return running;
}

/** Replies as Buffers, so that bytes stay bytes. */
function send(name: string, args: (string | Buffer)[]): Promise<unknown> {
  return counted(client.callBuffer(name, ...args));
}

const adapter = redis({
  command: (name, args = []) => send(name, args.map(encode)),
  eval: (script, keys, args = []) => send('EVAL', [script, String(keys.length), ...keys, ...args.map(encode)]),
  // MULTI and EXEC in one write: nobody sees half of it, and it rejects when a command failed.
  pipeline: async (commands) => {
    const batch = client.pipeline().callBuffer('MULTI');
    for (const { command, args = [] } of commands) batch.callBuffer(command, ...args.map(encode));
    const replies = (await counted(batch.callBuffer('EXEC').exec())) ?? [];
    for (const [error] of replies) if (error) throw error;
    const results = replies.at(-1)?.[1] as unknown[] | null;
    if (!results) throw new Error('The application watches a key on this connection, and it has changed.');
    for (const result of results) if (result instanceof Error) throw result;
    return results;
  },
  close: async () => {
    // Waits for what is pending, but not for ever.
    const late = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
    await Promise.race([Promise.allSettled(pending), late]);
  },
});

export default {
  ...adapter,
  // Asks first, and fails with the client's own reason instead of trying for ever.
  async migrate() {
    const { keyPrefix, enableAutoPipelining, stringNumbers } = client.options;
    if (keyPrefix || enableAutoPipelining || stringNumbers) {
      throw new Error('db.ts cannot share a client with keyPrefix, enableAutoPipelining or stringNumbers.');
    }
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const late = setTimeout(() => fail(new Error('Valkey did not answer within 10 s.')), 10_000);
    let back = () => {};
    const ready = new Promise<void>((resolve) => {
      back = resolve;
    });
    client.once('error', fail);
    client.once('ready', back);
    try {
      const settled = client.status === 'ready' || client.status === 'end';
      if (!settled) await Promise.race([client.status === 'wait' ? client.connect() : ready, failed]);
      // A refused database is only told to the listener: it is asked for again, the one that the client is in.
      const { condition } = client as { condition?: { select?: number } };
      await Promise.race([client.select(condition?.select ?? client.options.db ?? 0), failed]);
    } finally {
      clearTimeout(late);
      client.off('error', fail);
      client.off('ready', back);
    }
    await adapter.migrate?.();
  },
};
