// flue-blueprint: database/valkey@1
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { ErrorReply, RESP_TYPES } from 'redis';
import { client } from '#clients/redis';

type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const reads =
  /^(?:TYPE|H?EXISTS|H?M?GET|HGETALL|[HL]LEN|STRLEN|[HSZ]?SCAN|[SZ]CARD|SMEMBERS|LRANGE|ZM?SCORE|Z(?:REV)?RANGE(?:BY\w+)?)$/i;
const lost = 'The connection to Valkey was lost.';

// The client belongs to the application, which makes it and closes it; this file only uses it.
const pending = new Set<Promise<unknown>>();
let opened = false;
let lastLossAt = 0;

// Without a listener a lost connection would end the process.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[flue] Valkey connection lost: ${error.message}`));
}

/** Replies as Buffers, so that bytes stay bytes, and maps as lists, whichever protocol the client speaks. */
const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.MAP]: Array };

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again when a lost
 * connection is back, and for 50 ms after a loss and after the return nothing is written. A write is never sent again.
 */
function send<T>(run: () => Promise<T>, command = '', firstLossAt = 0): Promise<T> {
  if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) return Promise.reject(new Error(lost));
  opened ||= client.isReady;
  const reply = (client.isReady ? run() : whenReady().then(run)).catch(async (cause) => {
    if (cause instanceof ErrorReply || !client.isOpen) throw cause;
    lastLossAt = Date.now();
    if (!reads.test(command) || (firstLossAt > 0 && lastLossAt - firstLossAt > 5_000)) throw new Error(lost, { cause });
    // A moment later: the client says that it is ready in the tick in which its socket closes.
    await setTimeout(10);
    return send(run, command, firstLossAt || lastLossAt);
  });
  const settled = () => void pending.delete(reply);
  pending.add(reply);
  reply.then(settled, settled);
  return reply;
}

/** Opens the client where the application has not done so yet, and waits at most 5 s for a connection that was lost. */
async function whenReady(): Promise<void> {
  if (client.isReady) return;
  if (!client.isOpen && opened) throw new Error('The application has closed its client.');
  if (!client.isOpen) await client.connect();
  for (let msLeft = 5_000; client.isOpen && !client.isReady && msLeft > 0; msLeft -= 10) await setTimeout(10);
  if (opened) lastLossAt = Date.now();
}

/** The client's own reason, or that it was silent for 10 s: it may try for ever. */
async function failure(): Promise<never> {
  const late = [new Error('Valkey did not answer within 10 s.')];
  const [error] = await once(client, 'error', { signal: AbortSignal.timeout(10_000) }).catch(() => late);
  throw error;
}

function encode(argument: string | number | Uint8Array): string | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);
}

const adapter = redis({
  command: (name, args = []) => send(() => client.sendCommand([name, ...args.map(encode)], { typeMapping }), name),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    const command = ['EVAL', script, String(keys.length), ...keys, ...args.map(encode)];
    return send(() => client.sendCommand(command, { typeMapping }));
  },
  // MULTI and EXEC as one chain on one connection: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    send(async () => {
      const options = { typeMapping, chainId: Symbol('pipeline') };
      const list = commands.map(({ command, args = [] }) => [command, ...args.map(encode)]);
      const sent = [['MULTI'], ...list, ['EXEC']].map((args) => client.sendCommand<unknown>(args, options));
      const results = (await Promise.all(sent)).at(-1) as unknown[] | null;
      if (!results) throw new ErrorReply('The application watches a key on this connection, and it has changed.');
      for (const result of results) if (result instanceof Error) throw result;
      return results;
    }),
  close: async () => {
    // Waits for what is pending, but not for ever.
    await Promise.race([Promise.allSettled(pending), setTimeout(5_000, undefined, { ref: false })]);
  },
});

const entry: ReturnType<typeof redis> = {
  ...adapter,
  // Connects first: the adapter's own first command would hide why the connection failed.
  async migrate() {
    if (client.options?.commandsQueueMaxLength)
      throw new Error('db.ts cannot share a client with commandsQueueMaxLength: it would tear transactions apart.');
    await Promise.race([whenReady().then(() => client.ping()), failure()]);
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
