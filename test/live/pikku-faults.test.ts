import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MadeServices, RunService, WorkflowService } from '../../src/knowledge/hosts/pikku/made.ts';
import { flue } from '../flue.ts';
import { startRedis } from '../servers/redis.mjs';
import { edit, ended, newest, packagesOf, sampleWith, startSample } from './pikku-sample.ts';
import { swap } from './template.ts';

/**
 * The faults of `@pikku/redis` that it is guarded against, shown on the real package. Where a template can be guarded,
 * the fault shows once the guard is taken out. Where it cannot, what is said of it is the guard: said in every plan,
 * and shown here to be so.
 */
let redis: Awaited<ReturnType<typeof startRedis>>;
let folder: string;
let said: string[];

type Everything = WorkflowService &
  RunService & {
    updateRunState(id: string, name: string, value: unknown): Promise<void>;
    getCompletedGraphState(id: string): Promise<{ completedNodeIds: string[] }>;
    lockTTL: number;
  };

let services: MadeServices & { redisConnection: { stop(): Promise<void> } };
let runs: Everything;
let list: Everything;

beforeAll(async () => {
  redis = await startRedis('redis');
  process.env.REDIS_URL = redis.url;
  packagesOf(newest);
  folder = await sampleWith('redis');
  const dry = await flue(['add', 'database', 'valkey', '--dry-run', '--json', '--yes'], { cwd: folder });
  said = JSON.parse(dry.stdout).plan.next.map(({ text }: { text: string }) => text);
  services = await (await import(path.join(folder, 'src/redis.ts'))).createRedisServices();
  runs = services.workflowService as Everything;
  list = services.workflowRunService as Everything;
}, 240_000);
afterAll(async () => {
  await services.redisConnection.stop();
  await redis.stop();
});

const wire = { type: 'test' };
const begin = (name: string) => runs.createRun(name, {}, true, 'v1', wire);

/** A copy of the module with a change, in an instance of its own. */
async function changed(change: (text: string) => string): Promise<typeof services> {
  const file = path.join(folder, `src/changed-${Math.random().toString(36).slice(2)}.ts`);
  writeFileSync(file, change(readFileSync(path.join(folder, 'src/redis.ts'), 'utf8')));
  return (await import(file)).createRedisServices();
}

const caveat = (pattern: RegExp) => expect(said.filter((line) => pattern.test(line))).toHaveLength(1);

test('2: what is not stopped keeps the process for ever', { timeout: 60_000 }, async () => {
  const stopped = await sampleWith('redis');
  expect(await ended(await startSample(stopped, { REDIS_URL: redis.url }))).toBeLessThan(5_000);
  edit(
    stopped,
    'src/redis.ts',
    swap('redisConnection: { stop: () => close(redis) },', 'redisConnection: { stop: async () => {} },'),
  );
  const server = await startSample(stopped, { REDIS_URL: redis.url });
  const end = server.stop().then(() => 'ended');
  const later = new Promise((resolve) => setTimeout(() => resolve('still there'), 3_000));
  expect(await Promise.race([end, later])).toBe('still there');
  await server.stop('SIGKILL');
});

describe('3 and 4: prefixes', () => {
  const listed = async (made: MadeServices, id: string) =>
    (await made.workflowRunService!.listRuns({ workflowName: 'prefixes' })).some((one) => one.id === id);

  test('the usual one: every key stands under `workflows:`, and runs are listed', async () => {
    const id = await begin('prefixes');
    expect(await listed(services, id)).toBe(true);
    const keys = (await redis.admin('KEYS', '*')) as string[];
    expect(keys.filter((key) => !/^workflows:[a-z-]+:/.test(key) || key.includes('::'))).toEqual([]);
  });

  test.each([
    [
      'the documented one, which ends with a colon',
      'new RedisWorkflowRunService(redis)',
      "new RedisWorkflowRunService(redis, 'pikku:')",
    ],
    ["the client's", 'lazyConnect: true,', "lazyConnect: true, keyPrefix: 'app:',"],
  ])('%s: runs are kept and never listed', async (_, piece, by) => {
    const made = (await changed(swap(piece, by))) as typeof services;
    try {
      const id = await made.workflowService!.createRun('prefixes', {}, true, 'v1', wire);
      expect(await made.workflowService!.getRun(id)).toMatchObject({ id });
      expect(await listed(made, id)).toBe(false);
    } finally {
      await made.redisConnection.stop();
    }
  });

  test('it is said, and a shared client with one is refused at once', async () => {
    caveat(/^keys stand under `workflows`.*never listed$/);
    const shared = await sampleWith('redis');
    writeFileSync(
      path.join(shared, 'src/client.ts'),
      "import { Redis } from 'ioredis';\nconst options = { lazyConnect: true, maxRetriesPerRequest: 0 };\nexport const client = new Redis(process.env.REDIS_URL ?? '', options);\n",
    );
    const again = ['add', 'database', 'redis', '--no-install', '--yes', '--client', 'src/client.ts#client'];
    const { code, stderr } = await flue(again, { cwd: shared });
    expect(code, stderr).toBe(0);
    // What nobody can see in the code: an option that comes from elsewhere.
    edit(shared, 'src/client.ts', swap('lazyConnect: true,', "lazyConnect: true, keyPrefix: 'app:',"));
    const { createRedisServices } = await import(path.join(shared, 'src/redis.ts'));
    await expect(createRedisServices()).rejects.toThrow(/redis\.ts cannot share a client with keyPrefix/);
    (await import(path.join(shared, 'src/client.ts'))).client.disconnect();
  });
});

test('5: the lock on a run is not renewed, and lasts 30 s', { timeout: 20_000 }, async () => {
  caveat(/lock on a run lasts 30 s and is not renewed/);
  expect(runs.lockTTL).toBe(30_000);
  const id = await begin('locks');
  runs.lockTTL = 300;
  try {
    let inside = 0;
    let most = 0;
    const enter = () =>
      runs.withRunLock(id, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 700));
        inside -= 1;
      });
    await Promise.all([enter(), enter()]);
    expect(most).toBe(2);
  } finally {
    runs.lockTTL = 30_000;
  }
});

// That its recovery resumes nothing is shown with an application, in pikku.test.ts: it wants the services of one.
test('6: nothing resumes a run that a crash has cut off', () => {
  caveat(/resumes by itself only with a durable queue.*`recoverStalledRuns\(\)` does nothing/);
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(runs));
  expect(own).toContain('getRun');
  expect(own).not.toContain('findStalledRunIds');
});

test('7: nothing expires, a limit reads everything, and a deleted run leaves its state', async () => {
  caveat(/^nothing expires: delete old runs .*`listRuns` reads all of them/);
  caveat(/`maxmemory-policy noeviction`/);
  const id = await begin('kept');
  const step = await runs.insertStepState(id, 'one', 'rpc', {});
  await runs.setStepResult(step.stepId, {});
  await runs.updateRunState(id, 'name', 1);
  const keys = ((await redis.admin('KEYS', `*${id}*`)) as string[]).toSorted();
  expect(keys.length).toBeGreaterThanOrEqual(4);
  for (const key of keys) expect(await redis.admin('TTL', key)).toBe(-1);
  for (let i = 0; i < 5; i += 1) await begin('many');
  const asked = async () =>
    Number(/cmdstat_hgetall:calls=(\d+)/.exec(String(await redis.admin('INFO', 'commandstats')))?.[1]);
  const before = await asked();
  expect(await list.listRuns({ limit: 1 })).toHaveLength(1);
  expect((await asked()) - before).toBeGreaterThan(5);
  await list.deleteRun(id);
  expect(await redis.admin('KEYS', `*${id}*`)).toEqual([`workflows:run-state:${id}`]);
});

test('8: a node of that name never counts as done', async () => {
  caveat(/^a graph node named `step`, or with `:step:` in its name, never counts as done/);
  const id = await begin('graph');
  for (const node of ['other', 'step', 'a:step:b']) {
    const { stepId } = await runs.insertStepState(id, node, 'rpc', {});
    await runs.setStepResult(stepId, {});
  }
  expect((await runs.getCompletedGraphState(id)).completedNodeIds).toEqual(['other']);
});

test('9: one run without an input, and no list of runs comes back', async () => {
  caveat(/^give every workflow an input/);
  expect(await list.listRuns({ limit: 1 })).toHaveLength(1);
  const id = await runs.createRun('empty', undefined, true, 'v1', wire);
  await expect(runs.getRun(id)).rejects.toThrow(/JSON/);
  await expect(list.listRuns({ limit: 1 })).rejects.toThrow(/JSON/);
  await redis.admin('DEL', `workflows:run:${id}`);
});

test('11 and 12: the reason is said at once, and no command goes out twice', { timeout: 40_000 }, async () => {
  const { redis: client } = runs as unknown as { redis: { options: Record<string, unknown> } };
  expect(client.options).toMatchObject({ maxRetriesPerRequest: 0, lazyConnect: true });
  process.env.REDIS_URL = 'redis://127.0.0.1:1';
  try {
    const began = performance.now();
    await expect(changed((text) => text)).rejects.toThrow(/ECONNREFUSED/);
    expect(performance.now() - began).toBeLessThan(2_000);
    const guard = swap('const failure = reason ?? answer;', 'const failure = answer;');
    await expect(changed(guard)).rejects.not.toThrow(/ECONNREFUSED/);
  } finally {
    process.env.REDIS_URL = redis.url;
  }
});
