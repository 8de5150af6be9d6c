import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBoth } from '../servers/redis.mjs';
import type { RedisRunner } from './adapters.ts';
import { pause } from './failure.ts';
import { importMutant, importShared } from './template.ts';

/**
 * Flue's adapter for Redis has two faults that a lost connection brings out: it settles a message as failed when a read
 * of it fails, for whatever reason, and it hands a promise out of a `try` whose `finally` still waits. This one has
 * both, and nothing else of it.
 */
class Submissions {
  private runner: RedisRunner;
  private prefix: string;

  constructor(runner: RedisRunner, prefix: string) {
    this.runner = runner;
    this.prefix = prefix;
  }

  private key(name: string): string {
    return `${this.prefix}:${name}`;
  }

  async accept(id: string): Promise<void> {
    await this.runner.eval(
      "redis.call('HSET', KEYS[1], 'id', ARGV[1]) redis.call('ZADD', KEYS[2], 1, ARGV[1]) return 1",
      [this.key(id), this.key('queued')],
      [id],
    );
  }

  /** The read takes a lease, so its script writes. */
  async getSubmission(id: string): Promise<string> {
    const row = (await this.runner.command('HGETALL', [this.key(id)])) as unknown[];
    const lease = "return redis.call('HINCRBY', KEYS[1], 'readers', 1)";
    await this.runner.eval(lease, [this.key(`${id}:readers`), this.key(id)], []);
    return String(row[1]);
  }

  async list(): Promise<void> {
    for (const id of (await this.runner.command('ZRANGE', [this.key('queued'), 0, -1])) as unknown[]) {
      await this.getSubmission(String(id)).catch((error: Error) => this.settle(String(id), error));
    }
  }

  private async settle(id: string, error: Error): Promise<void> {
    await this.runner.command('HGETALL', [this.key(id)]);
    const script = "redis.call('ZREM', KEYS[2], ARGV[1]) return redis.call('ZADD', KEYS[3], 1, ARGV[1])";
    await this.runner.eval(
      script,
      ['', 'queued', 'settled'].map((name) => this.key(name || id)),
      [id, error.message],
    );
  }

  async claim(id: string): Promise<string> {
    try {
      await this.runner.eval("return redis.call('HSET', KEYS[1], 'claimed', 1)", [this.key(id)], []);
      return this.getSubmission(id);
    } finally {
      await this.runner.command('HGET', [this.key(id), 'id']);
      await this.runner.eval('return 1', [this.key(id)], []);
    }
  }
}

type Entry = RedisRunner & { connect(): Promise<Record<string, unknown>>; connection?: unknown };

type Case = [kind: 'redis' | 'valkey', file: string, from: string, as: string];
const cases: Case[] = [
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

/** How a template's stores are named, which differs between Flue's lines. */
type Line = 'beta' | 'two';

/** A template over a client of its major, with the adapter that has the faults in place of the runner alone. */
interface Opened {
  name: string;
  store: Submissions;
  /** The ids that are kept under a name, as the server has them. */
  ids(name: 'queued' | 'settled'): Promise<string[]>;
  close(): Promise<void>;
}

let count = 0;
async function open(
  [kind, file, from, as]: Case,
  line: Line = 'two',
  mutate = (text: string) => text,
): Promise<Opened> {
  process.env.REDIS_URL = process.env.VALKEY_URL = servers[kind].url;
  const prefix = `cut${count++}`;
  const over = (runner: RedisRunner) => {
    const store = new Submissions(runner, prefix);
    return {
      ...runner,
      connect: () => (line === 'two' ? { submissionStore: store } : { executionStore: { submissions: store } }),
    };
  };
  Object.assign(globalThis, { over });
  const swapped = (text: string) =>
    text
      .replaceAll(`from '${from}'`, `from '${as}'`)
      .replace(/const adapter = redis\(\{/, 'const adapter = redisOver({')
      .replace(
        /\nconst (?:entry|adapter)/,
        '\nconst redisOver = (globalThis as never as { over: typeof redis }).over;$&',
      );
  const { runner, client } = file.includes('-client')
    ? await importShared<Entry, { destroy?(): void; disconnect(): unknown }>(`${kind}@1`, file, swapped)
    : { runner: await importMutant<Entry>(`${kind}@1`, file, (text) => swapped(mutate(text))), client: undefined };
  await runner.migrate();
  const { submissionStore, executionStore } = (await runner.connect()) as {
    submissionStore?: Submissions;
    executionStore?: { submissions: Submissions };
  };
  return {
    name: `${kind}@1/${file} by ${as}`,
    store: (submissionStore ?? executionStore?.submissions)!,
    ids: async (name) => (await servers[kind].admin('ZRANGE', `${prefix}:${name}`, 0, -1)) as string[],
    close: async () => {
      await runner.close();
      await (client?.destroy ? client.destroy() : client?.disconnect());
    },
  };
}

/** One after the other: each reads the URL of its own server. */
async function openAll(list: Case[], lines: Line[]): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const one of list) for (const line of lines) opened.push(await open(one, line));
  return opened;
}

/** Cuts every connection to both servers again and again for two seconds, while four workers of each are at it. */
async function cut(every: number, opened: Opened[], work: (one: Opened, worker: number) => Promise<unknown>) {
  const end = Date.now() + 2000;
  const workers = opened.flatMap((one) =>
    Array.from({ length: 4 }, async (_, worker) => {
      while (Date.now() < end) await work(one, worker).catch(() => pause(2));
    }),
  );
  while (Date.now() < end) {
    await pause(every);
    const kill = [servers.redis, servers.valkey].map((server) => server.admin('CLIENT', 'KILL', 'TYPE', 'normal'));
    await Promise.allSettled(kill);
  }
  await Promise.all(workers);
  await pause(200);
}

const groups = {
  'clients of their own': cases.filter(([, file]) => !file.includes('-client')),
  "the application's clients": cases.filter(([, file]) => file.includes('-client')),
};

describe.each(Object.entries(groups))('%s', (_name, group) => {
  test('cut every 300 ms: no message that was accepted is lost', { timeout: 60_000 }, async () => {
    const opened = await openAll(group, ['two']);
    const accepted = new Map(opened.map((one) => [one, [] as string[]]));
    await cut(300, opened, async (one, worker) => {
      if (worker > 0) return one.store.list();
      const ids = accepted.get(one)!;
      const id = `m${performance.now()}`;
      await one.store.accept(id);
      ids.push(id);
      await pause(40);
    });
    for (const [one, ids] of accepted) {
      expect(ids.length, one.name).toBeGreaterThan(5);
      expect(await one.ids('settled'), one.name).toEqual([]);
      expect(await one.ids('queued'), one.name).toEqual(expect.arrayContaining(ids));
    }
    await Promise.all(opened.map((one) => one.close()));
  });

  test('cut every 60 ms: no rejection is unhandled, at either line', { timeout: 60_000 }, async () => {
    const opened = await openAll(group, ['beta', 'two']);
    for (const { store } of opened) await store.accept('one');
    unhandled = [];
    let claimed = 0;
    await cut(60, opened, async ({ store }) => {
      await store.claim('one');
      claimed += 1;
    });
    expect(claimed).toBeGreaterThan(opened.length);
    expect(unhandled.map((reason) => (reason as Error).stack)).toEqual([]);
    await Promise.all(opened.map((one) => one.close()));
  });
});

// One of the drivers will do: that the faults are there, and that these tests see them.
test('without the cures both happen', { timeout: 60_000 }, async () => {
  const cures = [
    'if (lastLossAt > 0 && Date.now() - lastLossAt < 50 && !reads.test(command)) return Promise.reject(new Error(lost));',
    'if (args.includes(lost)) throw new Error(lost);',
    'found.catch(() => {});',
  ];
  const exposed = await open(cases[0]!, 'two', (text) => cures.reduce(without, text));
  for (const id of ['a', 'b', 'c']) await exposed.store.accept(id);
  await cut(100, [exposed], () => exposed.store.list());
  expect(await exposed.ids('settled')).not.toEqual([]);
  unhandled = [];
  await cut(60, [exposed], () => exposed.store.claim('a'));
  expect(unhandled.length).toBeGreaterThan(0);
  await exposed.close();
});

/** The text without a piece that must be in it. */
function without(text: string, piece: string): string {
  if (!text.includes(piece)) throw new Error(`\`${piece}\` is not in the template`);
  return text.replace(piece, '');
}
