// flue-blueprint: database/mongodb@1
import { setTimeout } from 'node:timers/promises';
import { type MongoIndexSpec, type MongoOperations, mongodb, runMongoTransactionWithRetry } from '@flue/mongodb';
import { type ClientSession, type Collection, type Db, MongoClient, MongoError } from 'mongodb';

const urlPattern =
  /^mongodb(?:\+srv)?:\/\/(?:[^\s/?#@<>{}]*@)?(?:[\w.%-]+|\[[\da-f:.]+\])(?::\d+)?(?:,(?:[\w.%-]+|\[[\da-f:.]+\])(?::\d+)?)*(?:\/[^\s/?#<>{}]*)?(?:\?[^\s#<>{}"'`]*)?$/i;

let client: MongoClient | undefined;
let pending = 0;
/** The collations that were asked for: the server does not list simple ones, and Flue 1 looks for them. */
const collations = new Map<string, Map<string, MongoIndexSpec['collation']>>();

/** Made on first use: building or importing this file connects to nothing. */
function connect() {
  const url = process.env.MONGODB_URL;
  const name = process.env.MONGODB_DATABASE;
  if (!url) throw new Error('MONGODB_URL is not set, and db.ts needs it: the connection string of a replica set.');
  if (!name) throw new Error('MONGODB_DATABASE is not set, and db.ts needs it: the name of the database.');
  if (!urlPattern.test(url))
    throw new Error('MONGODB_URL is malformed: db.ts needs mongodb://host or mongodb+srv://host, bare and encoded.');
  client ??= new MongoClient(url, { serverSelectionTimeoutMS: 9_000, connectTimeoutMS: 9_000, ignoreUndefined: true });
  return { client, database: client.db(name) };
}

/** Keeps count of what is pending, as closing the client would cut it off. */
function counted<T>(running: Promise<T>): Promise<T> {
  pending += 1;
  return running.finally(() => {
    pending -= 1;
  });
}

/** A session runs one operation at a time, all on the client that it belongs to. */
function operations(session?: ClientSession, database?: Db): MongoOperations {
  const on = session ? { session } : {};
  let last: Promise<unknown> = Promise.resolve();
  return {
    collection: (name) => {
      const run = async <T>(work: (on: Collection) => Promise<T>): Promise<T> => {
        const start = () => work((database ?? connect().database).collection(name));
        if (!session) return counted(start());
        const turn = last.then(start, start);
        last = turn.catch(() => {});
        return turn;
      };
      return {
        findOne: (filter, options) => run((c) => c.findOne(filter, { ...options, ...on })),
        find: (filter = {}, options) => run((c) => c.find(filter, { ...options, ...on }).toArray()),
        insertOne: (document) => run((c) => c.insertOne(document, on)),
        insertMany: (documents) => run((c) => c.insertMany(documents, on)),
        updateOne: (filter, update, options) => run((c) => c.updateOne(filter, update, { ...options, ...on })),
        updateMany: (filter, update) => run((c) => c.updateMany(filter, update, on)),
        findOneAndUpdate: (filter, update, options) =>
          run((c) => c.findOneAndUpdate(filter, update, { ...options, ...on, includeResultMetadata: false })),
        deleteOne: (filter) => run((c) => c.deleteOne(filter, on)),
        deleteMany: (filter) => run((c) => c.deleteMany(filter, on)),
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
  transaction: async (work) =>
    counted(
      runMongoTransactionWithRetry(openSession, pausing(work), {
        maxTransactionAttempts: 20,
        hasErrorLabel: (error, label) => error instanceof MongoError && error.hasErrorLabel(label),
      }),
    ),
  topology: async () => {
    const { database } = connect();
    const { setName, msg, logicalSessionTimeoutMinutes: minutes } = await database.admin().command({ hello: 1 });
    const other = msg === 'isdbgrid' ? 'sharded' : 'standalone';
    const kind = setName ? 'replica_set' : other;
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
    collations.set(name, new Map(indexes.map((index) => [index.name, index.collation])));
    if (indexes.length > 0) await database.collection(name).createIndexes(indexes);
  },
  inspectCollection: async (name) => {
    const { database } = connect();
    const [found] = await database.listCollections({ name }, { nameOnly: false }).toArray();
    if (!found) return null;
    const { validator = {}, validationLevel, validationAction } = found.options ?? {};
    const listed = (await database.collection(name).indexes()) as MongoIndexSpec[];
    const asked = collations.get(name);
    // Without what the server adds on its own.
    const indexes = listed
      .filter((index) => index.name !== '_id_')
      .map(({ name: own, key, unique, partialFilterExpression: partial, collation = asked?.get(own) }) => ({
        name: own,
        key,
        ...(unique && { unique }),
        ...(partial && { partialFilterExpression: partial }),
        ...(collation && { collation }),
      }));
    return { validator, validationLevel, validationAction, indexes };
  },
  close: async () => {
    const closing = client;
    client = undefined;
    // Waits for what is pending, but not for ever.
    for (let msLeft = 10_000; pending > 0 && msLeft > 0; msLeft -= 10) await setTimeout(10);
    await closing?.close();
  },
});
export default adapter;
