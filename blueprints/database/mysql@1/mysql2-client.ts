// flue-blueprint: database/mysql@1
import { setTimeout } from 'node:timers/promises';
import { type MysqlParameter, type MysqlRunner, mysql } from '@flue/mysql';
import { client } from '#clients/mysql2';

type Work<T> = (tx: Pick<MysqlRunner, 'query'>) => Promise<T>;

// The pool belongs to the application, which makes it and closes it; this file only uses it.
let pending = 0;

/** Whatever the pool makes of its own rows: objects, with the values that the driver gives by default. */
const plain = {
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
  supportBigNumbers: true,
  bigNumberStrings: false,
  typeCast: true,
} as const;

function statement(text: string, values: MysqlParameter[] = []) {
  return { ...plain, sql: text, values };
}

/** The rows; for a statement without any, none. */
function rowsOf([rows]: [unknown, ...unknown[]]): Record<string, unknown>[] {
  return Array.isArray(rows) ? rows : [];
}

/** Keeps count of what is pending, which `close` waits for. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  running.then(settled, settled);
  return running;
}

function settled(): void {
  pending -= 1;
}

async function attempt<T>(work: Work<T>): Promise<T> {
  const connection = await client.getConnection();
  let deadlock: unknown;
  const run: MysqlRunner['query'] = (text, params) =>
    connection.execute(statement(text, params)).then(rowsOf, (error) => {
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
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(work);
    } catch (error) {
      if ((error as { errno?: number }).errno !== 1213 || tries === 10) throw error;
      await setTimeout(Math.random() * 20 * tries);
    }
  }
}

const adapter = mysql({
  query: async (text, params) => rowsOf(await counted(client.execute(statement(text, params)))),
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
  },
});

const entry: ReturnType<typeof mysql> = {
  ...adapter,
  // Asks first: the pool's own patience with a server that does not answer may be long.
  async migrate() {
    const late = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('MySQL did not answer within 10 s.');
    });
    const asked = client.query({ ...plain, sql: 'SELECT VERSION() AS version' });
    const [{ version } = { version: '' }] = rowsOf(await Promise.race([asked, late]));
    if (String(version).includes('MariaDB')) {
      throw new Error("The pool leads to a MariaDB server, and Flue's adapter needs MySQL 8 or newer.");
    }
    await adapter.migrate?.();
  },
};
export default entry;
