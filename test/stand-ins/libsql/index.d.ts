import type { PersistenceAdapter } from '@flue/runtime/adapter';

export type LibsqlParameter = string | number | boolean | ArrayBuffer | null;
export type LibsqlQuery = (text: string, params?: LibsqlParameter[]) => Promise<Record<string, unknown>[]>;
export interface LibsqlRunner {
  query: LibsqlQuery;
  transaction<T>(work: (tx: { query: LibsqlQuery }) => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}
export function libsql(runner: LibsqlRunner): PersistenceAdapter;
