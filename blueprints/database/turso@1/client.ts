// flue-blueprint: database/turso@1
import { setTimeout } from 'node:timers/promises';
import { type LibsqlParameter, type LibsqlRunner, libsql } from '@flue/libsql';
import { type Client, createClient, type ResultSet } from '@libsql/client';

const urlPattern = /^(?:libsql|wss?|https?):\/\/[\w.-]+(?::\d+)?(?:\/[^\s?#<>{}]*)?(?:\?tls=[01])?$/i;

let client: Client | undefined;
let pending = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Client {
  if (client) return client;
  const url = process.env.TURSO_DATABASE_URL;
  if (!url) throw new Error('TURSO_DATABASE_URL is not set, and db.ts needs it: the libsql:// URL of the database.');
  if (!urlPattern.test(url))
    throw new Error('TURSO_DATABASE_URL is malformed: db.ts needs libsql://host, bare and without parameters.');
  const authToken = process.env.TURSO_AUTH_TOKEN;
  if (!authToken) throw new Error('TURSO_AUTH_TOKEN is not set, and db.ts needs it: a token for the database.');
  if (/[^\w.~+/=-]/.test(authToken))
    throw new Error('TURSO_AUTH_TOKEN is malformed: db.ts needs the bare token, without quotes or spaces.');
  client = createClient({ url, authToken, fetch: withinTenSeconds });
  return client;
}

/** A server that does not answer is given up. */
function withinTenSeconds(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.timeout(10_000) });
}

/** Keeps count of what is pending, as closing the client would cut it off. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  running.then(settled, settled);
  return running;
}

function settled(): void {
  pending -= 1;
}

/** Plain row objects, by column name. */
function plain({ columns, rows }: ResultSet): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

async function transaction<T>(work: (tx: Pick<LibsqlRunner, 'query'>) => Promise<T>): Promise<T> {
  const opened = await connect().transaction('write');
  try {
    const result = await work({
      query: async (text, params: LibsqlParameter[] = []) => plain(await opened.execute({ sql: text, args: params })),
    });
    await opened.commit();
    return result;
  } catch (error) {
    await opened.rollback().catch(() => {});
    throw error;
  } finally {
    opened.close();
  }
}

const adapter: ReturnType<typeof libsql> = libsql({
  query: async (text, params: LibsqlParameter[] = []) =>
    plain(await counted(connect().execute({ sql: text, args: params }))),
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
    client?.close();
    client = undefined;
  },
});
export default adapter;
