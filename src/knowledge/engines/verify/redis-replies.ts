import { must } from './engine.ts';
import { typeName } from './sql.ts';

/** What an argument of a command may be. */
export type RedisArgument = string | number | Uint8Array;

/** The runner of `@flue/redis`, 1.0.0-beta.1 to 2.0.3. `pipeline` may be left out. */
export interface RedisRunner {
  command(name: string, args?: RedisArgument[]): Promise<unknown>;
  eval(script: string, keys: string[], args?: RedisArgument[]): Promise<unknown>;
  pipeline?(list: { command: string; args?: RedisArgument[] }[]): Promise<unknown[]>;
  close(): void | Promise<void>;
}

/** A reply as text: bytes decoded. */
export function replyText(reply: unknown): string {
  return reply instanceof Uint8Array
    ? Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength).toString()
    : String(reply);
}

/** The same of a list; of anything else, nothing. */
export function replyTexts(replies: unknown): string[] {
  return Array.isArray(replies) ? replies.map(replyText) : [];
}

/** A map's reply as the adapter reads it: a flat list, or an object. */
export function pairsOf(reply: unknown): Record<string, string> {
  if (reply === null || reply === undefined) return {};
  if (!Array.isArray(reply)) {
    must(
      typeof reply === 'object',
      `a map comes back as ${typeName(reply)}`,
      'a flat list of names and values, or an object',
    );
    return Object.fromEntries(Object.entries(reply).map(([key, value]) => [key, replyText(value)]));
  }
  const flat = reply.map(replyText);
  return Object.fromEntries(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1] ?? '']] : [])));
}

/** What the server says of its settings; undefined where this user may not ask. */
export function settings(runner: Pick<RedisRunner, 'command'>) {
  return {
    config: async (key: string): Promise<string | undefined> => {
      const reply = await runner.command('CONFIG', ['GET', key]).catch(() => null);
      return pairsOf(reply)[key];
    },
    info: async (section: string): Promise<Record<string, string> | undefined> => {
      const reply = await runner.command('INFO', [section]).catch(() => null);
      if (reply === null) return undefined;
      const lines = replyText(reply)
        .split(/\r?\n/)
        .filter((line) => line.includes(':'));
      return Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
      );
    },
  };
}

/** Whether an error is the server's NOPERM. */
export function isDenied(error: unknown): boolean {
  return replyCode(error) === 'NOPERM';
}

/** How GLIDE 2 names the codes that its native half knows (`ErrorKind` of its redis-rs). */
const kindsOfGlide: Record<string, string> = {
  PermissionDenied: 'NOPERM',
  ReadOnly: 'READONLY',
  BusyLoadingError: 'LOADING',
  ClusterDown: 'CLUSTERDOWN',
};

/** The first word of an error reply, which is its code; null where it is none. */
export function replyCode(error: unknown): string | null {
  const message = (error as { message?: unknown } | null)?.message;
  const kind = typeof message === 'string' ? /^An error was signalled by the server: - (\w+)/.exec(message)?.[1] : null;
  if (kind && kindsOfGlide[kind]) return kindsOfGlide[kind];
  // GLIDE writes what kind of error it is before it.
  return typeof message === 'string' ? (/^(?:[\w ]+?(?: -|:) ?)?([A-Z]{4,})\b/.exec(message)?.[1] ?? null) : null;
}

/** Whether the version mark is one that this line of Flue reads. */
export function judgeRedisMark(
  meta: unknown,
  prefix: string,
  line: 'beta' | 'two' | null,
  other: string | null,
): string {
  const { format_version: two, schema_version: nightly, schemaVersion: beta } = pairsOf(meta);
  const remedy = 'use another database, or another `keyPrefix`: redis(runner, { keyPrefix: … })';
  if (two === undefined && nightly === undefined && beta === undefined) {
    const refused = `keys under ${prefix}: and no version mark (${other}, …): Flue refuses such a database`;
    must(other === null, refused, remedy);
    return `no keys under ${prefix}: yet`;
  }
  // 2.x takes format 1 and relabels schema 8; beta takes schema 4.
  const fits =
    line === null || (line === 'beta' ? beta === '4' : two === '1' || (two === undefined && nightly === '8'));
  const older = nightly ? `schema_version ${nightly}` : `schemaVersion ${beta}`;
  const mark = two ? `format_version ${two}` : older;
  must(fits, `keys under ${prefix}: are marked ${mark}, which this Flue does not read`, remedy);
  return `keys under ${prefix}:, ${mark}`;
}
