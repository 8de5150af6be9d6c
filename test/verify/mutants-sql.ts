import { swap } from '../live/template.ts';
import { also, both, mutantsOf } from './mutants.ts';

const wrong = 'export default { ...adapter, migrate: async () => {} };';
const ownQuery = 'query: async (text, params) => (await connect().query(text, params)).rows,';
const inTransaction = '(await client.query(text, params)).rows,\n    });';
const commits = /const \{ command \} = await client\.query\('COMMIT'\);\n.*\n/;
const rollsBack = /await client\.query\('ROLLBACK'\)\.catch\(\(reason: Error\) => \{\n.*\n {4}\}\);/;
const newPool = 'new Pool({ connectionString,';
const typed = (oid: number, read: string) =>
  both(
    swap("import { Pool } from 'pg';", "import { Pool, types } from 'pg';"),
    swap(
      newPool,
      `${newPool} types: { getTypeParser: ((oid: number, format: 'text') => oid === ${oid} ? ${read} : types.getTypeParser(oid, format)) as never },`,
    ),
  );

const pg = mutantsOf('postgres@1/pg.ts', [
  ['gives the result and not its rows', swap(ownQuery, ownQuery.replace('.rows', ' as never')), 'starts'],
  [
    'gives rows as arrays',
    swap(ownQuery, ownQuery.replace('query(text, params)', "query({ text, values: params, rowMode: 'array' })")),
    'starts',
  ],
  ['turns parameters into text', swap(ownQuery, ownQuery.replace('params))', 'params?.map(String)))')), 'parameters'],
  [
    'swallows errors',
    swap(ownQuery, ownQuery.replace('params))', 'params).catch(() => ({ rows: [] })))')),
    'errors-reject',
  ],
  [
    'keeps one answer for all queries',
    both(
      also('let answer: Record<string, unknown>[] = [];'),
      swap(
        ownQuery,
        'query: async (text, params) => {\n answer = (await connect().query(text, params)).rows;\n' +
          ' await setTimeout(5);\n return answer;\n },',
      ),
    ),
    'parallel-queries',
  ],
  ['asks the pool in a transaction', swap(inTransaction, inTransaction.replace('client.', 'connect().')), 'rolls-back'],
  ['begins nothing', swap("await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');", ''), 'rolls-back'],
  ['commits nothing', (text) => text.replace(commits, "await client.query('ROLLBACK');"), 'commits'],
  ['does not roll back', (text) => text.replace(rollsBack, 'broken = undefined;'), 'rolls-back'],
  [
    'commits where the callback throws',
    (text) => text.replace(rollsBack, "await client.query('COMMIT');"),
    'rolls-back',
  ],
  [
    'does not look at what COMMIT answers',
    swap("if (command !== 'COMMIT') throw", 'if (!command) throw'),
    'honest-commit',
  ],
  ['keeps the error to itself', swap('throw error;\n  } finally', 'return undefined as T;\n  } finally'), 'rolls-back'],
  [
    'wraps the error',
    swap('throw error;\n  } finally', "throw new Error('failed', { cause: error });\n  } finally"),
    'own-error',
  ],
  ['loses the result', swap('return result;', 'return undefined as T;'), 'commits'],
  ['never gives a connection back', swap('client.release(broken);', ''), 'parallel-transactions'],
  [
    'gives a connection back only where all went well',
    both(swap('client.release(broken);', ''), swap('return result;', 'client.release();\n    return result;')),
    'usable-after-failures',
  ],
  ['uses one connection for all', swap(newPool, `${newPool} max: 1,`), { allowed: 'slow, and right: it queues' }],
  ['transactions at another level', swap('READ COMMITTED', 'SERIALIZABLE'), 'isolation'],
  ['makes a pool for every call', swap('if (pool) return pool;', ''), 'one-client'],
  [
    'makes a pool for every transaction',
    swap(
      'const client = await connect().connect();',
      'const client = await new Pool({ connectionString: process.env.DATABASE_URL }).connect();',
    ),
    'one-client',
  ],
  [
    'does not listen for errors',
    both(
      swap("  pool.on('error', reportLoss);\n", ''),
      swap(
        "  pool.on('connect', (client) => client.on('error', reportLoss));\n",
        'if (!pool) reportLoss(new Error());',
      ),
    ),
    'survives-lost-connection',
  ],
  ['connects when it is imported', also("await connect().query('SELECT 1');"), 'import-connects-nothing'],
  [
    'keeps a closed pool',
    swap('pool = undefined;\n    if (!closing) return;', 'if (!closing) return;'),
    'starts-again',
  ],
  ['ends the pool at once', (text) => text.replace(/for \(; closing\.waitingCount.*\n/, ''), 'close-waits'],
  ['has no close()', swap('  close: async () => {', '  shut: async () => {'), 'runner-complete'],
  ['has lost migrate()', swap('export default adapter;', 'export default { connect: adapter.connect };'), 'starts'],
  ['has a migrate() of its own', swap('export default adapter;', wrong), 'starts'],
  ['reads bytea as text', typed(17, '(value: string) => value'), 'bytes'],
  ['rounds large integers', typed(20, '(value: string) => Math.fround(Number(value))'), 'large-integers'],
  ['reads JSON out of text', typed(25, "(value: string) => (value[0] === '{' ? JSON.parse(value) : value)"), 'text'],
  ['gives up after 50 ms', swap(newPool, `${newPool} statement_timeout: 50,`), 'time-for-statements'],
  ['keeps no connection alive', swap(', keepAlive: true', ''), { allowed: 'a matter of the network between' }],
  [
    'closes idle connections soon',
    swap(newPool, `${newPool} idleTimeoutMillis: 500,`),
    { allowed: 'a new one is made' },
  ],
]);

const ofClient = 'createClient(url, {';
const postgresJs = mutantsOf('postgres@1/postgres.ts', [
  [
    "gives the driver's own kind of array",
    swap(
      '[...(await counted(connect().unsafe(text, params)))]',
      '(await counted(connect().unsafe(text, params))) as never',
    ),
    'makes-table',
  ],
  ['renames columns', swap(ofClient, `${ofClient} transform: createClient.camel,`), 'plain-rows'],
  ['asks the client in a transaction', swap('await sql.unsafe', 'await connect().unsafe'), 'rolls-back'],
  [
    'does not wait for what is pending',
    swap('pending > 0 && msLeft > 0', 'msLeft < 0'),
    { allowed: 'end() itself waits for a second' },
  ],
  ['keeps a closed client', swap('    client = undefined;\n', ''), 'starts-again'],
  ['makes a client for every call', swap('if (client) return client;', ''), 'one-client'],
  ['transactions at another level', swap('read committed', 'repeatable read'), 'isolation'],
  ['loses the result', swap('return working as Promise<T>', 'return undefined as T'), 'commits'],
  [
    'leaves the level to the server',
    swap("'isolation level read committed', ", ''),
    { allowed: "the server's is the same" },
  ],
  ['prepares nothing', swap(ofClient, `${ofClient} prepare: false,`), { allowed: 'as it should be behind a pooler' }],
  [
    'settles on a connection that was lost',
    swap('if (lost) await new Promise(() => {});', ''),
    { allowed: 'it takes a connection that is lost inside a transaction: test/live/postgres.test.ts' },
  ],
]);

const mysql2 = mutantsOf('mysql@1/mysql2.ts', [
  ['gives what an INSERT answers', swap('Array.isArray(rows) ? rows : []', 'rows as never'), 'makes-table'],
  ['gives rows as arrays', swap('supportBigNumbers: true,', 'supportBigNumbers: true, rowsAsArray: true,'), 'starts'],
  [
    'rounds large integers',
    swap('    supportBigNumbers: true,\n', ''),
    { allowed: '2^53 - 1 is exact; Flue counts no further' },
  ],
  [
    'reads bytes as text',
    swap(
      'supportBigNumbers: true,',
      "supportBigNumbers: true, typeCast: (field, next) => (field.type === 'BLOB' ? field.string() : next()),",
    ),
    'bytes',
  ],
  ['asks the pool in a transaction', swap('connection.execute(text', 'on.execute(text'), 'rolls-back'],
  ['begins nothing', swap('    await connection.beginTransaction();\n', ''), 'rolls-back'],
  ['commits nothing', swap('    await connection.commit();\n', '    await connection.rollback();\n'), 'commits'],
  ['does not roll back', swap('await connection.rollback().then(', 'await Promise.resolve().then('), 'rolls-back'],
  ['loses the result', swap('    return result;', '    return undefined as T;'), 'commits'],
  [
    'gives a connection back only where all went well',
    swap('() => connection.release(),', '() => {},'),
    'usable-after-failures',
  ],
  ['makes a pool for every call', swap('if (pool) return pool;', ''), 'one-client'],
  ['keeps a closed pool', swap('    pool = undefined;\n    if', '    if'), 'starts-again'],
  ['does not wait for what is pending', swap('pending > 0 && msLeft > 0', 'msLeft < 0'), 'close-waits'],
  ['does not reach the adapter', swap('    await adapter.migrate?.();\n', ''), 'starts'],
  [
    'keeps numbers as text',
    swap('supportBigNumbers: true,', 'supportBigNumbers: true, bigNumberStrings: true,'),
    { allowed: 'the adapter reads numbers from text' },
  ],
  [
    'does not ask for MariaDB',
    swap(".includes('MariaDB')", ".includes('no such server')"),
    { allowed: '`server-kind` asks' },
  ],
]);

const libsql = mutantsOf('libsql@1/client.ts', [
  [
    "gives the driver's own rows",
    swap('rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))', '(columns, rows) as never'),
    { allowed: 'they have the columns by name' },
  ],
  [
    'gives rows as arrays',
    swap('Object.fromEntries(columns.map((name, i) => [name, row[i]]))', 'columns.map((_, i) => row[i]) as never'),
    'starts',
  ],
  ['commits nothing', swap('        await transaction.commit();\n', ''), 'commits'],
  ['commits where the callback throws', swap('transaction.rollback()', 'transaction.commit()'), 'rolls-back'],
  [
    'does not roll back',
    swap('await transaction.rollback().catch(() => {});', ''),
    { allowed: 'closing it rolls back' },
  ],
  [
    'keeps the error to itself',
    swap('        throw error;\n      } finally', '        return undefined as never;\n      } finally'),
    'rolls-back',
  ],
  ['loses the result', swap('return result;', 'return undefined as never;'), 'commits'],
  [
    'reads integers as BigInt',
    swap('createClient({ url,', "createClient({ url, intMode: 'bigint',"),
    { allowed: 'the adapter makes numbers of them' },
  ],
]);

/** Of templates for Postgres, MySQL and libSQL. */
export const sqlMutants = [...pg, ...postgresJs, ...mysql2, ...libsql];
