// flue-blueprint: database/postgres@1
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type PostgresRunner, postgres } from '@flue/postgres';
import createClient, { type Sql } from 'postgres';

const urlPattern =
  /^postgres(?:ql)?:\/\/(?:[^\s/?#@<>{}]*@)?[\w.%-]+(?::\d+)?(?:,[\w.%-]+(?::\d+)?)*(?:\/[^\s?#<>{}]*)?(?:\?[^\s#<>{}"'`]*)?$/i;
/** Parameters of other programs, which this driver hands to the server, or takes for something else. */
const foreign =
  /[?&](?:schema|pgbouncer|connection_limit|pool_timeout|socket_timeout|workaround|channel_binding|statement_cache_size|sslaccept|ssl(?:root)?cert|sslkey|sslpassword|sslcrl|gssencmode|uselibpqcompat|supa|host|hostaddr|port|user|password|sslmode=no-verify)(?:[=&]|$)/i;

let client: Sql | undefined;
let pending = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Sql {
  if (client) return client;
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set, and db.ts needs it: a Postgres connection string.');
  if (!urlPattern.test(url))
    throw new Error('DATABASE_URL is malformed: db.ts needs postgresql://host/database, encoded, not IPv6.');
  if (foreign.test(url))
    throw new Error('DATABASE_URL has a parameter that postgres.js does not know: leave that one out.');
  client = createClient(url, {
    connect_timeout: 10,
    // Its own pause between attempts grows to 20 s.
    backoff: (attempt) => Math.min(attempt / 10, 2),
    // Without this, every start would print "relation already exists, skipping" for each table.
    onnotice: () => {},
  });
  return client;
}

/** Keeps count of what is pending: ending the client would cut off what still waits for a connection. */
async function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  try {
    return await running;
  } catch (error) {
    const { code, severity } = error as { code?: unknown; severity?: unknown };
    if (code !== '42704' || severity !== 'FATAL') throw error;
    throw new Error('DATABASE_URL has a parameter that the server does not know.', { cause: error });
  } finally {
    pending -= 1;
  }
}

async function transaction<T>(work: (tx: Pick<PostgresRunner, 'query'>) => Promise<T>): Promise<T> {
  let lost = false;
  let working: Promise<T> | undefined;
  try {
    await connect().begin('isolation level read committed', async (sql) => {
      working = work({
        query: async (text, params) => {
          if (lost) throw new Error('The connection of this transaction was lost.');
          return [...(await sql.unsafe(text, params))];
        },
      });
      await Promise.allSettled([working]);
      await setImmediate();
      // Once the connection is lost, settling here would send COMMIT or ROLLBACK to whoever has it next.
      if (lost) await new Promise(() => {});
      await working;
    });
  } catch (error) {
    lost = true;
    // The callback's own error comes first.
    await working;
    throw error;
  }
  return working as Promise<T>;
}

const adapter: ReturnType<typeof postgres> = postgres({
  query: async (text, params) => [...(await counted(connect().unsafe(text, params)))],
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    const closing = client;
    client = undefined;
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
    await closing?.end({ timeout: 1 });
  },
});
export default adapter;
