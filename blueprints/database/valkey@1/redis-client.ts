// flue-blueprint: database/valkey@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { ErrorReply, RESP_TYPES } from 'redis';
import { client } from '#clients/redis';

type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const reads =
  /^(?:EXISTS|TYPE|M?GET|STRLEN|S?SCAN|SMEMBERS|SCARD|H(?:M?GET|GETALL|LEN)|LRANGE|Z(?:CARD|SCORE|(?:REV)?RANGE\w*))$/i;
const lost = 'The connection to Valkey was lost.';

// The client belongs to the application, which makes it and closes it; this file only uses it.
let opening: Promise<unknown> | undefined;
let opened = false;
let away = false;
let disturbed = 0;
const pending = new Set<Promise<unknown>>();

/** Replies as Buffers, so that bytes stay bytes, and maps as lists, whichever protocol the client speaks. */
const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.MAP]: Array };

// Without a listener a lost connection would end the process.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[flue] Valkey connection lost: ${error.message}`));
}

/** Opens the client where the application has not done so yet. */
async function connect(): Promise<void> {
  if (!client.isOpen) {
    if (opened) throw new Error('The application has closed its client.');
    opening ??= client.connect().finally(() => {
      opening = undefined;
    });
    await opening;
  }
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again once a lost connection is back,
 * and for 50 ms after that, and after a reply was lost, nothing is written. A write whose reply was lost is never sent again.
 */
async function send<T>(run: () => Promise<T>, read = false): Promise<T> {
  if (!read && Date.now() - disturbed < 50) throw new Error(lost);
  await connect();
  let cause: unknown;
  for (const start = Date.now(); Date.now() - start < 5_000; ) {
    try {
      if (client.isReady) {
        const reply = await run();
        opened = true;
        if (away) [away, disturbed] = [false, Date.now()];
        return reply;
      }
      away = opened;
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

/** Remembers what is pending, which `close` waits for. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending.add(running);
  const settled = () => void pending.delete(running);
  running.then(settled, settled);
  return running;
}

const adapter = redis({
  command: (name, args = []) =>
    counted(send(() => client.sendCommand([name, ...args.map(encode)], { typeMapping }), reads.test(name))),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    return counted(
      send(() =>
        client.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)], { typeMapping }),
      ),
    );
  },
  // MULTI and EXEC as one chain on one connection: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    counted(
      send(async () => {
        const options = { typeMapping, chainId: Symbol('pipeline') };
        const list = commands.map(({ command, args = [] }) => [command, ...args.map(encode)]);
        const sent = [['MULTI'], ...list, ['EXEC']].map((args) => client.sendCommand<unknown>(args, options));
        const failed = (await Promise.allSettled(sent)).find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
        const results = (await sent.at(-1)) as unknown[] | null;
        if (!results) throw new ErrorReply('The application watches a key on this connection, and it has changed.');
        for (const result of results) if (result instanceof Error) throw result;
        return results;
      }),
    ),
  close: async () => {
    // Waits for what is pending, but not for ever.
    await Promise.race([Promise.allSettled(pending), setTimeout(5_000, undefined, { ref: false })]);
  },
});

const entry: ReturnType<typeof redis> = {
  ...adapter,
  // Connects first, and fails with the client's own reason instead of trying for ever.
  async migrate() {
    if (client.options?.commandsQueueMaxLength) {
      throw new Error('db.ts cannot share a client with commandsQueueMaxLength: it would tear transactions apart.');
    }
    const silence = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('Valkey did not answer within 10 s.');
    });
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    client.once('error', fail);
    try {
      await Promise.race([connect().then(() => client.ping()), failed, silence]);
    } finally {
      client.off('error', fail);
    }
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
