import { neonConfig } from '@neondatabase/serverless';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startNeonProxy } from '../servers/neon-proxy.mjs';
import { startPgbouncer } from '../servers/pgbouncer.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { project, verified } from '../verify/projects.mjs';
import { type Entry, hearUncaught } from '../verify/template.ts';
import { everyTemplate } from '../verify/templates.ts';
import { held, looked, said } from './judged.ts';

/** Postgres where it is not fit, each with the check that says so and what it says to do; and behind PgBouncer. */
let server: Awaited<ReturnType<typeof startPostgres>>;
let proxy: Awaited<ReturnType<typeof startNeonProxy>>;
const running: { stop(signal?: NodeJS.Signals): unknown }[] = [];
beforeAll(async () => {
  [server, proxy] = await Promise.all([startPostgres(), startNeonProxy()]);
  const wsProxy = (host: string, port: number | string) => `127.0.0.1:${proxy.port}/?address=${host}:${port}`;
  const settings = { useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false as const };
  Object.assign(neonConfig, { ...settings, webSocketConstructor: WebSocket, wsProxy });
  hearUncaught();
}, 120_000);
afterAll(async () => {
  // Clients that other modules made lose their server now, and would say so.
  console.error = () => {};
  proxy.close();
  await Promise.all([...running, server].map((one) => one.stop('SIGKILL')));
});

const own: Entry = { template: 'postgres@1/pg.ts' };
const as = (user: string, database = 'postgres', options = '') =>
  server.url.replace('flue@', `${user}@`).replace(/postgres$/, database) + options;
const run = (url: string, more: Partial<Entry> = {}) => looked({ ...own, ...more }, { DATABASE_URL: url });
/** A database of its own. */
const database = async (name: string, rest = '') => {
  await server.admin(`CREATE DATABASE ${name} ${rest}`);
  return as('flue', name);
};
const inside = async (url: string, ...statements: string[]) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const one of statements) await client.query(one);
  await client.end();
};

describe('a server that is not fit', () => {
  test('a hot standby, and a role that only reads', { timeout: 180_000 }, async () => {
    const standby = await server.standby();
    running.push(standby);
    const ran = await verified(await project({ database: 'postgres', driver: 'pg' }), { DATABASE_URL: standby.url });
    expect([ran.code, ran.problem.code]).toEqual([5, 'database-unfit']);
    expect(ran.failed).toEqual(['server-writable']);
    expect(said(ran, 'server-writable').because).toContain('replica');
    expect(said(ran, 'contract')).toMatchObject({ ok: null });
    for (const template of ['postgres@1/postgres.ts', 'postgres@1/neon.ts'])
      expect((await run(standby.url, { template })).failed).toEqual(['server-writable']);
    await server.admin('CREATE ROLE reader LOGIN');
    await server.admin('ALTER ROLE reader SET default_transaction_read_only = on');
    const read = await run(as('reader'));
    expect(said(read, 'server-writable').because).toContain('default_transaction_read_only');
    expect(read.problem).toBe('database-unfit');
  });

  test('a role without rights, and a search_path that leads nowhere', { timeout: 60_000 }, async () => {
    await server.admin('CREATE ROLE app LOGIN');
    const plain = await run(as('app'));
    expect(said(plain, 'may-make-tables')).toMatchObject({
      because: 'role app may not make tables in schema public',
      remedy: 'GRANT USAGE, CREATE ON SCHEMA public TO app',
    });
    const nowhere = await run(as('flue', 'postgres', '?options=-c%20search_path%3Dnowhere'));
    expect(said(nowhere, 'may-make-tables').because).toContain('no schema of the search_path');
    expect([plain.problem, nowhere.problem]).toEqual(['database-unfit', 'database-unfit']);
  });

  test('an encoding that is not UTF-8', { timeout: 60_000 }, async () => {
    const url = await database('ascii', "ENCODING 'SQL_ASCII' TEMPLATE template0");
    expect(said(await run(url), 'encoding').because).toContain('SQL_ASCII');
  });

  test('state without a mark, of the other line, of another role, unlogged', { timeout: 60_000 }, async () => {
    const bare = await database('bare');
    await inside(bare, 'CREATE TABLE flue_submissions (id int)');
    expect(said(await run(bare), 'state').because).toContain('no version mark');
    const beta = await database('beta');
    await inside(
      beta,
      'CREATE TABLE flue_meta (key text PRIMARY KEY, value text NOT NULL)',
      "INSERT INTO flue_meta VALUES ('schema_version', '4')",
      'CREATE UNLOGGED TABLE flue_submissions (id int)',
    );
    const two = await run(beta);
    expect(said(two, 'state').because).toContain('schema_version 4');
    expect(said(two, 'logged').because).toContain('flue_submissions');
    expect(said(await run(beta, { line: 'beta' }), 'state').ok).toBe(true);
    await inside(
      beta,
      "UPDATE flue_meta SET key = 'format_version', value = '1'",
      'ALTER TABLE flue_submissions SET LOGGED',
    );
    expect((await run(beta)).failed).toEqual([]);
    expect(said(await run(beta, { line: 'beta' }), 'state').because).toContain('format_version 1');
    await server.admin('CREATE ROLE tenant LOGIN');
    await server.admin('GRANT ALL ON DATABASE beta TO tenant');
    await inside(beta, 'GRANT ALL ON SCHEMA public TO tenant');
    expect(said(await run(as('tenant', 'beta')), 'state').because).toContain('belongs to the role flue');
  });

  test("tables that Supabase's public role may read; --strict", { timeout: 60_000 }, async () => {
    const url = await database('supa');
    for (const role of ['anon', 'authenticated']) await server.admin(`CREATE ROLE ${role}`);
    await inside(
      url,
      'CREATE TABLE flue_meta (key text PRIMARY KEY, value text NOT NULL)',
      "INSERT INTO flue_meta VALUES ('format_version', '1')",
      'GRANT USAGE ON SCHEMA public TO anon',
      'GRANT SELECT ON flue_meta TO anon',
    );
    const open = await run(url);
    expect(said(open, 'not-public').because).toContain('flue_meta');
    expect(open.problem).toBeNull();
    const folder = await project({ database: 'postgres', driver: 'pg' });
    expect((await verified(folder, { DATABASE_URL: url }, ['--level', 'read', '--strict'])).code).toBe(5);
    await inside(url, 'ALTER TABLE flue_meta ENABLE ROW LEVEL SECURITY');
    expect(said(await run(url), 'not-public').ok).toBe(true);
  });

  test('a limit of time for statements: said, and a warning where it is short', { timeout: 60_000 }, async () => {
    const url = await database('hurried');
    await inside(url, "ALTER DATABASE hurried SET statement_timeout = '30s'");
    expect(said(await run(url), 'time-for-statements')).toMatchObject({
      ok: true,
      because: 'statement_timeout is 30 s',
    });
    await inside(url, "ALTER DATABASE hurried SET statement_timeout = '200ms'");
    const short = said(await run(url), 'time-for-statements');
    expect(short).toMatchObject({ ok: false, severity: 'warning', because: 'statement_timeout is 0.2 s' });
  });

  test('a schema that a tool manages, which drops what it does not know', { timeout: 60_000 }, async () => {
    const url = await database('managed');
    await inside(url, 'CREATE SCHEMA drizzle', 'CREATE TABLE drizzle.__drizzle_migrations (id int)');
    const ran = await run(url);
    expect([ran.problem, ran.failed]).toEqual([null, []]);
    expect(said(ran, 'schema-of-its-own').because).toMatch(/^Drizzle .*drizzle-kit push.*flue_/);
  });

  test('commits that are not kept', { timeout: 60_000 }, async () => {
    await server.admin('CREATE ROLE hasty LOGIN SUPERUSER');
    await server.admin('ALTER ROLE hasty SET synchronous_commit = off');
    expect(said(await run(as('hasty')), 'durable-commits').because).toBeTruthy();
  });
});

describe('behind PgBouncer', () => {
  /** Supabase's own are those of Postgres, under another variable. */
  const all = everyTemplate().filter(({ template }) => template.startsWith('postgres@'));
  const behind = async (mode: 'transaction' | 'session' | 'statement', size?: number) => {
    const pooler = await startPgbouncer(server.url, mode, size);
    running.push(pooler);
    return pooler.url;
  };
  const urls: Record<string, string> = {};
  beforeAll(async () => {
    Object.assign(urls, {
      transaction: await behind('transaction'),
      // Clients that other modules made stay open in this process.
      session: await behind('session', 120),
      statement: await behind('statement'),
    });
  }, 60_000);

  const fit = ['transaction', 'session'].flatMap((mode) => all.map((one) => [mode, one.name, one] as const));
  test.each(fit)('%s mode, %s: no false alarm', { timeout: 60_000 }, async (mode, _, one) => {
    const ran = await held(one, { DATABASE_URL: urls[mode]! });
    expect([ran.failed, ran.warned]).toEqual([[], []]);
    expect(ran.checks.filter(({ ok }) => ok).length).toBeGreaterThan(20);
  });

  test.each(all.map((one) => [one.name, one] as const))(
    'statement mode, %s: refused, with the mode that fits',
    {
      timeout: 60_000,
    },
    async (_, one) => {
      const ran = await held(one, { DATABASE_URL: urls.statement! });
      expect(ran.problem).toBe('database-unfit');
      expect(ran.failed).toEqual(['transactions']);
      // postgres.js loses a connection with every transaction that is refused.
      expect(ran.warned.filter((code) => code !== 'close-waits')).toEqual([]);
      expect(said(ran, 'transactions').remedy).toMatch(/transaction mode/);
    },
  );

  test('session mode with less room than the pool wants', { timeout: 120_000 }, async () => {
    const ran = await held({ ...own, limit: 2_000 }, { DATABASE_URL: await behind('session', 2) });
    expect(ran.problem).not.toBeNull();
  });
});
