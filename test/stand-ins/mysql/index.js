import { durable } from './durable.js';
import { probeSql } from './probes.js';

/** Stands in for @flue/mysql at the lines of the sample projects; not an adapter. */
export function mysql(runner) {
  return durable({
    async prepare() {
      await probeSql(runner, { at: () => '?', blob: 'LONGBLOB' });
      await runner.query('CREATE TABLE IF NOT EXISTS flue_stand_in (id INTEGER PRIMARY KEY, state LONGBLOB)');
    },
    async load() {
      const [row] = await runner.query('SELECT state FROM flue_stand_in WHERE id = ?', [1]);
      return row?.state ?? null;
    },
    save: (bytes) =>
      runner.transaction(async (tx) => {
        await tx.query('DELETE FROM flue_stand_in WHERE id = ?', [1]);
        await tx.query('INSERT INTO flue_stand_in (id, state) VALUES (?, ?)', [1, bytes]);
      }),
    close: () => runner.close(),
  });
}
