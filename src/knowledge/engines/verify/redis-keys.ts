import { literally } from '../../../pattern.ts';
import type { Context, Description } from './engine.ts';
import { type RedisRunner, replyText, replyTexts, settings } from './redis-replies.ts';

/** What the keys of its user begin with, without a colon at the end. */
export function prefixOf({ options }: Context<RedisRunner>, usual: string): string {
  return String(options.keyPrefix ?? usual).replace(/:+$/, '');
}

/** A key that fits, looked for in at most 20,000: a full scan of a large database is not ours to cause. */
export async function anyKey({ runner }: Context<RedisRunner>, pattern: string): Promise<string | null> {
  let cursor = '0';
  for (let round = 0; round < 20; round += 1) {
    const reply = (await runner.command('SCAN', [cursor, 'MATCH', pattern, 'COUNT', 1000])) as [unknown, unknown[]];
    cursor = replyText(reply[0]);
    const [first] = replyTexts(reply[1]);
    if (first !== undefined) return first;
    if (cursor === '0') return null;
  }
  return null;
}

/** Which server it is, and whose keys it holds, as far as few enough are there to be looked at. */
export async function describe(context: Context<RedisRunner>, prefix: string): Promise<Description> {
  const { info } = settings(context.runner);
  const server = await info('server');
  const valkey = server?.valkey_version;
  const name = valkey ? `Valkey ${valkey}` : `Redis ${server?.redis_version ?? '(version not told)'}`;
  const size = Number(await context.runner.command('DBSIZE').catch(() => Number.NaN));
  const flue = (await anyKey(context, `${prefix}:*`).catch(() => null)) !== null;
  // Whether all keys are its user's is only asked where there are few.
  const others = Number.isNaN(size) || (size > 0 && (size > 10_000 || !(await holdsOnly(context, prefix))));
  return { server: name, database: null, holds: { flue, others } };
}

async function holdsOnly({ runner }: Context<RedisRunner>, prefix: string): Promise<boolean> {
  const ours = new RegExp(`^(?:${literally(prefix)}|verify):`);
  let cursor = '0';
  do {
    const reply = (await runner.command('SCAN', [cursor, 'COUNT', 1000]).catch(() => null)) as
      | [unknown, unknown[]]
      | null;
    if (!reply) return false;
    cursor = replyText(reply[0]);
    if (replyTexts(reply[1]).some((key) => !ours.test(key))) return false;
  } while (cursor !== '0');
  return true;
}
