import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBoth } from '../servers/redis.mjs';
import { probeRedis } from '../stand-ins/probes.js';
import type { RedisRunner } from './adapters.ts';
import { elapsed, failure, killStoreUnderLoad, pause } from './failure.ts';
import { importMutant, swap } from './template.ts';

/** A template, the package it is run with where that is another major, and the server it is meant for. */
const cases: [kind: 'redis' | 'valkey', file: string, installedAs?: string][] = [
  ['redis', 'redis.ts'],
  ['redis', 'redis.ts', 'redis-6'],
  ['redis', 'redis-4.ts', 'redis-4'],
  ['redis', 'ioredis.ts'],
  ['redis', 'ioredis.ts', 'ioredis-6'],
  ['valkey', 'redis.ts'],
  ['valkey', 'ioredis.ts'],
  ['valkey', 'iovalkey.ts'],
  ['valkey', 'glide.ts'],
];

let servers: Awaited<ReturnType<typeof startBoth>>;
beforeAll(async () => {
  servers = await startBoth();
}, 120_000);
afterAll(() => servers.stop());

const packages: Record<string, string> = { 'redis.ts': 'redis', 'redis-4.ts': 'redis', 'ioredis.ts': 'ioredis' };
const from =
  (file: string, installedAs = packages[file]) =>
  (text: string) =>
    installedAs && packages[file] ? text.replace(`from '${packages[file]}'`, `from '${installedAs}'`) : text;

/** One runner of every template, each having read the URL that its server gives. Comes back before any is connected. */
async function startAll(
  url: (server: (typeof servers)['redis']) => string,
): Promise<{ runner: RedisRunner; name: string; started: Promise<unknown> }[]> {
  const all: { runner: RedisRunner; name: string; started: Promise<unknown> }[] = [];
  for (const [kind, file, as] of cases) {
    const runner = await importMutant<RedisRunner>(`${kind}@1`, file, from(file, as));
    process.env.REDIS_URL = process.env.VALKEY_URL = url(servers[kind]);
    const started = runner.migrate().catch((error: Error) => error);
    all.push({ runner, name: `${kind}@1/${file} ${as ?? ''}`, started });
  }
  return all;
}

test('a server that is not there, a wrong password and a wrong database fail with their reason; the next try works', {
  timeout: 30_000,
}, async () => {
  for (const server of [servers.redis, servers.valkey])
    await server.admin('ACL', 'SETUSER', 'app', 'on', '>right', '~*', '+@all');
  const absent = await startAll(() => 'redis://127.0.0.1:9');
  const wrong = await startAll(({ port }) => `redis://app:wrong@127.0.0.1:${port}`);
  const nowhere = await startAll(({ port }) => `redis://127.0.0.1:${port}/99`);
  const right = await startAll(({ port }) => `redis://app:right@127.0.0.1:${port}/3`);
  const reason = async ({ started, name }: (typeof absent)[number]) => {
    const error = (await started) as NodeJS.ErrnoException;
    expect(error, name).toBeInstanceOf(Error);
    return `${error.code ?? ''} ${error.message} ${error.cause ?? ''}`;
  };
  for (const one of absent) expect(await reason(one), one.name).toMatch(/ECONNREFUSED|refused|onnection/);
  for (const one of wrong) expect(await reason(one), one.name).toMatch(/WRONGPASS|password|authenticat/i);
  for (const one of nowhere) expect(await reason(one), one.name).not.toBe('');
  for (const { started, name } of right) expect(await started, name).toBeUndefined();
  for (const [i, { runner }] of absent.entries()) {
    process.env.REDIS_URL = process.env.VALKEY_URL = servers[cases[i]![0]].url;
    await runner.migrate();
  }
  for (const { runner } of [...absent, ...wrong, ...nowhere, ...right]) await runner.close();
});

test('a command given while the server is away either fails or is done, and once it is back all is well; without it, close ends', {
  timeout: 60_000,
}, async () => {
  const both = [servers.redis, servers.valkey];
  const all = await startAll(({ url }) => url);
  for (const { started, name } of all) expect(await started, name).toBeUndefined();
  await Promise.all(both.map((server) => server.stop('SIGKILL')));
  await pause(200);
  const away = all.flatMap(({ runner }) => [
    runner.command('SET', ['away', 1]),
    runner.pipeline([{ command: 'SET', args: ['away', 2] }]),
  ]);
  const settled = Promise.allSettled(away);
  await pause(800);
  await Promise.all(both.map((server) => server.start()));
  expect(await elapsed(() => settled)).toBeLessThan(20_000);
  const ping = ({ runner }: (typeof all)[number]) =>
    runner.command('PING').then(String, (error: Error) => error.message);
  await expect.poll(() => Promise.all(all.map(ping)), { timeout: 10_000 }).toEqual(all.map(() => 'PONG'));
  await Promise.all(both.map((server) => server.stop('SIGKILL')));
  await pause(100);
  const took = await Promise.all(all.map(({ runner }) => elapsed(() => runner.close())));
  for (const [i, ms] of took.entries()) expect(ms, all[i]!.name).toBeLessThan(15_000);
  await Promise.all(both.map((server) => server.start()));
});

test('close ends within its limit when a command is never answered', { timeout: 30_000 }, async () => {
  const all = await startAll(({ url }) => url);
  for (const { started, name } of all) expect(await started, name).toBeUndefined();
  const both = [servers.redis, servers.valkey];
  for (const server of both) process.kill(server.pid()!, 'SIGSTOP');
  const unanswered = all.map(({ runner }) => runner.command('SET', ['never', 'answered']).catch(() => {}));
  const took = await Promise.all(all.map(({ runner }) => elapsed(() => runner.close())));
  for (const server of both) process.kill(server.pid()!, 'SIGCONT');
  await Promise.all(unanswered);
  // 5 s, and ioredis takes 2 s more to drop a connection.
  for (const [i, ms] of took.entries()) expect(ms, all[i]!.name).toBeLessThan(18_000);
});

describe.each(cases)('%s@1/%s %s', (kind, file, installedAs) => {
  const variable = kind === 'redis' ? 'REDIS_URL' : 'VALKEY_URL';
  const opened: RedisRunner[] = [];
  afterEach(async () => {
    for (const runner of opened.splice(0)) await runner.close();
  });

  async function open(
    url: string | undefined = servers[kind].url,
    mutate = (text: string) => text,
  ): Promise<RedisRunner> {
    process.env[variable] = url;
    const runner = await importMutant<RedisRunner>(`${kind}@1`, file, (text) => from(file, installedAs)(mutate(text)));
    opened.push(runner);
    return runner;
  }
  const clients = async () =>
    String(await servers[kind].admin('CLIENT', 'LIST', 'TYPE', 'normal'))
      .trim()
      .split('\n').length;
  const killAll = () => servers[kind].admin('CLIENT', 'KILL', 'TYPE', 'normal');

  test('keeps the contract', async () => {
    const runner = await open();
    await runner.migrate?.();
    await probeRedis(runner);
  });

  test('importing it connects to nothing; one client is made, and reused by everything', async () => {
    const before = await clients();
    const runner = await open();
    await pause(50);
    expect(await clients()).toBe(before);
    await Promise.all(Array.from({ length: 40 }, (_, i) => runner.command('SET', [`k${i}`, i])));
    await runner.pipeline([{ command: 'GET', args: ['k1'] }]);
    expect(await clients()).toBeLessThanOrEqual(before + 1);
  });

  test('a variable that is unset, empty or malformed is an error that names it, or the URL', async () => {
    const runner = await open();
    for (const value of [undefined, '']) {
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
      expect((await failure(runner.command('PING'))).message).toContain(`${variable} is not set`);
      expect((await failure(runner.migrate())).message).toContain(`${variable} is not set`);
    }
  });

  test('connections that are killed while idle are made anew, and the process lives', async () => {
    const runner = await open();
    await runner.migrate();
    await killAll();
    await pause(400);
    await runner.command('SET', ['after', 'kill']);
    expect(String(await runner.command('GET', ['after']))).toBe('kill');
  });

  test('a command whose reply was lost is not sent again', async () => {
    const runner = await open();
    await runner.command('SET', ['counted', 0]);
    const script = "redis.call('INCR', KEYS[1]); local i = 0; while i < 3e7 do i = i + 1 end; return 1";
    const lost = runner.eval(script, ['counted'], []).catch((error: Error) => error);
    await pause(30);
    await killAll();
    await lost;
    await pause(300);
    // Asked beside the runner, whose next command may meet the connection that is just being lost.
    expect((await servers[kind].admin('GET', 'counted')).trim()).toBe('1');
  });

  test('half a pipeline is never seen', async () => {
    const runner = await open();
    const other = await open();
    await runner.command('MSET', ['left', 0, 'right', 0]);
    let going = true;
    const torn: string[] = [];
    const reader = (async () => {
      while (going) {
        const [left, right] = (await other.command('MGET', ['left', 'right'])) as unknown[];
        if (String(left) !== String(right)) torn.push(`${left} ${right}`);
      }
    })();
    for (let i = 1; i < 150; i += 1) {
      await runner.pipeline([
        { command: 'SET', args: ['left', i] },
        { command: 'SET', args: ['right', i] },
      ]);
    }
    going = false;
    await reader;
    expect(torn).toEqual([]);
  });

  test('a 1 MB blob of every byte comes back', async () => {
    const runner = await open();
    const blob = Uint8Array.from({ length: 1 << 20 }, (_, i) => i % 256);
    await runner.command('SET', ['blob', blob]);
    expect(Buffer.from((await runner.command('GET', ['blob'])) as Uint8Array).equals(Buffer.from(blob))).toBe(true);
  });

  test('a server killed under load and started again: nothing is reported that was not done, and work resumes', {
    timeout: 60_000,
  }, async () => {
    const runner = await open();
    await runner.command('DEL', ['load']);
    const { resumed, lost } = await killStoreUnderLoad(servers[kind], runner);
    expect(resumed).toBeGreaterThanOrEqual(20);
    expect(lost).toEqual([]);
  });

  test('close drains what is pending, may be called twice or never opened, and the module works again after it', async () => {
    const runner = await open();
    await runner.close();
    const first = runner.command('PING');
    await runner.close();
    expect(String(await first)).toBe('PONG');
    const pending = runner.eval('local i = 0; while i < 3e6 do i = i + 1 end; return 7', [], []);
    await pause(20);
    await runner.close();
    expect(await pending).toBe(7);
    await runner.close();
    await runner.migrate();
    expect(String(await runner.command('PING'))).toBe('PONG');
  });

  if (kind === 'valkey') {
    test("Valkey's own URL scheme works", async () => {
      const runner = await open(servers.valkey.url.replace('redis://', 'valkey://'));
      await runner.migrate();
      expect(String(await runner.command('PING'))).toBe('PONG');
    });
  }

  test('its mutants are caught', async () => {
    const encodeText = swap(
      'return argument instanceof Uint8Array ? Buffer.from(argument) : String(argument);',
      'return String(argument);',
    );
    const swapped = swap('...keys, ...args.map(encode)', '...args.map(encode), ...keys');
    for (const mutate of [encodeText, swapped]) {
      expect(await failure(probeRedis(await open(undefined, mutate)))).toBeInstanceOf(Error);
    }
  });
});
