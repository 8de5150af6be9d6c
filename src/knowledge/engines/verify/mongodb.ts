import { type Context, type EngineChecks, must, type Probe } from './engine.ts';
import { type MongoRunner, mongoDocuments, ownCollection } from './mongodb-contract.ts';
import { mongoTransactions } from './mongodb-transactions.ts';

const fitness: Probe<MongoRunner>[] = [
  {
    code: 'transactions',
    title: 'a replica set, with transactions',
    blocks: true,
    run: async ({ runner }) => {
      const topology = await runner.topology();
      const remedy = 'use a replica set (one member will do: `mongod --replSet rs0`), or Atlas';
      must(
        typeof topology === 'object' && topology !== null,
        'topology() gives nothing',
        'give `{ kind, transactions }`',
      );
      must(
        topology.kind !== 'standalone' && topology.transactions,
        `a ${topology.kind} server without transactions`,
        remedy,
      );
      return String(topology.kind).replace('_', ' ');
    },
  },
  {
    code: 'state',
    title: 'the state that is there can be read',
    run: async (context) => {
      const meta = context.runner.collection(`${prefixOf(context)}meta`);
      const [format, schema] = await Promise.all([
        meta.findOne({ _id: 'format_version' }),
        meta.findOne({ _id: 'schema_version' }),
      ]);
      const { line } = context;
      if (!format && !schema) return 'no collections of Flue yet; it makes them when it starts';
      // 2.x takes format 1 and relabels schema 8; beta takes schema 4.
      const [two, beta] = [String(format?.value), String(schema?.value)];
      const fits = line === null || (line === 'two' ? two === '1' || (!format && beta === '8') : beta === '4');
      const mark = format ? `format_version ${two}` : `schema_version ${beta}`;
      const remedy = 'use another database, or another `collectionPrefix`';
      must(fits, `its collections are marked ${mark}, which this Flue does not read`, remedy);
      return mark;
    },
  },
];

function prefixOf({ options }: Context<MongoRunner>): string {
  return String(options.collectionPrefix ?? 'flue_');
}

async function describe(context: Context<MongoRunner>) {
  const meta = await context.runner.collection(`${prefixOf(context)}meta`).findOne({});
  // Which other collections are there is nothing that the runner can tell.
  return { server: 'MongoDB', database: null, holds: { flue: meta !== null, others: true } };
}

/** What the driver's own `Db` can do and the runner cannot: drop a collection. */
interface Dropping {
  dropCollection(name: string): Promise<unknown>;
  listCollections(filter: object, options: object): { toArray(): Promise<{ name: string }[]> };
}

/** The driver's `Db` on which the runner looks up the run's collection, where the project's own `mongodb` shows it. */
async function databaseOf({ runner, scratch, machine }: Context<MongoRunner>): Promise<Dropping | null> {
  const driver = machine.require('mongodb') as { Db?: { prototype: Record<string, unknown> } } | null;
  const prototype = driver?.Db?.prototype;
  const original = prototype?.collection;
  if (!prototype || typeof original !== 'function') return null;
  let found: Dropping | null = null;
  prototype.collection = function (this: Dropping, ...given: unknown[]) {
    if (given[0] === scratch.table) found = this;
    return original.apply(this, given);
  };
  try {
    await runner.collection(scratch.table).findOne({ _id: 'nothing' });
  } finally {
    prototype.collection = original;
  }
  return found;
}

/**
 * MongoDB: a replica set or Atlas. It ran on DocumentDB, an engine of the same commands: no server of MongoDB's own
 * could be had.
 */
export const mongodb: EngineChecks<MongoRunner> = {
  name: 'mongodb',
  functions: ['collection', 'transaction', 'topology', 'ensureCollection', 'inspectCollection', 'close'],
  ping: async (runner) => {
    const topology = await runner.topology();
    must(typeof topology?.kind === 'string', 'topology() gives no `kind`', 'give `{ kind, transactions }`');
  },
  describe,
  fitness,
  contract: [...mongoDocuments, ...mongoTransactions],
  once: (runner) => runner.topology(),
  pending: ({ runner, scratch }) =>
    Array.from({ length: 15 }, () => runner.collection(scratch.table).findOne({ _id: 'nothing' })),
  pendingFor: 0,
  scratch: {
    keep: async (context) => {
      await ownCollection(context).insertOne({ _id: 'kept', value: context.scratch.id });
    },
    find: async (context) => {
      const found = await ownCollection(context).findOne({ _id: 'kept' });
      must(
        found?.value === context.scratch.id,
        'the document that the first process wrote is not there',
        'see where both of them write',
      );
    },
    remove: async (context) => {
      const database = await databaseOf(context);
      await ownCollection(context).deleteMany({});
      if (!database) return `the empty collection \`${context.scratch.table}\`, which the runner has no way to drop`;
      await database.dropCollection(context.scratch.table).catch(ignoringAbsent);
      return null;
    },
    sweep: async (context) => {
      const database = await databaseOf(context);
      const known =
        (await database
          ?.listCollections({ name: /^verify_[0-9a-z]+_[0-9a-f]+_[0-9a-f]+$/ }, { nameOnly: true })
          .toArray()) ?? [];
      const left = known.filter(({ name }) => context.scratch.isLeft(name.replace(/^verify_/, '')));
      for (const { name } of left) await database!.dropCollection(name).catch(ignoringAbsent);
      return left.length;
    },
  },
  // Its patience with a server that refuses is ten seconds and more.
  retries: false,
  // Codes of the server, by number or name.
  remedies: {
    18: 'correct the user or the password',
    8000: 'correct the user or the password',
    13: 'give this user the role `readWrite` (and `dbAdmin`, for indexes and validators) on that database',
    AuthenticationFailed: 'correct the user or the password',
    Unauthorized: 'give this user the role `readWrite` (and `dbAdmin`, for indexes and validators) on that database',
  },
};

function ignoringAbsent(error: { code?: unknown }): void {
  // 26: NamespaceNotFound
  if (error?.code !== 26) throw error;
}
