import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inspectStarts } from '../../../src/knowledge/hosts/env-file.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { scratch } from '../../flue.ts';

/** Which env file is named to people as the place for a secret, where `files` are the files of the project. */
async function envFileOf(
  dev: string | Record<string, string>,
  files: string[],
  { loadsLocal = false, ignored = '', git = true } = {},
) {
  const folder = scratch('env-file');
  for (const name of ['package.json', ...files]) writeFileSync(path.join(folder, name), '{}\n');
  writeFileSync(path.join(folder, '.gitignore'), ignored);
  if (git) {
    rmSync(path.join(folder, '.git'), { recursive: true });
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    execFileSync('git', ['add', '.'], { cwd: folder });
  }
  const runs = ({ words }: { words: string[] }) => words.includes('flue');
  const { envFile } = await inspectStarts(
    openProject(folder),
    { manifest: { scripts: typeof dev === 'string' ? { dev } : dev }, managers: ['npm'] },
    {
      own: { program: 'flue', flag: '--env', folder: '.' },
      develops: runs,
      builds: () => false,
      serves: () => false,
      usual: '.env',
      loadsLocal,
    },
  );
  return `${envFile.value}${envFile.committed ? ', committed' : ''}`;
}

const mode = ['.env.development'];

test.each<[string, string, string[], Parameters<typeof envFileOf>[2], string]>([
  ['two of node', 'node --env-file=.env.development --env-file-if-exists=.env.local flue', mode, {}, '.env.local'],
  ['two in NODE_OPTIONS', 'NODE_OPTIONS="--env-file=.env.development --env-file=.env.me" flue', mode, {}, '.env.me'],
  ['two of dotenv', 'dotenv -e .env.development -e .env.local -- flue dev', mode, {}, '.env.local'],
  ['two of bun in one word', 'bun --env-file=.env.development,.env.me flue dev', mode, {}, '.env.me'],
  ['one that a shell has read', 'set -a; . ./.env.local; flue dev', [], {}, '.env.local'],
  [
    'without git the one that is ignored',
    'dotenv -e .env.a -e .env.b flue',
    [],
    { git: false, ignored: '.env.b' },
    '.env.b',
  ],
  ['without git the one that is called local', 'dotenv -e .env.a -e .env.local flue', [], { git: false }, '.env.local'],
  ['all committed', 'dotenv -e .env.development flue', mode, {}, '.env.development, committed'],
  ['the usual one', 'flue dev', [], { loadsLocal: true }, '.env'],
  ['the usual one is committed', 'flue dev', ['.env'], {}, '.env, committed'],
  ['the usual one is committed, and its neighbour loaded', 'flue dev', ['.env'], { loadsLocal: true }, '.env.local'],
  ['dotenv-flow', 'node -r dotenv-flow/config flue', ['.env'], {}, '.env.local'],
  ['a cascade of dotenv', 'dotenv -c development -- flue dev', ['.env'], {}, '.env.local'],
])('the env file for a secret: %s', async (_what, dev, files, options, expected) => {
  expect(await envFileOf(dev, files, options)).toBe(expected);
});

test.each<[string, Record<string, string>, string]>([
  [
    'by a script that takes a command',
    { 'with-env': 'dotenv -e ../../.env --', dev: 'npm with-env flue' },
    '../../.env',
  ],
  ['behind a `--`', { 'with-env': 'env-cmd -f .env.me', dev: 'npm run with-env -- flue' }, '.env.me'],
  [
    'by one after the other',
    { a: 'dotenv -e .env.me --', b: 'npm run a npm run c', c: 'flue', dev: 'npm run b' },
    '.env.me',
  ],
  [
    'not by a script of another package',
    { 'with-env': 'dotenv -e .env.me --', dev: 'npm --filter web with-env flue' },
    '.env',
  ],
  ['not by one of a folder above', { up: 'dotenv -e .env.me --', dev: 'npm -C ../.. run up flue' }, '.env'],
  [
    'not by a script that takes none',
    { seed: 'dotenv -e .env.me -- node seed.js', dev: 'npm run seed && flue' },
    '.env',
  ],
])('the env file that is loaded %s', async (_what, scripts, expected) => {
  expect(await envFileOf(scripts, [])).toBe(expected);
});
