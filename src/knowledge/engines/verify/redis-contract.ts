import { must, NotChecked, type Probe, rejection } from './engine.ts';
import { pipelines } from './redis-pipelines.ts';
import { pairsOf, type RedisRunner, replyText } from './redis-replies.ts';
import { mustEqual, typeName } from './sql.ts';

type RedisProbe = Probe<RedisRunner>;

interface Keeping {
  /** When the server drops a key of a run by itself. */
  seconds: number;
  /** The set of the runs whose keys may still be there. */
  runs: string;
  /** Gives `NotChecked` where the user may not touch such keys. */
  whereAllowed<T>(run: () => Promise<T>): Promise<T>;
}

/** What a runner of Redis or Valkey has to do, each with the faults it has caught. */
export function redisContract(keeping: Keeping): RedisProbe[] {
  return [setsAndGets(keeping), ...replies(keeping), ...scripts, ...pipelines(keeping)];
}

const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function setsAndGets({ seconds, runs, whereAllowed }: Keeping): RedisProbe {
  return {
    code: 'sets-and-gets',
    title: 'sets and gets; what is missing is null',
    blocks: true,
    run: async ({ runner, scratch }) => {
      await whereAllowed(() => runner.eval(registering, [runs], [scratch.id, seconds]));
      const set = await runner.command('SET', [scratch.key('text'), 'one', 'EX', seconds]);
      mustEqual(replyText(set), 'OK', 'the reply of SET');
      mustEqual(replyText(await runner.command('GET', [scratch.key('text')])), 'one', 'the reply of GET');
      mustEqual(
        (await runner.command('GET', [scratch.key('nothing')])) ?? null,
        null,
        'the reply of GET for a missing key',
      );
      const emoji = '{"a":"😀"} \r\n';
      await runner.command('SET', [scratch.key('text'), emoji, 'EX', seconds]);
      mustEqual(replyText(await runner.command('GET', [scratch.key('text')])), emoji, 'text with an emoji');
      return undefined;
    },
  };
}

const registering = "redis.call('SADD', KEYS[1], ARGV[1]) redis.call('EXPIRE', KEYS[1], ARGV[2]) return 1";

function replies({ seconds }: Keeping): RedisProbe[] {
  return [
    {
      code: 'numbers',
      title: 'numbers arrive as numbers',
      run: async ({ runner, scratch }) => {
        await runner.command('SET', [scratch.key('count'), 1, 'EX', seconds]);
        mustEqual(Number(await runner.command('INCRBY', [scratch.key('count'), 41])), 42, 'the reply of INCRBY');
        return undefined;
      },
    },
    {
      // `args.map(String)`, replies decoded. 2.x sends text only, its attachments in base64.
      code: 'bytes',
      title: 'bytes stay bytes',
      run: async ({ runner, scratch, line }) => {
        if (line === 'two') throw new NotChecked('Flue 2.x stores text only');
        const remedy = 'arguments as they are, replies as Buffers: Flue 1.0.0-beta keeps attachments as bytes';
        const severity = line === null ? 'warning' : null;
        await runner.command('SET', [scratch.key('bytes'), everyByte, 'EX', seconds]);
        const found = await runner.command('GET', [scratch.key('bytes')]);
        must(isBytes(found), `bytes come back as ${typeName(found)}`, remedy, severity);
        must(Buffer.from(everyByte).equals(found), 'the 256 bytes came back changed', remedy, severity);
        await runner.eval(
          "return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])",
          [scratch.key('bytes')],
          [everyByte, seconds],
        );
        const length = Number(await runner.command('STRLEN', [scratch.key('bytes')]));
        must(length === 256, `256 bytes through a script are ${length}`, remedy, severity);
        return undefined;
      },
    },
    {
      // A shape of the client's own: `[{ key, value }]`, a Map.
      code: 'hashes',
      title: 'a hash is a flat list or an object',
      run: async ({ runner, scratch }) => {
        await runner.eval(hashing, [scratch.key('hash')], [seconds]);
        const hash = pairsOf(await runner.command('HGETALL', [scratch.key('hash')]));
        mustEqual({ ...hash }, { a: '1', b: '2' }, 'the reply of HGETALL', 'a flat list of names and values');
        mustEqual(
          pairsOf(await runner.command('HGETALL', [scratch.key('nothing')])),
          {},
          'the reply for a missing hash',
        );
        mustEqual(Number(await runner.command('HSETNX', [scratch.key('hash'), 'a', '9'])), 0, 'the reply of HSETNX');
        return undefined;
      },
    },
    {
      // `.catch(() => null)`.
      code: 'errors-reject',
      title: 'a command that fails rejects',
      run: async ({ runner, scratch }) => {
        const failed = await rejection(runner.command('HGET', [scratch.key('text'), 'field']));
        must(failed, 'a command was kept although the server answered with an error', "let the driver's error through");
        return undefined;
      },
    },
    {
      // Answers that go to the wrong question.
      code: 'parallel-queries',
      title: 'forty commands at once each get their own answer',
      run: async ({ runner }) => {
        const words = Array.from({ length: 40 }, (_, i) => `w${i}`);
        const answers = await Promise.all(words.map((word) => runner.command('ECHO', [word])));
        mustEqual(answers.map(replyText), words, 'their answers');
        return undefined;
      },
    },
  ];
}

const hashing = "redis.call('HSET', KEYS[1], 'a', '1', 'b', '2') return redis.call('EXPIRE', KEYS[1], ARGV[1])";

const scripts: RedisProbe[] = [
  {
    // Keys and arguments swapped, numbers left out.
    code: 'scripts',
    title: 'a script gets its keys, then its arguments',
    run: async ({ runner, scratch }) => {
      const reply = await runner.eval('return {KEYS[1], ARGV[1], #KEYS, #ARGV}', [scratch.key('text')], ['x', 2]);
      must(
        Array.isArray(reply),
        `a script's list comes back as ${typeName(reply)}`,
        'give the reply of the driver as it is',
      );
      mustEqual(
        [replyText(reply[0]), replyText(reply[1]), ...reply.slice(2).map(Number)],
        [scratch.key('text'), 'x', 1, 2],
        'its reply',
        'give it the keys and then the arguments, as they are: without a `keyPrefix` of the client',
      );
      mustEqual(Number(await runner.eval('return 7', [])), 7, 'the reply of a script without arguments');
      mustEqual((await runner.eval('return false', [], [])) ?? null, null, 'nil');
      return undefined;
    },
  },
  {
    code: 'scripts-reject',
    title: 'a script that fails rejects',
    run: async ({ runner }) => {
      const refused = await rejection(runner.eval('return redis.error_reply("ERR no")', [], []));
      must(refused, 'an error reply was given back as a value', 'throw it');
      return undefined;
    },
  },
];
