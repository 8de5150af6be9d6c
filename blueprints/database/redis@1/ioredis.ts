// flue-blueprint: database/redis@1
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { Redis, ReplyError } from 'ioredis';

type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const urlPattern =
  /^rediss?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?(?:\/\d*)?(?:\?family=[046])?$/i;
const reads =
  /^(?:TYPE|H?EXISTS|H?M?GET|HGETALL|[HL]LEN|STRLEN|[HSZ]?SCAN|[SZ]CARD|SMEMBERS|LRANGE|ZM?SCORE|Z(?:REV)?RANGE(?:BY\w+)?)$/i;
const lost = 'The connection to Redis was lost.';

let client: Promise<Redis> | undefined;
let current: Redis | undefined;
let lastLossAt = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Promise<Redis> {
  client ??= open().catch((error) => {
    client = undefined;
    throw error;
  });
  return client;
}

async function open(): Promise<Redis> {
  const url = process.env.REDIS_URL;
  if (!url) throw new Error('REDIS_URL is not set, and db.ts needs it: a Redis connection URL.');
  // The client would go elsewhere with part of it, or leave part of it out.
  if (!urlPattern.test(url) || !URL.canParse(url))
    throw new Error('REDIS_URL is malformed: db.ts needs redis://host:port/number, bare, encoded, no parameters.');
  let reason: Error | undefined;
  const opening = new Redis(url, {
    lazyConnect: true,
    // A command whose reply was lost is not sent again: the server may have run it.
    maxRetriesPerRequest: 0,
    // The first connection fails at once with its reason; after that it reconnects for ever.
    retryStrategy: (attempt) => (current ? Math.min((attempt - 1) * 100, 2_000) : null),
  });
  opening.on('error', (error) => {
    reason ??= error;
    if (current) console.error(`[flue] Redis connection lost: ${error.message}`);
  });
  const started = opening.connect().then(() => opening.ping());
  const late = setTimeout(10_000, new Error('Redis did not answer within 10 s.'), { ref: false });
  const answer = await Promise.race([started.catch((error: Error) => error), late]);
  // A refused database, and why there is no connection, is only told to the listener.
  const failure = reason ?? answer;
  if (failure instanceof Error) opening.disconnect();
  if (failure instanceof Error) throw failure;
  current = opening;
  return opening;
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again when a lost
 * connection is back, and for 50 ms after a loss and after the return nothing is written. A write is never sent again.
 */
function send<T>(run: (on: Redis) => Promise<T>, command = '', firstLossAt = 0, opened = connect()): Promise<T> {
  if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) return Promise.reject(new Error(lost));
  return (current?.status === 'ready' ? run(current) : opened.then(whenReady).then(run)).catch(async (cause) => {
    if (cause instanceof ReplyError || client !== opened) throw cause;
    lastLossAt = Date.now();
    if (!reads.test(command) || (firstLossAt > 0 && lastLossAt - firstLossAt > 5_000)) throw new Error(lost, { cause });
    // A moment later: the client says that it is ready in the tick in which its socket closes.
    await setTimeout(10);
    return send(run, command, firstLossAt || lastLossAt, opened);
  });
}

/** Waits at most 5 s for a connection that was lost. */
async function whenReady(on: Redis): Promise<Redis> {
  const mustWait = on.status !== 'ready';
  for (let msLeft = 5_000; !/^(?:ready|end)$/.test(on.status) && msLeft > 0; msLeft -= 10) await setTimeout(10);
  if (mustWait) lastLossAt = Date.now();
  return on;
}

function encode(argument: string | number | Uint8Array): string | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);
}

const adapter = redis({
  // Replies as Buffers, so that bytes stay bytes.
  command: (name, args = []) => send((on) => on.callBuffer(name, ...args.map(encode)), name),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    return send((on) => on.callBuffer('EVAL', script, String(keys.length), ...keys, ...args.map(encode)));
  },
  // MULTI and EXEC in one write: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    send(async (on) => {
      const batch = on.pipeline().callBuffer('MULTI');
      for (const { command, args = [] } of commands) batch.callBuffer(command, ...args.map(encode));
      const replies = (await batch.callBuffer('EXEC').exec()) ?? [];
      for (const [error] of replies) if (error) throw error;
      const results = replies.at(-1)?.[1] as unknown[];
      for (const result of results) if (result instanceof Error) throw result;
      return results;
    }),
  close: async () => {
    // A moment later, so that what waited for the first connection is sent before it closes.
    const closing = await client?.then((on) => setTimeout(10, on)).catch(() => undefined);
    client = current = undefined;
    // Waits for what is pending, but not for a server that is gone.
    const msLeft = closing?.status === 'ready' ? 5_000 : 0;
    await Promise.race([closing?.quit().catch(() => {}), setTimeout(msLeft, null, { ref: false })]);
    closing?.disconnect();
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
