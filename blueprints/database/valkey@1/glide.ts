// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { Batch, ConnectionError, Decoder, GlideClient, TimeoutError } from '@valkey/valkey-glide';

type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const form = /^(?:redis|valkey)s?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?$/i;
const reads =
  /^(?:EXISTS|TYPE|M?GET|STRLEN|S?SCAN|SMEMBERS|SCARD|H(?:M?GET|GETALL|LEN)|LRANGE|Z(?:CARD|SCORE|(?:REV)?RANGE\w*))$/i;
const lost = 'The connection to Valkey was lost.';

let client: Promise<GlideClient> | undefined;
let current: GlideClient | undefined;
let pending = 0;
let away = false;
let disturbed = 0;

/** Made on first use: building or importing this file connects to nothing. */
async function connect(): Promise<GlideClient> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  current = await client;
  return current;
}

async function open(): Promise<GlideClient> {
  const text = process.env.VALKEY_URL;
  if (!text) {
    throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  }
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!form.test(text) || !URL.canParse(text)) {
    throw new Error(
      'VALKEY_URL is malformed: db.ts needs redis://host:port/number, bare, encoded and without parameters.',
    );
  }
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const opening = await GlideClient.createClient({
    addresses: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 6379 }],
    useTLS: url.protocol === 'rediss:' || url.protocol === 'valkeys:',
    databaseId: Number(url.pathname.slice(1)),
    ...(password && { credentials: username ? { username, password } : { password } }),
    // Replies as Buffers, so that bytes stay bytes. Its own limit of 250 ms gives up on commands the server then still runs.
    defaultDecoder: Decoder.Bytes,
    requestTimeout: 10_000,
    advancedConfiguration: { connectionTimeout: 10_000 },
  });
  try {
    await opening.ping();
  } catch (error) {
    opening.close();
    throw error;
  }
  return opening;
}

/** Keeps count of what is pending, as closing the client would cut it off. */
async function counted<T>(run: () => Promise<T>): Promise<T> {
  pending += 1;
  try {
    return await run();
  } finally {
    pending -= 1;
  }
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again once a lost connection is back,
 * and for 50 ms after that, and after a reply was lost, nothing is written. A write whose reply was lost is never sent again.
 */
async function send<T>(run: (on: GlideClient) => Promise<T>, read = false): Promise<T> {
  if (!read && Date.now() - disturbed < 50) throw new Error(lost);
  const on = current ?? (await connect());
  let cause: unknown;
  for (const start = Date.now(); Date.now() - start < 5_000; ) {
    try {
      const reply = await run(on);
      if (away) [away, disturbed] = [false, Date.now()];
      return reply;
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof TimeoutError)) throw error;
      [away, disturbed, cause] = [true, Date.now(), error];
      if (!read) break;
    }
    await setTimeout(10);
  }
  throw new Error(lost, { cause });
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

/** The client's maps and booleans as the flat lists and numbers that the protocol has. */
function plain(reply: unknown): unknown {
  if (typeof reply === 'boolean') return Number(reply);
  if (!Array.isArray(reply)) return reply;
  const isMap = reply.length > 0 && reply.every((one) => one !== null && typeof one === 'object' && 'key' in one);
  return isMap ? reply.flatMap(({ key, value }) => [key, plain(value)]) : reply.map(plain);
}

const adapter = redis({
  command: (name, args = []) =>
    counted(async () => plain(await send((on) => on.customCommand([name, ...args.map(encode)]), reads.test(name)))),
  eval: (script, keys, args = []) =>
    counted(async () => {
      // Flue would write down a lost connection as what is wrong with a message.
      if (args.includes(lost)) throw new Error(lost);
      const command = ['EVAL', script, String(keys.length), ...keys, ...args.map(encode)];
      return plain(await send((on) => on.customCommand(command)));
    }),
  // MULTI and EXEC: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    counted(async () => {
      const batch = new Batch(true);
      for (const { command, args = [] } of commands) batch.customCommand([command, ...args.map(encode)]);
      return ((await send((on) => on.exec(batch, true))) ?? []).map(plain);
    }),
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = current = undefined;
    // Waits for what is pending, but not for ever.
    for (let patience = 5_000; pending > 0 && patience > 0; patience -= 10) await setTimeout(10);
    closing?.close();
  },
});

const entry: ReturnType<typeof redis> = {
  ...adapter,
  // Connects first: the adapter's own first command would hide why the connection failed.
  async migrate() {
    await connect();
    await adapter.migrate?.();
  },
  // Flue hands this promise out of a `try` whose `finally` still waits: without a handler, a lost connection would end the process.
  async connect() {
    const stores = await adapter.connect();
    const { submissionStore, executionStore } = stores as Stores;
    const store = submissionStore ?? executionStore?.submissions;
    const get = store?.getSubmission.bind(store);
    if (store && get) {
      store.getSubmission = (id) => {
        const found = get(id);
        found.catch(() => {});
        return found;
      };
    }
    return stores;
  },
};
export default entry;
