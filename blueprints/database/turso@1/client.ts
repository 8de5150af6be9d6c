// flue-blueprint: database/turso@1
import { setTimeout } from 'node:timers/promises';
import { type LibsqlParameter, libsql } from '@flue/libsql';
import { type Client, createClient, type ResultSet } from '@libsql/client';

let client: Client | undefined;
const pending = new Set<Promise<unknown>>();

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Client {
  if (client) return client;
  const url = process.env.TURSO_DATABASE_URL;
  if (!url) {
    throw new Error('TURSO_DATABASE_URL is not set, and db.ts needs it: the libsql:// URL of the database.');
  }
  const authToken = process.env.TURSO_AUTH_TOKEN;
  if (!authToken) {
    throw new Error('TURSO_AUTH_TOKEN is not set, and db.ts needs it: a token for the database.');
  }
  client = createClient({ url, authToken, fetch: withinTenSeconds });
  return client;
}

/** A server that does not answer is given up. */
function withinTenSeconds(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(10_000) });
}

/** Keeps count of what is pending, as closing the client would cut it off. */
function track<T>(running: Promise<T>): Promise<T> {
  pending.add(running);
  return running.finally(() => pending.delete(running));
}

/** Plain row objects, by column name. */
function plain({ columns, rows }: ResultSet): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

export default libsql({
  query: async (text, params: LibsqlParameter[] = []) =>
    plain(await track(connect().execute({ sql: text, args: params }))),
  transaction: async (work) => {
    const transaction = await connect().transaction('write');
    const run = async () => {
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
    };
    return track(run());
  },
  close: async () => {
    // Waits for what is pending, but not for ever.
    await Promise.race([Promise.allSettled(pending), setTimeout(10_000, undefined, { ref: false })]);
    client?.close();
    client = undefined;
  },
});
