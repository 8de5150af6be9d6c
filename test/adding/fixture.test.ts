import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { copyOfProgram } from '../copy.ts';
import { root, treeOf } from '../flue.ts';
import { expectRow, page } from './rows.ts';

/** The rows whose last step is a test that writes what it compares with: both are followed in one copy, by one run. */
const one = 'fixtures/dotenv/quoted';
const schema = 'schema/output.schema.json';
let copy: string;
let said: string;
beforeAll(() => {
  copy = copyOfProgram(page('refusal.md'));
  for (const part of ['build', 'dist', 'schema', 'test', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true, verbatimSymlinks: true });
  mkdirSync(path.join(copy, one), { recursive: true });
  // What a person writes.
  for (const part of ['run', 'before'])
    cpSync(path.join(root, one, part), path.join(copy, one, part), { recursive: true });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const tests = ['test/fixtures.test.ts', 'test/output/schema.test.ts', '-u'];
  said = execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests], {
    cwd: copy,
    env: { ...env, UPDATE_FIXTURES: '1' },
    encoding: 'utf8',
  });
}, 120_000);

test('a regression test is its folder: what it lacks is written, and it holds', () => {
  expectRow(
    '| a regression test | one folder in a theme of fixtures; `UPDATE_FIXTURES=1 npx vitest run test/fixtures.test.ts` writes after/ and said.txt, and you read the diff |',
    [],
    [],
  );
  expect(said).toContain('6 passed, 0 failed');
  expect(treeOf(path.join(copy, one))).toEqual(treeOf(path.join(root, one)));
  expect(readFileSync(path.join(copy, one, 'said.txt'), 'utf8')).not.toBe('');
});

test('the code of a refusal is written into the schema of --json', () => {
  const [was, is] = [root, copy].map((folder) => readFileSync(path.join(folder, schema), 'utf8').split('\n'));
  expect(is!.filter((line) => !was!.includes(line)).map((line) => line.trim())).toEqual(['"misspelt",']);
  expect(is!.length).toBe(was!.length + 1);
});
