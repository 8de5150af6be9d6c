import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything } from '../every.ts';
import { bin } from '../flue.ts';
import { bootServer, runIn, sampleProject, talk } from '../servers/flue.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { startNeonProxy } from '../servers/neon-proxy.mjs';
import { packageManager } from '../servers/package-managers.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { startRegistry } from '../servers/registry.mjs';

/** One addition: what is typed, which package it must end up with, and where the state goes. */
interface Addition {
  name: string;
  driver: string;
  /** Declared beforehand, for a driver in a version that is not the default. */
  declared?: string;
  variable: string;
  url: () => string;
  node?: () => string[];
  /** A module of the project that makes the client, for `--client`. */
  client?: string;
  /** Also at beta: the lines differ in Flue, not in what a driver does, so one goes there; all with FLUE_EVERY=all. */
  everyLine?: true;
  /**
   * Only with FLUE_EVERY=all: another of the same adapter goes the way, and the driver itself is tried in a suite of
   * its own.
   */
  rare?: true;
}

type Line = 'beta' | 'two';

/**
 * The whole way for every driver that has a server here, with nothing of ours or Flue's replaced but the adapter
 * package: a real project, a real install by the real package manager, Flue's own build, its server, and state that is
 * there after a restart. Each addition replaces the one before it, which was ours and unchanged.
 */
export function theWholeWay(line: Line): void {
  let registry: Awaited<ReturnType<typeof startRegistry>>;
  let servers: Awaited<ReturnType<typeof startServers>>;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    // One after the other: what has been started is known, and stopped, when the next one fails.
    registry = await startRegistry();
    servers = await startServers();
    env = { ...registry.env, PATH: `${packageManager('npm@11')}${path.delimiter}${process.env.PATH}` };
    folder = sampleProject(line);
    const install = await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund'], env);
    expect(install.code, install.output).toBe(0);
  }, 300_000);
  afterAll(async () => {
    await servers?.stop();
    registry?.close();
  });

  // Supabase's templates, and Valkey's for redis, are the text of Postgres and Redis under another name, which is held
  // apart.
  const additions: Addition[] = [
    { name: 'postgres', driver: 'pg', variable: 'DATABASE_URL', url: () => servers.postgres.url, everyLine: true },
    { name: 'postgres', driver: 'postgres', variable: 'DATABASE_URL', url: () => servers.postgres.url, rare: true },
    {
      name: 'postgres',
      driver: '@neondatabase/serverless',
      variable: 'DATABASE_URL',
      url: () => servers.postgres.url,
      node: () => ['--import', neonPreload(folder, servers.proxy.port)],
      rare: true,
    },
    {
      name: 'postgres',
      driver: 'pg',
      variable: 'DATABASE_URL',
      url: () => servers.postgres.url,
      client:
        "import { Pool } from 'pg';\n\nexport const client = new Pool({ connectionString: process.env.DATABASE_URL });\n",
    },
    { name: 'mysql', driver: 'mysql2', variable: 'MYSQL_URL', url: () => servers.mysql.url },
    {
      name: 'mysql',
      driver: 'mysql2',
      variable: 'MYSQL_URL',
      url: () => servers.mysql.url,
      client:
        "import { createPool } from 'mysql2/promise';\n\nexport const client = createPool(process.env.MYSQL_URL!);\n",
      rare: true,
    },
    { name: 'redis', driver: 'redis', variable: 'REDIS_URL', url: () => servers.redis.url },
    {
      name: 'redis',
      driver: 'redis',
      variable: 'REDIS_URL',
      url: () => servers.redis.url,
      client:
        "import { createClient } from 'redis';\n\nexport const client = createClient({ url: process.env.REDIS_URL! });\n",
      rare: true,
    },
    {
      name: 'redis',
      driver: 'redis',
      declared: '^6.3.1',
      variable: 'REDIS_URL',
      url: () => servers.redis.url,
      rare: true,
    },
    { name: 'redis', driver: 'ioredis', variable: 'REDIS_URL', url: () => servers.redis.url, rare: true },
    { name: 'valkey', driver: 'iovalkey', variable: 'VALKEY_URL', url: () => servers.valkey.url, rare: true },
    {
      name: 'valkey',
      driver: '@valkey/valkey-glide',
      variable: 'VALKEY_URL',
      url: () => servers.valkey.url,
    },
    {
      name: 'libsql',
      driver: '@libsql/client',
      variable: 'LIBSQL_URL',
      url: () => `file:${path.join(folder, 'state.db')}`,
    },
    { name: 'sqlite', driver: '@flue/runtime', variable: 'UNUSED', url: () => 'unused' },
  ];

  const here = additions.filter(({ everyLine, rare }) => everything || (line === 'two' ? !rare : everyLine));

  test.each(
    here.map((one) => [one.name, one.driver, one.client ? '--client' : (one.declared ?? 'default'), one] as const),
  )('%s with %s (%s): add, build, boot, restart', { timeout: 180_000 }, async (_name, _driver, _declared, addition) => {
    if (addition.declared) await declare(folder, addition, env);
    const lockBefore = lockOf(folder);
    await add(folder, addition, env);
    keep(folder, additions.indexOf(addition), addition);
    expectOnlyAdditions(lockBefore, lockOf(folder));
    await build(folder, line);
    if (addition.variable !== 'UNUSED' && !addition.client) await expectClearFailure(folder, addition.variable, env);
    await restart(folder, line, addition);
    // An open client of the application must not keep Flue's own command from ending.
    if (addition.client && line === 'two') await runOnce(folder, addition);
    await servers.forget();
  });

  test('what was added typechecks in the project, all of it at once', { timeout: 120_000 }, async () => {
    const types = await runIn(folder, 'tsc', ['-p', '.']);
    expect(types.code, types.output).toBe(0);
  });

  // The managers themselves are held apart, with all their versions.
  if (line === 'beta' || !everything) return;
  test('pnpm does the same', { timeout: 300_000 }, async () => {
    const project = sampleProject(line);
    const withPnpm = { ...registry.env, PATH: `${packageManager('pnpm@10')}${path.delimiter}${process.env.PATH}` };
    const install = await runIn(project, 'pnpm', ['install'], withPnpm);
    expect(install.code, install.output).toBe(0);
    const addition = additions[0]!;
    await add(project, addition, withPnpm);
    await build(project, line);
    await restart(project, line, addition);
    await servers.forget();
  });
}

async function startServers() {
  const postgres = await startPostgres();
  const [mysql, redis, valkey, proxy] = await Promise.all([
    startMysql(),
    startRedis('redis'),
    startRedis('valkey'),
    startNeonProxy(),
  ]);
  return {
    postgres,
    mysql,
    redis,
    valkey,
    proxy,
    /** The stand-ins of all SQL drivers use one table, those of Redis one key. */
    forget: async () => {
      await postgres.admin('DROP TABLE IF EXISTS flue_stand_in');
      await mysql.admin('DROP TABLE IF EXISTS flue.flue_stand_in');
      await redis.admin('FLUSHALL');
      await valkey.admin('FLUSHALL');
    },
    stop: async () => {
      proxy.close();
      await Promise.all([postgres, mysql, redis, valkey].map((server) => server.stop()));
    },
  };
}

/** Neon's driver speaks to Neon's own proxy; loaded before the server, this makes it speak to ours. */
function neonPreload(folder: string, port: number): string {
  const file = path.join(folder, 'neon-preload.mjs');
  const settings = `useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false, wsProxy: (host, port) => \`127.0.0.1:${port}/?address=\${host}:\${port}\``;
  writeFileSync(
    file,
    `import { neonConfig } from '@neondatabase/serverless';\nObject.assign(neonConfig, { ${settings} });\n`,
  );
  return file;
}

async function declare(folder: string, { driver, declared }: Addition, env: NodeJS.ProcessEnv): Promise<void> {
  const changed = await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', `${driver}@${declared}`], env);
  expect(changed.code, changed.output).toBe(0);
}

async function add(folder: string, addition: Addition, env: NodeJS.ProcessEnv): Promise<void> {
  const { name, driver, variable, client } = addition;
  if (client) writeFileSync(path.join(folder, 'src/client.ts'), client);
  const own = variable === 'UNUSED' ? [] : ['--var', `${variable}=${variable}`];
  const names = client ? ['--client', 'src/client.ts#client'] : own;
  const command = [bin, 'add', 'database', name, '--driver', driver, ...names, '--json'];
  const added = await runIn(folder, process.execPath, command, env);
  expect(added.code, added.output).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({
    ok: true,
    applied: true,
    choice: { driver: { value: { package: driver } } },
  });
  const again = await runIn(folder, process.execPath, command, env);
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, applied: false, plan: { operations: [] } });
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const adapter = Object.keys(dependencies).filter((one) => one.startsWith('@flue/') && one !== '@flue/runtime');
  for (const one of adapter) expect(dependencies[one]).toBe(dependencies['@flue/runtime']);
}

/**
 * Keeps a copy of what was written, for the compiler at the end; not of what is for a major that is replaced by then.
 */
function keep(folder: string, index: number, { client, declared }: Addition): void {
  if (declared?.startsWith('^4')) return;
  const text = readFileSync(path.join(folder, 'src/db.ts'), 'utf8');
  writeFileSync(path.join(folder, `src/added-${index}.ts`), text.replace("'./client", `'./client-${index}`));
  if (client) writeFileSync(path.join(folder, `src/client-${index}.ts`), client);
}

function lockOf(folder: string): Record<string, { version?: string }> {
  return JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')).packages;
}

/** What was locked stays locked, at the same version. */
function expectOnlyAdditions(
  before: Record<string, { version?: string }>,
  after: Record<string, { version?: string }>,
): void {
  const changed = Object.keys(before).filter((name) => name !== '' && before[name]!.version !== after[name]?.version);
  expect(changed).toEqual([]);
}

async function build(folder: string, line: Line): Promise<void> {
  // At beta the build is a command of Flue's own, which ours hands on to the project's @flue/cli.
  const [program, ...args] = line === 'two' ? ['vite', 'build'] : ['node', bin, 'build'];
  const built = await runIn(folder, program!, args);
  expect(built.code, built.output).toBe(0);
  if (line === 'beta') expect(built.output).toMatch(/database\s+src\/db\.ts/);
}

/** Without its variable the server says so, and does not run on in memory. */
async function expectClearFailure(folder: string, variable: string, env: NodeJS.ProcessEnv): Promise<void> {
  const failed = await bootServer(folder, env).catch((error: Error) => error);
  expect(String(failed)).toContain(`Failed to initialize persistence from db.ts: ${variable} is not set`);
}

async function runOnce(folder: string, { variable, url }: Addition): Promise<void> {
  const args = ['run', 'src/agents/echo.ts', '-m', 'hi', '--id', `run-${variable}`];
  const ran = await runIn(folder, 'timeout', ['30', 'flue', ...args], { [variable]: url() });
  expect(ran.output).toContain('turns=1');
  expect(ran.code, ran.output).toBe(0);
}

async function restart(folder: string, line: Line, { variable, url, node }: Addition): Promise<void> {
  const variables = { [variable]: url() };
  for (const expected of ['turns=1', 'turns=2']) {
    const server = await bootServer(folder, variables, node?.());
    expect(await talk(line, server.base, `c-${variable}`, 'hello'), server.output()).toBe(expected);
    await server.stop();
  }
}
