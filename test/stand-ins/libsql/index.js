import { durable } from './durable.js';
import { probeSql } from './probes.js';

const buffer = (bytes) => Uint8Array.from(bytes).buffer;

/** Stands in for @flue/libsql; not an adapter. */
export function libsql(runner) {
  return durable({
    async prepare() {
      await probeSql(runner, { at: () => '?', blob: 'BLOB', bytes: buffer });
      await runner.query('CREATE TABLE IF NOT EXISTS flue_stand_in (id INTEGER PRIMARY KEY, state BLOB)');
    },
    async load() {
      const [row] = await runner.query('SELECT state FROM flue_stand_in WHERE id = ?', [1]);
      return row?.state ? new Uint8Array(row.state) : null;
    },
    save: (bytes) =>
      runner.transaction(async (tx) => {
        await tx.query('DELETE FROM flue_stand_in WHERE id = ?', [1]);
        await tx.query('INSERT INTO flue_stand_in (id, state) VALUES (?, ?)', [1, buffer(bytes)]);
      }),
    close: () => runner.close(),
  });
}
