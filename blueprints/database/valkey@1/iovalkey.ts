// flue-blueprint: database/valkey@1
import { redis } from '@flue/redis';
import { Redis } from 'iovalkey';

let client: Promise<Redis> | undefined;
let current: Redis | undefined;

/** Made on first use: building or importing this file connects to nothing. */
async function connect(): Promise<Redis> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  current = await client;
  return current;
}

async function open(): Promise<Redis> {
  const url = process.env.VALKEY_URL;
  if (!url) {
    throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  }
  let started = false;
  let failure: Error | undefined;
  const opening = new Redis(url, {
    lazyConnect: true,
    // A command whose reply was lost is not sent again: the server may have run it.
    maxRetriesPerRequest: 0,
    // The first connection fails at once with its reason; after that it reconnects for ever.
    retryStrategy: (attempt) => (started ? Math.min(attempt * 100, 2_000) : null),
  });
  opening.on('error', (error) => {
    failure ??= error;
    if (started) console.error(`[flue] Valkey connection lost: ${error.message}`);
  });
  const late = setTimeout(() => {
    failure ??= new Error('Valkey did not answer within 10 s.');
    opening.disconnect();
  }, 10_000);
  try {
    await opening.connect();
    await opening.ping();
    // A refused database is only told to the listener.
    if (failure) throw failure;
  } catch (error) {
    opening.disconnect();
    throw failure ?? error;
  } finally {
    clearTimeout(late);
  }
  started = true;
  return opening;
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

/** Replies as Buffers, so that bytes stay bytes. */
function send(name: string, args: (string | Buffer)[]): Promise<unknown> {
  if (current?.status === 'ready') return current.callBuffer(name, ...args);
  return connect().then((connected) => connected.callBuffer(name, ...args));
}

const adapter = redis({
  command: (name, args = []) => send(name, args.map(encode)),
  eval: (script, keys, args = []) => send('EVAL', [script, String(keys.length), ...keys, ...args.map(encode)]),
  // MULTI and EXEC in one write: nobody sees half of it, and it rejects when a command failed.
  pipeline: async (commands) => {
    const batch = (await connect()).pipeline().callBuffer('MULTI');
    for (const { command, args = [] } of commands) batch.callBuffer(command, ...args.map(encode));
    const replies = (await batch.callBuffer('EXEC').exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    const results = replies.at(-1)?.[1] as unknown[];
    for (const result of results) if (result instanceof Error) throw result;
    return results;
  },
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = current = undefined;
    if (!closing) return;
    // Waits for what is pending, but not for a server that is gone.
    const late = setTimeout(() => closing.disconnect(), closing.status === 'ready' ? 5_000 : 0);
    await closing.quit().catch(() => {});
    clearTimeout(late);
    closing.disconnect();
  },
});

export default {
  ...adapter,
  // Connects first: the adapter's own first command would hide why the connection failed.
  async migrate() {
    await connect();
    await adapter.migrate?.();
  },
};
