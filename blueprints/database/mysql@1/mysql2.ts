// flue-blueprint: database/mysql@1
import { setTimeout } from 'node:timers/promises';
import { type MysqlRunner, mysql } from '@flue/mysql';
import { createPool, type Pool } from 'mysql2/promise';

type Work<T> = (tx: Pick<MysqlRunner, 'query'>) => Promise<T>;

/** With the parameters that this driver knows and Flue can live with. */
const urlPattern =
  /^mysql:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?\/[^\s/?#<>{}]+(?:\?(?:(?:ssl|charset|timezone|connectTimeout|connectionLimit|maxIdle|idleTimeout|queueLimit|socketPath|compress|enableKeepAlive|keepAliveInitialDelay)=[^\s&#]*(?:&|$))*)?$/i;

let pool: Pool | undefined;
let pending = 0;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Pool {
  if (pool) return pool;
  const uri = process.env.MYSQL_URL;
  if (!uri) throw new Error('MYSQL_URL is not set, and db.ts needs it: a MySQL connection string.');
  if (!urlPattern.test(uri))
    throw new Error(
      'MYSQL_URL is malformed: db.ts needs mysql://host/database, encoded, with parameters of mysql2 (TLS: `ssl={}`).',
    );
  // The driver leaves the brackets on an IPv6 address.
  const host = /^[^?]*[@/]\[([\da-f:.]+)\]/i.exec(uri)?.[1];
  pool = createPool({
    ...(host && { host }),
    uri,
    connectTimeout: 10_000,
    enableKeepAlive: true,
    supportBigNumbers: true,
  });
  return pool;
}

/** The rows; for a statement without any, none. */
function rowsOf([rows]: [unknown, ...unknown[]]): Record<string, unknown>[] {
  return Array.isArray(rows) ? rows : [];
}

/** Keeps count of what is pending: ending the pool would cut it off. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  running.then(settled, settled);
  return running;
}

function settled(): void {
  pending -= 1;
}

async function attempt<T>(on: Pool, work: Work<T>): Promise<T> {
  const connection = await on.getConnection();
  let deadlock: unknown;
  const run: MysqlRunner['query'] = (text, params = []) =>
    connection.execute(text, params).then(rowsOf, (error) => {
      if (error.errno === 1213) deadlock = error;
      throw error;
    });
  try {
    await connection.beginTransaction();
    const result = await work({ query: run });
    // A deadlock has rolled back what came before it, even if the callback went on.
    if (deadlock) throw deadlock;
    await connection.commit();
    connection.release();
    return result;
  } catch (error) {
    // A connection that could not roll back is closed, not reused.
    await connection.rollback().then(
      () => connection.release(),
      () => connection.destroy(),
    );
    throw error;
  }
}

/** InnoDB ends a deadlock by rolling one transaction back whole, so that one can be run again. */
async function transaction<T>(work: Work<T>): Promise<T> {
  // The same pool every time: a new one, made while this one is being closed, would never end.
  const on = connect();
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(on, work);
    } catch (error) {
      if ((error as { errno?: number }).errno !== 1213 || tries === 10) throw error;
      await setTimeout(Math.random() * 20 * tries);
    }
  }
}

const adapter = mysql({
  query: async (text, params = []) => rowsOf(await counted(connect().execute(text, params))),
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    const closing = pool;
    pool = undefined;
    if (!closing) return;
    // Waits for what is pending, but not for ever.
    let msLeft = 10_000;
    for (; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
    await Promise.race([closing.end(), setTimeout(msLeft, undefined, { ref: false })]);
  },
});

const entry: ReturnType<typeof mysql> = {
  ...adapter,
  async migrate() {
    const [{ version } = { version: '' }] = rowsOf(await connect().query('SELECT VERSION() AS version'));
    if (String(version).includes('MariaDB')) {
      throw new Error("MYSQL_URL leads to a MariaDB server, and Flue's adapter needs MySQL 8 or newer.");
    }
    await adapter.migrate?.();
  },
};
export default entry;
