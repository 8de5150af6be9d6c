import { setTimeout as pause } from 'node:timers/promises';
import { type Context, must, NotChecked, type Probe, rejection } from './engine.ts';
import { kindOf, same, shown } from './sql.ts';

type Doc = Record<string, unknown>;

export interface MongoIndex {
  name: string;
  key: Record<string, 1 | -1>;
  unique?: boolean;
  partialFilterExpression?: Doc;
  collation?: Doc;
}

interface Shape {
  validator: Doc;
  validationLevel: string;
  validationAction: string;
  indexes: MongoIndex[];
}

export interface MongoCollection {
  findOne(filter: Doc, options?: Doc): Promise<Doc | null>;
  find(filter?: Doc, options?: Doc): Promise<Doc[]>;
  insertOne(document: Doc): Promise<Doc>;
  insertMany(documents: Doc[]): Promise<Doc>;
  updateOne(filter: Doc, update: Doc | Doc[], options?: Doc): Promise<Doc>;
  updateMany(filter: Doc, update: Doc | Doc[]): Promise<Doc>;
  findOneAndUpdate(filter: Doc, update: Doc | Doc[], options?: Doc): Promise<Doc | null>;
  deleteOne(filter: Doc): Promise<Doc>;
  deleteMany(filter: Doc): Promise<Doc>;
}

interface Operations {
  collection(name: string): MongoCollection;
}

/** The runner of `@flue/mongodb`, 1.0.0-beta.1 to 2.2.2. */
export interface MongoRunner extends Operations {
  transaction<T>(work: (tx: Operations) => Promise<T>): Promise<T>;
  topology(): Promise<{ kind: string; transactions: boolean }>;
  ensureCollection(spec: Shape & { name: string }): Promise<void>;
  inspectCollection(name: string): Promise<Shape | null>;
  close(): void | Promise<void>;
}

type MongoContext = Context<MongoRunner>;

/** The collection of a run, on the runner or in a transaction. */
export function ownCollection({ runner, scratch }: MongoContext, on: Operations = runner): MongoCollection {
  return on.collection(scratch.table);
}

const validator = { $jsonSchema: { bsonType: 'object', required: ['_id'] } };

/** As Flue makes its own, at both lines. */
const indexes: MongoIndex[] = [
  { name: 'owner', key: { owner: 1, at: 1 }, unique: true, partialFilterExpression: { owner: { $exists: true } } },
  { name: 'state', key: { state: 1 } },
];

/** An index with its keys in one order, and without what is not there. */
export function canonicalIndex({ name, key, unique, partialFilterExpression, collation }: MongoIndex): MongoIndex {
  return {
    name,
    key,
    ...(unique && { unique }),
    ...(partialFilterExpression && { partialFilterExpression }),
    ...(collation && { collation }),
  };
}

class Own extends Error {}

/** What a MongoDB runner has to do. */
export const mongoContract: Probe<MongoRunner>[] = [
  {
    code: 'makes-collection',
    title: 'makes a collection with its rules and indexes, twice alike',
    blocks: true,
    run: async ({ runner, scratch }) => {
      const spec = { name: scratch.table, validator, validationLevel: 'strict', validationAction: 'error', indexes };
      same(await runner.inspectCollection(scratch.table), null, 'what inspectCollection gives for a missing one');
      await runner.ensureCollection(spec);
      await runner.ensureCollection(spec);
      return undefined;
    },
  },
  {
    code: 'inspects-collection',
    title: 'gives the rules and indexes of a collection back as they were made',
    run: async ({ runner, scratch }) => {
      const found = await runner.inspectCollection(scratch.table);
      must(found, 'inspectCollection gives nothing for a collection that is there');
      same(found.validator, validator, 'its validator');
      same([found.validationLevel, found.validationAction], ['strict', 'error'], 'its level and action');
      const own = found.indexes.map(canonicalIndex).map((one) => ({ ...one, collation: undefined }));
      same(
        own,
        indexes.map((one) => ({ ...canonicalIndex(one), collation: undefined })),
        'its indexes',
        'leave out `_id_` and what the server adds',
      );
      return undefined;
    },
  },
  {
    code: 'index-collation',
    title: 'gives the collation of an index back',
    run: async ({ runner, scratch, line }) => {
      if (line === 'two') throw new NotChecked('Flue 2.x does not ask for it');
      const name = 'simple';
      const index: MongoIndex = { name, key: { simple: 1 }, collation: { locale: 'simple' } };
      const rules = { validator, validationLevel: 'strict', validationAction: 'error' };
      await runner.ensureCollection({ name: scratch.table, ...rules, indexes: [...indexes, index] });
      const found = (await runner.inspectCollection(scratch.table))?.indexes.find((one) => one.name === name);
      const remedy =
        'remember in ensureCollection which indexes have `{ locale: "simple" }`, and give it back in inspectCollection';
      // MongoDB leaves it out when it lists indexes, and @flue/mongodb 1.0.0-beta.9 compares it.
      must(
        found?.collation?.locale === 'simple',
        'it is lost, and @flue/mongodb at beta then never starts',
        remedy,
        line === null ? 'warning' : null,
      );
      return undefined;
    },
  },
  {
    code: 'documents',
    title: 'writes and finds documents',
    run: async (context) => {
      const collection = ownCollection(context);
      await collection.insertOne({ _id: 'one', owner: 'x', at: 1, n: 1 });
      await collection.insertMany([
        { _id: 'two', owner: 'x', at: 2, n: 2 },
        { _id: 'three', owner: 'x', at: 3, n: 3 },
      ]);
      const options = { sort: { at: -1 }, limit: 2, projection: { _id: 0, n: 1 }, collation: { locale: 'simple' } };
      const found = await collection.find({ owner: 'x' }, options);
      must(Array.isArray(found), `find() gives ${kindOf(found)}`, '`.toArray()`');
      same(
        found.map((one) => ({ ...one })),
        [{ n: 3 }, { n: 2 }],
        'sorted, limited, projected',
      );
      same((await collection.findOne({ _id: 'nothing' })) ?? null, null, 'a missing document');
      return undefined;
    },
  },
  {
    code: 'updates',
    title: 'updates give the document, and count',
    run: async (context) => {
      const collection = ownCollection(context);
      const after = await collection.findOneAndUpdate({ _id: 'one' }, { $inc: { n: 10 } }, { returnDocument: 'after' });
      same(after?.n, 11, 'findOneAndUpdate', 'give the document itself (`includeResultMetadata: false`)');
      same(
        (await collection.findOneAndUpdate({ _id: 'nothing' }, { $set: { n: 1 } })) ?? null,
        null,
        'of a missing one',
      );
      const upserted = await collection.findOneAndUpdate(
        { _id: 'four' },
        { $set: { n: 4 } },
        { upsert: true, returnDocument: 'after' },
      );
      same(upserted?.n, 4, 'findOneAndUpdate with upsert');
      same(
        (await collection.updateOne({ _id: 'two' }, [{ $set: { n: { $add: ['$n', 1] } } }])).matchedCount,
        1,
        'matchedCount',
      );
      same(
        (await collection.updateMany({ owner: 'x' }, { $set: { state: 's' } })).matchedCount,
        3,
        'matchedCount of many',
      );
      same((await collection.deleteOne({ _id: 'four' })).deletedCount, 1, 'deletedCount');
      return undefined;
    },
  },
  {
    code: 'bytes',
    title: 'bytes stay bytes',
    run: async (context) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await ownCollection(context).insertOne({ _id: 'bytes', bytes });
      const found = (await ownCollection(context).findOne({ _id: 'bytes' }))?.bytes as { buffer?: unknown } | undefined;
      // The driver's own Binary holds them in `buffer`.
      const inner = found instanceof Uint8Array ? found : found?.buffer instanceof Uint8Array ? found.buffer : null;
      must(inner, `bytes come back as ${kindOf(found)}`);
      must(Buffer.from(bytes).equals(inner.subarray(0, 256)), 'the 256 bytes came back changed');
      return undefined;
    },
  },
  {
    code: 'duplicates',
    title: 'a second document of the same key is refused, with code 11000',
    run: async (context) => {
      const refused = await rejection(ownCollection(context).insertOne({ _id: 'other', owner: 'x', at: 1 }));
      must(refused, 'it was kept although the index is unique', 'make the index `unique`');
      const { code } = refused.error as { code?: unknown };
      must(code === 11000, `its code is ${shown(code)}`, "let the driver's own error through");
      return undefined;
    },
  },
  {
    code: 'rolls-back',
    title: 'a throw in a transaction leaves nothing behind, and comes back itself',
    run: async (context) => {
      const own = new Own('the callback says no');
      const thrown = await rejection(
        context.runner.transaction(async (tx) => {
          await ownCollection(context, tx).insertOne({ _id: 'never' });
          throw own;
        }),
      );
      must(thrown, 'transaction() was kept although its callback threw', 'rethrow what the callback throws');
      same(
        (await ownCollection(context).findOne({ _id: 'never' })) ?? null,
        null,
        'the document after it',
        'hand every operation the session',
      );
      must(thrown.error === own, `${kindOf(thrown.error)} came back`, 'rethrow the very error');
      return undefined;
    },
  },
  {
    code: 'commits',
    title: 'a transaction sees its own writes, keeps them, and gives its result',
    run: async (context) => {
      const result = await context.runner.transaction(async (tx) => {
        await ownCollection(context, tx).insertOne({ _id: 'done' });
        return { seen: (await ownCollection(context, tx).findOne({ _id: 'done' }))?._id };
      });
      same(result, { seen: 'done' }, 'what the callback had returned', 'return the result of the callback');
      must(await ownCollection(context).findOne({ _id: 'done' }), 'the document is not there after the commit');
      return undefined;
    },
  },
  {
    code: 'isolated',
    title: 'nobody sees an open transaction',
    run: async (context) => {
      const own = new Own('enough seen');
      const thrown = await rejection(
        context.runner.transaction(async (tx) => {
          await ownCollection(context, tx).insertOne({ _id: 'open' });
          const outside = ownCollection(context).findOne({ _id: 'open' });
          outside.catch(() => {});
          const seen = await Promise.race([outside, pause(400, null)]);
          must(!seen, 'its document is seen from outside while it is open', 'hand every operation the session');
          throw own;
        }),
      );
      if (thrown && thrown.error !== own) throw thrown.error;
      return undefined;
    },
  },
  {
    // WriteConflict: `runMongoTransactionWithRetry` tries five times without a pause, if nothing else is said.
    code: 'parallel-transactions',
    title: 'eight transactions at once lose nothing',
    run: async (context) => {
      await ownCollection(context).insertOne({ _id: 'counter', n: 0 });
      const add = () =>
        context.runner.transaction(async (tx) => {
          const found = await ownCollection(context, tx).findOne({ _id: 'counter' });
          await pause(5);
          await ownCollection(context, tx).updateOne({ _id: 'counter' }, { $set: { n: Number(found?.n) + 1 } });
        });
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, add));
      const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
      const { n } = (await ownCollection(context).findOne({ _id: 'counter' })) ?? {};
      must(
        Number(n) === done,
        `${done} were called done, and the number that each adds one to is ${shown(n)}`,
        'read and write in the session',
      );
      const remedy = 'try again more often, with a pause: `maxTransactionAttempts: 20`, and a random wait before each';
      must(done === 8, `${8 - done} of them gave up over a WriteConflict`, remedy, 'warning');
      return undefined;
    },
  },
];
