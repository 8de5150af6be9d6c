import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eraseTypes } from '../../src/blueprints/erase-types.ts';
import { root, scratch } from '../flue.ts';
import { startBoth } from '../servers/redis.mjs';
import type { RedisRunner } from './adapters.ts';
import { failure, pause } from './failure.ts';
import { importTemplate } from './template.ts';

/**
 * The ten findings of a public review of a Valkey storage, each held against our own code for Redis and Valkey. The
 * eighth (it can be reached from Flue's build) and the ninth (the lockfile changes only by what was added) are held in
 * whole-way.ts.
 */
const cases = [
  ['redis', 'redis.ts', 'redis'],
  ['redis', 'ioredis.ts', 'ioredis'],
  ['valkey', 'redis.ts', 'redis'],
  ['valkey', 'iovalkey.ts', 'iovalkey'],
  ['valkey', 'glide.ts', '@valkey/valkey-glide'],
] as const;

let servers: Awaited<ReturnType<typeof startBoth>>;
beforeAll(async () => {
  servers = await startBoth();
}, 120_000);
afterAll(() => servers.stop());

describe.each(cases)('%s@1/%s', (kind, file, driver) => {
  const variable = kind === 'redis' ? 'REDIS_URL' : 'VALKEY_URL';
  const text = readFileSync(path.join(root, `blueprints/database/${kind}@1/${file}`), 'utf8');
  let runner: RedisRunner;
  afterEach(() => runner?.close());
  async function open(): Promise<RedisRunner> {
    process.env[variable] = servers[kind].url;
    runner = await importTemplate<RedisRunner>(`${kind}@1`, file);
    return runner;
  }
  const stat = async (name: string) =>
    Number(new RegExp(`${name}:(\\d+)`).exec(String(await servers[kind].admin('INFO', 'stats')))?.[1]);

  test('1 the client is created once and reused', async () => {
    const { command, close } = await open();
    const before = await stat('total_connections_received');
    for (let i = 0; i < 20; i += 1) await command('GET', ['x']);
    // One for the runner, one for the question itself.
    expect((await stat('total_connections_received')) - before).toBeLessThanOrEqual(2);
    await close();
  });

  test('2 a retry really retries', async () => {
    const { migrate } = await open();
    process.env[variable] = 'redis://127.0.0.1:9';
    await failure(migrate());
    await failure(migrate());
    process.env[variable] = servers[kind].url;
    await migrate();
  });

  test('3 many commands are one round trip, not one each', async () => {
    const { pipeline, migrate } = await open();
    await migrate();
    const before = await stat('total_reads_processed');
    await pipeline(Array.from({ length: 100 }, (_, i) => ({ command: 'SET', args: [`n${i}`, i] })));
    expect((await stat('total_reads_processed')) - before).toBeLessThan(20);
  });

  test('4 what claims to be atomic is: MULTI and EXEC, all or nothing seen', async () => {
    const { pipeline, command } = await open();
    const calls = async () =>
      Number(/cmdstat_exec:calls=(\d+)/.exec(String(await servers[kind].admin('INFO', 'commandstats')))?.[1] ?? 0);
    const before = await calls();
    await pipeline([
      { command: 'SET', args: ['atomic', 1] },
      { command: 'INCR', args: ['atomic'] },
    ]);
    expect((await calls()) - before).toBe(1);
    await failure(pipeline([{ command: 'SET', args: ['atomic', 7] }, { command: 'NOSUCHCOMMAND' }]));
    expect(String(await command('GET', ['atomic']))).toBe('2');
  });

  test('5 no branch is repeated per backend: one template, one driver', () => {
    const others = cases.map(([, , name]) => name).filter((name) => name !== driver);
    const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1]!);
    expect(imported.filter((name) => (others as string[]).includes(name))).toEqual([]);
    expect(text).not.toMatch(/if \(\w*(backend|valkey|redis)\w*\)/i);
  });

  test('6 one place reads and parses the URL', () => {
    expect(text.split(`process.env.${variable}`).length - 1).toBe(1);
    expect(text.split('new URL(').length - 1).toBeLessThanOrEqual(1);
  });

  test('7 importing it connects to nothing, and a missing driver is named', async () => {
    const before = await stat('total_connections_received');
    await open();
    await pause(50);
    expect((await stat('total_connections_received')) - before).toBeLessThanOrEqual(1);
    const folder = scratch('no-driver');
    mkdirSync(path.join(folder, 'node_modules/@flue/redis'), { recursive: true });
    writeFileSync(
      path.join(folder, 'node_modules/@flue/redis/package.json'),
      '{ "type": "module", "exports": "./index.js" }',
    );
    writeFileSync(path.join(folder, 'node_modules/@flue/redis/index.js'), 'export const redis = (runner) => runner;');
    writeFileSync(path.join(folder, 'db.mjs'), eraseTypes(text));
    const run = () =>
      execFileSync(process.execPath, [path.join(folder, 'db.mjs')], { encoding: 'utf8', stdio: 'pipe' });
    expect(run).toThrow(new RegExp(`Cannot find package '${driver}'`));
  });

  test('10 there is no pool or client per call', async () => {
    const { command } = await open();
    const clients = async () =>
      String(await servers[kind].admin('CLIENT', 'LIST', 'TYPE', 'normal'))
        .trim()
        .split('\n').length;
    const before = await clients();
    await Promise.all(Array.from({ length: 100 }, (_, i) => command('SET', [`p${i}`, i])));
    expect(await clients()).toBeLessThanOrEqual(before + 1);
    expect(text.match(/createClient\(|new Redis\(/g)?.length).toBe(1);
  });
});
