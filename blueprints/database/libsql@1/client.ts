// flue-blueprint: database/libsql@1
import { setTimeout } from 'node:timers/promises';
import { type LibsqlParameter, libsql } from '@flue/libsql';
import { type Client, createClient, type ResultSet } from '@libsql/client';

let client: Client | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** Made on first use: creating the client would create the file. */
async function connect(): Promise<Client> {
  if (client) return client;
  const url = process.env.LIBSQL_URL;
  if (!url) {
    throw new Error('LIBSQL_URL is not set, and db.ts needs it: a libSQL URL, such as file:./data/flue.db');
  }
  if (url.includes(':memory:')) {
    throw new Error('LIBSQL_URL is :memory:, which forgets everything; db.ts needs a file or a server.');
  }
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

/** A server that does not answer is given up. */
function withinTenSeconds(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(10_000) });
}

/** One operation at a time on a local file; a server takes them as they come. `close` waits for either. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const served = client && client.protocol !== 'file';
  const turn = served ? run() : queue.then(run);
  queue = (served ? Promise.allSettled([queue, turn]) : turn).then(nothing, nothing);
  return turn;
}

/** What has settled is not kept. */
function nothing(): void {}

/** Another process is writing: tries again for 10 s. A connection that has seen BUSY reads old data until it is made anew. */
async function whileBusy<T>(run: (connected: Client) => Promise<T>): Promise<T> {
  const start = Date.now();
  for (;;) {
    try {
      return await run(client ?? (await connect()));
    } catch (error) {
      const busy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
      if (!busy || Date.now() - start > 10_000) throw error;
      await client?.reconnect();
      await setTimeout(5 + Math.random() * 45);
    }
  }
}

/** Plain row objects, by column name. */
function plain({ columns, rows }: ResultSet): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

export default libsql({
  query: (text, params: LibsqlParameter[] = []) =>
    inTurn(() => whileBusy((on) => on.execute({ sql: text, args: params }))).then(plain),
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
    await Promise.race([queue, setTimeout(10_000, undefined, { ref: false })]);
    client?.close();
    client = undefined;
  },
});
