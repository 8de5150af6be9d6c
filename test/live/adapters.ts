/**
 * In the live tests `@flue/*` resolves to this file, so that a template's default export is the runner it wrote: what
 * is tested is the template itself, statement by statement, against a real server.
 */
type Query = (text: string, params?: unknown[]) => Promise<Record<string, unknown>[]>;

export interface SqlRunner {
  query: Query;
  transaction<T>(work: (tx: { query: Query }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface RedisRunner {
  command(name: string, args?: unknown[]): Promise<unknown>;
  eval(script: string, keys: string[], args?: unknown[]): Promise<unknown>;
  pipeline(list: { command: string; args?: unknown[] }[]): Promise<unknown[]>;
  close(): Promise<void>;
  migrate(): Promise<void>;
}

export const postgres = (runner: SqlRunner): SqlRunner => runner;
export const mysql = (runner: SqlRunner): SqlRunner => runner;
export const libsql = (runner: SqlRunner): SqlRunner => runner;
export const redis = (runner: RedisRunner): RedisRunner => runner;
export { runMongoTransactionWithRetry } from '../../src/verify/child/adapters.ts';
export const mongodb = <T>(runner: T): T => runner;
