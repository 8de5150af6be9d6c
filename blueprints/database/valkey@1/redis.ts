// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { createClient, ErrorReply, RESP_TYPES } from 'redis';

type Client = Awaited<ReturnType<typeof open>>;
type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const form = /^(?:redis|valkey)s?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?$/i;
const reads =
  /^(?:EXISTS|TYPE|M?GET|STRLEN|S?SCAN|SMEMBERS|SCARD|H(?:M?GET|GETALL|LEN)|LRANGE|Z(?:CARD|SCORE|(?:REV)?RANGE\w*))$/i;
const lost = 'The connection to Valkey was lost.';

let client: Promise<Client> | undefined;
let current: Client | undefined;
let away = false;
let disturbed = 0;

/** Made on first use: building or importing this file connects to nothing. */
async function connect(): Promise<Client> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  current = await client;
  return current;
}

async function open() {
  const url = process.env.VALKEY_URL;
  if (!url) {
    throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  }
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!form.test(url) || !URL.canParse(url)) {
    throw new Error(
      'VALKEY_URL is malformed: db.ts needs redis://host:port/number, bare, encoded and without parameters.',
    );
  }
  let started = false;
  const opening = createClient({
    // The client knows Valkey's schemes by their Redis names.
    url: url.replace(/^valkey/i, 'redis'),
    RESP: 2,
    // Replies as Buffers, so that bytes stay bytes.
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    // What was not sent when the connection was lost fails at once.
    disableOfflineQueue: true,
    socket: {
      // The first connection fails at once with its reason; after that it reconnects for ever.
      reconnectStrategy: (retries, cause) => (started ? Math.min(retries * 100, 2_000) : cause),
    },
  });
  // Without this listener a lost connection would end the process.
  opening.on('error', (error: Error) => {
    if (started) console.error(`[flue] Valkey connection lost: ${error.message}`);
  });
  const silence = setTimeout(10_000, undefined, { ref: false }).then(() => {
    throw new Error('Valkey did not answer within 10 s.');
  });
  try {
    await Promise.race([opening.connect().then(() => opening.ping()), silence]);
  } catch (error) {
    if (opening.isOpen) opening.destroy();
    throw error;
  }
  started = true;
  return opening;
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again once a lost connection is back,
 * and for 50 ms after that, and after a reply was lost, nothing is written. A write whose reply was lost is never sent again.
 */
async function send<T>(run: (on: Client) => Promise<T>, read = false): Promise<T> {
  if (!read && Date.now() - disturbed < 50) throw new Error(lost);
  const on = current ?? (await connect());
  let cause: unknown;
  for (const start = Date.now(); Date.now() - start < 5_000; ) {
    try {
      if (on.isReady) {
        const reply = await run(on);
        if (away) [away, disturbed] = [false, Date.now()];
        return reply;
      }
      away = true;
    } catch (error) {
      if (error instanceof ErrorReply) throw error;
      [away, disturbed, cause] = [true, Date.now(), error];
      if (!read) break;
    }
    // Also where it says that it is ready: it does so in the tick in which its socket closes.
    await setTimeout(10);
  }
  throw new Error(lost, { cause });
}

/** Text stays text, numbers become text, bytes stay bytes. */
function encode(argument: string | number | Uint8Array): string | Buffer {
  if (typeof argument === 'string') return argument;
  return typeof argument === 'number' ? String(argument) : Buffer.from(argument);
}

const adapter = redis({
  command: (name, args = []) => send((on) => on.sendCommand([name, ...args.map(encode)]), reads.test(name)),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    return send((on) => on.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)]));
  },
  // MULTI and EXEC as one chain on one connection: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    send(async (on) => {
      const chainId = Symbol('pipeline');
      const list = commands.map(({ command, args = [] }) => [command, ...args.map(encode)]);
      const sent = [['MULTI'], ...list, ['EXEC']].map((args) => on.sendCommand<unknown>(args, { chainId }));
      const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      const results = (await sent.at(-1)) as unknown[];
      for (const result of results) if (result instanceof Error) throw result;
      return results;
    }),
  close: async () => {
    const closing = await client?.catch(() => undefined);
    client = current = undefined;
    if (!closing?.isOpen) return;
    // Replies come in order, so this one is the last; a server that is gone is not waited for.
    if (closing.isReady) await Promise.race([closing.ping().catch(() => {}), setTimeout(5_000, null, { ref: false })]);
    closing.destroy();
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
