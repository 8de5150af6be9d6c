import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../src/types/verify.ts';
import { root } from '../flue.ts';
import { nodeOf } from '../servers/flue.mjs';
import { startBoth, startRedis } from '../servers/redis.mjs';
import { openPikku } from '../verify/pikku.ts';
import { type Alone, checksOf, failuresIn, hearUncaught } from '../verify/template.ts';
import { edit, newest, packagesOf, sampleWith } from './pikku-sample.ts';
import { swap } from './template.ts';

/**
 * `verify` in a project of Pikku's: content with what `add` writes, and not with what people and servers make of it.
 */
let servers: Awaited<ReturnType<typeof startBoth>>;
let hearAgain: () => void;
beforeAll(async () => {
  servers = await startBoth();
  packagesOf(newest);
  hearAgain = hearUncaught();
}, 240_000);
afterAll(async () => {
  // Mutants keep connections open.
  await Promise.all([servers.redis, servers.valkey].map((one) => one.stop('SIGKILL')));
  hearAgain();
});

interface Report {
  ok: boolean;
  blueprint?: string;
  checks: Check[];
  problem?: { code: string; message: string };
}

/** What the program says, its exit code, and whatever it printed. */
function verified(folder: string, { node = process.execPath, env = {}, args = [] as string[] }) {
  return new Promise<{ code: number; report: Report; output: string }>((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env } };
    const given = [path.join(root, 'bin/flue-db.js'), 'verify', '--json', ...args];
    execFile(node, given, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, report: JSON.parse(stdout), output: stdout + stderr });
    });
  });
}

const failed = (checks: readonly Check[]) => checks.filter(({ ok }) => ok === false).map(({ code }) => code);

/** The server programs of the tests, on the PATH. */
async function withPrograms(): Promise<NodeJS.ProcessEnv> {
  const { program } = await import('../servers/debian.mjs');
  const { command, env } = program('valkey', 'valkey-server');
  return { ...env, PATH: `${path.dirname(command)}:${process.env.PATH}` };
}

test('a run outlives its process and the server, which are killed', { timeout: 90_000 }, async () => {
  const folder = await sampleWith('valkey');
  const env = { VALKEY_URL: '', ...(await withPrograms()) };
  const { code, report, output } = await verified(folder, { node: nodeOf('22'), env, args: ['--throwaway'] });
  expect(failed(report.checks), output).toEqual([]);
  expect(code).toBe(0);
  expect(report).toMatchObject({ ok: true, blueprint: 'pikku/valkey@1' });
  const codes = report.checks.map((one) => one.code);
  expect(codes).toEqual(expect.arrayContaining(['reached-by-build', 'loads', 'evicts-nothing', 'keeps', 'kept']));
  expect(codes.indexOf('server-killed')).toBeGreaterThan(codes.indexOf('keeps'));
  expect(codes.indexOf('kept')).toBeGreaterThan(codes.indexOf('server-killed'));
  expect(report.checks.find((one) => one.code === 'loads')?.because).toMatch(/^by tsx 4/);
});

describe('what cannot be verified', () => {
  test('no entry', async () => {
    const folder = await sampleWith('redis');
    await import('node:fs').then(({ rmSync }) => rmSync(path.join(folder, 'src/redis.ts')));
    edit(folder, 'src/services.ts', (text) => text.replace(/.*createRedisServices.*\n/g, ''));
    const { code, report } = await verified(folder, {});
    expect([code, report.problem?.code]).toEqual([3, 'not-a-project']);
    expect(report.problem?.message).toContain('`src/redis.ts` is not there');
  });

  test('services that do not have it, and a server that is not there', { timeout: 60_000 }, async () => {
    const folder = await sampleWith('redis');
    edit(folder, 'src/services.ts', (text) => text.replace(/.*createRedisServices.*\n/g, ''));
    const env = { REDIS_URL: 'redis://:s3cret-w0rd@127.0.0.1:1' };
    const { code, report, output } = await verified(folder, { env });
    expect(failed(report.checks)).toEqual(['reached-by-build', 'server-answers']);
    expect([code, report.problem?.code]).toEqual([5, 'database-unreachable']);
    expect(output).not.toContain('s3cret');
  });
});

const text = (one: string) => one;

/** Runs phases over a template. */
function phasesOf(change: (text: string) => string, phases: readonly Alone[], template = 'redis@1/ioredis.ts') {
  return checksOf({ template, change, open: openPikku, limit: 2_000, root: '/' }, phases);
}

describe('in one process', () => {
  test.each(['redis', 'valkey'] as const)(
    '%s: no false alarm, and nothing is left',
    { timeout: 30_000 },
    async (name) => {
      const server = servers[name];
      process.env[`${name.toUpperCase()}_URL`] = server.url;
      const checks = await phasesOf(text, ['look', 'hold', 'return'], `${name}@1/ioredis.ts`);
      expect(failuresIn(checks, {}).map(({ code, because }) => [code, because])).toEqual([]);
      expect(checks.map(({ code }) => code)).toEqual(expect.arrayContaining(['one-connection', 'locks-runs', 'kept']));
      expect(await server.admin('KEYS', '*')).toEqual([]);
    },
  );

  const shared = (options: string) =>
    `import { Redis } from 'ioredis';\nexport const client = new Redis(process.env.REDIS_URL!, { lazyConnect: true, ${options} });\n`;

  test("the application's own client", { timeout: 30_000 }, async () => {
    process.env.REDIS_URL = servers.redis.url;
    const client = shared('maxRetriesPerRequest: 0');
    const entry = { template: 'redis@1/ioredis-client.ts', open: openPikku, client, limit: 2_000, root: '/' };
    const checks = await checksOf(entry, ['look', 'hold', 'return']);
    expect(failuresIn(checks, {}).map(({ code, because }) => [code, because])).toEqual([]);
  });

  test.each<[fault: string, change: (text: string) => string, code: string, phases: readonly Alone[]]>([
    ['another name', (one) => one.replaceAll('createRedisServices', 'makeServices'), 'loads', ['look']],
    [
      'a client that is made on import',
      (one) => `${one}\nnew Redis(process.env.REDIS_URL!);\n`,
      'import-connects-nothing',
      ['look'],
    ],
    [
      'nothing that lists runs',
      swap('workflowRunService: new RedisWorkflowRunService(redis),', ''),
      'services-made',
      ['look'],
    ],
    [
      'a service with a connection of its own',
      swap('new RedisChannelStore(redis)', 'new RedisChannelStore(process.env.REDIS_URL!)'),
      'one-connection',
      ['look'],
    ],
    ['a keyPrefix', swap('lazyConnect: true,', "lazyConnect: true, keyPrefix: 'app:',"), 'no-key-prefix', ['look']],
    [
      'a keyPrefix, seen by what is listed',
      swap('lazyConnect: true,', "lazyConnect: true, keyPrefix: 'app:',"),
      'keeps-runs',
      ['hold'],
    ],
    [
      'two prefixes',
      swap('new RedisWorkflowRunService(redis)', "new RedisWorkflowRunService(redis, 'pikku')"),
      'same-prefix',
      ['look'],
    ],
    ['commands that are sent again', swap('maxRetriesPerRequest: 0', 'maxRetriesPerRequest: 3'), 'no-resend', ['look']],
    ['no second start', swap('services = current = undefined;\n  // Waits', '// Waits'), 'starts-again', ['look']],
    [
      'no way back',
      swap('current ? Math.min((attempt - 1) * 100, 2_000) : null', 'null'),
      'survives-lost-connection',
      ['look'],
    ],
    [
      'a lock that is none',
      swap('await workflowService.init();', 'workflowService.withRunLock = async (_, work) => work();'),
      'locks-runs',
      ['hold'],
    ],
  ])('%s', { timeout: 30_000 }, async (_, change, code, phases) => {
    process.env.REDIS_URL = servers.redis.url;
    expect(failed(await phasesOf(change, phases))[0]).toBe(code);
  });

  test('a server that evicts, and one run without an input', { timeout: 30_000 }, async () => {
    const { admin, url } = servers.redis;
    process.env.REDIS_URL = url;
    await admin('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await admin('HSET', 'workflows:run:none', 'id', 'none', 'workflow', 'order', 'status', 'running', 'input', '');
    try {
      const codes = failed(
        await checksOf({ template: 'redis@1/ioredis.ts', open: openPikku, limit: 2_000, root: '/' }, ['look']),
      );
      expect(codes).toEqual(['evicts-nothing', 'state']);
    } finally {
      await admin('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      await admin('DEL', 'workflows:run:none');
    }
  });

  test('a Cluster', { timeout: 30_000 }, async () => {
    const cluster = await startRedis('redis', ['--cluster-enabled', 'yes']);
    try {
      await cluster.admin('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
      process.env.REDIS_URL = cluster.url;
      expect(failed(await phasesOf(text, ['look']))).toContain('no-cluster');
    } finally {
      await cluster.stop('SIGKILL');
    }
  });
});
