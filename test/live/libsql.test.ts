import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { createClient } from '@libsql/client';
import { afterEach, describe, expect, test } from 'vitest';
import { eraseTypes } from '../../src/blueprints/erase-types.ts';
import { root, scratch } from '../flue.ts';
import { probeSql } from '../stand-ins/probes.js';
import type { SqlRunner } from './adapters.ts';
import { failure, fiftyAtOnce, pause } from './failure.ts';
import { importMutant, importTemplate, swap, templateFolder } from './template.ts';

const dialect = { at: () => '?', blob: 'BLOB', bytes: (list: number[]) => Uint8Array.from(list).buffer };
const opened: SqlRunner[] = [];
afterEach(async () => {
  for (const runner of opened.splice(0)) await runner.close();
});

async function open(url: string, mutate?: (text: string) => string): Promise<SqlRunner> {
  process.env.LIBSQL_URL = url;
  const runner = mutate
    ? await importMutant<SqlRunner>('libsql@1', 'client.ts', mutate)
    : await importTemplate<SqlRunner>('libsql@1', 'client.ts');
  opened.push(runner);
  return runner;
}

const majors: [name: string, mutate: (text: string) => string][] = [
  ['@libsql/client 0.17', (text) => text],
  ['@libsql/client 0.18', (text) => text.replace("from '@libsql/client'", "from 'libsql-18'")],
];

describe.each(majors)('libsql@1/client.ts with %s', (_name, as) => {
  const file = () => `file:${path.join(scratch('libsql'), 'flue.db')}`;

  test('keeps the contract', async () => {
    await probeSql(await open(file(), as), dialect);
  });

  test('importing it makes no file; a variable that is unset, empty or :memory: is an error that names it', async () => {
    const url = file();
    const runner = await open(url, as);
    expect(existsSync(url.slice('file:'.length))).toBe(false);
    for (const value of [undefined, '', ':memory:', 'file::memory:']) {
      if (value === undefined) delete process.env.LIBSQL_URL;
      else process.env.LIBSQL_URL = value;
      expect((await failure(runner.query('SELECT 1'))).message).toContain('LIBSQL_URL is');
      expect((await failure(runner.transaction(async () => {}))).message).toContain('LIBSQL_URL is');
    }
    process.env.LIBSQL_URL = 'file:/dev/null/at/all/flue.db';
    expect(await failure(runner.query('SELECT 1'))).toBeInstanceOf(Error);
  });

  test('50 transactions at once, with queries among them, all commit', async () => {
    const runner = await open(file(), as);
    expect(await fiftyAtOnce(runner)).toEqual([{ n: 50 }]);
  });

  test('another writer: waits for it, and reads what it wrote', { timeout: 30_000 }, async () => {
    const url = file();
    const runner = await open(url, as);
    await runner.query('CREATE TABLE shared (id INTEGER)');
    const other = createClient({ url });
    const held = await other.transaction('write');
    await held.execute('INSERT INTO shared VALUES (1)');
    const waiting = runner.transaction((tx) => tx.query('INSERT INTO shared VALUES (2)'));
    await pause(300);
    await held.commit();
    await waiting;
    expect(await runner.query('SELECT id FROM shared ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    await other.execute('INSERT INTO shared VALUES (3)');
    expect(await runner.query('SELECT count(*) AS n FROM shared')).toEqual([{ n: 3 }]);
    other.close();
  });

  test('another writer: statements, and a transaction begun beside them, wait for it and leave no old data behind', {
    timeout: 30_000,
  }, async () => {
    const url = file();
    const runner = await open(url, as);
    await runner.query('CREATE TABLE shared (id INTEGER)');
    const other = createClient({ url });
    for (let round = 0; round < 5; round += 1) {
      const held = await other.transaction('write');
      await held.execute('INSERT INTO shared VALUES (0)');
      const insert = () => runner.query('INSERT INTO shared VALUES (1)');
      const waiting = [
        insert(),
        insert(),
        runner.transaction((tx) => tx.query('INSERT INTO shared VALUES (2)')),
        insert(),
      ];
      await pause(20);
      await held.commit();
      await Promise.all(waiting);
      await other.execute('INSERT INTO shared VALUES (3)');
      expect(await runner.query('SELECT count(*) AS n FROM shared')).toEqual([{ n: 6 * (round + 1) }]);
    }
    other.close();
  });

  test('another writer: close waits for a statement that met it, and what was asked first is there first', async () => {
    const url = file();
    const runner = await open(url, as);
    await runner.query('CREATE TABLE shared (id INTEGER)');
    const other = createClient({ url });
    const held = await other.transaction('write');
    const insert = runner.query('INSERT INTO shared VALUES (1)');
    const count = runner.transaction((tx) => tx.query('SELECT count(*) AS n FROM shared'));
    const closing = runner.close();
    await pause(200);
    await held.rollback();
    await closing;
    expect(await Promise.race([insert.then(() => 'written'), pause(0)])).toBe('written');
    expect(await count).toEqual([{ n: 1 }]);
    expect((await other.execute('SELECT id FROM shared')).rows).toHaveLength(1);
    other.close();
  });

  test('processes that start together on a file that is not there yet all get in', { timeout: 60_000 }, async () => {
    const script = worker(as, 'CREATE TABLE IF NOT EXISTS work (who TEXT, id INTEGER)');
    for (let round = 0; round < 2; round += 1) {
      const env = { ...process.env, LIBSQL_URL: file() };
      const run = (who: string) => promisify(execFile)(process.execPath, [script, who, '5'], { env });
      const outputs = await Promise.all(['a', 'b', 'c'].map(run));
      expect(outputs.map(({ stdout }) => stdout)).toEqual(['5 done', '5 done', '5 done']);
    }
  });

  test('types stay what the adapter expects', async () => {
    const runner = await open(file(), as);
    await runner.query('CREATE TABLE types (content BLOB, words TEXT)');
    const blob = Uint8Array.from({ length: 1 << 20 }, (_, i) => i % 256);
    await runner.query('INSERT INTO types VALUES (?, ?)', [blob.buffer, '{"a":1}']);
    const [row] = await runner.query('SELECT content, words, NULL AS absent FROM types');
    expect(Buffer.from(row!.content as ArrayBuffer).equals(Buffer.from(blob))).toBe(true);
    expect([row!.words, row!.absent]).toEqual(['{"a":1}', null]);
    expect(Object.keys(row!)).toEqual(['content', 'words', 'absent']);
  });

  test('close drains what is pending, twice and never opened, and the module works again after it', async () => {
    const runner = await open(file(), as);
    await runner.close();
    await runner.query('CREATE TABLE closing (id INTEGER)');
    const pending = runner.transaction(async (tx) => {
      await tx.query('INSERT INTO closing VALUES (1)');
      await pause(200);
      return 'committed';
    });
    await pause(50);
    await runner.close();
    expect(await pending).toBe('committed');
    await runner.close();
    expect(await runner.query('SELECT id FROM closing')).toEqual([{ id: 1 }]);
  });

  test('three processes on one file lose nothing, also when one is killed', { timeout: 120_000 }, async () => {
    const folder = scratch('libsql');
    const url = `file:${path.join(folder, 'flue.db')}`;
    const runner = await open(url, as);
    await runner.query('CREATE TABLE work (who TEXT, id INTEGER)');
    const script = worker(as);
    const run = (who: string) =>
      promisify(execFile)(process.execPath, [script, who, '60'], { env: { ...process.env, LIBSQL_URL: url } });
    const killed = run('killed');
    setTimeout(() => killed.child.kill('SIGKILL'), 400);
    const outputs = await Promise.all([run('a'), run('b'), run('c'), killed.catch(() => null)]);
    for (const output of outputs.slice(0, 3)) expect(output!.stdout).toBe('60 done');
    expect(
      await runner.query("SELECT who, count(*) AS n FROM work WHERE who <> 'killed' GROUP BY who ORDER BY who"),
    ).toEqual([
      { who: 'a', n: 60 },
      { who: 'b', n: 60 },
      { who: 'c', n: 60 },
    ]);
    expect(await runner.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});

describe('a mutant is caught', () => {
  test.each([
    [
      'the client instead of the transaction',
      swap(
        'plain(await transaction.execute({ sql: text, args: params }))',
        'plain(await client!.execute({ sql: text, args: params }))',
      ),
    ],
    ['commit on error', swap('await transaction.rollback()', 'await transaction.commit()')],
    ['lost result', swap('return result;', 'return undefined as never;')],
    [
      'result object instead of rows',
      swap(
        'return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));',
        'return { columns, rows } as never;',
      ),
    ],
  ])('the mutant "%s" is caught', async (_name, mutate) => {
    expect(
      await failure(probeSql(await open(`file:${path.join(scratch('libsql'), 'flue.db')}`, mutate), dialect)),
    ).toBeInstanceOf(Error);
  });
});

/** The template as JavaScript, with a loop of transactions behind it, for a process of its own. */
function worker(as: (text: string) => string, first = 'SELECT 1'): string {
  const folder = templateFolder();
  const text = readFileSync(path.join(root, 'blueprints/database/libsql@1/client.ts'), 'utf8');
  const runner = eraseTypes(as(text)).replace(
    /import \{ libsql \} from '@flue\/libsql';/,
    'const libsql = (runner) => runner;',
  );
  writeFileSync(path.join(folder, 'db.mjs'), runner);
  const loop = `import runner from './db.mjs';
const [, , who, times] = process.argv;
let done = 0;
await runner.query('${first}');
for (let id = 0; id < Number(times); id += 1) {
  await runner.transaction(async (tx) => {
    await tx.query('SELECT count(*) FROM work');
    await tx.query('INSERT INTO work VALUES (?, ?)', [who, id]);
  });
  done += 1;
}
await runner.close();
process.stdout.write(done + ' done');
`;
  writeFileSync(path.join(folder, 'loop.mjs'), loop);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'loop.mjs');
}

describe('turso@1/client.ts (no Turso server ran: its client over a file)', () => {
  async function openTurso(url: string, token: string): Promise<SqlRunner> {
    Object.assign(process.env, { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: token });
    // A file is refused as a malformed URL; here it takes the place of the server that cannot be had.
    const asFile = swap('if (!urlPattern.test(url))', "if (!urlPattern.test(url) && !url.startsWith('file:'))");
    const runner = await importMutant<SqlRunner>('turso@1', 'client.ts', asFile);
    opened.push(runner);
    return runner;
  }

  test('keeps the contract as far as a file goes', async () => {
    await probeSql(await openTurso(`file:${path.join(scratch('turso'), 'x.db')}`, 'unused'), dialect);
  });

  test('either variable unset or empty is an error that names it; a server that is not there fails', async () => {
    expect((await failure((await openTurso('', 'x')).query('SELECT 1'))).message).toContain(
      'TURSO_DATABASE_URL is not set',
    );
    const runner = await openTurso('http://127.0.0.1:9', '');
    expect((await failure(runner.query('SELECT 1'))).message).toContain('TURSO_AUTH_TOKEN is not set');
    expect((await failure(runner.transaction(async () => {}))).message).toContain('TURSO_AUTH_TOKEN is not set');
    expect(await failure((await openTurso('http://127.0.0.1:9', 'x')).query('SELECT 1'))).toBeInstanceOf(Error);
  });
});
