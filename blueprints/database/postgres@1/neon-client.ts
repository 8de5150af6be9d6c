// flue-blueprint: database/postgres@1
import { setTimeout } from 'node:timers/promises';
import { type PostgresRunner, postgres } from '@flue/postgres';
import { client } from '#clients/neon';

// The pool belongs to the application, which makes it and closes it; this file only uses it.
let pending = 0;

// A connection that dies fails the query that needed it. Without a listener it would end the process.
if (client.listenerCount('error') === 0) client.on('error', reportLoss);

function reportLoss(error: Error): void {
  console.error(`[flue] Postgres connection lost: ${error.message}`);
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

async function transaction<T>(work: (tx: Pick<PostgresRunner, 'query'>) => Promise<T>): Promise<T> {
  const connection = await client.connect();
  connection.on('error', reportLoss);
  let broken: Error | undefined;
  try {
    await connection.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work({
      query: async (text, params) => (await connection.query(text, params)).rows,
    });
    // Postgres answers ROLLBACK, and no error, to the COMMIT of a transaction in which a statement had failed.
    const { command } = await connection.query('COMMIT');
    if (command !== 'COMMIT') throw new Error('Postgres rolled back: a statement of this transaction had failed.');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK').catch((reason: Error) => {
      broken = reason;
    });
    throw error;
  } finally {
    connection.off('error', reportLoss);
    // A connection that could not roll back is closed, not reused.
    connection.release(broken);
  }
}

const adapter = postgres({
  query: async (text, params) => (await counted(client.query(text, params))).rows,
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
  },
});

const entry: ReturnType<typeof postgres> = {
  ...adapter,
  // Asks first: the pool's own patience with a server that does not answer may have no end.
  async migrate() {
    const late = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('Postgres did not answer within 10 s.');
    });
    await Promise.race([client.query('SELECT 1'), late]);
    await adapter.migrate?.();
  },
};
export default entry;
