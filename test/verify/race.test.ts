import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { NotChecked } from '../../src/knowledge/engines/verify/engine.ts';
import { libsql } from '../../src/knowledge/engines/verify/libsql.ts';
import type { SqlRunner } from '../../src/knowledge/engines/verify/sql.ts';
import { temporaryFolder } from '../servers/process.mjs';

/** A race has two racers; test/live/verify.test.ts has both. Here is what one does without the other. */

async function racing(patience: number, prepare: (runner: SqlRunner) => Promise<unknown>) {
  const client = createClient({ url: `file:${temporaryFolder('race')}/race.db` });
  const query: SqlRunner['query'] = async (text, params = []) =>
    (await client.execute({ sql: text, args: params as string[] })).rows.map((row) => ({ ...row }));
  const runner: SqlRunner = { query, transaction: (work) => work({ query }), close: () => client.close() };
  await query('CREATE TABLE verify_race (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 0)');
  await query('INSERT INTO verify_race (id) VALUES (1)');
  await prepare(runner);
  const context = { runner, scratch: { table: 'verify_race' } } as Parameters<
    NonNullable<typeof libsql.scratch.race>
  >[0];
  try {
    const outcome = await libsql.scratch.race!(context, 3, patience).catch((error: unknown) => error);
    return { outcome, counted: await libsql.scratch.raced!(context) };
  } finally {
    client.close();
  }
}

test('where the other one does not come, nothing is counted and it is said', async () => {
  const { outcome, counted } = await racing(30, async () => {});
  expect(outcome).toBeInstanceOf(NotChecked);
  expect(counted).toBe(0);
});

test('where the other one has ended, it goes on alone', async () => {
  const { outcome, counted } = await racing(30, ({ query }) => query('INSERT INTO verify_race VALUES (1001, 3)'));
  expect(outcome).toBeUndefined();
  expect(counted).toBe(3);
});
