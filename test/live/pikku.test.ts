import { cpSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkInstalled } from '../../src/apply/checks.ts';
import type { InstallCheck } from '../../src/types/plan.ts';
import { everything } from '../every.ts';
import { nodeOf, runIn } from '../servers/flue.mjs';
import { freePort, temporaryFolder } from '../servers/process.mjs';
import { startBoth } from '../servers/redis.mjs';
import { pause } from './failure.ts';
import { ended, newest, type Pair, packagesOf, runOrder, sampleWith, startSample } from './pikku-sample.ts';

/**
 * The whole way on Pikku's real packages: what adding writes is typechecked, runs a workflow, and keeps it. What `pikku
 * all` would generate is the sample's own stand-in, as the command line of 0.12 is not in every registry; everything
 * else is real.
 */
const packages = () => packagesOf(newest);

let servers: Awaited<ReturnType<typeof startBoth>>;
beforeAll(async () => {
  servers = await startBoth();
  packages();
}, 240_000);
afterAll(() => servers.stop());

async function typecheck(folder: string): Promise<void> {
  const checked = await runIn(folder, path.join(folder, 'node_modules/.bin/tsc'), ['-p', '.']);
  expect(checked.output).toBe('');
}

test('redis: it typechecks, runs outlive SIGTERM and SIGKILL, and Redis may go and come back', {
  timeout: 120_000,
}, async () => {
  const folder = await sampleWith('redis');
  await typecheck(folder);
  const env = { REDIS_URL: servers.redis.url };

  const first = await startSample(folder, env);
  const runId = await runOrder(first, 'a');
  expect(await ended(first)).toBeLessThan(5_000);

  const crashing = await startSample(folder, { ...env, CRASH_IN_SHIP: '1' });
  expect(await crashing.ask(`/run?id=${runId}`)).toMatchObject({ output: { paid: true, shipped: true } });
  await crashing.ask('/order?id=b').catch(() => {});
  const crashed = Date.now();

  const second = await startSample(folder, env);
  const runs = await second.ask('/runs');
  const cut = runs.find(({ status }: { status: string }) => status === 'running');
  expect(runs).toHaveLength(2);
  const steps = await second.ask(`/steps?id=${cut.id}`);
  expect(steps.map((one: { stepName: string; status: string }) => `${one.stepName} ${one.status}`).sort()).toEqual([
    'charge succeeded',
    'ship running',
  ]);
  // The truth that is told: nothing resumes it by itself.
  expect((await second.ask('/recover'))?.resumed ?? []).toEqual([]);

  await servers.redis.stop('SIGKILL');
  const asked = Date.now();
  expect(await second.ask('/runs')).toHaveProperty('error');
  expect(Date.now() - asked).toBeLessThan(2_000);
  await servers.redis.start();
  await expect.poll(() => second.ask('/runs'), { timeout: 10_000 }).toHaveLength(2);

  // The lock of the process that died lasts 30 s.
  await pause(Math.max(0, crashed + 27_000 - Date.now()));
  await expect
    .poll(() => second.ask(`/resume?id=${cut.id}`), { timeout: 15_000, interval: 1_000 })
    .toMatchObject({ status: 'completed' });
  const done = readFileSync(path.join(folder, 'steps.log'), 'utf8').trim().split('\n');
  expect(done.filter((line) => line === 'charge b')).toHaveLength(1);
  expect(done.filter((line) => line === 'ship b')).toHaveLength(2);

  await servers.redis.stop('SIGKILL');
  expect(await ended(second)).toBeLessThan(5_000);
  await servers.redis.start();
});

test.each(['22', '24'])('valkey, Node %s: a run outlives a restart', { timeout: 60_000 }, async (major) => {
  const folder = await sampleWith('valkey');
  const env = { VALKEY_URL: servers.valkey.url.replace('redis:', 'valkey:') };
  const first = await startSample(folder, env, nodeOf(major));
  const runId = await runOrder(first, 'c');
  expect(await ended(first)).toBeLessThan(5_000);
  const second = await startSample(folder, env, nodeOf(major));
  expect(await second.ask(`/run?id=${runId}`)).toMatchObject({ status: 'completed' });
  await second.stop();
});

/**
 * The older pairs of the version table. Of 0.12.38 to 0.12.83 no core can be had: theirs is run with the next one,
 * which its peers allow.
 */
const pairs: Pair[] = [
  { core: '0.12.37', redis: '0.12.3' },
  { core: '0.12.0', redis: '0.12.0' },
  { core: '0.12.1', redis: '0.12.1' },
  { core: '0.12.3', redis: '0.12.3' },
  { core: '0.12.84', redis: '0.12.8', named: '0.12.83' },
];

test.each(everything ? pairs : pairs.slice(0, 1))(
  'core $core and redis $redis: typechecked, run, and there again',
  {
    timeout: 120_000,
  },
  async (pair) => {
    const folder = await sampleWith('redis', { pair });
    const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    expect(dependencies['@pikku/redis']).toBe(pair.redis);
    await typecheck(folder);
    const env = { REDIS_URL: `${servers.redis.url}/5` };
    const first = await startSample(folder, env);
    const runId = await runOrder(first, 'd');
    expect(await ended(first)).toBeLessThan(5_000);
    const second = await startSample(folder, env);
    expect(await second.ask(`/run?id=${runId}`)).toMatchObject({ status: 'completed' });
    expect((await second.ask('/runs')).map(({ id }: { id: string }) => id)).toContain(runId);
    expect(await ended(second)).toBeLessThan(5_000);
  },
);

/** A module for `--import`: how often the process has tried to reach a server. Time would tell of the machine. */
const saysHowOften = `data:text/javascript,${encodeURIComponent(`
  import { subscribe } from 'node:diagnostics_channel';
  let tries = 0;
  const count = (_address, port) => (tries += port > 0);
  subscribe('net.client.socket', ({ socket }) => socket.on('connectionAttempt', count));
  process.on('exit', () => console.error('tried', tries));
`)}`;

test('it does not start without Redis, and says why at once', { timeout: 60_000 }, async () => {
  const folder = await sampleWith('redis', { flags: ['--services', 'channelStore,sessionStore,deploymentService'] });
  await typecheck(folder);
  const nobody = `redis://127.0.0.1:${await freePort()}`;
  const reasons: [url: string, reason: RegExp, tries: number][] = [
    ['', /REDIS_URL is not set/, 0],
    ['localhost:6379', /REDIS_URL is malformed/, 0],
    [nobody, /ECONNREFUSED/, 1],
    [`${servers.redis.url}/99`, /DB index is out of range/, 1],
  ];
  for (const [url, reason, tries] of reasons) {
    const env = { REDIS_URL: url, NODE_OPTIONS: `--import ${saysHowOften}` };
    const failed = await startSample(folder, env).catch((error: Error) => error.message);
    expect(failed).toMatch(reason);
    expect(failed).toMatch(new RegExp(`tried ${tries}$`, 'm'));
  }
});

describe('what an install has brought is read before it counts', () => {
  const checks: InstallCheck[] = [
    { kind: 'exports', package: '@pikku/redis', of: '@pikku/core' },
    { kind: 'lacks', package: '@pikku/redis', word: 'leaseService' },
    { kind: 'shares', package: '@pikku/redis', of: 'ioredis' },
  ];

  /** A copy of the three packages, to be changed. */
  function installed(): { folder: string; at: (file: string) => string } {
    const folder = realpathSync(temporaryFolder('installed'));
    for (const name of ['@pikku/core', '@pikku/redis', 'ioredis'])
      cpSync(path.join(packages(), name), path.join(folder, 'node_modules', name), { recursive: true });
    return { folder, at: (file) => path.join(folder, 'node_modules', file) };
  }

  test('the pair of the table goes together', () => {
    const { folder } = installed();
    expect(checkInstalled(folder, checks)).toEqual([]);
  });

  test('a subpath that the core does not have', () => {
    const { folder, at } = installed();
    const manifest = JSON.parse(readFileSync(at('@pikku/core/package.json'), 'utf8'));
    delete manifest.exports['./ecosystem/*'];
    writeFileSync(at('@pikku/core/package.json'), JSON.stringify(manifest));
    expect(() => checkInstalled(folder, checks)).toThrow(/imports `@pikku\/core\/ecosystem\/\w+`, which this/);
  });

  test('a constructor that wants a lease service', () => {
    const { folder, at } = installed();
    writeFileSync(at('@pikku/redis/dist/src/lease.d.ts'), 'export type Options = { leaseService: object };\n');
    expect(() => checkInstalled(folder, checks)).toThrow(/wants a `leaseService`/);
  });

  test('a second copy of ioredis', () => {
    const { folder, at } = installed();
    cpSync(at('ioredis'), at('@pikku/redis/node_modules/ioredis'), { recursive: true });
    expect(() => checkInstalled(folder, checks)).toThrow(/has a copy of `ioredis` of its own/);
  });

  test('nothing there to be read is said, and no refusal', () => {
    expect(checkInstalled(temporaryFolder('empty'), checks)).toEqual([expect.stringContaining('was not looked at')]);
  });
});
