// flue-blueprint: database/redis@1
import { redis } from '@flue/redis';
import { RESP_TYPES } from 'redis';
import { client } from '#clients/redis';

// The client belongs to the application, which makes it and closes it; this file only uses it.
let opening: Promise<unknown> | undefined;
let waiting: Promise<void> | undefined;
let opened = false;
const pending = new Set<Promise<unknown>>();

/** Replies as Buffers, so that bytes stay bytes, and maps as lists, whichever protocol the client speaks. */
const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.MAP]: Array };

// Without a listener a lost connection would end the process.
if (client.listenerCount('error') === 0) {
  client.on('error', (error: Error) => console.error(`[flue] Redis connection lost: ${error.message}`));
}

/** Opens the client where the application has not done so yet. A lost connection is waited for, 5 s at most. */
async function connect(): Promise<typeof client> {
  if (!client.isOpen) {
    if (opened) throw new Error('The application has closed its client.');
    opening ??= client.connect().finally(() => {
      opening = undefined;
    });
    await opening;
  }
  opened = true;
  if (!client.isReady) await ready();
  return client;
}

/** One wait for all that wait. */
function ready(): Promise<void> {
  waiting ??= new Promise<void>((resolve, reject) => {
    const back = () => {
      clearTimeout(late);
      resolve();
    };
    const late = setTimeout(() => {
      client.off('ready', back);
      reject(new Error('Redis did not come back within 5 s.'));
    }, 5_000);
    client.once('ready', back);
  }).finally(() => {
    waiting = undefined;
  });
  return waiting;
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

async function send(args: (string | Buffer)[]): Promise<unknown> {
  return (await connect()).sendCommand(args, { typeMapping });
}

const adapter = redis({
  command: (name, args = []) => counted(send([name, ...args.map(encode)])),
  eval: (script, keys, args = []) => counted(send(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)])),
  // MULTI and EXEC as one chain on one connection: nobody sees half of it, and it rejects when a command failed.
  pipeline: async (commands) => {
    const connected = await connect();
    const options = { typeMapping, chainId: Symbol('pipeline') };
    const list = commands.map(({ command, args = [] }) => [command, ...args.map(encode)]);
    const sent = [['MULTI'], ...list, ['EXEC']].map((args) => connected.sendCommand<unknown>(args, options));
    const failed = (await counted(Promise.allSettled(sent))).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const results = (await sent.at(-1)) as unknown[] | null;
    if (!results) throw new Error('The application watches a key on this connection, and it has changed.');
    for (const result of results) if (result instanceof Error) throw result;
    return results;
  },
  close: async () => {
    // Waits for what is pending, but not for ever.
    const late = new Promise((resolve) => setTimeout(resolve, 5_000).unref());
    await Promise.race([Promise.allSettled(pending), late]);
  },
});

export default {
  ...adapter,
  // Connects first, and fails with the client's own reason instead of trying for ever.
  async migrate() {
    if (client.options?.commandsQueueMaxLength) {
      throw new Error('db.ts cannot share a client with commandsQueueMaxLength: it would tear transactions apart.');
    }
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const late = setTimeout(() => fail(new Error('Redis did not answer within 10 s.')), 10_000);
    client.once('error', fail);
    try {
      await Promise.race([connect().then((connected) => connected.ping()), failed]);
    } finally {
      clearTimeout(late);
      client.off('error', fail);
    }
    await adapter.migrate?.();
  },
};
