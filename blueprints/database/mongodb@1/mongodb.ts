// flue-blueprint: database/mongodb@1
import { setTimeout } from 'node:timers/promises';
import { type MongoIndexSpec, type MongoOperations, mongodb, runMongoTransactionWithRetry } from '@flue/mongodb';
import { type ClientSession, type Db, type Document, MongoClient, MongoError } from 'mongodb';

const form =
  /^mongodb(?:\+srv)?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.%-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.%-]+|\[[\da-f:.]+\])(?::\d+)?)*(?:\/[^\s/?#<>{}]*)?(?:\?[^\s#<>{}"'`]*)?$/i;

let client: MongoClient | undefined;
let pending = 0;
/** Indexes that were made with simple collation, which the server leaves out when it lists them, and Flue 1 looks for. */
const simple = new Set<string>();

/** Made on first use: building or importing this file connects to nothing. */
function connect() {
  const url = process.env.MONGODB_URL;
  if (!url) {
    throw new Error('MONGODB_URL is not set, and db.ts needs it: the connection string of a replica set.');
  }
  const name = process.env.MONGODB_DATABASE;
  if (!name) {
    throw new Error('MONGODB_DATABASE is not set, and db.ts needs it: the name of the database.');
  }
  if (!form.test(url)) {
    throw new Error(
      'MONGODB_URL is malformed: db.ts needs mongodb://host:port or mongodb+srv://host, bare and encoded.',
    );
  }
  client ??= new MongoClient(url, {
    serverSelectionTimeoutMS: 9_000,
    connectTimeoutMS: 9_000,
    ignoreUndefined: true,
  });
  return { client, database: client.db(name) };
}

/** Keeps count of what is pending, as closing the client would cut it off. */
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
      const collection = () => (database ?? connect().database).collection<Document>(name);
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
  const { client, database } = connect();
  const session = client.startSession();
  return {
    start: () => session.startTransaction(),
    commit: () => session.commitTransaction(),
    abort: () => session.abortTransaction(),
    end: () => session.endSession(),
    operations: operations(session, database),
  };
}

const adapter: ReturnType<typeof mongodb> = mongodb({
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
    const {
      setName,
      msg,
      logicalSessionTimeoutMinutes: minutes,
    } = await connect().database.admin().command({ hello: 1 });
    const kind = setName ? 'replica_set' : msg === 'isdbgrid' ? 'sharded' : 'standalone';
    return { kind, transactions: kind !== 'standalone' && minutes != null };
  },
  ensureCollection: async ({ name, indexes, ...rules }) => {
    const { database } = connect();
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
    const { database } = connect();
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
    const closing = client;
    client = undefined;
    // Waits for what is pending, but not for ever.
    for (let patience = 10_000; pending > 0 && patience > 0; patience -= 10) await setTimeout(10);
    await closing?.close();
  },
});
export default adapter;
