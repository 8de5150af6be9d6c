// flue-blueprint: database/libsql@1
import { setTimeout } from 'node:timers/promises';
import { type LibsqlParameter, type LibsqlRunner, libsql } from '@flue/libsql';
import type { ResultSet } from '@libsql/client';
import { client } from '#clients/libsql';

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

/** Plain row objects, by column name. */
function plain({ columns, rows }: ResultSet): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
}

async function transaction<T>(work: (tx: Pick<LibsqlRunner, 'query'>) => Promise<T>): Promise<T> {
  const opened = await client.transaction('write');
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

const adapter = libsql({
  query: async (text, params: LibsqlParameter[] = []) =>
    plain(await counted(client.execute({ sql: text, args: params }))),
  transaction: (work) => counted(transaction(work)),
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
  },
});

const entry: ReturnType<typeof libsql> = {
  ...adapter,
  // Asks first: the client's own patience with a server that does not answer has no end.
  async migrate() {
    if (client.protocol === 'file') {
      throw new Error('db.ts shares a client that opens a file: one connection to a file cannot serve two.');
    }
    const late = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('libSQL did not answer within 10 s.');
    });
    await Promise.race([client.execute('SELECT 1'), late]);
    await adapter.migrate?.();
  },
};
export default entry;
