import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MongoRunner } from '../../src/knowledge/engines/verify/mongodb-contract.ts';
import { startDocumentdb } from '../servers/documentdb.mjs';
import { failure, pause } from './failure.ts';
import { importMutant, swap } from './template.ts';

/**
 * The engine is DocumentDB: a server of MongoDB's own cannot be had where the tests run. What verify asks of the
 * template is in verify.test.ts.
 */
let server: Awaited<ReturnType<typeof startDocumentdb>>;
beforeAll(async () => {
  server = await startDocumentdb();
}, 300_000);
afterAll(() => server.stop());

const opened: MongoRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
});

const majors = ['mongodb', 'mongodb-7'];

interface Options {
  url?: string;
  database?: string | undefined;
  mutate?(text: string): string;
}

async function open(
  installedAs: string,
  { url = server.url, database = 'flue', mutate = (text) => text }: Options = {},
): Promise<MongoRunner> {
  Object.assign(process.env, { MONGODB_URL: url, MONGODB_DATABASE: database });
  const as = (text: string) => text.replace("from 'mongodb'", `from '${installedAs}'`);
  const runner = await importMutant<MongoRunner>('mongodb@1', 'mongodb.ts', (text) => mutate(as(text)));
  opened.push(runner);
  return runner;
}

let collections = 0;
/** A collection of its own. */
async function newCollection(runner: MongoRunner): Promise<string> {
  const name = `c${++collections}`;
  const rules = { validator: { n: { $type: 'number' } }, validationLevel: 'strict', validationAction: 'error' };
  await runner.ensureCollection({ name, ...rules, indexes: [] });
  return name;
}

/** Adds one to a counter, by reading it first. */
function count(runner: MongoRunner, name: string): Promise<void> {
  return runner.transaction(async (tx) => {
    const found = await tx.collection(name).findOne({ _id: 'counter' });
    await pause(2);
    await tx.collection(name).updateOne({ _id: 'counter' }, { $set: { n: Number(found?.n) + 1 } });
  });
}

describe.each(majors)('mongodb@1/mongodb.ts with %s', (installedAs) => {
  test('either variable unset or empty is an error that names it', async () => {
    const noUrl = await open(installedAs, { url: '' });
    expect((await failure(noUrl.collection('c').findOne({}))).message).toContain('MONGODB_URL is not set');
    const noName = await open(installedAs, { database: '' });
    expect((await failure(noName.topology())).message).toContain('MONGODB_DATABASE is not set');
    delete process.env.MONGODB_URL;
    expect((await failure(noName.transaction(async () => {}))).message).toContain('MONGODB_URL is not set');
  });

  test('a malformed URL fails with its reason', async () => {
    expect((await failure((await open(installedAs, { url: 'http://x' })).topology())).message).toContain('mongodb://');
  });

  test('what two processes make at the same moment is made once', async () => {
    const [one, two] = [await open(installedAs), await open(installedAs)];
    const name = `c${++collections}`;
    const rules = { validator: {}, validationLevel: 'strict', validationAction: 'error' };
    const spec = { name, ...rules, indexes: [{ name: 'n', key: { n: 1 as const }, unique: true }] };
    await Promise.all([one, two, one, two].map((runner) => runner.ensureCollection(spec)));
    expect((await two.inspectCollection(name))?.indexes).toEqual(spec.indexes);
  });

  test('a rule of the collection is kept, in a transaction too, and its error is let through', async () => {
    const runner = await open(installedAs);
    const name = await newCollection(runner);
    expect(await failure(runner.collection(name).insertOne({ n: 'x' }))).toMatchObject({ code: 121 });
    const within = runner.transaction(async (tx) => {
      await tx.collection(name).insertOne({ n: 1 });
      await tx.collection(name).insertOne({ n: 'x' });
    });
    expect(await failure(within)).toMatchObject({ code: 121 });
    expect(await runner.collection(name).find()).toEqual([]);
  });

  test('operations of one transaction that are not waited for go one after the other', async () => {
    const runner = await open(installedAs);
    const name = await newCollection(runner);
    await runner.transaction(async (tx) => {
      await Promise.all(Array.from({ length: 10 }, (_, n) => tx.collection(name).insertOne({ _id: n, n })));
    });
    expect(await runner.collection(name).find({}, { sort: { n: 1 } })).toHaveLength(10);
  });

  test('more documents than a page holds, sorted', async () => {
    const runner = await open(installedAs);
    const name = await newCollection(runner);
    const documents = Array.from({ length: 350 }, (_, n) => ({ _id: n, n: 349 - n }));
    await runner.collection(name).insertMany(documents);
    const found = await runner.collection(name).find({}, { sort: { n: 1 } });
    expect(found.map(({ n }) => n)).toEqual(documents.map((_, n) => n));
  });

  test('twenty transactions on one document are all done', async () => {
    const runner = await open(installedAs);
    const name = await newCollection(runner);
    await runner.collection(name).insertOne({ _id: 'counter', n: 0 });
    await Promise.all(Array.from({ length: 20 }, () => count(runner, name)));
    expect((await runner.collection(name).findOne({ _id: 'counter' }))?.n).toBe(20);
  });

  test('close waits for what is pending, and it can be opened again', async () => {
    const runner = await open(installedAs);
    const name = await newCollection(runner);
    const pending = Array.from({ length: 10 }, (_, n) => runner.collection(name).insertOne({ _id: n, n }));
    await runner.close();
    await Promise.all(pending);
    expect(await runner.collection(name).find()).toHaveLength(10);
  });
});

test('without a pause, twenty transactions on one document are not all done', async () => {
  const runner = await open('mongodb', {
    mutate: swap('pausing(work), {\n        maxTransactionAttempts: 20,', 'work, {'),
  });
  const name = await newCollection(runner);
  await runner.collection(name).insertOne({ _id: 'counter', n: 0 });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => count(runner, name)));
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set([112]));
  expect((await runner.collection(name).findOne({ _id: 'counter' }))?.n).toBe(20 - refused.length);
});

test('a server that is not there is given up after 10 s, with the reason; close ends', {
  timeout: 40_000,
}, async () => {
  const runners = await Promise.all(majors.map((installedAs) => open(installedAs, { url: 'mongodb://127.0.0.1:9' })));
  const start = performance.now();
  for (const reason of await Promise.all(runners.map((runner) => failure(runner.topology()))))
    expect(reason.message).toContain('ECONNREFUSED');
  expect(performance.now() - start).toBeLessThan(20_000);
  for (const runner of runners) {
    await runner.close();
    await runner.close();
  }
});
