import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@libsql/client';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { startMariadb } from '../servers/mariadb.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { temporaryFolder } from '../servers/process.mjs';
import { startRedis } from '../servers/redis.mjs';
import { project, verified } from '../verify/projects.mjs';
import { hearUncaught } from '../verify/template.ts';
import { everyTemplate } from '../verify/templates.ts';
import { held, looked, said } from './judged.ts';
import { swap } from './template.ts';

/**
 * Servers that are not fit, each with the check that says so and what it says to do; Postgres has a file of its own.
 * The db entries are as `add` writes them, looked at in this process; once for each engine the program itself is run.
 */
beforeAll(() => {
  hearUncaught();
});

/**
 * Ends what runs, also where a test fails. Clients that other modules made lose their servers then, and would say so.
 */
const running: { stop(signal?: NodeJS.Signals): unknown }[] = [];
afterAll(() => {
  console.error = () => {};
  return Promise.all(running.map((one) => one.stop('SIGKILL')));
});
async function started<T extends (typeof running)[number]>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  running.push(server);
  return server;
}

describe('MySQL and MariaDB', () => {
  const own = { template: 'mysql@1/mysql2.ts' };

  test('MariaDB is refused by name, and nothing else of it', { timeout: 180_000 }, async () => {
    const { url } = await started(startMariadb());
    const byEntry = await verified(await project({ database: 'mysql', driver: 'mysql2' }), { MYSQL_URL: url });
    expect([byEntry.code, byEntry.problem.code]).toEqual([5, 'database-unfit']);
    expect(byEntry.failed, byEntry.output).toEqual(['starts', 'server-kind']);
    expect(said(byEntry, 'starts').because).toContain('MariaDB');
    expect(said(byEntry, 'contract')).toMatchObject({ ok: null });
    // An entry that does not look itself.
    const change = swap(".includes('MariaDB')", ".includes('no such server')");
    const ran = await looked({ ...own, change }, { MYSQL_URL: url });
    expect(ran.failed).toEqual(['server-kind']);
    expect(said(ran, 'server-kind').because).toContain('MariaDB 10');
    const client = everyTemplate().find(({ name }) => name === 'mysql: mysql2 3 --client')!;
    const shared = await looked(client, { MYSQL_URL: url });
    expect([shared.problem, shared.failed.filter((code) => !/^(?:starts|server-kind)$/.test(code))]).toEqual([
      'database-unfit',
      [],
    ]);
  });

  test('no database, no rights, another character set, engine, and limits', { timeout: 180_000 }, async () => {
    const server = await started(startMysql());
    // An entry that does not look at its address.
    const change = swap('!urlPattern.test(uri)', 'uri.length === 0 && urlPattern');
    const run = (url: string) => looked({ ...own, change }, { MYSQL_URL: url });
    const nameless = await run(server.url.replace(/flue$/, ''));
    expect(said(nameless, 'database-named').remedy).toContain('/<database>');
    await server.admin("CREATE USER app@'%'");
    await server.admin("GRANT SELECT, INSERT ON flue.* TO app@'%'");
    const poor = await run(server.url.replace('root@', 'app@'));
    expect(said(poor, 'may-make-tables').because).toContain('may not make tables');
    await server.admin('CREATE DATABASE latin CHARACTER SET latin1');
    expect(said(await run(server.url.replace(/flue$/, 'latin')), 'encoding').because).toContain('latin1');
    await server.admin('CREATE TABLE flue.flue_meta (id INT) ENGINE=MyISAM');
    await server.admin('SET GLOBAL max_allowed_packet = 1048576');
    await server.admin('SET GLOBAL max_connections = 10');
    const others = await Promise.all([1, 2, 3, 4].map(() => createConnection(server.url)));
    const narrow = await run(server.url);
    await Promise.all(others.map((one) => one.end()));
    expect(said(narrow, 'storage-engine')).toMatchObject({ ok: false, because: 'flue_meta is MyISAM' });
    expect(said(narrow, 'packet-size')).toMatchObject({ ok: false, because: expect.stringContaining('is 1 MB') });
    expect(said(narrow, 'room-for-connections')).toMatchObject({ ok: false, remedy: expect.stringContaining('pool') });
  });
});

describe('Redis and Valkey', () => {
  const own = { template: 'redis@1/redis.ts' };
  let server: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    server = await started(startRedis('redis'));
  }, 60_000);
  const run = (url: string) => looked(own, { REDIS_URL: url });

  test('eviction, no AOF, a replica', { timeout: 180_000 }, async () => {
    await server.admin('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const folder = await project({ database: 'redis', driver: 'redis' });
    const evicting = await verified(folder, { REDIS_URL: server.url }, ['--level', 'read']);
    expect(said(evicting, 'evicts-nothing').because).toContain('allkeys-lru');
    expect([evicting.code, evicting.problem.code]).toEqual([5, 'database-unfit']);
    await server.admin('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await server.admin('CONFIG', 'SET', 'appendonly', 'no');
    const forgetful = await run(server.url);
    expect(forgetful).toMatchObject({ problem: null, failed: [], warned: ['durable-writes'] });
    expect(said(forgetful, 'durable-writes').remedy).toContain('appendonly yes');
    await server.admin('CONFIG', 'SET', 'appendonly', 'yes');
    await server.admin('SET', 'filling', 'x'.repeat(3_000_000));
    const used = Number(/^used_memory:(\d+)/m.exec(String(await server.admin('INFO', 'memory')))![1]);
    await server.admin('CONFIG', 'SET', 'maxmemory', String(Math.round(used * 1.05)));
    expect((await run(server.url)).warned).toEqual(['room-in-memory']);
    await server.admin('CONFIG', 'SET', 'maxmemory', '0');
    await server.admin('DEL', 'filling');
    const replica = await started(startRedis('redis', ['--replicaof', '127.0.0.1', String(server.port)]));
    expect(said(await run(replica.url), 'server-writable').because).toContain('replica of 127.0.0.1');
  });

  test('Cluster', { timeout: 180_000 }, async () => {
    const { url } = await started(startRedis('redis', ['--cluster-enabled', 'yes']));
    const ran = await run(url);
    expect(said(ran, 'no-cluster').because).toContain('Cluster');
    expect(ran.problem).toBe('database-unfit');
  });

  test('keys of the other line, and keys without a mark', { timeout: 180_000 }, async () => {
    await server.admin('FLUSHALL');
    await server.admin('HSET', 'flue:meta', 'schemaVersion', '4');
    expect(said(await run(server.url), 'state').because).toContain('schemaVersion 4');
    await server.admin('HSET', 'flue:meta', 'format_version', '1');
    expect(said(await run(server.url), 'state').ok).toBe(true);
    await server.admin('FLUSHALL');
    await server.admin('SET', 'flue:other', '1');
    expect(said(await run(server.url), 'state').because).toContain('no version mark');
    await server.admin('FLUSHALL');
  });
});

describe('users that may not do everything', () => {
  const rules = { 'by-info': ['~*', '+@all', '-config'], blind: ['~*', '+@all', '-config', '-info'] };
  const narrow = ['~flue:*', '+@all'];
  const servers: Record<string, Awaited<ReturnType<typeof startRedis>>> = {};
  beforeAll(async () => {
    for (const kind of ['redis', 'valkey'] as const) {
      const server = await started(startRedis(kind));
      servers[kind] = server;
      for (const [name, granted] of Object.entries({ ...rules, narrow }))
        await server.admin('ACL', 'SETUSER', name, 'on', '>word-of-pass', 'resetkeys', 'resetchannels', ...granted);
    }
  }, 60_000);
  const as = (user: string, server: string) =>
    servers[server]!.url.replace('redis://', `redis://${user}:word-of-pass@`);

  const all = everyTemplate().filter(({ server }) => server === 'redis' || server === 'valkey');
  test.each(all.map((one) => [one.name, one] as const))('%s: no false alarm', { timeout: 60_000 }, async (_, one) => {
    const server = one.server as string;
    const byInfo = await held(one, { [one.variable]: as('by-info', server) });
    expect([byInfo.failed, byInfo.warned]).toEqual([[], []]);
    const limited = await held(one, { [one.variable]: as('narrow', server) });
    expect([limited.failed, limited.warned]).toEqual([[], []]);
    expect(said(limited, 'sets-and-gets')).toMatchObject({ ok: null, because: expect.stringContaining('verify:') });
  });

  // What a native client connects cannot be seen: whether somebody is there has to be asked.
  test('a start that is refused over a native client is not taken for a server that is not there', {
    timeout: 60_000,
  }, async () => {
    const refusing = (text: string) =>
      text.replace(/export default (\w+);/, (_, name) => {
        const migrate = `async migrate() { await ${name}.migrate?.(); throw new Error('not today'); }`;
        return `export default { ...${name}, ${migrate} };`;
      });
    const glide = { template: 'valkey@1/glide.ts', change: refusing };
    const libsql = { template: 'libsql@1/client.ts', root: temporaryFolder('native'), change: refusing };
    const file = path.join(libsql.root, 'x.db');
    const ran = [
      await looked(glide, { VALKEY_URL: servers.valkey!.url }),
      await looked(libsql, { LIBSQL_URL: `file:${file}` }),
    ];
    for (const one of ran) {
      expect([one.failed, one.problem]).toEqual([['starts'], 'database-unfit']);
      expect(said(one, 'starts').because).toBe('not today');
    }
    const nobody = await looked({ template: glide.template }, { VALKEY_URL: 'redis://127.0.0.1:1' });
    expect([nobody.failed, nobody.problem]).toEqual([['server-answers'], 'database-unreachable']);
  });

  test('one who may ask nothing', { timeout: 60_000 }, async () => {
    const one = all.find(({ template }) => template === 'valkey@1/iovalkey.ts')!;
    const blind = await looked(one, { VALKEY_URL: as('blind', 'valkey') });
    expect(blind.failed.slice(0, 2)).toEqual(['no-cluster', 'evicts-nothing']);
    expect(said(blind, 'no-cluster').remedy).toContain('inspectServer: false');
    const folder = await project({ database: 'valkey', driver: 'iovalkey' });
    const ran = await verified(folder, { VALKEY_URL: as('narrow', 'valkey') });
    expect([ran.code, ran.failed], ran.output).toEqual([0, []]);
    expect(ran.output).not.toContain('word-of-pass');
  });
});

describe('libSQL and SQLite files', () => {
  const kept = mkdtempSync(path.join(root, '.cache/verify-'));
  const memory = `/dev/shm/flue-verify-${process.pid}.db`;
  afterAll(() => {
    rmSync(kept, { recursive: true, force: true });
    for (const end of ['', '-wal', '-shm']) rmSync(memory + end, { force: true });
  });
  const own = { template: 'libsql@1/client.ts', root: kept, variables: ['LIBSQL_URL'] };

  test.each([
    ['in memory', () => memory, 'tmpfs'],
    ['among temporary files', () => `${temporaryFolder('place')}/x.db`, 'temporary'],
    ['where an install deletes', () => `${kept}/node_modules/x.db`, 'node_modules'],
  ] as const)('a file %s', { timeout: 60_000 }, async (_name, file, words) => {
    expect(said(await looked(own, { LIBSQL_URL: `file:${file()}` }), 'file-place').because).toContain(words);
  });

  test('a file of which a page is damaged', { timeout: 60_000 }, async () => {
    const file = path.join(kept, 'damaged.db');
    const client = createClient({ url: `file:${file}` });
    await client.batch(['CREATE TABLE words (word TEXT)', 'CREATE INDEX of_words ON words (word)'], 'write');
    for (let i = 0; i < 50; i += 1)
      await client.execute({ sql: 'INSERT INTO words VALUES (?)', args: [`${i}`.repeat(40)] });
    client.close();
    const bytes = readFileSync(file);
    bytes.fill(0, bytes.length - 2_048);
    writeFileSync(file, bytes);
    const ran = await looked(own, { LIBSQL_URL: `file:${file}` });
    expect(said(ran, 'file-whole')).toMatchObject({ ok: false, because: expect.stringContaining('quick_check says') });
    expect(ran.problem).toBe('database-unfit');
  });

  test('a file in a folder that is not there, and that the entry does not make', { timeout: 60_000 }, async () => {
    const change = swap('if (filePath) mkdirSync(', 'if (!filePath) mkdirSync(');
    const ran = await looked({ ...own, change }, { LIBSQL_URL: `file:${kept}/missing/x.db` });
    expect(said(ran, 'server-answers').because).toContain('14');
    expect(said(ran, 'server-answers').remedy).toContain('mkdir');
  });

  test('sqlite() in memory', { timeout: 180_000 }, async () => {
    const change = (text: string) => text.replace("sqlite('./data/flue.db')", "sqlite(':memory:')");
    mkdirSync(kept, { recursive: true });
    const folder = await project({ database: 'sqlite', driver: '@flue/runtime', change });
    const ran = await verified(folder, {});
    expect([ran.code, ran.failed]).toEqual([5, ['kept-in-a-file']]);
  });
});
