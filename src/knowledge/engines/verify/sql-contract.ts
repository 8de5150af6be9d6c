import { Finding, must } from './engine.ts';
import { type Dialect, one, type SqlProbe, type SqlRunner, shown } from './sql.ts';
import { concurrency, failures, transactions } from './sql-transactions.ts';
import { makesTable, valueProbes } from './sql-values.ts';

/** What a SQL runner has to do, each with the faults it has caught. The rows 1 and 3 are there from `commits` on. */
export function sqlContract(dialect: Dialect): SqlProbe[] {
  return [
    makesTable(dialect),
    ...valueProbes(dialect),
    ...transactions(dialect),
    ...concurrency(dialect),
    ...failures(dialect),
  ];
}

const keptRow = 77;

/**
 * How a run leaves a row for another process, and how its table goes. `tables`: the query that gives the `name` of each
 * table of our form; whose run has ended is told by the name itself.
 */
export function sqlScratch(dialect: Dialect, tables: string) {
  return {
    keep: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string; id: string } }) => {
      const [id, body] = [dialect.at(1), dialect.at(2)];
      await runner.query(`INSERT INTO ${scratch.table} (id, body) VALUES (${id}, ${body})`, [keptRow, scratch.id]);
      await runner.query(`UPDATE ${scratch.table} SET n = 0`);
    },
    find: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string; id: string } }) => {
      const row = await one(runner, `SELECT body FROM ${scratch.table} WHERE id = ${dialect.at(1)}`, [keptRow]);
      must(
        row.body === scratch.id,
        `the row that the first process wrote is ${shown(row)}`,
        'see where both of them write',
      );
    },
    remove: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string } }) => {
      await runner.query(`DROP TABLE IF EXISTS ${scratch.table}`);
      return null;
    },
    sweep: async ({ runner, scratch }: { runner: SqlRunner; scratch: { isLeft(id: string): boolean } }) => {
      const names = (await runner.query(tables)).map(({ name }) => String(name));
      const left = names.filter((table) => scratch.isLeft(table.replace(/^verify_/, '')));
      for (const table of left) await runner.query(`DROP TABLE IF EXISTS ${table}`);
      return left.length;
    },
  };
}

/** A `Finding` that names tables which are Flue's by their name and carry no mark, or another's. */
export function judgeMark(
  marks: Record<string, string>,
  tables: string[],
  line: 'beta' | 'two' | null,
): string | undefined {
  const others = tables.filter((table) => table !== 'flue_meta');
  if (tables.length === 0) return 'no tables of Flue yet; it makes them when it starts';
  const { format_version: format, schema_version: schema } = marks;
  const remedy = 'use another database or schema; or, where nothing of it is needed, drop the flue_* tables';
  const marked = format ?? schema;
  must(
    marked !== undefined || others.length === 0,
    `${others.length} tables named flue_* and no version mark (${others[0]}, …): Flue refuses such a database`,
    remedy,
  );
  // 2.x takes format 1 and relabels schema 8; beta takes schema 4 (the adapters' migrate(), 1.0.0-beta.9 and 2.0.3).
  const fits =
    marked === undefined ||
    line === null ||
    (line === 'two' ? format === '1' || (!format && schema === '8') : schema === '4');
  const mark = format === undefined ? `schema_version ${schema}` : `format_version ${format}`;
  if (!fits) throw new Finding(`its tables are marked ${mark}, which this Flue does not read`, remedy);
  return `${tables.length} tables of Flue${marked === undefined ? '' : `, ${mark}`}`;
}
