import { durable } from './durable.js';
import { probeSql } from './probes.js';

/** Stands in for @flue/postgres; not an adapter. */
export function postgres(runner) {
  return durable({
    async prepare() {
      await probeSql(runner, { at: (n) => `$${n}`, blob: 'BYTEA' });
      await runner.query('CREATE TABLE IF NOT EXISTS flue_stand_in (id INTEGER PRIMARY KEY, state BYTEA)');
    },
    async load() {
      const [row] = await runner.query('SELECT state FROM flue_stand_in WHERE id = $1', [1]);
      return row?.state ?? null;
    },
    save: (bytes) =>
      runner.transaction(async (tx) => {
        await tx.query('DELETE FROM flue_stand_in WHERE id = $1', [1]);
        await tx.query('INSERT INTO flue_stand_in (id, state) VALUES ($1, $2)', [1, bytes]);
      }),
    close: () => runner.close(),
  });
}
