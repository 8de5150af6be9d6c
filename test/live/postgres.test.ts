import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startNeonProxy, useNeonProxy } from '../servers/neon-proxy.mjs';
import { startPgbouncer } from '../servers/pgbouncer.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { probeSql } from '../stand-ins/probes.js';
import type { SqlRunner } from './adapters.ts';
import { elapsed, failure, killUnderLoad, pause } from './failure.ts';
import { importMutant, importTemplate, swap } from './template.ts';

const blueprint = 'postgres@1';
const dialect = { at: (n: number) => `$${n}`, blob: 'BYTEA' };

const templates = ['pg.ts', 'postgres.ts', 'neon.ts'];

let server: Awaited<ReturnType<typeof startPostgres>>;
let proxy: Awaited<ReturnType<typeof startNeonProxy>>;
beforeAll(async () => {
  [server, proxy] = await Promise.all([startPostgres(), startNeonProxy()]);
  useNeonProxy(proxy);
}, 60_000);
afterAll(async () => {
  await server.stop();
  proxy.close();
});

/** A table of its own for every test. */
let tables = 0;
async function newTable(runner: SqlRunner, columns: string): Promise<string> {
  const name = `t${++tables}`;
  await runner.query(`CREATE TABLE ${name} (${columns})`);
  return name;
}

const opened: SqlRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
  process.env.DATABASE_URL = server.url;
});

async function open(file: string, url: string | undefined = server.url): Promise<SqlRunner> {
  const runner = await importTemplate<SqlRunner>(blueprint, file);
  if (url === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = url;
  opened.push(runner);
  return runner;
}

/** Ends every other connection, as an administrator or a failover would. */
const terminateAll = () =>
  server.admin(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
  );

describe.each(templates)('%s', (file) => {
  test('keeps the contract', async () => {
    await probeSql(await open(file), dialect);
  });

  test('importing it opens nothing and needs no variable', async () => {
    delete process.env.DATABASE_URL;
    await importTemplate(blueprint, file);
    process.env.DATABASE_URL = `${server.url}?application_name=importer`;
    await importTemplate(blueprint, file);
    await pause(50);
    const opened = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'importer'";
    expect(await server.admin(opened)).toEqual([{ n: 0 }]);
  });

  test.each([undefined, ''])('the variable %j is an error that names it', async (value) => {
    const runner = await open(file, value ?? undefined);
    if (value === undefined) delete process.env.DATABASE_URL;
    expect((await failure(runner.query('SELECT 1'))).message).toContain('DATABASE_URL is not set');
    expect((await failure(runner.transaction(async () => {}))).message).toContain('DATABASE_URL is not set');
  });

  test('a malformed URL, a wrong database and a server that is not there fail with their reason', async () => {
    expect(await failure((await open(file, 'postgresql://[')).query('SELECT 1'))).toBeInstanceOf(Error);
    const nowhere = await failure((await open(file, server.url.replace(/postgres$/, 'nowhere'))).query('SELECT 1'));
    expect(nowhere.message).toContain('nowhere');
    const absent = await failure((await open(file, 'postgresql://flue@127.0.0.1:9/postgres')).query('SELECT 1'));
    // Neon's proxy does not pass the reason on.
    if (file !== 'neon.ts') expect(String((absent as NodeJS.ErrnoException).code)).toContain('ECONNREFUSED');
  });

  test('idle connections that are terminated cost at most a query, never the process', async () => {
    const runner = await open(file);
    await Promise.all(Array.from({ length: 5 }, () => runner.query('SELECT pg_sleep(0.05)')));
    await terminateAll();
    await pause(100);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a connection lost between two statements fails the transaction, and nothing of it stays', async () => {
    const runner = await open(file);
    const table = await newTable(runner, 'id INTEGER');
    await failure(
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES (1)`);
        await terminateAll();
        await pause(50);
        await tx.query('INSERT INTO lost VALUES (2)');
      }),
    );
    await pause(50);
    expect(await runner.query(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test('a connection lost during a statement fails the transaction, and the next one works', async () => {
    const runner = await open(file);
    const lost = failure(runner.transaction((tx) => tx.query('SELECT pg_sleep(5)')));
    await pause(100);
    await terminateAll();
    expect(await lost).toBeInstanceOf(Error);
    expect(await runner.transaction((tx) => tx.query('SELECT 2 AS two'))).toEqual([{ two: 2 }]);
  });

  test("a rollback that fails does not hide the callback's own error, and its connection is not used again", async () => {
    const runner = await open(file);
    const own = new Error('my own');
    const thrown = await failure(
      runner.transaction(async (tx) => {
        await tx.query('SELECT 1');
        await terminateAll();
        await pause(50);
        throw own;
      }),
    );
    expect(thrown).toBe(own);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a late callback of a lost transaction touches nobody else', async () => {
    const runner = await open(file);
    const table = await newTable(runner, 'who TEXT');
    const first = failure(
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES ('first')`);
        await terminateAll();
        await pause(300);
        await tx.query(`INSERT INTO ${table} VALUES ('first again')`);
      }),
    );
    await pause(200);
    await runner.transaction(async (tx) => {
      await tx.query(`INSERT INTO ${table} VALUES ('second')`);
      await pause(300);
      await tx.query(`INSERT INTO ${table} VALUES ('second again')`);
    });
    await first;
    expect(await runner.query(`SELECT who FROM ${table}`)).toEqual([{ who: 'second' }, { who: 'second again' }]);
  });

  test('a failed statement that the callback swallows is not reported as success', async () => {
    const runner = await open(file);
    const table = await newTable(runner, 'id INTEGER');
    await failure(
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES (1)`);
        await tx.query('SELECT no_such_column').catch(() => {});
      }),
    );
    expect(await runner.query(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test('50 transactions at once all commit', async () => {
    const runner = await open(file);
    const table = await newTable(runner, 'id INTEGER');
    await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        runner.transaction((tx) => tx.query(`INSERT INTO ${table} VALUES ($1)`, [id])),
      ),
    );
    expect(await runner.query(`SELECT count(*)::int AS n FROM ${table}`)).toEqual([{ n: 50 }]);
  });

  test(`it runs at READ COMMITTED whatever the server defaults to`, async () => {
    await server.admin("ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'");
    const runner = await open(file);
    const [row] = await runner.transaction((tx) => tx.query('SHOW transaction_isolation'));
    await server.admin('ALTER DATABASE postgres RESET default_transaction_isolation');
    expect(row).toEqual({ transaction_isolation: 'read committed' });
  });

  test('types stay what the adapter expects', async () => {
    const runner = await open(file);
    const blob = Uint8Array.from({ length: 1 << 20 }, (_, i) => i % 256);
    const [row] = await runner.query(
      'SELECT $1::bytea AS blob, 9007199254740993::bigint AS big, NULL AS nothing, $2::text AS json',
      [blob, '{"a":1}'],
    );
    expect(Buffer.from(row!.blob as Uint8Array).equals(Buffer.from(blob))).toBe(true);
    expect(String(row!.big)).toBe('9007199254740993');
    expect(row!.nothing).toBeNull();
    expect(row!.json).toBe('{"a":1}');
  });

  test('a server killed under load and started again: no work is reported that was not done, and work resumes', {
    timeout: 60_000,
  }, async () => {
    const runner = await open(file);
    const table = await newTable(runner, 'id INTEGER');
    const { resumed, lost } = await killUnderLoad({
      write: (id) => runner.transaction((tx) => tx.query(`INSERT INTO ${table} VALUES ($1)`, [id])),
      kill: () => server.stop('SIGQUIT'),
      start: () => server.start(),
      stored: async () => (await server.admin(`SELECT id FROM ${table}`)).map(({ id }) => id),
    });
    expect(resumed).toBeGreaterThanOrEqual(20);
    expect(lost).toEqual([]);
  });

  test('close drains what is pending, may be called twice or never opened, and the module works again after it', async () => {
    const runner = await open(file);
    await runner.close();
    const pending = runner.query('SELECT pg_sleep(0.3), 1 AS one');
    await pause(100);
    await runner.close();
    expect(await pending).toMatchObject([{ one: 1 }]);
    await runner.close();
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('close drains what still waits for a connection', async () => {
    const runner = await open(file);
    await runner.query('SELECT 1');
    const pending = Array.from({ length: 30 }, () => runner.query('SELECT pg_sleep(0.1), 1 AS one'));
    await runner.close();
    expect((await Promise.all(pending)).flat().map(({ one }) => one)).toEqual(Array(30).fill(1));
  });

  test('close ends within its limit when the server is gone', { timeout: 30_000 }, async () => {
    const runner = await open(file);
    await runner.query('SELECT 1');
    await server.stop('SIGQUIT');
    expect(await elapsed(() => runner.close())).toBeLessThan(20_000);
    await server.start();
  });
});

test.each(['pg.ts', 'postgres.ts'])(
  '%s works behind PgBouncer in transaction mode',
  { timeout: 60_000 },
  async (file) => {
    const bouncer = await startPgbouncer(server.url);
    const runner = await open(file, bouncer.url);
    await probeSql(runner, dialect);
    const table = await newTable(runner, 'id INTEGER');
    const work = (id: number) =>
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES ($1)`, [id]);
        return tx.query(`SELECT id FROM ${table} WHERE id = $1`, [id]);
      });
    const results = await Promise.all(Array.from({ length: 200 }, (_, id) => work(id)));
    expect(results.flat().map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, id) => id));
    await runner.close();
    await bouncer.stop();
  },
);

describe('a mutant is caught', () => {
  const mutants: [name: string, file: string, change: (text: string) => string][] = [
    [
      'pool instead of client',
      'pg.ts',
      swap('(await client.query(text, params)).rows', '(await connect().query(text, params)).rows'),
    ],
    ['COMMIT on error', 'pg.ts', swap("client.query('ROLLBACK')", "client.query('COMMIT')")],
    ['swallowed error', 'pg.ts', swap('    throw error;\n  } finally', '    return undefined as never;\n  } finally')],
    ['lost result', 'pg.ts', swap('    return result;\n', '    return undefined as never;\n')],
    [
      'result object instead of rows',
      'pg.ts',
      swap('(await connect().query(text, params)).rows', '(await connect().query(text, params)) as never'),
    ],
    [
      'parameters as text',
      'pg.ts',
      swap('connect().query(text, params)', 'connect().query(text, params?.map(String))'),
    ],
    [
      'client outside the transaction',
      'postgres.ts',
      swap('await sql.unsafe(text, params)', 'await connect().unsafe(text, params)'),
    ],
    ['swallowed error', 'postgres.ts', swap('    await working;\n    throw error;', '    return undefined as never;')],
    ['lost result', 'postgres.ts', swap('return working as Promise<T>', 'return undefined as never')],
    [
      'result object instead of rows',
      'postgres.ts',
      swap(
        '[...(await counted(connect().unsafe(text, params)))]',
        '(await counted(connect().unsafe(text, params))) as never',
      ),
    ],
  ];
  test.each(mutants)('%s (%s)', async (_name, file, change) => {
    process.env.DATABASE_URL = server.url;
    const runner = await importMutant<SqlRunner>(blueprint, file, change);
    opened.push(runner);
    expect(await failure(probeSql(runner, dialect))).toBeInstanceOf(Error);
  });
});
