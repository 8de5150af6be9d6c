import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMariadb } from '../servers/mariadb.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { probeSql } from '../stand-ins/probes.js';
import type { SqlRunner } from './adapters.ts';
import { elapsed, failure, killUnderLoad, pause } from './failure.ts';
import { importMutant, importTemplate, swap } from './template.ts';

const dialect = { at: () => '?', blob: 'LONGBLOB' };
let server: Awaited<ReturnType<typeof startMysql>>;
beforeAll(async () => {
  server = await startMysql();
}, 120_000);
afterAll(() => server.stop());

const opened: SqlRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
});

async function open(url = server.url, mutate?: (text: string) => string): Promise<SqlRunner> {
  process.env.MYSQL_URL = url;
  const runner = mutate
    ? await importMutant<SqlRunner>('mysql@1', 'mysql2.ts', mutate)
    : await importTemplate<SqlRunner>('mysql@1', 'mysql2.ts');
  opened.push(runner);
  return runner;
}

let tables = 0;
async function newTable(runner: SqlRunner, columns: string): Promise<string> {
  const name = `t${++tables}`;
  await runner.query(`CREATE TABLE ${name} (${columns})`);
  return name;
}

/** Ends every connection of an application. */
async function twoRows(runner: SqlRunner): Promise<string> {
  const table = await newTable(runner, 'id INTEGER PRIMARY KEY, n INTEGER');
  await runner.query(`INSERT INTO ${table} VALUES (1, 0), (2, 0)`);
  return table;
}

/** Transactions that update the two rows, every other one in the other order, so that they deadlock. */
function crossing(runner: SqlRunner, table: string, times: number, { swallow = false } = {}): Promise<void>[] {
  return Array.from({ length: times }, (_, i) =>
    runner.transaction(async (tx) => {
      const add = (id: number) => tx.query(`UPDATE ${table} SET n = n + 1 WHERE id = ?`, [id]);
      await add(i % 2 ? 1 : 2);
      await pause(10);
      const second = add(i % 2 ? 2 : 1);
      await (swallow ? second.catch(() => {}) : second);
    }),
  );
}

async function killAll(): Promise<void> {
  const rows = (await server.admin("SELECT id FROM information_schema.processlist WHERE db = 'flue'")) as {
    id: number;
  }[];
  for (const { id } of rows) await server.admin(`KILL ${id}`).catch(() => {});
}

test('a MariaDB server is refused by name, before the adapter meets it', { timeout: 60_000 }, async () => {
  const mariadb = await startMariadb();
  const runner = await open(mariadb.url);
  expect((await failure((runner as SqlRunner & { migrate(): Promise<void> }).migrate())).message).toContain('MariaDB');
  await runner.close();
  await mariadb.stop();
});

describe('mysql@1/mysql2.ts on MySQL 9.7', () => {
  test('keeps the contract', async () => {
    await probeSql(await open(), dialect);
  });

  test('importing it opens nothing; a variable that is unset or empty is an error that names it', async () => {
    const runner = await open('');
    expect((await failure(runner.query('SELECT 1'))).message).toContain('MYSQL_URL is not set');
    delete process.env.MYSQL_URL;
    expect((await failure(runner.transaction(async () => {}))).message).toContain('MYSQL_URL is not set');
  });

  test('a wrong database and a server that is not there fail with their reason', async () => {
    expect((await failure((await open(`${server.url}_nowhere`)).query('SELECT 1'))).message).toContain('nowhere');
    const absent = await failure((await open('mysql://root@127.0.0.1:9/flue')).query('SELECT 1'));
    expect((absent as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
  });

  test('idle connections that are killed, and one lost between two statements', async () => {
    const runner = await open();
    const table = await newTable(runner, 'id INTEGER');
    await Promise.all(Array.from({ length: 5 }, () => runner.query('SELECT SLEEP(0.05)')));
    await killAll();
    await pause(100);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await failure(
      runner.transaction(async (tx) => {
        await tx.query(`INSERT INTO ${table} VALUES (1)`);
        await killAll();
        await pause(50);
        await tx.query(`INSERT INTO ${table} VALUES (2)`);
      }),
    );
    expect(await runner.query(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test("a rollback that fails does not hide the callback's own error", async () => {
    const runner = await open();
    const own = new Error('my own');
    const thrown = await failure(
      runner.transaction(async (tx) => {
        await tx.query('SELECT 1');
        await killAll();
        await pause(50);
        throw own;
      }),
    );
    expect(thrown).toBe(own);
    expect(await runner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('a deadlock is run again, whole', { timeout: 30_000 }, async () => {
    const runner = await open();
    const table = await twoRows(runner);
    await Promise.all(crossing(runner, table, 6));
    expect(await runner.query(`SELECT n FROM ${table}`)).toEqual([{ n: 6 }, { n: 6 }]);
  });

  test('a deadlock that is run again while the runner closes leaves no connection behind', {
    timeout: 30_000,
  }, async () => {
    const runner = await open();
    const table = await twoRows(runner);
    const done = Promise.all(crossing(runner, table, 6));
    await pause(2);
    await runner.close();
    await done;
    const left = async () =>
      ((await server.admin("SELECT id FROM information_schema.processlist WHERE db = 'flue'")) as unknown[]).length;
    for (let tries = 0; (await left()) > 0 && tries < 50; tries += 1) await pause(20);
    expect(await left()).toBe(0);
    expect(await runner.query(`SELECT n FROM ${table}`)).toEqual([{ n: 6 }, { n: 6 }]);
  });

  test('a deadlock that the callback swallows is not half a success', { timeout: 30_000 }, async () => {
    const runner = await open();
    const table = await twoRows(runner);
    await Promise.all(crossing(runner, table, 4, { swallow: true }));
    expect(await runner.query(`SELECT n FROM ${table}`)).toEqual([{ n: 4 }, { n: 4 }]);
  });

  test('50 transactions at once all commit', async () => {
    const runner = await open();
    const table = await newTable(runner, 'id INTEGER');
    await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        runner.transaction((tx) => tx.query(`INSERT INTO ${table} VALUES (?)`, [id])),
      ),
    );
    expect(await runner.query(`SELECT COUNT(*) AS n FROM ${table}`)).toEqual([{ n: 50 }]);
  });

  test('types stay what the adapter expects', async () => {
    const runner = await open();
    const table = await newTable(runner, 'content LONGBLOB, big BIGINT, words LONGTEXT');
    const blob = Uint8Array.from({ length: 1 << 20 }, (_, i) => i % 256);
    await runner.query(`INSERT INTO ${table} VALUES (?, 9007199254740993, ?)`, [blob, '{"a":"😀"}']);
    const [row] = await runner.query(`SELECT content, big, words, NULL AS nothing FROM ${table}`);
    expect(Buffer.from(row!.content as Uint8Array).equals(Buffer.from(blob))).toBe(true);
    expect(String(row!.big)).toBe('9007199254740993');
    expect([row!.words, row!.nothing]).toEqual(['{"a":"😀"}', null]);
  });

  test('a server killed under load and started again: nothing is reported that was not done, and work resumes', {
    timeout: 60_000,
  }, async () => {
    const runner = await open();
    const table = await newTable(runner, 'id INTEGER');
    const { resumed, lost } = await killUnderLoad({
      write: (id) => runner.transaction((tx) => tx.query(`INSERT INTO ${table} VALUES (?)`, [id])),
      kill: () => server.stop('SIGKILL'),
      start: () => server.start(),
      stored: async () => (await runner.query(`SELECT id FROM ${table}`)).map(({ id }) => Number(id)),
    });
    expect(resumed).toBeGreaterThanOrEqual(20);
    expect(lost).toEqual([]);
  });

  test('close drains what is pending, also an open transaction; twice, never opened, and with the server gone', {
    timeout: 30_000,
  }, async () => {
    const runner = await open();
    await runner.close();
    const table = await newTable(runner, 'id INTEGER');
    const pending = runner.transaction(async (tx) => {
      await tx.query(`INSERT INTO ${table} VALUES (1)`);
      await pause(300);
      return 'committed';
    });
    await pause(100);
    await runner.close();
    expect(await pending).toBe('committed');
    await runner.close();
    expect(await runner.query(`SELECT id FROM ${table}`)).toEqual([{ id: 1 }]);
    const queries = Array.from({ length: 30 }, () => runner.query('SELECT SLEEP(0.05)'));
    await runner.close();
    expect((await Promise.all(queries)).length).toBe(30);
    await runner.query('SELECT 1');
    await server.stop('SIGKILL');
    expect(await elapsed(() => runner.close())).toBeLessThan(20_000);
    await server.start();
  });

  test.each([
    [
      'pool instead of connection',
      swap('connection.execute(text, params).then', 'connect().execute(text, params).then'),
    ],
    ['commit on error', swap('await connection.rollback()', 'await connection.commit()')],
    ['lost result', swap('return result;', 'return undefined as never;')],
    ['result object instead of rows', swap('return Array.isArray(rows) ? rows : [];', 'return rows as never;')],
    ['parameters as text', swap('connect().execute(text, params)', 'connect().execute(text, params.map(String))')],
  ])('the mutant "%s" is caught', async (_name, mutate) => {
    expect(await failure(probeSql(await open(server.url, mutate), dialect))).toBeInstanceOf(Error);
  });
});
