import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../flue.ts';
import type { SqlRunner } from './adapters.ts';
import { failure, pause } from './failure.ts';
import { importMutant } from './template.ts';

/**
 * What each driver misreads, measured: no scheme, quotes, spaces, what was to be replaced, and parameters that are
 * another program's.
 */
const secret = 'hunter2';
const quoted = (url: string) => [`"${url}"`, `'${url}'`, ` ${url}`, `${url}\n`, '${' + 'URL}', `$${'{'}A}${url}`];
const authority = `app:${secret}@127.0.0.1`;
const shapeless = (port: number, name: string) => [
  `${authority}:${port}/${name}`,
  `127.0.0.1:${port}/${name}`,
  `jdbc:postgresql://${authority}:${port}/${name}`,
  `http://${authority}:${port}/${name}`,
];

interface Case {
  blueprint: string;
  file: string;
  as?: [from: string, to: string];
  variable: string;
  bad: string[];
  good: string[];
}

const redis = (scheme: string) => ({
  bad: [
    ...quoted(`${scheme}://${authority}:9/0`),
    ...shapeless(9, '0'),
    ...['abc', '5abc', '1/2', '0?db=3', '0#x'].map((end) => `${scheme}://${authority}:9/${end}`),
    `${scheme}:///0`,
    `${scheme}://app:<password>@127.0.0.1:9`,
    `${scheme}://app:${secret}/x@127.0.0.1:9`,
    `unix:///tmp/${secret}.sock`,
    `${scheme}://${authority}:99999/0`,
  ],
  good: [`${scheme}://${authority}:9/15`, `${scheme}s://[::1]:9`, `${scheme}://app:p%40ss%2F@127.0.0.1:9/`],
});
const postgres = {
  bad: [
    ...quoted(`postgresql://${authority}:9/app`),
    ...shapeless(9, 'app'),
    `postgresql://app:${secret}/x@127.0.0.1:9/app`,
    `postgresql://app:<${secret}>@127.0.0.1:9/app`,
    'postgresql:///app',
  ],
  good: [`postgresql://${authority}:9/app`, `postgres://${authority}:9/app?sslmode=disable&application_name=x`],
};
const parameters = (...list: string[]) => list.map((one) => `postgresql://${authority}:9/app?${one}`);
const foreign = [
  ...[
    'schema=app',
    'pgbouncer=true',
    'connection_limit=1',
    'pool_timeout=2',
    'channel_binding=require',
    'sslaccept=strict',
  ],
  ...['uselibpqcompat=true&sslmode=require', 'supa=base-pooler.x', 'gssencmode=disable', 'sslrootcert=/ca.pem'],
  ...['sslmode=no-verify', 'statement_cache_size=0', 'host=/tmp'],
];
const mysql = {
  bad: [
    ...quoted(`mysql://${authority}:9/app`),
    ...shapeless(9, 'app'),
    ...['sslmode=require', 'ssl-mode=REQUIRED', 'connection_limit=1', 'rowsAsArray=true', 'schema=x'].map(
      (one) => `mysql://${authority}:9/app?${one}`,
    ),
    `mysql://${authority}:9`,
    `mariadb://${authority}:9/app`,
  ],
  good: [`mysql://${authority}:9/app`, `mysql://${authority}:9/app?connectionLimit=2&charset=utf8mb4`],
};

const cases: Case[] = [
  { blueprint: 'redis@1', file: 'redis.ts', variable: 'REDIS_URL', ...redis('redis') },
  { blueprint: 'redis@1', file: 'redis.ts', as: ['redis', 'redis-6'], variable: 'REDIS_URL', ...redis('redis') },
  { blueprint: 'redis@1', file: 'redis-4.ts', as: ['redis', 'redis-4'], variable: 'REDIS_URL', ...redis('redis') },
  { blueprint: 'redis@1', file: 'ioredis.ts', variable: 'REDIS_URL', ...redis('redis') },
  { blueprint: 'redis@1', file: 'ioredis.ts', as: ['ioredis', 'ioredis-6'], variable: 'REDIS_URL', ...redis('redis') },
  ...['redis.ts', 'ioredis.ts', 'iovalkey.ts', 'glide.ts'].flatMap((file) =>
    ['redis', 'valkey'].map((scheme) => ({ blueprint: 'valkey@1', file, variable: 'VALKEY_URL', ...redis(scheme) })),
  ),
  ...['pg.ts', 'neon.ts'].map((file) => ({
    blueprint: 'postgres@1',
    file,
    variable: 'DATABASE_URL',
    bad: [
      ...postgres.bad,
      ...parameters('schema=app', 'search_path=app', 'sslrootcert=system', 'target_session_attrs=any'),
    ],
    good: [...postgres.good, ...parameters('schema=public', 'channel_binding=require', 'pgbouncer=true')],
  })),
  {
    blueprint: 'postgres@1',
    file: 'postgres.ts',
    variable: 'DATABASE_URL',
    bad: [...postgres.bad, ...parameters(...foreign), 'postgresql://[::1]:9/app'],
    good: [...postgres.good, ...parameters('statement_timeout=5000', 'sslmode=require')],
  },
  { blueprint: 'mysql@1', file: 'mysql2.ts', variable: 'MYSQL_URL', ...mysql },
  {
    blueprint: 'libsql@1',
    file: 'client.ts',
    variable: 'LIBSQL_URL',
    bad: [
      ...quoted('file:./data/flue.db'),
      ...['./data/flue.db', 'file:', 'libsql://', `libsql://app:${secret}@127.0.0.1`, 'http://127.0.0.1:9?foo=1'],
      ...['file:x.db?mode=ro', 'file:x.db#y', 'sqlite://x.db'],
    ],
    good: ['http://127.0.0.1:9', 'http://127.0.0.1:9/?tls=0'],
  },
  {
    blueprint: 'turso@1',
    file: 'client.ts',
    variable: 'TURSO_DATABASE_URL',
    bad: [...quoted('libsql://app.turso.io'), 'app.turso.io', 'libsql://', `libsql://x?authToken=${secret}`],
    good: ['http://127.0.0.1:9'],
  },
  ...['mongodb', 'mongodb-7'].map((as) => ({
    blueprint: 'mongodb@1',
    file: 'mongodb.ts',
    as: ['mongodb', as] as [string, string],
    variable: 'MONGODB_URL',
    bad: [
      ...quoted(`mongodb://${authority}:9/app`),
      ...shapeless(9, 'app'),
      `mongodb+srv://app:<${secret}>@cluster.example.com`,
      `mongodb://app:${secret}/x@127.0.0.1:9`,
    ],
    good: [`mongodb://${authority}:9,127.0.0.1:8/app?replicaSet=rs0&serverSelectionTimeoutMS=100`],
  })),
];

type Runner = SqlRunner & { command?(name: string): Promise<unknown>; topology?(): Promise<unknown> };

const open = ({ blueprint, file, as }: Pick<Case, 'blueprint' | 'file' | 'as'>) =>
  importMutant<Runner>(blueprint, file, (text) => (as ? text.replace(`from '${as[0]}'`, `from '${as[1]}'`) : text));
const ask = (runner: Runner) => runner.command?.('PING') ?? runner.topology?.() ?? runner.query('SELECT 1');

beforeAll(() => void Object.assign(process.env, { TURSO_AUTH_TOKEN: 'x', MONGODB_DATABASE: 'x' }));

describe.each(cases)('$blueprint/$file $as.1', ({ variable, bad, ...one }) => {
  test('what its driver would misread is an error that names the variable, and not the value', async () => {
    const runner = await open(one);
    for (const value of bad) {
      process.env[variable] = value;
      const error = await failure(ask(runner));
      expect(error.message, value).toContain(variable);
      expect(`${error.stack}${error.cause ?? ''}`, value).not.toContain(secret);
    }
  });
});

test('what a driver understands goes to the server', { timeout: 60_000 }, async () => {
  const asked: { name: string; variable: string; runner: Runner; reason: Promise<Error> }[] = [];
  for (const { good, ...one } of cases) {
    for (const value of good) {
      const runner = await open(one);
      process.env[one.variable] = value;
      asked.push({ name: `${one.file} ${value}`, variable: one.variable, runner, reason: failure(ask(runner)) });
      // By then it has read the variable.
      await pause(10);
    }
  }
  for (const { name, variable, reason } of asked) expect((await reason).message, name).not.toContain(variable);
  await Promise.all(asked.map(({ runner }) => runner.close()));
});

test('the folder of a libSQL file is made', async () => {
  const folder = path.join(scratch('libsql'), 'new', 'data base');
  for (const url of [`file:${folder}/flue.db`, `file://${folder.replace(' ', '%20')}/2/flue.db`]) {
    process.env.LIBSQL_URL = url;
    const runner = await importMutant<SqlRunner>('libsql@1', 'client.ts', (text) => text);
    await runner.query('CREATE TABLE here (id INTEGER)');
    await runner.close();
  }
});
