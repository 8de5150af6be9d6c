import type { PersistenceAdapter } from '@flue/runtime/adapter';

export type MysqlParameter = string | number | boolean | Uint8Array | null;
export type MysqlQuery = (text: string, params?: MysqlParameter[]) => Promise<Record<string, unknown>[]>;
export interface MysqlRunner {
  query: MysqlQuery;
  transaction<T>(work: (tx: { query: MysqlQuery }) => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}
export function mysql(runner: MysqlRunner): PersistenceAdapter;
