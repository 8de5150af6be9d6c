// flue-blueprint: database/redis@1
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { redis } from '@flue/redis';
import { ReplyError } from 'ioredis';
import { client } from '#clients/ioredis';

type Store = { getSubmission(id: string): Promise<unknown> };
/** At Flue 2, and at 1.0.0-beta. */
type Stores = { submissionStore?: Store; executionStore?: { submissions: Store } };

const reads =
  /^(?:TYPE|H?EXISTS|H?M?GET|HGETALL|[HL]LEN|STRLEN|[HSZ]?SCAN|[SZ]CARD|SMEMBERS|LRANGE|ZM?SCORE|Z(?:REV)?RANGE(?:BY\w+)?)$/i;
const lost = 'The connection to Redis was lost.';

// The client belongs to the application, which makes it and closes it; this file only uses it.
const pending = new Set<Promise<unknown>>();
let opened = false;
let lastLossAt = 0;

// Without a listener every lost connection would be reported as unhandled.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[flue] Redis connection lost: ${error.message}`));
}

/**
 * Flue settles a message as failed when reading it fails, whatever the reason. So a read is sent again when a lost
 * connection is back, and for 50 ms after a loss and after the return nothing is written. A write is never sent again.
 */
function send<T>(run: () => Promise<T>, command = '', firstLossAt = 0): Promise<T> {
  if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) return Promise.reject(new Error(lost));
  opened ||= client.status === 'ready';
  const reply = (client.status === 'ready' ? run() : whenReady().then(run)).catch(async (cause) => {
    if (cause instanceof ReplyError || client.status === 'end') throw cause;
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

/** Waits at most 5 s for a connection that was lost; a client that is not open yet is opened by what it is given. */
async function whenReady(): Promise<void> {
  for (let msLeft = 5_000; !/^(?:ready|wait|end)$/.test(client.status) && msLeft > 0; msLeft -= 10)
    await setTimeout(10);
  if (opened) lastLossAt = Date.now();
}

/** The client's own reason, or that it was silent for 10 s: it may try for ever. */
async function failure(): Promise<never> {
  const late = [new Error('Redis did not answer within 10 s.')];
  const [error] = await once(client, 'error', { signal: AbortSignal.timeout(10_000) }).catch(() => late);
  throw error;
}

function encode(argument: string | number | Uint8Array): string | Buffer {
  return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);
}

const adapter = redis({
  // Replies as Buffers, so that bytes stay bytes.
  command: (name, args = []) => send(() => client.callBuffer(name, ...args.map(encode)), name),
  eval: async (script, keys, args = []) => {
    // Flue would write down a lost connection as what is wrong with a message.
    if (args.includes(lost)) throw new Error(lost);
    return send(() => client.callBuffer('EVAL', script, String(keys.length), ...keys, ...args.map(encode)));
  },
  // MULTI and EXEC in one write: nobody sees half of it, and it rejects when a command failed.
  pipeline: (commands) =>
    send(async () => {
      const batch = client.pipeline().callBuffer('MULTI');
      for (const { command, args = [] } of commands) batch.callBuffer(command, ...args.map(encode));
      const replies = (await batch.callBuffer('EXEC').exec()) ?? [];
      for (const [error] of replies) if (error) throw error;
      const results = replies.at(-1)?.[1] as unknown[] | null;
      if (!results) throw new ReplyError('The application watches a key on this connection, and it has changed.');
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
    const { keyPrefix, enableAutoPipelining, stringNumbers } = client.options;
    if (keyPrefix || enableAutoPipelining || stringNumbers)
      throw new Error('db.ts cannot share a client with keyPrefix, enableAutoPipelining or stringNumbers.');
    const failed = failure();
    const isOpening = !/^(?:ready|wait|end)$/.test(client.status);
    await Promise.race([isOpening ? once(client, 'ready') : client.ping(), failed]);
    // A refused database is only told to the listener: it is asked for again, the one that the client is in.
    const { condition } = client as { condition?: { select?: number } };
    await Promise.race([client.select(condition?.select ?? client.options.db ?? 0), failed]);
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
