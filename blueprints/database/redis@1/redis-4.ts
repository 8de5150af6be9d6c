// flue-blueprint: database/redis@1
import { redis } from '@flue/redis';
import { commandOptions, createClient } from 'redis';

type Client = Awaited<ReturnType<typeof open>>;

let client: Promise<Client> | undefined;
let waiting: Promise<void> | undefined;

/** Made on first use: building or importing this file connects to nothing. A lost connection is waited for, 5 s at most. */
async function connect(): Promise<Client> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  const connected = await client;
  if (!connected.isReady) await ready(connected);
  return connected;
}

/** One wait for all that wait. */
function ready(reconnecting: Client): Promise<void> {
  waiting ??= new Promise<void>((resolve, reject) => {
    const back = () => {
      clearTimeout(late);
      resolve();
    };
    const late = setTimeout(() => {
      reconnecting.off('ready', back);
      reject(new Error('Redis did not come back within 5 s.'));
    }, 5_000);
    reconnecting.once('ready', back);
  }).finally(() => {
    waiting = undefined;
  });
  return waiting;
}

async function open() {
  const url = process.env.REDIS_URL;
  if (!url) {
    throw new Error('REDIS_URL is not set, and db.ts needs it: a Redis connection URL.');
  }
  let started = false;
  const opening = createClient({
    url,
    // What was not sent when the connection was lost fails at once.
    disableOfflineQueue: true,
    socket: {
      // The first connection fails at once with its reason; after that it reconnects for ever.
      reconnectStrategy: (retries, cause) => (started ? Math.min(retries * 100, 2_000) : cause),
    },
  });
  // Without this listener a lost connection would end the process.
  opening.on('error', (error: Error) => {
    if (started) console.error(`[flue] Redis connection lost: ${error.message}`);
  });
  const late = setTimeout(() => void opening.disconnect().catch(() => {}), 10_000);
  try {
    await opening.connect();
    await opening.ping();
  } catch (error) {
    if (opening.isOpen) await opening.disconnect();
    throw error;
  } finally {
    clearTimeout(late);
  }
  started = true;
  return opening;
}

/** Replies are Buffers, so that bytes stay bytes. */
async function send(args: (string | Buffer)[]): Promise<unknown> {
  return (await connect()).sendCommand(args, commandOptions({ returnBuffers: true }));
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

const adapter = redis({
  command: (name, args = []) => send([name, ...args.map(encode)]),
  eval: (script, keys, args = []) => send(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)]),
  // MULTI and EXEC as one chain on one connection: nobody sees half of it, and it rejects when a command failed.
  pipeline: async (commands) => {
    const connected = await connect();
    const options = commandOptions({ returnBuffers: true, chainId: Symbol('pipeline') });
    const list = commands.map(({ command, args = [] }) => [command, ...args.map(encode)]);
    const sent = [['MULTI'], ...list, ['EXEC']].map((args) => connected.sendCommand(args, options));
    const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const results = (await sent.at(-1)) as unknown[];
    for (const result of results) if (result instanceof Error) throw result;
    return results;
  },
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = undefined;
    if (!closing?.isOpen) return;
    // Replies come in order, so this one is the last; a server that is gone is not waited for.
    const late = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
    if (closing.isReady) await Promise.race([closing.ping().catch(() => {}), late]);
    await closing.disconnect().catch(() => {});
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
