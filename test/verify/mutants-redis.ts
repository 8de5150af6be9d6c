import { swap } from '../live/template.ts';
import { also, both, mutantsOf } from './mutants.ts';

const noMapping = swap('    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },\n', '');
const sendCommand = 'on.sendCommand([name, ...args.map(encode)])';
const evaluated = "['EVAL', script, String(keys.length), ...keys, ...args.map(encode)]";
const inMulti = "[['MULTI'], ...list, ['EXEC']]";
const throwsFirst = 'for (const result of results) if (result instanceof Error) throw result;\n      return results;';
const nodeRedis = mutantsOf('redis@1/redis.ts', [
  ['reads bytes as text', noMapping, 'bytes'],
  ['turns bytes into text', swap('Buffer.from(argument)', 'String(argument)'), 'bytes'],
  [
    'gives keys and arguments the wrong way round',
    swap(evaluated, evaluated.replace('...keys, ...args.map(encode)', '...args.map(encode), ...keys')),
    'sets-and-gets',
  ],
  ['counts one key', swap(evaluated, evaluated.replace('String(keys.length)', "'1'")), 'scripts'],
  ['swallows errors', swap(sendCommand, `${sendCommand}.catch(() => null)`), 'errors-reject'],
  [
    'pipelines without MULTI',
    both(swap(inMulti, 'list'), swap('(await Promise.all(sent)).at(-1) as unknown[]', 'await Promise.all(sent)')),
    'pipeline-atomic',
  ],
  ['pipelines nothing', swap('(await Promise.all(sent)).at(-1) as unknown[]', '[] as unknown[]'), 'pipeline'],
  [
    'mixes up what a pipeline gives',
    swap('      return results;\n    }),', '      return results.reverse();\n    }),'),
    'pipeline',
  ],
  [
    'sends a pipeline one by one',
    (text) =>
      text.replace(
        /const chainId[\s\S]*?return results;/,
        'const results: unknown[] = [];\n for (const { command, args = [] } of commands) results.push(await on.sendCommand([command, ...args.map(encode)]));\n return results;',
      ),
    'pipeline-one-trip',
  ],
  [
    'gives a failed command of a pipeline as a value',
    swap('for (const result of results) if (result instanceof Error) throw result;', ''),
    { allowed: 'the adapter looks for errors among the results' },
  ],
  [
    'gives nothing for a failed command of a pipeline',
    swap(throwsFirst, 'return results.map((one) => (one instanceof Error ? null : one));'),
    'pipeline-rejects',
  ],
  [
    'keeps one list of answers for all pipelines',
    both(
      also('let answers: unknown[] = [];'),
      swap(throwsFirst, 'answers = results;\n await setTimeout(5);\n return answers;'),
    ),
    'pipeline-parallel',
  ],
  [
    'gives the error of a script as a value',
    swap(`on.sendCommand(${evaluated}));`, `on.sendCommand(${evaluated}).catch((error: Error) => error));`),
    'scripts-reject',
  ],
  ['speaks RESP 3', swap('RESP: 2,', 'RESP: 3,'), { allowed: 'the adapter takes a hash as an object, too' }],
  [
    'makes a client for every call',
    both(swap('  client ??= open()', '  client = open()'), swap('current?.isReady ? run(current) : opened', 'opened')),
    'one-client',
  ],
  [
    'does not listen for errors',
    (text) => text.replace(/ {2}opening\.on\('error'.*\n/, ''),
    'survives-lost-connection',
  ],
  [
    'never connects again',
    swap('current ? Math.min(retries * 100, 2_000) : cause', 'cause'),
    'survives-lost-connection',
  ],
  [
    'remembers a start that failed',
    swap('    client = undefined;\n    throw error;', '    throw error;'),
    'starts-again',
  ],
  ['keeps a closed client', swap('    client = current = undefined;\n', ''), 'starts-again'],
  ['connects when it is imported', also('await connect();'), 'import-connects-nothing'],
  ['closes at once', (text) => text.replace(/ {4}if \(closing\?\.isReady\) await.*\n/, ''), 'close-waits'],
  ['does not reach the adapter', swap('    await adapter.migrate?.();\n', ''), 'starts'],
  [
    'does not connect first',
    swap('    await connect();\n    await adapter', '    await adapter'),
    { allowed: 'the first command connects' },
  ],
  [
    'sends a write again',
    swap('...args.map(encode)]), name),', "...args.map(encode)]), 'GET'),"),
    { allowed: 'it takes a reply that is lost: test/live/redis.test.ts' },
  ],
  [
    'keeps its state under no prefix',
    swap('const adapter = redis({', "const options = { keyPrefix: ':' };\nconst adapter = redis({"),
    { allowed: 'nothing is handed to the adapter' },
  ],
]);

const glide = mutantsOf('valkey@1/glide.ts', [
  ["gives the client's own maps", swap('reply.flatMap(({ key, value }) => [key, plain(value)])', 'reply'), 'hashes'],
  ['reads bytes as text', swap('defaultDecoder: Decoder.Bytes,', ''), 'bytes'],
  ['pipelines without MULTI', swap('new Batch(true)', 'new Batch(false)'), 'pipeline-atomic'],
]);

const iovalkey = mutantsOf('valkey@1/iovalkey.ts', [
  ['reads bytes as text', swap('on.callBuffer(name,', 'on.call(name,'), 'bytes'],
  [
    'does not listen for errors',
    (text) => text.replace(/opening\.on\('error'[\s\S]*?\n {2}\}\);/, ''),
    { allowed: 'the client then prints it, and lives on' },
  ],
]);

/** Of templates for Redis and Valkey. */
export const redisMutants = [...nodeRedis, ...glide, ...iovalkey];
