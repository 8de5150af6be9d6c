import type { Client } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSqld, tokenPair } from '../servers/sqld.mjs';
import { probeSql } from '../stand-ins/probes.js';
import { project, verified } from '../verify/projects.mjs';
import type { SqlRunner } from './adapters.ts';
import { failure, fiftyAtOnce, killUnderLoad, pause } from './failure.ts';
import { importShared, importTemplate } from './template.ts';

/** The templates for libSQL and Turso over a real sqld, which is what Turso runs: over HTTP and over a WebSocket. */
const pair = tokenPair();
const stranger = tokenPair();
let open: Awaited<ReturnType<typeof startSqld>>;
let guarded: Awaited<ReturnType<typeof startSqld>>;
beforeAll(async () => {
  [open, guarded] = await Promise.all([startSqld(), startSqld({ key: pair.key })]);
}, 120_000);
afterAll(() => Promise.all([open, guarded].map((one) => one.stop('SIGKILL'))));

const dialect = { at: () => '?', blob: 'BLOB', bytes: (list: number[]) => Uint8Array.from(list).buffer };

/** The variables of both blueprints. */
function variablesFor({ url }: { url: string }, scheme: string, token: string) {
  const at = url.replace('http', scheme);
  return { TURSO_DATABASE_URL: at, TURSO_AUTH_TOKEN: token, LIBSQL_URL: `${at}?authToken=${token}` };
}

const ways = ['libsql@1', 'turso@1'].flatMap((blueprint) =>
  ['http', 'ws'].map((scheme) => [blueprint, scheme] as const),
);

describe.each(ways)('%s/client.ts over %s', (blueprint, scheme) => {
  const runnerOf = (server: { url: string }, token: string) => {
    Object.assign(process.env, variablesFor(server, scheme, token));
    return importTemplate<SqlRunner>(blueprint, 'client.ts');
  };

  test('keeps the contract, with a token that lets it in', async () => {
    const runner = await runnerOf(guarded, pair.token('rw'));
    await probeSql(runner, dialect);
    await runner.close();
  });

  test('a token of another server is refused at once, and not named', async () => {
    const token = stranger.token('rw');
    const runner = await runnerOf(guarded, token);
    for (const run of [() => runner.query('SELECT 1'), () => runner.transaction((tx) => tx.query('SELECT 1'))])
      expect((await failure(run())).message).not.toMatch(new RegExp(`${token}|aborted|timeout`));
    await runner.close();
  });

  test('50 transactions at once, with queries among them, all commit', { timeout: 30_000 }, async () => {
    const runner = await runnerOf(open, 'any');
    expect(await fiftyAtOnce(runner)).toEqual([{ n: 50 }]);
    await runner.close();
  });

  test('close waits for what is pending, and what is asked after it works', async () => {
    const runner = await runnerOf(open, 'any');
    await runner.query('CREATE TABLE IF NOT EXISTS closing (id INTEGER)');
    const pending = runner.transaction(async (tx) => {
      await tx.query('INSERT INTO closing VALUES (1)');
      await pause(200);
      return 'committed';
    });
    const query = runner.query('SELECT 1 AS one');
    await pause(50);
    await runner.close();
    expect(await Promise.race([pending, pause(0)])).toBe('committed');
    expect(await Promise.race([query, pause(0)])).toEqual([{ one: 1 }]);
    expect(await runner.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
    await runner.close();
  });
});

test.each(ways)(
  "%s/libsql-client.ts over %s keeps the contract with the application's client, which it leaves open",
  async (blueprint, scheme) => {
    Object.assign(process.env, variablesFor(open, scheme, 'any'));
    const { runner, client } = await importShared<SqlRunner & { migrate(): Promise<void> }, Client>(
      blueprint,
      'libsql-client.ts',
    );
    await runner.migrate();
    await probeSql(runner, dialect);
    await runner.close();
    expect((await client.execute('SELECT 1 AS one')).rows).toHaveLength(1);
    client.close();
  },
);

test.each(['libsql@1', 'turso@1'])(
  '%s/client.ts: a server killed under load and started again: nothing is reported that was not done, and work resumes',
  { timeout: 60_000 },
  async (blueprint) => {
    Object.assign(process.env, variablesFor(open, 'http', 'any'));
    const runner = await importTemplate<SqlRunner>(blueprint, 'client.ts');
    await runner.query('DROP TABLE IF EXISTS load');
    await runner.query('CREATE TABLE load (id INTEGER)');
    const { resumed, lost } = await killUnderLoad({
      write: (id) => runner.transaction((tx) => tx.query('INSERT INTO load VALUES (?)', [id])),
      kill: () => open.stop('SIGKILL'),
      start: () => open.start(),
      stored: async () => (await runner.query('SELECT id FROM load')).map(({ id }) => Number(id)),
    });
    expect(resumed).toBeGreaterThanOrEqual(20);
    expect(lost).toEqual([]);
    await runner.close();
  },
);

describe.concurrent.each(['turso', 'libsql'])('verify of %s', (database) => {
  let at: string;
  beforeAll(async () => {
    at = await project({ database, driver: '@libsql/client' });
  });

  test('no false alarm, and the file of the server is not taken for one of this machine', async () => {
    const seen = await verified(at, variablesFor(guarded, 'http', pair.token('rw')));
    expect([seen.code, seen.failed, seen.warned], seen.output).toEqual([0, [], []]);
    expect(seen.checks.find(({ code }) => code === 'file-place').because).toBe('it is on a server');
  });

  test.each([
    ['only lets it read', pair.token('ro'), 'database-unfit', 'makes-table'],
    ["is another server's", stranger.token('rw'), 'database-unreachable', 'server-answers'],
  ])('a token that %s', async (_, token, problem, check) => {
    const seen = await verified(at, variablesFor(guarded, 'http', token));
    expect([seen.code, seen.problem.code, seen.failed]).toEqual([5, problem, [check]]);
    expect(seen.checks.find(({ code }) => code === check).remedy).toContain('token');
    expect(seen.output).not.toContain(token);
  });
});
