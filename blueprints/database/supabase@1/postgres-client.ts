// flue-blueprint: database/supabase@1
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type PostgresRunner, postgres } from '@flue/postgres';
import { client } from '#clients/postgres';

// The client belongs to the application, which makes it and closes it; this file only uses it.
let pending = 0;

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
  let lost = false;
  let working: Promise<T> | undefined;
  try {
    await client.begin('isolation level read committed', async (sql) => {
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

const adapter = postgres({
  query: async (text, params) => [...(await counted(client.unsafe(text, params)))],
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
  },
});

const entry: ReturnType<typeof postgres> = {
  ...adapter,
  // Asks first: the client's own patience with a server that does not answer may be long.
  async migrate() {
    const late = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('Postgres did not answer within 10 s.');
    });
    await Promise.race([client.unsafe('SELECT 1'), late]);
    await adapter.migrate?.();
  },
};
export default entry;
