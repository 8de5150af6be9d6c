import { PersistenceAdapter } from '@flue/runtime/adapter';

//#region src/mongodb-runner.d.ts
type MongoDocument = Record<string, unknown>;
type MongoFilter = Record<string, unknown>;
type MongoUpdate = Record<string, unknown> | Record<string, unknown>[];
interface MongoCursorOptions {
  sort?: Record<string, 1 | -1>;
  limit?: number;
  projection?: Record<string, 0 | 1>;
  collation?: {
    locale: string;
    [key: string]: unknown;
  };
}
interface MongoWriteResult {
  acknowledged: boolean;
  matchedCount?: number;
  modifiedCount?: number;
  deletedCount?: number;
  upsertedId?: unknown;
}
interface MongoCollection {
  findOne(
    filter: MongoFilter,
    options?: {
      sort?: Record<string, 1 | -1>;
      projection?: Record<string, 0 | 1>;
      collation?: {
        locale: 'simple';
      };
    },
  ): Promise<MongoDocument | null>;
  find(filter?: MongoFilter, options?: MongoCursorOptions): Promise<MongoDocument[]>;
  insertOne(document: MongoDocument): Promise<MongoWriteResult>;
  insertMany(documents: MongoDocument[]): Promise<MongoWriteResult>;
  updateOne(
    filter: MongoFilter,
    update: MongoUpdate,
    options?: {
      upsert?: boolean;
    },
  ): Promise<MongoWriteResult>;
  updateMany(filter: MongoFilter, update: MongoUpdate): Promise<MongoWriteResult>;
  findOneAndUpdate(
    filter: MongoFilter,
    update: MongoUpdate,
    options?: {
      upsert?: boolean;
      returnDocument?: 'before' | 'after';
      sort?: Record<string, 1 | -1>;
    },
  ): Promise<MongoDocument | null>;
  deleteOne(filter: MongoFilter): Promise<MongoWriteResult>;
  deleteMany(filter: MongoFilter): Promise<MongoWriteResult>;
}
interface MongoIndexSpec {
  name: string;
  key: Record<string, 1 | -1>;
  unique?: boolean;
  partialFilterExpression?: MongoFilter;
  collation?: {
    locale: string;
    [key: string]: unknown;
  };
}
interface MongoCollectionSpec {
  name: string;
  validator: MongoDocument;
  validationLevel: 'strict';
  validationAction: 'error';
  indexes: MongoIndexSpec[];
}
interface MongoTopology {
  kind: 'replica_set' | 'sharded' | 'standalone' | 'unknown';
  transactions: boolean;
}
interface MongoOperations {
  collection(name: string): MongoCollection;
}
interface MongoRunner extends MongoOperations {
  transaction<T>(fn: (tx: MongoOperations) => Promise<T>): Promise<T>;
  topology(): Promise<MongoTopology>;
  ensureCollection(spec: MongoCollectionSpec): Promise<void>;
  inspectCollection(name: string): Promise<{
    validator: MongoDocument;
    validationLevel: 'strict';
    validationAction: 'error';
    indexes: MongoIndexSpec[];
  } | null>;
  close(): void | Promise<void>;
}
interface MongoTransactionSession {
  start(): void;
  commit(): Promise<void>;
  abort(): Promise<void>;
  end(): Promise<void>;
  operations: MongoOperations;
}
interface MongoTransactionRetryOptions {
  maxTransactionAttempts?: number;
  maxCommitAttempts?: number;
  hasErrorLabel(error: unknown, label: 'TransientTransactionError' | 'UnknownTransactionCommitResult'): boolean;
}
declare function runMongoTransactionWithRetry<T>(
  createSession: () => MongoTransactionSession,
  fn: (operations: MongoOperations) => Promise<T>,
  options: MongoTransactionRetryOptions,
): Promise<T>;
interface MongoOptions {
  collectionPrefix?: string;
}
//#endregion
//#region src/mongodb-adapter.d.ts
declare function mongodb(runner: MongoRunner, options?: MongoOptions): PersistenceAdapter;

//#endregion
export {
  type MongoCollection,
  type MongoCollectionSpec,
  type MongoCursorOptions,
  type MongoDocument,
  type MongoFilter,
  type MongoIndexSpec,
  type MongoOperations,
  type MongoOptions,
  type MongoRunner,
  type MongoTopology,
  type MongoTransactionRetryOptions,
  type MongoTransactionSession,
  type MongoUpdate,
  type MongoWriteResult,
  mongodb,
  runMongoTransactionWithRetry,
};
