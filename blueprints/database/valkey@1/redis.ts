// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { createClient, ErrorReply, RESP_TYPES } from 'redis';

type Client = Awaited<ReturnType<typeof open>>;
type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const urlPattern = /^(?:redis|valkey)s?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?$/i;
const reads =
  /^(?:TYPE|H?EXISTS|H?M?GET|HGETALL|[HL]LEN|STRLEN|[HSZ]?SCAN|[SZ]CARD|SMEMBERS|LRANGE|ZM?SCORE|Z(?:REV)?RANGE(?:BY\w+)?)$/i;
const lost = 'The connection to Valkey was lost.';

let client: Promise<Client> | undefined;
let current: Client | undefined;
let lastLossAt = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Promise<Client> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  return client;
}

async function open() {
  const url = process.env.VALKEY_URL;
  if (!url) throw new Error('VALKEY_URL is not set, and db.ts needs it: a Valkey connection URL.');
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!urlPattern.test(url) || !URL.canParse(url))
    throw new Error('VALKEY_URL is malformed: db.ts needs redis://host:port/number, bare, encoded, no parameters.');
  const opening = createClient({
    // The client knows Valkey's schemes by their Redis names.
    url: url.replace(/^valkey/i, 'redis'),
    RESP: 2,
    // Replies as Buffers, so that bytes stay bytes.
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    // What was not sent when the connection was lost fails at once.
    disableOfflineQueue: true,
    // The first connection fails at once with its reason; after that it reconnects for ever.
    socket: {
      reconnectStrategy: (retries, cause): number | Error => (current ? Math.min(retries * 100, 2_000) : cause),
    },
  });
  // Without this listener a lost connection would end the process.
  opening.on('error', (error: Error) => current && console.error(`[flue] Valkey connection lost: ${error.message}`));
  const started = opening.connect().then(() => opening.ping());
  const late = setTimeout(10_000, new Error('Valkey did not answer within 10 s.'), { ref: false });
  const answer = await Promise.race([started.catch((error: Error) => error), late]);
  if (answer instanceof Error && opening.isOpen) opening.destroy();
  if (answer instanceof Error) throw answer;
  current = opening;
  return opening;
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again when a lost
 * connection is back, and for 50 ms after a loss and after the return nothing is written. A write is never sent again.
 */
function send<T>(run: (on: Client) => Promise<T>, command = '', firstLossAt = 0, opened = connect()): Promise<T> {
  if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) return Promise.reject(new Error(lost));
  return (current?.isReady ? run(current) : opened.then(whenReady).then(run)).catch(async (cause) => {
    if (cause instanceof ErrorReply || client !== opened) throw cause;
    lastLossAt = Date.now();
    if (!reads.test(command) || (firstLossAt > 0 && lastLossAt - firstLossAt > 5_000)) throw new Error(lost, { cause });
    // A moment later: the client says that it is ready in the tick in which its socket closes.
    await setTimeout(10);
    return send(run, command, firstLossAt || lastLossAt, opened);
  });
}

/** Waits at most 5 s for a connection that was lost. */
async function whenReady(on: Client): Promise<Client> {
  const mustWait = !on.isReady;
  for (let msLeft = 5_000; on.isOpen && !on.isReady && msLeft > 0; msLeft -= 10) await setTimeout(10);
  if (mustWait) lastLossAt = Date.now();
  return on;
}

function encode(argument: string | number | Uint8Array): string | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);
}

const adapter = redis({
  command: (name, args = []) => send((on) => on.sendCommand([name, ...args.map(encode)]), name),
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
      const results = (await Promise.all(sent)).at(-1) as unknown[];
      for (const result of results) if (result instanceof Error) throw result;
      return results;
    }),
  close: async () => {
    // A moment later, so that what waited for the first connection is sent before it closes.
    const closing = await client?.then((on) => setTimeout(10, on)).catch(() => undefined);
    client = current = undefined;
    // Replies come in order, so this one is the last; a server that is gone is not waited for.
    if (closing?.isReady) await Promise.race([closing.ping().catch(() => {}), setTimeout(5_000, null, { ref: false })]);
    if (closing?.isOpen) closing.destroy();
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
