import type { ServerUse } from '../../../types/opening.ts';
import { type EngineChecks, must, NotChecked, type Probe } from './engine.ts';
import { redisContract } from './redis-contract.ts';
import { redisFitness } from './redis-fitness.ts';
import { anyKey, describe, prefixOf } from './redis-keys.ts';
import { isDenied, judgeRedisMark, type RedisRunner, replyText, replyTexts } from './redis-replies.ts';

type RedisProbe = Probe<RedisRunner>;

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

const byFlue: ServerUse = {
  prefix: 'flue',
  cluster: 'which @flue/redis refuses',
  evicting: 'which @flue/redis refuses',
  unasked: {
    because: '@flue/redis then refuses to start',
    remedy:
      'let this user run INFO; or pass ' +
      '`inspectServer: false` to `redis()`, once cluster is off and maxmemory-policy noeviction',
  },
  denied: 'give this user the keys under `flue:` and the commands that Flue uses: `ACL SETUSER … ~flue:* +@all`',
};

const state: RedisProbe = {
  code: 'state',
  title: 'the state that is there can be read',
  run: async (context) => {
    const prefix = prefixOf(context, byFlue.prefix);
    const meta = await context.runner.command('HGETALL', [`${prefix}:meta`]);
    return judgeRedisMark(meta, prefix, context.line, await anyKey(context, `${prefix}:*`));
  },
};

/** Redis, Valkey and what speaks their protocol, for Flue. */
export const redis: EngineChecks<RedisRunner> = redisFor(byFlue, [state]);

/** The same for another user. `state`: what is asked of what it keeps there. */
export function redisFor(use: ServerUse, state: RedisProbe[]): EngineChecks<RedisRunner> {
  return {
    name: 'redis',
    functions: ['command', 'eval', 'close'],
    ping: async (runner) => {
      const reply = replyText(await runner.command('PING'));
      must(reply === 'PONG', `PING is answered with ${reply.slice(0, 40)}`, 'give the reply of the driver as it is');
    },
    describe: (context) => describe(context, prefixOf(context, use.prefix)),
    fitness: [...redisFitness(use), ...state],
    contract: redisContract({ seconds, whereAllowed, runs }),
    once: (runner) => runner.command('PING'),
    together: {
      title: 'pipelines',
      run: async (runner) => runner.pipeline?.([{ command: 'PING' }, { command: 'PING' }]),
    },
    pending: ({ runner }) => {
      // Holds up what comes after it on this connection, and nobody else; where it is refused, the rest is under way.
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
        const what = found === null ? 'is not there' : `is ${replyText(found).slice(0, 40)}`;
        must(
          found !== null && replyText(found) === scratch.id,
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
        const known = replyTexts((await whereAllowed(() => runner.command('SMEMBERS', [runs]))) as unknown[]);
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
      NOPERM: use.denied,
      MISCONF: 'the server cannot save, and refuses writes: see its log and disk',
      READONLY: 'this is a replica: use the address of the primary',
      OOM: 'memory is full: a larger instance, or fewer keys',
      LOADING: 'the server is still loading its data; try again in a moment',
      CLUSTERDOWN: 'use an instance with cluster mode disabled',
      MOVED: 'use an instance with cluster mode disabled',
    },
  };
}
