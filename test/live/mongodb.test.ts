import { beforeAll, describe, expect, test } from 'vitest';
import { failure } from './failure.ts';
import { importMutant } from './template.ts';

/**
 * No MongoDB server ran: none can be had from npm or Debian. The template is run as far as its driver goes without one.
 */
interface MongoRunner {
  collection(name: string): { findOne(filter: object): Promise<unknown> };
  transaction<T>(work: (tx: MongoRunner) => Promise<T>): Promise<T>;
  topology(): Promise<unknown>;
  close(): Promise<void>;
}

beforeAll(() => console.log('mongodb@1: no server ran; typechecked and run against its driver only'));

const majors = ['mongodb', 'mongodb-7'];

async function open(installedAs: string, url?: string, database?: string): Promise<MongoRunner> {
  for (const [name, value] of Object.entries({ MONGODB_URL: url, MONGODB_DATABASE: database })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  const as = (text: string) => text.replace("from 'mongodb'", `from '${installedAs}'`);
  return importMutant<MongoRunner>('mongodb@1', 'mongodb.ts', as);
}

describe.each(majors)('mongodb@1/mongodb.ts with %s, without a server', (installedAs) => {
  test('either variable unset or empty is an error that names it', async () => {
    expect((await failure((await open(installedAs, '', 'x')).collection('c').findOne({}))).message).toContain(
      'MONGODB_URL is not set',
    );
    expect((await failure((await open(installedAs, 'mongodb://127.0.0.1:9', '')).topology())).message).toContain(
      'MONGODB_DATABASE is not set',
    );
    expect((await failure((await open(installedAs)).transaction(async () => {}))).message).toContain(
      'MONGODB_URL is not set',
    );
  });

  test('a malformed URL fails with its reason', async () => {
    expect((await failure((await open(installedAs, 'http://x', 'x')).topology())).message).toContain('mongodb://');
  });

  test('importing it connects to nothing', async () => {
    const runner = await open(installedAs);
    await runner.close();
  });
});

test('a server that is not there is given up after 10 s, with the reason; close ends', {
  timeout: 40_000,
}, async () => {
  const runners = await Promise.all(majors.map((installedAs) => open(installedAs, 'mongodb://127.0.0.1:9', 'x')));
  const start = performance.now();
  for (const reason of await Promise.all(runners.map((runner) => failure(runner.topology()))))
    expect(reason.message).toContain('ECONNREFUSED');
  expect(performance.now() - start).toBeLessThan(20_000);
  for (const runner of runners) {
    await runner.close();
    await runner.close();
  }
});
