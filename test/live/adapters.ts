/**
 * In the live tests `@flue/*` resolves to this file, so that a template's default export is the runner it wrote: what is
 * tested is the template itself, statement by statement, against a real server.
 */
type Query = (text: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;

export interface SqlRunner {
  query: Query;
  transaction<T>(work: (tx: { query: Query }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const postgres = (runner: SqlRunner): SqlRunner => runner;
