import { isDeepStrictEqual } from 'node:util';
import { type Context, must, type Probe } from './engine.ts';

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;
/** Runs one statement and gives its rows, as every runner for SQL does. */
export type Query = (text: string, params?: unknown[]) => Promise<Row[]>;

/** The runner of `@flue/postgres`, `@flue/mysql` and `@flue/libsql`, 1.0.0-beta.1 to 2.1.0. */
export interface SqlRunner {
  query: Query;
  transaction<T>(work: (tx: { query: Query }) => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}

/** How an engine writes what the probes of the contract ask. */
export interface Dialect {
  /** The n-th placeholder, from 1. */
  at(n: number): string;
  bytes: string;
  text: string;
  /** A placeholder with a type, where the engine wants one. */
  typed(n: number, type: 'text' | 'integer' | 'boolean'): string;
  /** Bytes in the form in which the adapter sends them. */
  sent(bytes: number[]): Uint8Array | ArrayBuffer;
  /** Reads a row for a change. */
  lock: string;
}

/** What a probe of a SQL database is given. */
export type SqlContext = Context<SqlRunner>;
/** One thing that is asked of a SQL database. */
export type SqlProbe = Probe<SqlRunner>;

/** The one row of a question; an empty one where there is none. */
export async function one(runner: { query: Query }, text: string, params?: unknown[]): Promise<Row> {
  const rows = await runner.query(text, params);
  return (Array.isArray(rows) ? rows[0] : undefined) ?? {};
}

/** `SELECT 1`, and what it answers is an array of rows. */
export async function pingSql(runner: SqlRunner): Promise<void> {
  const rows = await runner.query('SELECT 1 AS one');
  must(
    Array.isArray(rows),
    `query() gives ${typeName(rows)} and not the rows`,
    'return the rows of the result, such as `(await pool.query(text, params)).rows`',
  );
  const answered = rows.length === 1 && typeof rows[0] === 'object' && rows[0] !== null;
  must(
    answered && Number(rows[0]!.one) === 1,
    `the row of \`SELECT 1 AS one\` is ${shown(rows)}`,
    'one object per row, by column name',
  );
}

/** Checks that two values are deeply equal; the finding says what came instead. */
export function mustEqual(value: unknown, expected: unknown, what: string, remedy: string | null = null): void {
  must(isDeepStrictEqual(value, expected), `${what}: ${shown(value)} came instead of ${shown(expected)}`, remedy);
}

/** Whether a server has connections left; gives how many are used. `remedy`: what to do where it has hardly any. */
export function judgeRoom(used: number, most: number, remedy: string): string {
  const said = `${used} of ${most}`;
  must(most - used > 5, `${said} connections are in use`, remedy);
  return `${said} in use`;
}

/** A value in at most 80 characters. */
export function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  } catch {
    text = undefined;
  }
  const whole = text ?? typeName(value);
  return whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
}

/** `a string`, `an Array`, `a Result`: what kind of thing a value is. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const name = typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value;
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}

/** The statements on a run's own table. */
export function statements({ scratch }: Pick<SqlContext, 'scratch'>, dialect: Dialect) {
  const { table } = scratch;
  return {
    create:
      `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, content ${dialect.bytes}, big BIGINT, body ${dialect.text}, ` +
      'n INTEGER DEFAULT 0)',
    insert: (on: { query: Query }, id: number) => on.query(`INSERT INTO ${table} (id) VALUES (${dialect.at(1)})`, [id]),
    ids: async (on: { query: Query }) =>
      (await on.query(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => Number(id)),
    read: (on: { query: Query }, column: string) => one(on, `SELECT ${column} FROM ${table} WHERE id = 1`),
    set: (on: { query: Query }, column: string, value: unknown) =>
      on.query(`UPDATE ${table} SET ${column} = ${dialect.at(1)} WHERE id = 1`, [value]),
    /** Adds one in a transaction that reads the number first. */
    count: (runner: SqlRunner, pause: () => Promise<unknown>) =>
      runner.transaction(async (tx) => {
        const { n } = await one(tx, `SELECT n FROM ${table} WHERE id = 1${dialect.lock}`);
        await pause();
        await tx.query(`UPDATE ${table} SET n = ${dialect.at(1)} WHERE id = 1`, [Number(n) + 1]);
      }),
  };
}
