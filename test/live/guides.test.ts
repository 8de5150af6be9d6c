import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handedOut } from '../../src/knowledge/hosts/flue/handed-out.ts';
import type { Line } from '../../src/types/verify.ts';
import { root } from '../flue.ts';
import { startMysql } from '../servers/mysql.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { type Alone, checksOf, hearUncaught } from '../verify/template.ts';
import { guides } from './guides.ts';

/** The db entries of Flue's own guides: `verify` names what is wrong with each, and nothing else. */
let stop: () => Promise<unknown>;
const kept = mkdtempSync(path.join(root, '.cache/verify-'));
beforeAll(async () => {
  const servers = await Promise.all([startPostgres(), startMysql(), startRedis('redis'), startRedis('valkey')]);
  const [postgres, mysql, redis, valkey] = servers;
  Object.assign(process.env, { DATABASE_URL: postgres.url, SUPABASE_DATABASE_URL: postgres.url, MYSQL_URL: mysql.url });
  Object.assign(process.env, { REDIS_URL: redis.url, VALKEY_URL: valkey.url });
  hearUncaught();
  stop = () => Promise.all(servers.map((one) => one.stop('SIGKILL')));
}, 180_000);
afterAll(async () => {
  await stop();
  rmSync(kept, { recursive: true, force: true });
});

const writing: readonly Alone[] = ['hold', 'return'];

interface Expected {
  look: string[];
  hold: string[];
  /** At Flue 1.0.0-beta, where that differs. */
  beta?: string[];
}

/** The client of the module: it connects at once, nothing listens for its errors, and close() is its end. */
const openAtOnce = ['import-connects-nothing', 'survives-lost-connection'];

/**
 * What `handed-out.ts` says beside, and no check sees: a ROLLBACK that fails hides the error that it was for, and a variable that is not set is
 * only named where nothing answers at the driver's own default.
 */
const expected: Record<string, Expected> = {
  'libsql 1': { look: ['starts-again'], hold: [] },
  'mysql 1': { look: ['close-waits', 'starts-again'], hold: [] },
  'postgres 1': { look: ['survives-lost-connection', 'close-waits', 'starts-again'], hold: ['honest-commit'] },
  'supabase 1': { look: ['survives-lost-connection', 'close-waits', 'starts-again'], hold: ['honest-commit'] },
  'redis 1': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'redis 2': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'valkey 1': { look: openAtOnce, hold: [], beta: ['bytes'] },
  'valkey 2': { look: openAtOnce, hold: [], beta: ['bytes'] },
  // Turso is a service: on a file of this machine only looking makes sense.
  'turso 1': { look: ['starts-again'], hold: [] },
};

/** Those of Supabase and Valkey are the same code under another variable: with FLUE_EVERY=all. */
const tried = guides.filter(({ name }) => process.env.FLUE_EVERY === 'all' || !/^(?:supabase|valkey)/.test(name));

test('every guide is expected to be something', () => {
  expect(Object.keys(expected).sort()).toEqual(guides.map(({ name }) => name).sort());
});

test.each(tried.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, async (name, { code }) => {
  expect(handedOut(code, false)).not.toBeNull();
  for (const variable of ['LIBSQL_URL', 'TURSO_DATABASE_URL'])
    process.env[variable] = `file:${kept}/${name.replace(' ', '-')}.db`;
  const wrong = async (phases: readonly Alone[], line: Line = 'two') => {
    const entry = { template: 'guides/db.ts', text: code, known: ['durable-commits'], root: kept, line };
    const checks = await checksOf(entry, phases);
    return checks.filter((one) => one.ok === false && one.code !== 'durable-commits');
  };
  const hold = (line: Line) => (name === 'turso 1' ? [] : wrong(writing, line));
  const [look, two, beta] = [await wrong(['look']), await hold('two'), await hold('beta')];
  const codes = (list: typeof look) => list.map((one) => one.code);
  const { [name]: of } = expected;
  expect({ look: codes(look), hold: codes(two), beta: codes(beta) }).toEqual({ beta: of?.hold, ...of });
});
