import path from 'node:path';
import type { Client } from '@libsql/client';
import type { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../flue.ts';
import { startMysql } from '../servers/mysql.mjs';
import { startNeonProxy, useNeonProxy } from '../servers/neon-proxy.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startBoth } from '../servers/redis.mjs';
import { probeRedis, probeSql } from '../stand-ins/probes.js';
import type { RedisRunner, SqlRunner } from './adapters.ts';
import { failure, killStoreUnderLoad, killUnderLoad, pause } from './failure.ts';
import { importShared } from './template.ts';

/** The templates for a client that the application makes (`--client`): what they promise without owning it. */
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let mysqlServer: Awaited<ReturnType<typeof startMysql>>;
let servers: Awaited<ReturnType<typeof startBoth>>;
let proxy: Awaited<ReturnType<typeof startNeonProxy>>;
beforeAll(async () => {
  [postgres, mysqlServer, servers, proxy] = await Promise.all([
    startPostgres(),
    startMysql(),
    startBoth(),
    startNeonProxy(),
  ]);
  useNeonProxy(proxy);
}, 120_000);
afterAll(async () => {
  await Promise.all([postgres.stop(), mysqlServer.stop(), servers.stop()]);
  proxy.close();
});

type Migrating = SqlRunner & { migrate(): Promise<void> };

interface Sql {
  blueprint: string;
  file: string;
  variable: string;
  url: () => string;
  /** The URL of a server at that port. */
  urlAt: (port: number) => string;
  dialect: { at: (n: number) => string; blob: string };
  /** Ends every other connection. */
  killAll: () => Promise<unknown>;
  sleep: (seconds: number) => string;
  /** How the application asks and closes. */
  ask: (client: never) => Promise<unknown>;
  end: (client: never) => Promise<unknown>;
}

const onPostgres = {
  variable: 'DATABASE_URL',
  url: () => postgres.url,
  urlAt: (port: number) => `postgresql://flue@127.0.0.1:${port}/postgres`,
  dialect: { at: (n: number) => `$${n}`, blob: 'BYTEA' },
  killAll: () =>
    postgres.admin(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
    ),
  sleep: (seconds: number) => `SELECT pg_sleep(${seconds}), 1 AS one`,
};
const query = (client: { query(text: string): Promise<unknown> }) => client.query('SELECT 1');
const end = (client: { end(): Promise<unknown> }) => client.end();

const databases: Sql[] = [
  { ...onPostgres, blueprint: 'postgres@1', file: 'pg-client.ts', ask: query, end },
  { ...onPostgres, blueprint: 'postgres@1', file: 'neon-client.ts', ask: query, end },
  {
    ...onPostgres,
    blueprint: 'postgres@1',
    file: 'postgres-client.ts',
    ask: (client: { unsafe(text: string): Promise<unknown> }) => client.unsafe('SELECT 1'),
    end: (client: { end(options: object): Promise<unknown> }) => client.end({ timeout: 1 }),
  },
  {
    blueprint: 'mysql@1',
    file: 'mysql2-client.ts',
    variable: 'MYSQL_URL',
    url: () => mysqlServer.url,
    urlAt: (port) => `mysql://root@127.0.0.1:${port}/flue`,
    dialect: { at: () => '?', blob: 'LONGBLOB' },
    killAll: async () => {
      const rows = (await mysqlServer.admin("SELECT id FROM information_schema.processlist WHERE db = 'flue'")) as {
        id: number;
      }[];
      for (const { id } of rows) await mysqlServer.admin(`KILL ${id}`).catch(() => {});
    },
    sleep: (seconds) => `SELECT SLEEP(${seconds}), 1 AS one`,
    ask: query,
    end,
  },
];

describe.each(databases)('$blueprint/$file', (one) => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close().catch(() => {});
  });
  async function open(url = one.url()): Promise<{ runner: Migrating; client: never }> {
    process.env[one.variable] = url;
    const shared = await importShared<Migrating, never>(one.blueprint, one.file);
    opened.push(() => one.end(shared.client));
    return shared;
  }
  let tables = 0;
  async function newTable(runner: SqlRunner): Promise<string> {
    const name = `shared_${one.file.replace(/\W/g, '_')}_${++tables}`;
    await runner.query(`CREATE TABLE ${name} (id INTEGER)`);
    return name;
  }

  test('keeps the contract, and the application goes on using its client after close', async () => {
    const { runner, client } = await open();
    await probeSql(runner, one.dialect);
    await runner.close();
    await one.ask(client);
    await runner.close();
    await probeSql(runner, one.dialect);
  });

  test('close waits for what is pending, and for nothing of the application', async () => {
    const { runner } = await open();
    const pending = [
      runner.query(one.sleep(0.3)),
      runner.transaction((tx) => tx.query(one.sleep(0.3))),
      runner.query(one.sleep(0.3)),
    ];
    let done = 0;
    for (const running of pending) running.then(() => (done += 1));
    await runner.close();
    expect(done).toBe(3);
    expect((await Promise.all(pending)).flat()).toMatchObject([{ one: 1 }, { one: 1 }, { one: 1 }]);
  });

  test('connections that are killed cost a query or a transaction, never the process', async () => {
    const { runner } = await open();
    const table = await newTable(runner);
    await Promise.all(Array.from({ length: 5 }, () => runner.query(one.sleep(0.05))));
    await one.killAll();
    await pause(100);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const { at } = one.dialect;
    await failure(
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES (${at(1)})`, [1]);
        await one.killAll();
        await pause(50);
        await tx.query(`INSERT INTO ${table} VALUES (${at(1)})`, [2]);
      }),
    );
    const own = new Error('my own');
    const thrown = await failure(
      runner.transaction(async (tx) => {
        await tx.query('SELECT 1');
        await one.killAll();
        await pause(50);
        throw own;
      }),
    );
    expect(thrown).toBe(own);
    expect(await runner.query(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test('50 transactions at once all commit', async () => {
    const { runner } = await open();
    const table = await newTable(runner);
    const insert = `INSERT INTO ${table} VALUES (${one.dialect.at(1)})`;
    await Promise.all(
      Array.from({ length: 50 }, (_, id) => runner.transaction((tx) => tx.query(insert, [id]).then(() => {}))),
    );
    expect((await runner.query(`SELECT id FROM ${table}`)).length).toBe(50);
  });

  test('a start on a server that is not there fails at once', async () => {
    const absent = await failure((await open(one.urlAt(9))).runner.migrate());
    // Neon's proxy does not pass the reason on.
    if (one.file !== 'neon-client.ts') expect(String((absent as NodeJS.ErrnoException).code)).toContain('ECONNREFUSED');
  });
});

test('pg-client.ts: a server killed under load and started again: nothing is reported that was not done', {
  timeout: 60_000,
}, async () => {
  process.env.DATABASE_URL = postgres.url;
  const { runner, client } = await importShared<Migrating, { end(): Promise<void> }>('postgres@1', 'pg-client.ts');
  await runner.query('CREATE TABLE load (id INTEGER)');
  const { resumed, lost } = await killUnderLoad({
    write: (id) => runner.transaction((tx) => tx.query('INSERT INTO load VALUES ($1)', [id])),
    kill: () => postgres.stop('SIGQUIT'),
    start: () => postgres.start(),
    stored: async () => (await postgres.admin('SELECT id FROM load')).map(({ id }) => id),
  });
  await client.end();
  expect(resumed).toBeGreaterThanOrEqual(20);
  expect(lost).toEqual([]);
});

/** A template, the package it is run with, and the server it is meant for. */
const stores: [kind: 'redis' | 'valkey', file: string, installedAs: string][] = [
  ['redis', 'redis-client.ts', 'redis'],
  ['redis', 'redis-client.ts', 'redis-6'],
  ['redis', 'redis-4-client.ts', 'redis-4'],
  ['redis', 'ioredis-client.ts', 'ioredis'],
  ['redis', 'ioredis-client.ts', 'ioredis-6'],
  ['valkey', 'redis-client.ts', 'redis'],
  ['valkey', 'ioredis-client.ts', 'ioredis'],
  ['valkey', 'iovalkey-client.ts', 'iovalkey'],
];

const from = (installedAs: string) => (text: string) =>
  text.replace(/from '(?:io)?(?:redis|valkey)'/, `from '${installedAs}'`);

interface Store {
  isOpen?: boolean;
  connect?(): Promise<unknown>;
  get(key: string): Promise<unknown>;
  set(key: string, value: string): Promise<unknown>;
  destroy?(): void;
  disconnect(): unknown;
  on(event: string, listener: (error: Error) => void): void;
}

describe.each(stores)('%s@1/%s with %s', (kind, file, installedAs) => {
  const opened: Store[] = [];
  afterEach(async () => {
    for (const client of opened.splice(0)) {
      if (client.destroy) client.destroy();
      else await client.disconnect();
    }
  });
  async function open(url = servers[kind].url): Promise<{ runner: RedisRunner; client: Store }> {
    process.env.REDIS_URL = url;
    const shared = await importShared<RedisRunner, Store>(`${kind}@1`, file, from(installedAs));
    opened.push(shared.client);
    return shared;
  }

  test('keeps the contract, whoever opens the client, and the application goes on using it after close', async () => {
    const { runner, client } = await open();
    await runner.migrate();
    await probeRedis(runner);
    await runner.close();
    await client.set('theirs', 'ä');
    expect(await client.get('theirs')).toBe('ä');
    await runner.close();
    await probeRedis(runner);
    const theirs = await open();
    if ('isOpen' in theirs.client) await theirs.client.connect?.();
    await theirs.runner.migrate();
    await Promise.all([probeRedis(theirs.runner), theirs.client.set('theirs', 'too')]);
  });

  test('two first commands open one connection', async () => {
    const { runner } = await open();
    await Promise.all(Array.from({ length: 10 }, (_, i) => runner.command('SET', [`k${i}`, i])));
  });

  test('close waits for what is pending', async () => {
    const { runner } = await open();
    await runner.migrate();
    let done = false;
    const pending = runner
      .eval('local i = 0; while i < 3e6 do i = i + 1 end; return 7', [], [])
      .finally(() => (done = true));
    await pause(20);
    await runner.close();
    expect(done).toBe(true);
    expect(await pending).toBe(7);
  });

  test('a start fails with the reason; after it the next one works', async () => {
    const absent = await failure((await open('redis://127.0.0.1:9')).runner.migrate());
    expect(String((absent as NodeJS.ErrnoException).code ?? absent.message)).toMatch(/ECONNREFUSED|refused/);
    const { port } = servers[kind];
    await servers[kind].admin('ACL', 'SETUSER', 'app', 'on', '>right', '~*', '+@all');
    const wrong = await failure((await open(`redis://app:wrong@127.0.0.1:${port}`)).runner.migrate());
    expect(wrong.message).toMatch(/WRONGPASS|password|authenticat/i);
    expect(await failure((await open(`redis://127.0.0.1:${port}/99`)).runner.migrate())).toBeInstanceOf(Error);
    await servers[kind].stop('SIGKILL');
    const late = (await open()).runner;
    await failure(late.migrate());
    await servers[kind].start();
    // The application's client decides when it tries again.
    await expect.poll(() => late.migrate().then(() => 'up', String), { timeout: 5000 }).toBe('up');
  });

  test('connections that are killed while idle are made anew, and the process lives', async () => {
    const { runner } = await open();
    await runner.migrate();
    await servers[kind].admin('CLIENT', 'KILL', 'TYPE', 'normal');
    await pause(400);
    await runner.command('SET', ['after', 'kill']);
    expect(String(await runner.command('GET', ['after']))).toBe('kill');
  });

  test('a server killed under load and started again: nothing is reported that was not done, and work resumes', {
    timeout: 60_000,
  }, async () => {
    const { runner } = await open();
    await runner.migrate();
    await runner.command('DEL', ['load']);
    const { resumed, lost } = await killStoreUnderLoad(servers[kind], runner);
    expect(resumed).toBeGreaterThanOrEqual(20);
    expect(lost).toEqual([]);
  });
});

test.each(['libsql@1', 'turso@1'])('%s/libsql-client.ts refuses a client that opens a file', async (blueprint) => {
  process.env.LIBSQL_URL = `file:${path.join(scratch('shared'), 'flue.db')}`;
  const { runner, client } = await importShared<Migrating, Client>(blueprint, 'libsql-client.ts');
  expect((await failure(runner.migrate())).message).toContain('opens a file');
  client.close();
});

test('mongodb-client.ts names what is missing, and closes without closing', async () => {
  process.env.MONGODB_URL = 'mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=500';
  delete process.env.MONGODB_DATABASE;
  const { runner, client } = await importShared<Migrating, MongoClient>('mongodb@1', 'mongodb-client.ts');
  expect((await failure(runner.migrate())).message).toContain('MONGODB_DATABASE is not set');
  process.env.MONGODB_DATABASE = 'x';
  expect((await failure(runner.migrate())).message).toContain('ECONNREFUSED');
  let closed = false;
  client.once('close', () => (closed = true));
  await runner.close();
  expect(closed).toBe(false);
  await client.close();
});
