// flue-blueprint: database/libsql@1
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type LibsqlParameter, libsql } from '@flue/libsql';
import { type Client, createClient, type ResultSet } from '@libsql/client';

const server =
  /^(?:libsql|wss?|https?):\/\/[\w.-]+(?::\d+)?(?:\/[^\s?#<>{}]*)?(?:\?(?:(?:tls|authToken)=[^\s&#]*(?:&|$))*)?$/i;
const file = /^file:(?:\/\/(?:localhost)?(?=\/))?((?!\s)(?:%[\da-f]{2}|[^%?#<>{}"'`])+(?<!\s))$/i;

let client: Client | undefined;
let queue: Promise<unknown> = Promise.resolve();
let retries: Promise<unknown> = Promise.resolve();
let waiting = 0;
let stale = false;

/** Made on first use: creating the client would create the file. */
async function connect(): Promise<Client> {
  if (client) return client;
  const url = process.env.LIBSQL_URL;
  if (!url) throw new Error('LIBSQL_URL is not set, and db.ts needs it: a libSQL URL, such as file:./data/flue.db');
  if (url.includes(':memory:'))
    throw new Error('LIBSQL_URL is :memory:, which forgets everything; db.ts needs a file or a server.');
  const filePath = file.exec(url)?.[1];
  if (!filePath && !server.test(url))
    throw new Error('LIBSQL_URL is malformed: db.ts needs file:path or libsql://host, bare, without other parameters.');
  // Nothing else makes the folder of the file.
  if (filePath) mkdirSync(dirname(decodeURIComponent(filePath)), { recursive: true });
  // A server that does not answer is given up.
  const withinTenSeconds = (request: Request) => fetch(request, { signal: AbortSignal.timeout(10_000) });
  const opening = createClient({ url, fetch: withinTenSeconds });
  // Readers and one writer side by side, also across processes.
  if (opening.protocol === 'file') {
    await opening.execute('PRAGMA journal_mode = WAL').catch((error) => {
      opening.close();
      throw error;
    });
  }
  client = opening;
  return client;
}

/** One at a time on a local file; a server takes them as they come. `close` waits for either. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const served = client && client.protocol !== 'file';
  const turn = served ? run() : queue.then(othersEnd).then(run);
  queue = counted(served ? Promise.allSettled([queue, turn]) : turn);
  return turn;
}

/** Lets the statements end that needed no turn, and those of them that met BUSY. */
async function othersEnd(): Promise<void> {
  await setImmediate();
  await retries;
}

/** Settles when `running` does, whichever way. */
function counted(running: Promise<unknown>): Promise<void> {
  waiting += 1;
  const settled = () => {
    waiting -= 1;
  };
  return running.then(settled, settled);
}

/** Tries for 10 s while another process writes. A connection that has seen BUSY reads old data until reconnected. */
async function whileBusy<T>(run: (connected: Client) => Promise<T>): Promise<T> {
  const start = Date.now();
  for (;;) {
    try {
      const connected = client ?? (await connect());
      if (stale) await connected.reconnect();
      stale = false;
      return await run(connected);
    } catch (error) {
      if (!isBusy(error)) throw error;
      stale = client?.protocol === 'file';
      if (Date.now() - start > 10_000) throw error;
      await setTimeout(5 + Math.random() * 45);
    }
  }
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
}

async function query(text: string, params: LibsqlParameter[] = []): Promise<Record<string, unknown>[]> {
  const execute = (on: Client) => on.execute({ sql: text, args: params });
  if (waiting > 0 || stale || client?.protocol !== 'file') return plain(await inTurn(() => whileBusy(execute)));
  // On a local file with nothing in line, a statement needs no turn: it does not wait for anything either.
  try {
    return plain(await execute(client));
  } catch (error) {
    if (!isBusy(error)) throw error;
    stale = true;
    const retried = retries.then(() => whileBusy(execute));
    retries = counted(retried);
    return plain(await retried);
  }
}

/** Plain row objects, by column name. */
function plain({ columns, rows }: ResultSet): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

const adapter: ReturnType<typeof libsql> = libsql({
  query,
  transaction: (work) =>
    inTurn(async () => {
      const transaction = await whileBusy((on) => on.transaction('write'));
      try {
        const result = await work({
          query: async (text, params: LibsqlParameter[] = []) =>
            plain(await transaction.execute({ sql: text, args: params })),
        });
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback().catch(() => {});
        throw error;
      } finally {
        transaction.close();
      }
    }),
  close: async () => {
    // Waits for what is pending, but not for ever.
    const pending = setImmediate().then(() => Promise.all([retries, queue]));
    await Promise.race([pending, setTimeout(10_000, undefined, { ref: false })]);
    client?.close();
    client = undefined;
  },
});
export default adapter;
