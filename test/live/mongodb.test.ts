import { beforeAll, describe, expect, test } from 'vitest';
import { elapsed, failure, silentServer } from './failure.ts';
import { importMutant } from './template.ts';

/** No MongoDB server ran: none can be had from npm or Debian. The template is run as far as its driver goes without one. */
interface MongoRunner {
  collection(name: string): { findOne(filter: object): Promise<unknown> };
  transaction<T>(work: (tx: MongoRunner) => Promise<T>): Promise<T>;
  topology(): Promise<unknown>;
  close(): Promise<void>;
}

beforeAll(() => console.log('mongodb@1: no server ran; typechecked and run against its driver only'));

describe.each(['mongodb', 'mongodb-7'])('mongodb@1/mongodb.ts with %s, without a server', (installedAs) => {
  async function open(url?: string, database?: string): Promise<MongoRunner> {
    for (const [name, value] of Object.entries({ MONGODB_URL: url, MONGODB_DATABASE: database })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    const as = (text: string) => text.replace("from 'mongodb'", `from '${installedAs}'`);
    return importMutant<MongoRunner>('mongodb@1', 'mongodb.ts', as);
  }

  test('either variable unset or empty is an error that names it', async () => {
    expect((await failure((await open('', 'x')).collection('c').findOne({}))).message).toContain(
      'MONGODB_URL is not set',
    );
    expect((await failure((await open('mongodb://127.0.0.1:9', '')).topology())).message).toContain(
      'MONGODB_DATABASE is not set',
    );
    expect((await failure((await open()).transaction(async () => {}))).message).toContain('MONGODB_URL is not set');
  });

  test('a malformed URL fails with its reason', async () => {
    expect((await failure((await open('http://x', 'x')).topology())).message).toContain('mongodb://');
  });

  test('a server that is not there, and one that never answers, are given up after 10 s; close ends', {
    timeout: 40_000,
  }, async () => {
    const silent = await silentServer();
    const runners = [await open('mongodb://127.0.0.1:9', 'x'), await open(`mongodb://127.0.0.1:${silent.port}`, 'x')];
    process.env.MONGODB_URL = 'mongodb://127.0.0.1:9';
    const [absent] = runners as [MongoRunner, MongoRunner];
    expect((await failure(absent.topology())).message).toContain('ECONNREFUSED');
    process.env.MONGODB_URL = `mongodb://127.0.0.1:${silent.port}`;
    expect(await elapsed(() => runners[1]!.topology())).toBeLessThan(11_000);
    for (const runner of runners) {
      await runner.close();
      await runner.close();
    }
    silent.close();
  });

  test('importing it connects to nothing', async () => {
    const runner = await open();
    await runner.close();
  });
});
