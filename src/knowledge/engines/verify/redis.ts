import { type Context, type EngineChecks, Finding, must, NotChecked, type Probe } from './engine.ts';
import { redisContract } from './redis-contract.ts';
import { isDenied, judgeRedisMark, type RedisRunner, settings, textOf, textsOf } from './redis-replies.ts';

type RedisProbe = Probe<RedisRunner>;

/**
 * The adapter's own order: CONFIG, else INFO (`@flue/redis` 2.0.3); providers that forbid both want `inspectServer:
 * false`.
 */
async function ruled(context: Context<RedisRunner>, key: string, section: string, line: string): Promise<string> {
  const { config, info } = settings(context.runner);
  const said = (await config(key)) ?? (await info(section))?.[line];
  if (said !== undefined) return said;
  if (context.options.inspectServer === false)
    throw new NotChecked('`inspectServer: false`: whoever wrote it has looked');
  throw new Finding(
    `neither CONFIG GET ${key} nor INFO ${section} may be asked, and @flue/redis then refuses to start`,
    'let this user run INFO; or pass `inspectServer: false` to `redis()`, once cluster is off and maxmemory-policy noeviction',
  );
}

const fitness: RedisProbe[] = [
  {
    code: 'no-cluster',
    title: 'a single server, no Cluster',
    run: async (context) => {
      const said = await ruled(context, 'cluster-enabled', 'cluster', 'cluster_enabled');
      must(
        /^(?:no|0)$/.test(said),
        'Cluster is on, which @flue/redis refuses',
        'use an instance with cluster mode disabled',
      );
      return undefined;
    },
  },
  {
    code: 'evicts-nothing',
    title: 'no key is evicted when memory is full',
    run: async (context) => {
      const policy = await ruled(context, 'maxmemory-policy', 'memory', 'maxmemory_policy');
      const remedy = 'CONFIG SET maxmemory-policy noeviction (with a provider: its parameter group or eviction switch)';
      must(policy === 'noeviction', `maxmemory-policy is ${policy}, which @flue/redis refuses`, remedy);
      return undefined;
    },
  },
  {
    code: 'server-writable',
    title: 'a server that takes writes',
    blocks: true,
    run: async ({ runner }) => {
      const info = await settings(runner).info('replication');
      if (!info) throw new NotChecked('this user may not run INFO');
      const main = `${info.master_host}:${info.master_port}`;
      must(info.role !== 'slave', `this is a replica of ${main}`, "use the primary's address");
      return undefined;
    },
  },
  {
    code: 'durable-writes',
    title: 'writes survive a restart of the server',
    severity: 'warning',
    run: async ({ runner }) => {
      const { config, info } = settings(runner);
      const kept = await info('persistence');
      if (!kept) throw new NotChecked('this user may not run INFO');
      const save = await config('save');
      const aof = kept.aof_enabled === '1';
      const snapshots = save === undefined ? Number(kept.rdb_last_save_time) > 0 : save !== '';
      const remedy = 'CONFIG SET appendonly yes, and the same in redis.conf';
      must(aof || snapshots, 'neither AOF nor snapshots are on: a restart forgets everything', remedy);
      must(
        kept.rdb_last_bgsave_status !== 'err',
        'the last snapshot failed, and writes may be refused',
        "see the server's log",
      );
      must(
        !aof || kept.aof_last_write_status !== 'err',
        'the last write to the AOF failed',
        "see the server's log and disk",
      );
      must(aof, 'only snapshots: a crash loses what came after the last one', remedy);
      const fsync = await config('appendfsync');
      must(
        fsync !== 'no',
        'appendfsync is no: a crash loses what the system had not written',
        'CONFIG SET appendfsync everysec',
      );
      return fsync === 'everysec' ? 'AOF; a crash loses a second' : 'AOF';
    },
  },
  {
    code: 'room-in-memory',
    title: 'there is room in memory',
    severity: 'warning',
    run: async ({ runner }) => {
      const info = await settings(runner).info('memory');
      if (!info) throw new NotChecked('this user may not run INFO');
      const most = Number(info.maxmemory ?? 0);
      const used = Number(info.used_memory);
      const [a, b] = [used, most].map((bytes) => Math.round(bytes / 1e6));
      must(
        !most || used / most < 0.9,
        `${a} of ${b} MB are used; when it is full, writes fail`,
        'a larger instance, or fewer keys',
      );
      return most ? `${a} of ${b} MB used` : `${a} MB used, no limit`;
    },
  },
  {
    code: 'state',
    title: 'the state that is there can be read',
    run: async (context) => {
      const prefix = prefixOf(context);
      const meta = await context.runner.command('HGETALL', [`${prefix}:meta`]);
      return judgeRedisMark(meta, prefix, context.line, await anyKey(context, `${prefix}:*`));
    },
  },
];

function prefixOf({ options }: Context<RedisRunner>): string {
  return String(options.keyPrefix ?? 'flue').replace(/:+$/, '');
}

/** A key that fits, looked for in at most 20,000: a full scan of a large database is not ours to cause. */
async function anyKey({ runner }: Context<RedisRunner>, pattern: string): Promise<string | null> {
  let cursor = '0';
  for (let round = 0; round < 20; round += 1) {
    const reply = (await runner.command('SCAN', [cursor, 'MATCH', pattern, 'COUNT', 1000])) as [unknown, unknown[]];
    cursor = textOf(reply[0]);
    const [first] = textsOf(reply[1]);
    if (first !== undefined) return first;
    if (cursor === '0') return null;
  }
  return null;
}

async function describe(context: Context<RedisRunner>) {
  const { info } = settings(context.runner);
  const server = await info('server');
  const valkey = server?.valkey_version;
  const name = valkey ? `Valkey ${valkey}` : `Redis ${server?.redis_version ?? '(version not told)'}`;
  const size = Number(await context.runner.command('DBSIZE').catch(() => Number.NaN));
  const flue = (await anyKey(context, `${prefixOf(context)}:*`).catch(() => null)) !== null;
  // Whether all keys are Flue's is only asked where there are few.
  const others = Number.isNaN(size) || (size > 0 && (size > 10_000 || !(await onlyFlue(context))));
  return { server: name, database: null, holds: { flue, others } };
}

async function onlyFlue(context: Context<RedisRunner>): Promise<boolean> {
  const ours = new RegExp(`^(?:${prefixOf(context).replace(/[^\w]/g, '\\$&')}|verify):`);
  let cursor = '0';
  do {
    const reply = (await context.runner.command('SCAN', [cursor, 'COUNT', 1000]).catch(() => null)) as
      | [unknown, unknown[]]
      | null;
    if (!reply) return false;
    cursor = textOf(reply[0]);
    if (textsOf(reply[1]).some((key) => !ours.test(key))) return false;
  } while (cursor !== '0');
  return true;
}

/** Every key of a run has an end of its own. */
const seconds = 600;
const runs = 'verify:runs';
const names = ['text', 'bytes', 'hash', 'count', 'half', 'kept', 'a', 'b'];

async function whereAllowed<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isDenied(error)) throw new NotChecked('this user may not touch keys named `verify:…`');
    throw error;
  }
}

/** Redis, Valkey and what speaks their protocol. */
export const redis: EngineChecks<RedisRunner> = {
  name: 'redis',
  functions: ['command', 'eval', 'close'],
  ping: async (runner) => {
    const reply = textOf(await runner.command('PING'));
    must(reply === 'PONG', `PING is answered with ${reply.slice(0, 40)}`, 'give the reply of the driver as it is');
  },
  describe,
  fitness,
  contract: redisContract({ seconds, whereAllowed, runs }),
  once: (runner) => runner.command('PING'),
  together: {
    title: 'pipelines',
    run: async (runner) => runner.pipeline?.([{ command: 'PING' }, { command: 'PING' }]),
  },
  pending: ({ runner }) => {
    // Holds up what comes after it on this connection, and nobody else; where it is refused, the rest is still under way.
    runner.command('WAIT', [1, 100]).catch(() => {});
    return Array.from({ length: 15 }, (_, i) => runner.command('ECHO', [`${i} `.repeat(20_000)]));
  },
  pendingFor: 0,
  scratch: {
    keep: async ({ runner, scratch }) => {
      await whereAllowed(() => runner.command('SET', [scratch.key('kept'), scratch.id, 'EX', seconds]));
    },
    find: async ({ runner, scratch }) => {
      const found = await runner.command('GET', [scratch.key('kept')]);
      const what = found === null ? 'is not there' : `is ${textOf(found).slice(0, 40)}`;
      must(
        found !== null && textOf(found) === scratch.id,
        `the key that the first process wrote ${what}`,
        'see where both of them write',
      );
    },
    remove: async ({ runner, scratch }) => {
      await whereAllowed(async () => {
        await runner.command('DEL', names.map(scratch.key));
        await runner.command('SREM', [runs, scratch.id]);
      });
      return null;
    },
    sweep: async ({ runner, scratch }) => {
      const known = textsOf((await whereAllowed(() => runner.command('SMEMBERS', [runs]))) as unknown[]);
      const left = known.filter(scratch.isLeft);
      for (const id of left) {
        await runner.command(
          'DEL',
          names.map((name) => `verify:${id}:${name}`),
        );
        await runner.command('SREM', [runs, id]);
      }
      return left.length;
    },
  },
  retries: true,
  // The first word of an error reply.
  remedies: {
    WRONGPASS: 'correct the user or the password',
    NOAUTH: 'the server wants a password: put it into the address, `redis://:<password>@host:6379`',
    NOPERM: 'give this user the keys under `flue:` and the commands that Flue uses: `ACL SETUSER … ~flue:* +@all`',
    MISCONF: 'the server cannot save, and refuses writes: see its log and disk',
    READONLY: 'this is a replica: use the address of the primary',
    OOM: 'memory is full: a larger instance, or fewer keys',
    LOADING: 'the server is still loading its data; try again in a moment',
    CLUSTERDOWN: 'use an instance with cluster mode disabled',
    MOVED: 'use an instance with cluster mode disabled',
  },
};
