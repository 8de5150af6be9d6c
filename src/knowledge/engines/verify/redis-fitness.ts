import type { ServerUse } from '../../../types/opening.ts';
import { type Context, Finding, must, NotChecked, type Probe } from './engine.ts';
import { type RedisRunner, settings } from './redis-replies.ts';

type RedisProbe = Probe<RedisRunner>;

/**
 * The adapter's own order: CONFIG, else INFO (`@flue/redis` 2.0.3); providers that forbid both want `inspectServer:
 * false`.
 */
async function ruled(
  { runner, options }: Context<RedisRunner>,
  { unasked }: ServerUse,
  [key, section, line]: readonly [key: string, section: string, line: string],
): Promise<string> {
  const { config, info } = settings(runner);
  const said = (await config(key)) ?? (await info(section))?.[line];
  if (said !== undefined) return said;
  if (options.inspectServer === false) throw new NotChecked('`inspectServer: false`: whoever wrote it has looked');
  const neither = `neither CONFIG GET ${key} nor INFO ${section} may be asked`;
  if (!unasked) throw new NotChecked(neither);
  throw new Finding(`${neither}, and ${unasked.because}`, unasked.remedy);
}

/** What makes a server fit for its user, and writes nothing. */
export function redisFitness(use: ServerUse): RedisProbe[] {
  return [...ruledByUse(use), ...general];
}

function ruledByUse(use: ServerUse): RedisProbe[] {
  return [
    {
      code: 'no-cluster',
      title: 'a single server, no Cluster',
      run: async (context) => {
        const said = await ruled(context, use, ['cluster-enabled', 'cluster', 'cluster_enabled']);
        must(/^(?:no|0)$/.test(said), `Cluster is on, ${use.cluster}`, 'use an instance with cluster mode disabled');
        return undefined;
      },
    },
    {
      code: 'evicts-nothing',
      title: 'no key is evicted when memory is full',
      run: async (context) => {
        const policy = await ruled(context, use, ['maxmemory-policy', 'memory', 'maxmemory_policy']);
        const remedy =
          'CONFIG SET maxmemory-policy noeviction (with a provider: its parameter group or eviction switch)';
        must(policy === 'noeviction', `maxmemory-policy is ${policy}, ${use.evicting}`, remedy);
        return undefined;
      },
    },
  ];
}

const general: RedisProbe[] = [
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
];
