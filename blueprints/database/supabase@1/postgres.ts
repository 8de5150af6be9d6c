// flue-blueprint: database/supabase@1
import { setImmediate } from 'node:timers/promises';
import { postgres } from '@flue/postgres';
import createClient, { type Sql } from 'postgres';

let client: Sql | undefined;

/** Made on first use: building or importing this file connects to nothing. */
function connect(): Sql {
  if (client) return client;
  const url = process.env.SUPABASE_DATABASE_URL;
  if (!url) {
    throw new Error('SUPABASE_DATABASE_URL is not set, and db.ts needs it: a Postgres connection string.');
  }
  client = createClient(url, {
    connect_timeout: 10,
    // Its own pause between attempts grows to 20 s.
    backoff: (attempt) => Math.min(attempt / 10, 2),
    // Without this, every start would print "relation already exists, skipping" for each table.
    onnotice: () => {},
  });
  return client;
}

export default postgres({
  query: async (text, params) => [...(await connect().unsafe(text, params))],
  transaction: async (work) => {
    let lost = false;
    let working: ReturnType<typeof work> | undefined;
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
    return working as ReturnType<typeof work>;
  },
  close: async () => {
    const closing = client?.end({ timeout: 5 });
    client = undefined;
    await closing;
  },
});
