import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { neonConfig } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Check, RunnerLine } from '../../src/types/verify.ts';
import { everything } from '../every.ts';
import { root } from '../flue.ts';
import { startDocumentdb } from '../servers/documentdb.mjs';
import { modernNode } from '../servers/flue.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { startNeonProxy } from '../servers/neon-proxy.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { startSqld } from '../servers/sqld.mjs';
import { byHand } from '../verify/by-hand.ts';
import { faultsOfFindings } from '../verify/findings.ts';
import { cases } from '../verify/matrix.mjs';
import { mongoMutants } from '../verify/mutants-mongo.ts';
import { redisMutants } from '../verify/mutants-redis.ts';
import { sqlMutants } from '../verify/mutants-sql.ts';
import { project, verified } from '../verify/projects.mjs';
import { type Alone, checksOf, failuresIn, hearUncaught } from '../verify/template.ts';
import { everyTemplate } from '../verify/templates.ts';
import { faultsOfGuides, guides } from './guides.ts';
import { swap } from './template.ts';

/**
 * `verify database` finds nothing wrong with what `add` writes, on real servers, and what is wrong with what people
 * make of it.
 */
type Running = { url: string; stop(signal: NodeJS.Signals): unknown };
let servers: Record<'postgres' | 'mysql' | 'redis' | 'valkey' | 'documentdb' | 'sqld', Running> & {
  file: string;
  proxy: { port: number; close(): void };
};

let hearAgain: () => void;

beforeAll(async () => {
  const [postgres, mysql, redis, valkey, documentdb, sqld, proxy] = await Promise.all([
    startPostgres(),
    startMysql(),
    startRedis('redis'),
    startRedis('valkey'),
    startDocumentdb(),
    startSqld(),
    startNeonProxy(),
  ]);
  // Not among temporary files: `verify` would say so.
  const file = mkdtempSync(path.join(root, '.cache/verify-'));
  servers = { postgres, mysql, redis, valkey, documentdb, sqld, file, proxy };
  const wsProxy = (host: string, port: number | string) => `127.0.0.1:${proxy.port}/?address=${host}:${port}`;
  const settings = { useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false as const };
  Object.assign(neonConfig, { ...settings, webSocketConstructor: WebSocket, wsProxy });
  hearAgain = hearUncaught();
}, 300_000);
afterAll(async () => {
  const { postgres, mysql, redis, valkey, documentdb, sqld, file, proxy } = servers;
  console.error = () => {};
  proxy.close();
  rmSync(file, { recursive: true, force: true });
  // Mutants and shared clients keep connections open, for whose end a server would wait.
  await Promise.all([postgres, mysql, redis, valkey, documentdb, sqld].map((one) => one.stop('SIGKILL')));
  hearAgain();
});

let files = 0;
function urlOf(server: string): string {
  if (server === 'file') return `file:${path.join(servers.file, `${++files}.db`)}`;
  return server === 'none' ? '' : servers[server as 'postgres'].url;
}

/** What the test servers themselves are told not to keep: the warnings are right. */
const unsafe = { postgres: ['durable-commits'], mysql: ['durable-commits'] } as Record<string, string[]>;

/** Sets the variables by which any template learns of its server. `libsql`: whether that is a file or a server. */
function leadTemplates(libsql: 'file' | 'sqld' = 'file'): void {
  const { postgres, mysql, redis, valkey, documentdb, sqld } = servers;
  Object.assign(process.env, { DATABASE_URL: postgres.url, SUPABASE_DATABASE_URL: postgres.url, MYSQL_URL: mysql.url });
  Object.assign(process.env, { REDIS_URL: redis.url, VALKEY_URL: valkey.url, LIBSQL_URL: urlOf(libsql) });
  Object.assign(process.env, { MONGODB_URL: documentdb.url, MONGODB_DATABASE: 'flue' });
  // A socket for each client: over HTTP, Node's `fetch` would take one that an earlier case has opened and whose
  // watcher is gone.
  const turso = sqld.url.replace('http', 'ws');
  Object.assign(process.env, { TURSO_DATABASE_URL: turso, TURSO_AUTH_TOKEN: 'asked-for-by-nobody' });
}

const known = ['durable-commits'];

const told = (checks: readonly Check[]) => failuresIn(checks, { known }).map(({ code, because }) => [code, because]);

describe('every template', () => {
  const shelf = everyTemplate();
  // The templates of Supabase, and two of Valkey, are those of others under another variable.
  const isOther = ({ template }: { template: string }) => /^(?:supabase@|valkey@1\/(?:redis|ioredis))/.test(template);
  const here = shelf.filter((one) => everything || !isOther(one));

  test.each(here.map((one) => [one.name, one] as const))('%s: no false alarm', { timeout: 60_000 }, async (_, one) => {
    leadTemplates(one.server === 'sqld' ? 'sqld' : 'file');
    const phases = one.template.startsWith('sqlite@') ? (['look'] as const) : (['look', 'hold', 'return'] as const);
    // sqld lets one transaction write at a time, which takes a busy machine long.
    const limit = one.server === 'sqld' && { limit: 20_000 };
    const seen = await checksOf({ ...one, ...limit, known, root: servers.file, line: 'two' }, phases);
    expect(told(seen)).toEqual([]);
    expect(seen.filter(({ ok }) => ok).length).toBeGreaterThan(phases.length === 1 ? 5 : 20);
    // At beta Flue keeps bytes in Redis as they are, and asks MongoDB for the collation of an index.
    if (/^(?:redis|valkey|mongodb)@/.test(one.template))
      expect(told(await checksOf({ ...one, known, root: servers.file, line: 'beta' }, ['hold', 'return']))).toEqual([]);
  });
});

/** Some of each template's, and those that stand for a finding; all with FLUE_EVERY=all. */
const some = [...sqlMutants, ...redisMutants, ...mongoMutants].filter(
  ({ template, name }, i) => everything || i % 6 === 0 || faultsOfFindings.includes(`${template} ${name}`),
);

describe('mutants', () => {
  test.each(some.map((one) => [`${one.template} ${one.name}`, one] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, { template, change, expected }) => {
      leadTemplates();
      const phases = 'caught' in expected ? expected.phases : (['look', 'hold', 'return'] as const);
      const checks = await checksOf(
        { template, change, known, root: servers.file, line: 'beta', limit: 2_000 },
        phases,
      );
      const failed = told(checks);
      if ('caught' in expected) expect(failed[0]?.[0], JSON.stringify(failed)).toBe(expected.caught);
      else expect(failed).toEqual([]);
    },
  );

  /** What only shows between processes. */
  test.each([
    [
      'transactions at a file that do not begin as writers',
      { database: 'libsql', driver: '@libsql/client', change: swap("transaction('write')", "transaction('deferred')") },
      'races',
    ],
    [
      'a close() that closes nothing',
      {
        database: 'postgres',
        driver: 'pg',
        change: (text: string) => text.replace(/ {4}await Promise\.race\(\[closing\.end\(\).*\n/, ''),
      },
      'ends-by-itself',
    ],
  ] as const)('%s', { timeout: 60_000 }, async (_, sample, code) => {
    const folder = await project(sample);
    const { postgres } = servers;
    const ran = await verified(
      folder,
      { DATABASE_URL: postgres.url, LIBSQL_URL: urlOf('file') },
      code === 'races' ? [] : ['--level', 'read'],
    );
    expect([...ran.failed, ...ran.warned], ran.output).toContain(code);
  });
});

describe('written by hand', () => {
  test.each(byHand.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, async (_, { text, expected }) => {
    leadTemplates();
    const found: string[] = [];
    for (const phases of [['look'], ['hold', 'return']] as const) {
      const checks = await checksOf({ template: 'by-hand/db.ts', text, known, root: servers.file }, phases);
      found.push(...told(checks).map(([code]) => code!));
    }
    expect(found).toEqual(expected);
  });
});

/** Neon's driver speaks to Neon's own proxy; loaded before everything, this makes it speak to ours. */
function neonPreload(folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, 'neon-preload.mjs');
  const wsProxy = `(host, port) => \`127.0.0.1:${servers.proxy.port}/?address=\${host}:\${port}\``;
  const settings = `{ useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false, wsProxy: ${wsProxy} }`;
  writeFileSync(
    file,
    `import { neonConfig } from '@neondatabase/serverless';\nObject.assign(neonConfig, ${settings});\n`,
  );
  return { NODE_OPTIONS: `--import ${file}` };
}
/** The projects stand below this checkout, and a checkout may stand among temporary files: the warning is right. */
const ofThisPlace = /^\/(?:var\/)?tmp\//.test(root) ? ['file-place'] : [];

/** What differs between the lines: bytes of Redis, and the mark of the version. */
const atBeta = ['redis 5'];
const whole = process.env.FLUE_VERIFY === 'all';

describe.each(['2.0.3', '1.0.0-beta.9'])('Flue %s', (flue) => {
  const here = cases.filter(({ short, name }) => whole || (flue === '2.0.3' ? short : atBeta.includes(name)));
  test.concurrent.each(here.map((one) => [one.name, one] as const))(
    '%s: no false alarm',
    { timeout: 120_000 },
    async (name, one) => {
      const folder = await project({ ...one, flue });
      const neon = name.startsWith('neon');
      const env = { [one.variable]: urlOf(one.server), ...(neon && neonPreload(folder)) };
      const ran = await verified(folder, env, [], neon ? modernNode() : process.execPath);
      expect(
        { failed: ran.failed, warned: ran.warned, code: ran.code },
        JSON.stringify(
          ran.checks.filter((c) => !c.ok),
          null,
          1,
        ),
      ).toEqual({
        failed: [],
        warned: [...(unsafe[one.server] ?? []), ...(one.server === 'file' ? ofThisPlace : [])],
        code: 0,
      });
      expect(ran.checks.filter(({ ok }) => ok).length).toBeGreaterThan(one.server === 'none' ? 5 : 25);
    },
  );
});

/** The db entries of Flue's own guides: `verify` names what is wrong with each, and nothing else. */
describe("Flue's own guides", () => {
  // Those of Supabase and Valkey are the same code under another variable.
  const tried = guides.filter(({ name }) => everything || !/^(?:supabase|valkey)/.test(name));

  test('every guide is expected to be something', () => {
    expect(Object.keys(faultsOfGuides).sort()).toEqual(guides.map(({ name }) => name).sort());
  });

  test.each(tried.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, async (name, { code }) => {
    leadTemplates();
    const entry = {
      ...{ template: 'guides/db.ts', text: code, known, root: servers.file },
      ...(name === 'turso 1' && { limit: 20_000 }),
    };
    const wrong = async (phases: readonly Alone[], line: RunnerLine) =>
      told(await checksOf({ ...entry, line }, phases)).map(([found]) => found);
    const found = {
      look: await wrong(['look'], 'two'),
      hold: await wrong(['hold', 'return'], 'two'),
      beta: await wrong(['hold', 'return'], 'beta'),
    };
    const of = faultsOfGuides[name];
    expect(found).toEqual({ beta: of?.hold, ...of });
  });
});
