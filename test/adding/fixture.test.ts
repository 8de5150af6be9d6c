import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root, scratch, treeOf } from '../flue.ts';
import { expectRow } from './rows.ts';

const row =
  '| a regression test | one folder in a theme of fixtures; `UPDATE_FIXTURES=1 npx vitest run test/fixtures.test.ts` writes after/ and said.txt, and you read the diff |';

test('a regression test is its folder: what it lacks is written, and it holds', () => {
  expectRow(row, [], []);
  const copy = scratch('fixture');
  const one = 'fixtures/dotenv/quoted';
  for (const part of ['bin', 'blueprints', 'dist', 'package.json', 'src', 'test', 'vitest.config.ts'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true, verbatimSymlinks: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  mkdirSync(path.join(copy, one), { recursive: true });
  // What a person writes.
  for (const part of ['run', 'before'])
    cpSync(path.join(root, one, part), path.join(copy, one, part), { recursive: true });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  const said = execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/fixtures.test.ts'], {
    cwd: copy,
    env: { ...env, UPDATE_FIXTURES: '1' },
    encoding: 'utf8',
  });
  expect(said).toContain('5 passed, 0 failed');
  expect(treeOf(path.join(copy, one))).toEqual(treeOf(path.join(root, one)));
  expect(readFileSync(path.join(copy, one, 'said.txt'), 'utf8')).not.toBe('');
}, 120_000);
