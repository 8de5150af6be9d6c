// flue-blueprint: database/postgres@1
import { setTimeout } from 'node:timers/promises';
import { type PostgresRunner, postgres } from '@flue/postgres';
import { Pool, type PoolClient } from '@neondatabase/serverless';

const urlPattern =
  /^postgres(?:ql)?:\/\/(?:[^\s/?#@<>{}]*@)?(?:(?:[\w.%-]+|\[[\da-f:.]+\])(?::\d+)?|(?=\/.*[?&]host=))(?:\/[^\s?#<>{}]*)?(?:\?[^\s#<>{}"'`]*)?$/i;
/** What this driver would leave out, and Flue's tables would stand elsewhere, or read as something else. */
const misread =
  /[?&](?:schema=(?!public(?:&|$))|currentSchema=|search_path=|hostaddr=|target_session_attrs=|sslrootcert=system)/;

let pool: Pool | undefined;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Pool {
  if (pool) return pool;
  const connectionString = process.env.DATABASE_URL;
  if (!connectionString) throw new Error('DATABASE_URL is not set, and db.ts needs it: a Postgres connection string.');
  if (!urlPattern.test(connectionString))
    throw new Error('DATABASE_URL is malformed: db.ts needs postgresql://host/database, bare and encoded.');
  if (misread.test(connectionString))
    throw new Error('DATABASE_URL has a parameter that this driver misreads: a schema goes into `options`.');
  pool = new Pool({ connectionString, connectionTimeoutMillis: 10_000, keepAlive: true });
  // A connection that dies fails the query that needed it. Without these listeners it would end the process.
  pool.on('error', reportLoss);
  pool.on('connect', (client: PoolClient) => client.on('error', reportLoss));
  return pool;
}

function reportLoss(error: Error): void {
  console.error(`[flue] Postgres connection lost: ${error.message}`);
}

async function transaction<T>(work: (tx: Pick<PostgresRunner, 'query'>) => Promise<T>): Promise<T> {
  const client = await connect().connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work({
      query: async (text, params) => (await client.query(text, params)).rows,
    });
    // Postgres answers ROLLBACK, and no error, to the COMMIT of a transaction in which a statement had failed.
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('Postgres rolled back: a statement of this transaction had failed.');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason: Error) => {
      broken = reason;
    });
    throw error;
  } finally {
    // A connection that could not roll back is closed, not reused.
    client.release(broken);
  }
}

const adapter: ReturnType<typeof postgres> = postgres({
  query: async (text, params) => (await connect().query(text, params)).rows,
  transaction,
  close: async () => {
    const closing = pool;
    pool = undefined;
    if (!closing) return;
    // Waits for what is pending, but not for ever: ending the pool would cut off what still waits for a connection.
    let msLeft = 10_000;
    for (; closing.waitingCount > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
    await Promise.race([closing.end(), setTimeout(msLeft, undefined, { ref: false })]);
  },
});
export default adapter;
