import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBoth } from '../servers/redis.mjs';
import type { RedisRunner } from './adapters.ts';
import { pause } from './failure.ts';
import { importMutant, importShared } from './template.ts';

/**
 * Flue's adapter for Redis has two faults that a lost connection brings out: it settles a message as failed when a read of it fails, for
 * whatever reason, and it hands a promise out of a `try` whose `finally` still waits. This one has both, and nothing else of it.
 */
class Submissions {
  private runner: RedisRunner;

  constructor(runner: RedisRunner) {
    this.runner = runner;
  }

  async accept(id: string): Promise<void> {
    await this.runner.eval(
      "redis.call('HSET', KEYS[1], 'id', ARGV[1]) redis.call('ZADD', KEYS[2], 1, ARGV[1]) return 1",
      [`cut:${id}`, 'cut:queued'],
      [id],
    );
  }

  /** The read takes a lease, so its script writes. */
  async getSubmission(id: string): Promise<string> {
    const row = (await this.runner.command('HGETALL', [`cut:${id}`])) as unknown[];
    const lease = "return redis.call('HINCRBY', KEYS[1], 'readers', 1)";
    await this.runner.eval(lease, [`cut:${id}:readers`, `cut:${id}`], []);
    return String(row[1]);
  }

  async list(): Promise<void> {
    for (const id of (await this.runner.command('ZRANGE', ['cut:queued', 0, -1])) as unknown[]) {
      await this.getSubmission(String(id)).catch((error: Error) => this.settle(String(id), error));
    }
  }

  private async settle(id: string, error: Error): Promise<void> {
    await this.runner.command('HGETALL', [`cut:${id}`]);
    const script = "redis.call('ZREM', KEYS[2], ARGV[1]) return redis.call('ZADD', KEYS[3], 1, ARGV[1])";
    await this.runner.eval(script, [`cut:${id}`, 'cut:queued', 'cut:settled'], [id, error.message]);
  }

  async claim(id: string): Promise<string> {
    try {
      await this.runner.eval("return redis.call('HSET', KEYS[1], 'claimed', 1)", [`cut:${id}`], []);
      return this.getSubmission(id);
    } finally {
      await this.runner.command('HGET', [`cut:${id}`, 'id']);
      await this.runner.eval('return 1', [`cut:${id}`], []);
    }
  }
}

type Entry = RedisRunner & { connect(): Promise<Record<string, unknown>>; connection?: unknown };

const cases: [kind: 'redis' | 'valkey', file: string, from: string, as: string][] = [
  ['redis', 'redis.ts', 'redis', 'redis'],
  ['redis', 'redis.ts', 'redis', 'redis-6'],
  ['redis', 'redis-4.ts', 'redis', 'redis-4'],
  ['redis', 'ioredis.ts', 'ioredis', 'ioredis'],
  ['redis', 'ioredis.ts', 'ioredis', 'ioredis-6'],
  ['valkey', 'iovalkey.ts', 'iovalkey', 'iovalkey'],
  ['valkey', 'glide.ts', '@valkey/valkey-glide', '@valkey/valkey-glide'],
  ['redis', 'redis-client.ts', 'redis', 'redis'],
  ['redis', 'redis-client.ts', 'redis', 'redis-6'],
  ['redis', 'redis-4-client.ts', 'redis', 'redis-4'],
  ['redis', 'ioredis-client.ts', 'ioredis', 'ioredis'],
  ['redis', 'ioredis-client.ts', 'ioredis', 'ioredis-6'],
  ['valkey', 'iovalkey-client.ts', 'iovalkey', 'iovalkey'],
];

let servers: Awaited<ReturnType<typeof startBoth>>;
let unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[];
beforeAll(async () => {
  servers = await startBoth();
  // The test runner's own listener would report what is counted here.
  others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
}, 120_000);
afterAll(async () => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
  await servers.stop();
});

describe.each(cases)('%s@1/%s, from %s by %s', (kind, file, from, as) => {
  const swap = (text: string) =>
    text
      .replaceAll(`from '${from}'`, `from '${as}'`)
      // What the adapter gives, at either line, in place of the runner alone.
      .replace(/const adapter = redis\(\{/, 'const adapter = redisOver({')
      .replace(
        /(\nconst entry|\nconst adapter)/,
        '\nconst redisOver = (globalThis as never as { over: typeof redis }).over;$1',
      );

  /** The stores as the template gives them to Flue, whose names differ between the lines. */
  async function open(line: 'beta' | 'two', mutate = (text: string) => text) {
    process.env.REDIS_URL = process.env.VALKEY_URL = servers[kind].url;
    const over = (runner: RedisRunner) => ({
      ...runner,
      connect: () => {
        const store = new Submissions(runner);
        return line === 'two' ? { submissionStore: store } : { executionStore: { submissions: store } };
      },
    });
    Object.assign(globalThis, { over });
    const shared = file.includes('-client');
    const { runner, client } = shared
      ? await importShared<Entry, { destroy?(): void; disconnect(): unknown }>(`${kind}@1`, file, swap)
      : { runner: await importMutant<Entry>(`${kind}@1`, file, (text) => swap(mutate(text))), client: undefined };
    await servers[kind].admin('FLUSHALL');
    await runner.migrate();
    const stores = (await runner.connect()) as {
      submissionStore?: Submissions;
      executionStore?: { submissions: Submissions };
    };
    const close = async () => {
      await runner.close();
      await (client?.destroy ? client.destroy() : client?.disconnect());
    };
    return { store: (stores.submissionStore ?? stores.executionStore?.submissions)!, close };
  }

  /** Cuts every connection again and again while eight workers are at it. */
  async function cut(every: number, work: (worker: number) => Promise<unknown>): Promise<void> {
    const end = Date.now() + 1800;
    const workers = Array.from({ length: 8 }, async (_, worker) => {
      while (Date.now() < end) await work(worker).catch(() => pause(2));
    });
    while (Date.now() < end) {
      await pause(every);
      await servers[kind].admin('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => {});
    }
    await Promise.all(workers);
    await pause(200);
  }

  test('every 300 ms: no message that was accepted is lost', { timeout: 30_000 }, async () => {
    const { store, close } = await open('two');
    const accepted: string[] = [];
    let next = 0;
    await cut(300, async (worker) => {
      if (worker % 4 !== 0) return store.list();
      const id = `m${next++}`;
      await store.accept(id);
      accepted.push(id);
      await pause(40);
    });
    expect(accepted.length).toBeGreaterThan(5);
    expect(await servers[kind].admin('ZRANGE', 'cut:settled', 0, -1)).toEqual([]);
    const queued = (await servers[kind].admin('ZRANGE', 'cut:queued', 0, -1)) as string[];
    expect(accepted.filter((id) => !queued.includes(id))).toEqual([]);
    await close();
  });

  test.each(['beta', 'two'] as const)(
    'every 60 ms: no rejection is unhandled (%s)',
    { timeout: 30_000 },
    async (line) => {
      const { store, close } = await open(line);
      await store.accept('one');
      unhandled = [];
      await cut(60, () => store.claim('one'));
      expect(unhandled).toEqual([]);
      await close();
    },
  );

  // One of the drivers will do: that the faults are there, and that these tests see them.
  const one = file === 'redis.ts' && as === 'redis';
  if (one) {
    test('without the cures both happen', { timeout: 30_000 }, async () => {
      const guards = ['if (!read && Date.now() - disturbed < 50)', 'if (args.includes(lost))'];
      const cures = [...guards.map((guard) => `${guard} throw new Error(lost);`), 'found.catch(() => {});'];
      const exposed = await open('two', (text) => cures.reduce(without, text));
      for (const id of ['a', 'b', 'c']) await exposed.store.accept(id);
      await cut(100, () => exposed.store.list());
      expect(await servers[kind].admin('ZRANGE', 'cut:settled', 0, -1)).not.toEqual([]);
      unhandled = [];
      await cut(60, () => exposed.store.claim('a'));
      expect(unhandled.length).toBeGreaterThan(0);
      await exposed.close();
    });
  }
});

/** The text without a piece that must be in it. */
function without(text: string, piece: string): string {
  if (!text.includes(piece)) throw new Error(`\`${piece}\` is not in the template`);
  return text.replace(piece, '');
}
