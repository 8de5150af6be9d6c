import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { startMariadb } from '../servers/mariadb.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { startPgbouncer } from '../servers/pgbouncer.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { edit, project, verified } from '../verify/projects.mjs';
import { swap } from './template.ts';

/** Servers that are not fit, each with the check that says so and what it says to do. The db entries are as `add` writes them. */
type Ran = Awaited<ReturnType<typeof verified>>;

function said({ checks }: Ran, code: string): { because: string; remedy: string; ok: boolean | null } {
  const found = checks.find((one) => one.code === code && one.ok !== true) ?? checks.find((one) => one.code === code);
  expect(found, `no check ${code} in ${checks.map((one) => one.code).join(' ')}`).toBeDefined();
  return found;
}

describe('Postgres', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let folder: string;
  beforeAll(async () => {
    server = await startPostgres();
    folder = await project({ database: 'postgres', driver: 'pg' });
  }, 120_000);
  afterAll(() => server.stop());

  const as = (user: string, database = 'postgres', options = '') =>
    server.url.replace('flue@', `${user}@`).replace(/postgres$/, database) + options;
  const run = (url: string, ...more: string[]) => verified(folder, { DATABASE_URL: url }, more);
  /** A database of its own. */
  const database = async (name: string, rest = '') => {
    await server.admin(`CREATE DATABASE ${name} ${rest}`);
    return as('flue', name);
  };
  const inside = async (url: string, ...statements: string[]) => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const one of statements) await client.query(one);
    await client.end();
  };

  test('a hot standby, and a role that only reads', { timeout: 180_000 }, async () => {
    const standby = await server.standby();
    const ran = await run(standby.url);
    expect(ran.code).toBe(5);
    expect(ran.problem.code).toBe('database-unfit');
    expect(said(ran, 'server-writable').because).toContain('replica');
    expect(said(ran, 'contract')).toMatchObject({ ok: null });
    await standby.stop();
    await server.admin('CREATE ROLE reader LOGIN');
    await server.admin('ALTER ROLE reader SET default_transaction_read_only = on');
    const read = await run(as('reader'));
    expect(said(read, 'server-writable').because).toContain('default_transaction_read_only');
    expect(read.code).toBe(5);
  });

  test('a role without rights, and a search_path that leads nowhere', { timeout: 180_000 }, async () => {
    await server.admin('CREATE ROLE app LOGIN');
    const plain = await run(as('app'));
    expect(said(plain, 'may-make-tables')).toMatchObject({
      because: 'role app may not make tables in schema public',
      remedy: 'GRANT USAGE, CREATE ON SCHEMA public TO app',
    });
    const nowhere = await run(as('flue', 'postgres', '?options=-c%20search_path%3Dnowhere'));
    expect(said(nowhere, 'may-make-tables').because).toContain('no schema of the search_path');
    expect([plain.code, nowhere.code]).toEqual([5, 5]);
  });

  test('an encoding that is not UTF-8', { timeout: 180_000 }, async () => {
    const url = await database('ascii', "ENCODING 'SQL_ASCII' TEMPLATE template0");
    expect(said(await run(url, '--level', 'read'), 'encoding').because).toContain('SQL_ASCII');
  });

  test('state without a mark, of the other line, of another role, unlogged', { timeout: 180_000 }, async () => {
    const bare = await database('bare');
    await inside(bare, 'CREATE TABLE flue_submissions (id int)');
    expect(said(await run(bare, '--level', 'read'), 'state').because).toContain('no version mark');
    const beta = await database('beta');
    await inside(
      beta,
      'CREATE TABLE flue_meta (key text PRIMARY KEY, value text NOT NULL)',
      "INSERT INTO flue_meta VALUES ('schema_version', '4')",
      'CREATE UNLOGGED TABLE flue_submissions (id int)',
    );
    const two = await run(beta, '--level', 'read');
    expect(said(two, 'state').because).toContain('schema_version 4');
    expect(said(two, 'logged').because).toContain('flue_submissions');
    const old = await project({ database: 'postgres', driver: 'pg', flue: '1.0.0-beta.9' });
    const fits = await verified(old, { DATABASE_URL: beta }, ['--level', 'read']);
    expect(said(fits, 'state').ok).toBe(true);
    await inside(
      beta,
      "UPDATE flue_meta SET key = 'format_version', value = '1'",
      'ALTER TABLE flue_submissions SET LOGGED',
    );
    expect((await run(beta, '--level', 'read')).failed).toEqual([]);
    expect(said(await verified(old, { DATABASE_URL: beta }, ['--level', 'read']), 'state').because).toContain(
      'format_version 1',
    );
    await server.admin('CREATE ROLE tenant LOGIN');
    await server.admin('GRANT ALL ON DATABASE beta TO tenant');
    await inside(beta, 'GRANT ALL ON SCHEMA public TO tenant');
    expect(said(await run(as('tenant', 'beta'), '--level', 'read'), 'state').because).toContain(
      'belongs to the role flue',
    );
  });

  test("tables that Supabase's public role may read", { timeout: 180_000 }, async () => {
    const url = await database('supa');
    for (const role of ['anon', 'authenticated']) await server.admin(`CREATE ROLE ${role}`);
    await inside(
      url,
      'CREATE TABLE flue_meta (key text PRIMARY KEY, value text NOT NULL)',
      "INSERT INTO flue_meta VALUES ('format_version', '1')",
      'GRANT USAGE ON SCHEMA public TO anon',
      'GRANT SELECT ON flue_meta TO anon',
    );
    const open = await run(url, '--level', 'read');
    expect(said(open, 'not-public').because).toContain('flue_meta');
    expect(open.code).toBe(0);
    expect((await run(url, '--level', 'read', '--strict')).code).toBe(5);
    await inside(url, 'ALTER TABLE flue_meta ENABLE ROW LEVEL SECURITY');
    expect(said(await run(url, '--level', 'read'), 'not-public').ok).toBe(true);
  });

  test('commits that are not kept, and no connection left', { timeout: 180_000 }, async () => {
    await server.admin('CREATE ROLE hasty LOGIN SUPERUSER');
    await server.admin('ALTER ROLE hasty SET synchronous_commit = off');
    expect(said(await run(as('hasty'), '--level', 'read'), 'durable-commits').because).toBeTruthy();
  });

  test('poolers: transaction mode is fit, statement mode is not, session mode needs room', {
    timeout: 240_000,
  }, async () => {
    const behind = await startPgbouncer(server.url, 'transaction');
    for (const driver of ['pg', 'postgres']) {
      const one = await project({ database: 'postgres', driver });
      const ran = await verified(one, { DATABASE_URL: behind.url });
      expect([driver, ran.code, ran.failed], ran.output).toEqual([driver, 0, []]);
    }
    await behind.stop('SIGINT');
    const roomy = await startPgbouncer(server.url, 'session', 20);
    expect((await verified(folder, { DATABASE_URL: roomy.url })).failed).toEqual([]);
    await roomy.stop('SIGINT');
    const statement = await startPgbouncer(server.url, 'statement');
    const refused = await verified(folder, { DATABASE_URL: statement.url });
    expect(refused.code).toBe(5);
    expect(
      refused.checks.some(({ remedy }) => /transaction mode/.test(remedy ?? '')),
      refused.output,
    ).toBe(true);
    await statement.stop('SIGINT');
    const narrow = await startPgbouncer(server.url, 'session', 2);
    const starved = await verified(folder, { DATABASE_URL: narrow.url }, ['--timeout', '60']);
    expect(starved.code).toBe(5);
    await narrow.stop('SIGKILL');
  });
});

describe('MySQL and MariaDB', () => {
  test('MariaDB is refused by name, and nothing else of it', { timeout: 180_000 }, async () => {
    const server = await startMariadb();
    const folder = await project({ database: 'mysql', driver: 'mysql2' });
    const byEntry = await verified(folder, { MYSQL_URL: server.url });
    expect(byEntry.failed, byEntry.output).toEqual(['server-answers']);
    expect(said(byEntry, 'server-answers').because).toContain('MariaDB');
    // An entry that does not look itself.
    edit(folder, swap(".includes('MariaDB')", ".includes('no such server')"));
    const ran = await verified(folder, { MYSQL_URL: server.url });
    expect(ran.failed, ran.output).toEqual(['server-kind']);
    expect(said(ran, 'server-kind').because).toContain('MariaDB 10');
    await server.stop();
  });

  test('no database, no rights, another character set', { timeout: 180_000 }, async () => {
    const server = await startMysql();
    // An entry that does not look at its address.
    const change = swap('!urlPattern.test(uri)', 'uri.length === 0 && urlPattern');
    const folder = await project({ database: 'mysql', driver: 'mysql2', change });
    const run = (url: string) => verified(folder, { MYSQL_URL: url });
    const nameless = await run(server.url.replace(/flue$/, ''));
    expect(said(nameless, 'database-named').remedy).toContain('/<database>');
    await server.admin("CREATE USER app@'%'");
    await server.admin("GRANT SELECT, INSERT ON flue.* TO app@'%'");
    const poor = await run(server.url.replace('root@', 'app@'));
    expect(said(poor, 'may-make-tables').because).toContain('may not make tables');
    await server.admin('CREATE DATABASE latin CHARACTER SET latin1');
    expect(said(await run(server.url.replace(/flue$/, 'latin')), 'encoding').because).toContain('latin1');
    await server.stop();
  });
});

describe('Redis and Valkey', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await project({ database: 'redis', driver: 'redis' });
  });
  const run = (url: string, ...more: string[]) => verified(folder, { REDIS_URL: url }, more);

  test('eviction, no AOF, a full memory, a replica', { timeout: 180_000 }, async () => {
    const server = await startRedis('redis');
    await server.admin('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const evicting = await run(server.url);
    expect(said(evicting, 'evicts-nothing').because).toContain('allkeys-lru');
    expect(evicting.code).toBe(5);
    await server.admin('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await server.admin('CONFIG', 'SET', 'appendonly', 'no');
    const forgetful = await run(server.url);
    expect(forgetful).toMatchObject({ code: 0, failed: [], warned: ['durable-writes'] });
    expect(said(forgetful, 'durable-writes').remedy).toContain('appendonly yes');
    const replica = await startRedis('redis', ['--replicaof', '127.0.0.1', String(server.port)]);
    expect(said(await run(replica.url), 'server-writable').because).toContain('replica of 127.0.0.1');
    await replica.stop();
    await server.stop();
  });

  test('Cluster', { timeout: 180_000 }, async () => {
    const server = await startRedis('redis', ['--cluster-enabled', 'yes']);
    const ran = await run(server.url);
    expect(said(ran, 'no-cluster').because).toContain('Cluster');
    expect(ran.code).toBe(5);
    await server.stop();
  });

  test('Valkey with users that may not do everything', { timeout: 180_000 }, async () => {
    const server = await startRedis('valkey');
    const own = await project({ database: 'valkey', driver: 'iovalkey' });
    const user = async (name: string, ...rules: string[]) => {
      await server.admin('ACL', 'SETUSER', name, 'on', '>word-of-pass', 'resetkeys', 'resetchannels', ...rules);
      return verified(own, { VALKEY_URL: server.url.replace('redis://', `redis://${name}:word-of-pass@`) });
    };
    const byInfo = await user('by-info', '~*', '+@all', '-config');
    expect([byInfo.code, byInfo.failed], byInfo.output).toEqual([0, []]);
    const blind = await user('blind', '~*', '+@all', '-config', '-info');
    expect(blind.failed.slice(0, 2)).toEqual(['no-cluster', 'evicts-nothing']);
    expect(said(blind, 'no-cluster').remedy).toContain('inspectServer: false');
    const narrow = await user('narrow', '~flue:*', '+@all');
    expect([narrow.code, narrow.failed], narrow.output).toEqual([0, []]);
    expect(said(narrow, 'sets-and-gets')).toMatchObject({ ok: null, because: expect.stringContaining('verify:') });
    for (const ran of [byInfo, blind, narrow]) expect(ran.output).not.toContain('word-of-pass');
    await server.stop();
  });

  test('keys of the other line, and keys without a mark', { timeout: 180_000 }, async () => {
    const server = await startRedis('redis');
    await server.admin('HSET', 'flue:meta', 'schemaVersion', '4');
    expect(said(await run(server.url, '--level', 'read'), 'state').because).toContain('schemaVersion 4');
    await server.admin('HSET', 'flue:meta', 'format_version', '1');
    expect(said(await run(server.url, '--level', 'read'), 'state').ok).toBe(true);
    await server.admin('FLUSHALL');
    await server.admin('SET', 'flue:other', '1');
    expect(said(await run(server.url, '--level', 'read'), 'state').because).toContain('no version mark');
    await server.stop();
  });
});

describe('libSQL and SQLite files', () => {
  const kept = mkdtempSync(path.join(root, '.cache/verify-'));
  afterAll(() => rmSync(kept, { recursive: true, force: true }));

  test.each([
    ['in memory', () => 'file:/dev/shm/flue-verify-test.db', 'file-place', 'tmpfs'],
    ['among temporary files', (folder: string) => `file:${folder}/x.db`, 'file-place', 'temporary'],
    ['where an install deletes', () => 'file:./node_modules/x.db', 'file-place', 'node_modules'],
  ] as const)('a file %s', { timeout: 180_000 }, async (_name, url, code, words) => {
    const folder = await project({ database: 'libsql', driver: '@libsql/client' });
    const ran = await verified(folder, { LIBSQL_URL: url(process.env.TMPDIR!) });
    expect(said(ran, code).because, ran.output).toContain(words);
    rmSync('/dev/shm/flue-verify-test.db', { force: true });
  });

  test('a file in a folder that is not there, and that the entry does not make', { timeout: 180_000 }, async () => {
    const change = swap('if (filePath) mkdirSync(', 'if (!filePath) mkdirSync(');
    const folder = await project({ database: 'libsql', driver: '@libsql/client', change });
    const ran = await verified(folder, { LIBSQL_URL: `file:${kept}/missing/x.db` });
    expect(said(ran, 'server-answers'), ran.output).toMatchObject({ because: expect.stringContaining('14') });
    expect(said(ran, 'server-answers').remedy).toContain('mkdir');
  });

  test('sqlite() in memory', { timeout: 180_000 }, async () => {
    const change = (text: string) => text.replace("sqlite('./data/flue.db')", "sqlite(':memory:')");
    const folder = await project({ database: 'sqlite', driver: '@flue/runtime', change });
    const ran = await verified(folder, {});
    expect([ran.code, ran.failed]).toEqual([5, ['kept-in-a-file']]);
  });
});
