import type { PersistenceAdapter } from '@flue/runtime/adapter';

export type PostgresParameter = string | number | boolean | Uint8Array | null;
export type PostgresQuery = (text: string, params?: PostgresParameter[]) => Promise<Record<string, unknown>[]>;
export interface PostgresRunner {
  query: PostgresQuery;
  transaction<T>(work: (tx: { query: PostgresQuery }) => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}
export function postgres(runner: PostgresRunner): PersistenceAdapter;
