/**
 * Stands in the place of every `@flue/*` adapter while `verify` runs: keeps the runner and the options that the db
 * entry gives it, and calls neither. A module of its own, for the project's Vite or Node loads it.
 */

/** What is asked and held to its contract: of an adapter, or of a host's services. */
export interface Used {
  /** The package whose factory was called, or of the services. */
  from: string;
  runner: unknown;
  options: Record<string, unknown>;
  /** How often its `migrate()` was called. */
  migrated: number;
}

/** One adapter that the db entry made. */
export interface Adapted extends Used {
  /** What the factory gave, until the db entry changes it. */
  adapter: { connect(): unknown };
}

/** Where the two sides of a process meet; this module may be loaded more than once. */
const meeting = Symbol.for('flue.verify.adapted');

/** Every adapter that was made so far, in order. */
export function adapted(): Adapted[] {
  const shared = globalThis as unknown as Record<symbol, Adapted[] | undefined>;
  shared[meeting] ??= [];
  return shared[meeting];
}

interface Closing {
  close?(): unknown;
}

function factory(from: string) {
  return (runner: unknown, options: Record<string, unknown> = {}) => {
    if (from === '@flue/redis' && options.keyPrefix !== undefined && !String(options.keyPrefix).replace(/:+$/, '')) {
      throw new TypeError('Redis key prefix must not be empty.');
    }
    let closed = false;
    const adapter = {
      async migrate() {
        one.migrated += 1;
        closed = false;
      },
      connect() {
        throw new Error('connect() was called before Flue had started');
      },
      async close() {
        // As the adapters do: once.
        if (closed) return;
        closed = true;
        await (runner as Closing | null)?.close?.();
      },
    };
    const one: Adapted = { from, runner, options, adapter, migrated: 0 };
    adapted().push(one);
    return adapter;
  };
}

/** The factories of the adapters, by the names that their packages export. */
export const postgres = factory('@flue/postgres');
export const mysql = factory('@flue/mysql');
export const libsql = factory('@flue/libsql');
export const redis = factory('@flue/redis');
export const mongodb = factory('@flue/mongodb');

/** Flue's embedded database: there is no runner, only a path. */
export function sqlite(path?: string) {
  return factory('@flue/runtime/node')({ path });
}

interface Session {
  start(): void;
  commit(): Promise<void>;
  abort(): Promise<void>;
  end(): Promise<void>;
  operations: unknown;
}

interface Retrying {
  maxTransactionAttempts?: number;
  maxCommitAttempts?: number;
  hasErrorLabel(error: unknown, label: string): boolean;
}

/** What `@flue/mongodb` exports beside its factory, with its numbers. */
export async function runMongoTransactionWithRetry<T>(
  newSession: () => Session | Promise<Session>,
  work: (operations: unknown) => Promise<T>,
  { maxTransactionAttempts = 5, maxCommitAttempts = 10, hasErrorLabel }: Retrying,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await newSession();
    try {
      session.start();
      const result = await work(session.operations);
      await committed(session, maxCommitAttempts, hasErrorLabel);
      return result;
    } catch (error) {
      await session.abort().catch(() => {});
      if (!hasErrorLabel(error, 'TransientTransactionError') || attempt === maxTransactionAttempts) throw error;
    } finally {
      await session.end();
    }
  }
}

async function committed(session: Session, most: number, has: Retrying['hasErrorLabel']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await session.commit();
    } catch (error) {
      if (!has(error, 'UnknownTransactionCommitResult') || attempt === most) throw error;
    }
  }
}
