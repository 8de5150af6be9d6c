// flue-blueprint: database/mongodb@1
import { setTimeout } from 'node:timers/promises';
import { type MongoIndexSpec, type MongoOperations, mongodb, runMongoTransactionWithRetry } from '@flue/mongodb';
import { type ClientSession, type Db, type Document, MongoError } from 'mongodb';
import { client } from '#clients/mongodb';

// The client belongs to the application, which makes it and closes it; this file only uses it.
let pending = 0;
/** Indexes that were made with simple collation, which the server leaves out when it lists them, and Flue 1 looks for. */
const simple = new Set<string>();

function connect(): Db {
  const name = process.env.MONGODB_DATABASE;
  if (!name) {
    throw new Error('MONGODB_DATABASE is not set, and db.ts needs it: the name of the database.');
  }
  // Whatever the client says: values as the driver gives them by default, and no old ones.
  const values = { promoteValues: true, promoteLongs: true, promoteBuffers: false, useBigInt64: false };
  return client.db(name, { ...values, ignoreUndefined: true, readPreference: 'primary' });
}

/** Keeps count of what is pending, which `close` waits for. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  running.then(settled, settled);
  return running;
}

function settled(): void {
  pending -= 1;
}

/** A session runs one operation at a time, all on the client that it belongs to. */
function operations(session?: ClientSession, database?: Db): MongoOperations {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(run: () => Promise<T>): Promise<T> => {
    if (!session) return counted(run());
    const turn = last.then(run, run);
    last = turn.catch(() => {});
    return turn;
  };
  const on = session ? { session } : {};
  return {
    collection: (name) => {
      const collection = () => (database ?? connect()).collection<Document>(name);
      return {
        findOne: (filter, options) => inTurn(() => collection().findOne(filter, { ...options, ...on })),
        find: (filter = {}, options) =>
          inTurn(() =>
            collection()
              .find(filter, { ...options, ...on })
              .toArray(),
          ),
        insertOne: (document) => inTurn(() => collection().insertOne(document, on)),
        insertMany: (documents) => inTurn(() => collection().insertMany(documents, on)),
        updateOne: (filter, update, options) =>
          inTurn(() => collection().updateOne(filter, update, { ...options, ...on })),
        updateMany: (filter, update) => inTurn(() => collection().updateMany(filter, update, on)),
        findOneAndUpdate: (filter, update, options) =>
          inTurn(() =>
            collection().findOneAndUpdate(filter, update, { ...options, ...on, includeResultMetadata: false }),
          ),
        deleteOne: (filter) => inTurn(() => collection().deleteOne(filter, on)),
        deleteMany: (filter) => inTurn(() => collection().deleteMany(filter, on)),
      };
    },
  };
}

/** The work, with a pause before each time it is run again: transactions that met would meet again. */
function pausing<T>(work: (tx: MongoOperations) => Promise<T>) {
  let tries = 0;
  return async (tx: MongoOperations): Promise<T> => {
    if (tries > 0) await setTimeout(Math.random() * Math.min(20 * tries, 200));
    tries += 1;
    return work(tx);
  };
}

function openSession() {
  const database = connect();
  const session = client.startSession({ defaultTransactionOptions: { readPreference: 'primary' } });
  return {
    start: () => session.startTransaction(),
    commit: () => session.commitTransaction(),
    abort: () => session.abortTransaction(),
    end: () => session.endSession(),
    operations: operations(session, database),
  };
}

const adapter = mongodb({
  ...operations(),
  // Runs again what the server says may be run again, a bounded number of times.
  transaction: async (work) =>
    counted(
      runMongoTransactionWithRetry(openSession, pausing(work), {
        maxTransactionAttempts: 20,
        hasErrorLabel: (error, label) => error instanceof MongoError && error.hasErrorLabel(label),
      }),
    ),
  topology: async () => {
    const { setName, msg, logicalSessionTimeoutMinutes: minutes } = await connect().admin().command({ hello: 1 });
    const kind = setName ? 'replica_set' : msg === 'isdbgrid' ? 'sharded' : 'standalone';
    return { kind, transactions: kind !== 'standalone' && minutes != null };
  },
  ensureCollection: async ({ name, indexes, ...rules }) => {
    const database = connect();
    if (!(await database.listCollections({ name }, { nameOnly: true }).hasNext())) {
      // 48: another process has just made it.
      await database.createCollection(name, rules).catch((error) => {
        if (error?.code !== 48) throw error;
      });
    }
    for (const index of indexes) if (index.collation?.locale === 'simple') simple.add(`${name}.${index.name}`);
    if (indexes.length > 0) await database.collection(name).createIndexes(indexes);
  },
  inspectCollection: async (name) => {
    const database = connect();
    const [found] = await database.listCollections({ name }, { nameOnly: false }).toArray();
    if (!found) return null;
    const { validator = {}, validationLevel, validationAction } = found.options ?? {};
    const indexes = (await database.collection(name).indexes()) as MongoIndexSpec[];
    return {
      validator,
      validationLevel,
      validationAction,
      // Without what the server adds on its own.
      indexes: indexes
        .filter((index) => index.name !== '_id_')
        .map(({ name: own, key, unique, partialFilterExpression, collation }) => ({
          name: own,
          key,
          ...(unique && { unique }),
          ...(partialFilterExpression && { partialFilterExpression }),
          ...(collation && { collation }),
          ...(!collation && simple.has(`${name}.${own}`) && { collation: { locale: 'simple' } }),
        })),
    };
  },
  close: async () => {
    // Waits for what is pending, but not for ever.
    for (let patience = 10_000; pending > 0 && patience > 0; patience -= 10) await setTimeout(10);
  },
});

const entry: ReturnType<typeof mongodb> = {
  ...adapter,
  // Asks first: the client's own patience with a server that does not answer may be long.
  async migrate() {
    const late = setTimeout(10_000, undefined, { ref: false }).then(() => {
      throw new Error('MongoDB did not answer within 10 s.');
    });
    await Promise.race([connect().command({ ping: 1 }), late]);
    await adapter.migrate?.();
  },
};
export default entry;
