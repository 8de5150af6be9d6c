// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { Batch, ConnectionError, Decoder, GlideClient, TimeoutError } from '@valkey/valkey-glide';

type Run = (on: GlideClient) => Promise<unknown>;
type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const urlPattern = /^(?:redis|valkey)s?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?$/i;
const reads =
  /^(?:TYPE|H?EXISTS|H?M?GET|HGETALL|[HL]LEN|STRLEN|[HSZ]?SCAN|[SZ]CARD|SMEMBERS|LRANGE|ZM?SCORE|Z(?:REV)?RANGE(?:BY\w+)?)$/i;
const lost = 'The connection to Valkey was lost.';

let client: Promise<GlideClient> | undefined;
let pending = 0;
let connectionLost = false;
let lastLossAt = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Promise<GlideClient> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  return client;
}

async function open(): Promise<GlideClient> {
  const text = process.env.VALKEY_URL;
  if (!text) throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!urlPattern.test(text) || !URL.canParse(text))
    throw new Error('VALKEY_URL is malformed: db.ts needs redis://host:port/number, bare, encoded, no parameters.');
  const url = new URL(text);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const opening = await GlideClient.createClient({
    addresses: [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || 6379 }],
    useTLS: url.protocol === 'rediss:' || url.protocol === 'valkeys:',
    databaseId: Number(url.pathname.slice(1)),
    ...(password && { credentials: username ? { username, password } : { password } }),
    // Replies as Buffers, so that bytes stay bytes.
    defaultDecoder: Decoder.Bytes,
    // Its own limit of 250 ms gives up on commands the server then still runs.
    requestTimeout: 10_000,
    advancedConfiguration: { connectionTimeout: 10_000 },
  });
  await opening.ping().catch((error) => {
    opening.close();
    throw error;
  });
  return opening;
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again when a lost
 * connection is back, and for 50 ms after a loss and after the return nothing is written. A write is never sent again.
 */
async function send(run: Run, command = '', firstLossAt = 0, opened = connect()): Promise<unknown> {
  if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) throw new Error(lost);
  const on = await opened;
  pending += 1;
  try {
    const reply = await run(on);
    if (connectionLost) [connectionLost, lastLossAt] = [false, Date.now()];
    return plain(reply);
  } catch (cause) {
    const isLoss = cause instanceof ConnectionError || cause instanceof TimeoutError;
    if (!isLoss) throw cause;
    [connectionLost, lastLossAt] = [true, Date.now()];
    if (!reads.test(command) || (firstLossAt > 0 && lastLossAt - firstLossAt > 5_000)) throw new Error(lost, { cause });
    await setTimeout(10);
    return await send(run, command, firstLossAt || lastLossAt, opened);
  } finally {
    pending -= 1;
  }
}

function encode(argument: string | number | Uint8Array): string | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);
}

/** The client's maps and booleans as the flat lists and numbers that the protocol has. */
function plain(reply: unknown): unknown {
  if (typeof reply === 'boolean') return Number(reply);
  if (!Array.isArray(reply)) return reply;
  const isMap = reply.length > 0 && reply.every((one) => one !== null && typeof one === 'object' && 'key' in one);
  return isMap ? reply.flatMap(({ key, value }) => [key, plain(value)]) : reply.map(plain);
}

const adapter = redis({
  command: (name, args = []) => send((on) => on.customCommand([name, ...args.map(encode)]), name),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    return send((on) => on.customCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)]));
  },
  // MULTI and EXEC: nobody sees half of it, and it rejects when a command failed.
  pipeline: async (commands) => {
    const batch = new Batch(true);
    for (const { command, args = [] } of commands) batch.customCommand([command, ...args.map(encode)]);
    return ((await send((on) => on.exec(batch, true))) ?? []) as unknown[];
  },
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = undefined;
    // Waits for what is pending, but not for ever.
    for (let msLeft = 5_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
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
  // Flue leaves this promise without a handler for a while, in which a lost connection would end the process.
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
