// flue-blueprint: database/redis@1
import { redis } from '@flue/redis';
import { commandOptions, createClient } from 'redis';

type Client = Awaited<ReturnType<typeof open>>;

let client: Promise<Client> | undefined;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Promise<Client> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  return client;
}

async function open() {
  const url = process.env.REDIS_URL;
  if (!url) {
    throw new Error('REDIS_URL is not set, and db.ts needs it: a Redis connection URL.');
  }
  let started = false;
  const opening = createClient({
    url,
    socket: {
      // The first connection fails at once with its reason; after that it reconnects for ever.
      reconnectStrategy: (retries, cause) => (started ? Math.min(retries * 100, 2_000) : cause),
    },
  });
  // Without this listener a lost connection would end the process.
  opening.on('error', (error: Error) => {
    if (started) console.error(`[flue] Redis connection lost: ${error.message}`);
  });
  const late = deadline(10_000, 'Redis did not answer within 10 s.');
  try {
    await Promise.race([opening.connect().then(() => opening.ping()), late.passed]);
  } catch (error) {
    if (opening.isOpen) await opening.disconnect();
    throw error;
  } finally {
    late.clear();
  }
  started = true;
  return opening;
}

function deadline(ms: number, message: string) {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  return { passed, clear: () => clearTimeout(timer) };
}

/** A command waits 5 s for a lost connection, then is taken back. Replies are Buffers, so that bytes stay bytes. */
async function send(args: (string | Buffer)[]): Promise<unknown> {
  const connected = await connect();
  const waiting = new AbortController();
  const late = connected.isReady ? undefined : setTimeout(() => waiting.abort(), 5_000);
  try {
    return await connected.sendCommand(args, commandOptions({ returnBuffers: true, signal: waiting.signal }));
  } finally {
    clearTimeout(late);
  }
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
    // Waits for what is pending, but not for a server that is gone.
    const late = deadline(closing.isReady ? 5_000 : 0, 'Redis did not say goodbye.');
    await Promise.race([closing.quit(), late.passed]).catch(() => closing.disconnect().catch(() => {}));
    late.clear();
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
