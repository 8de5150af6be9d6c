import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { isIgnored, isTracked } from '../../src/project/git.ts';
import { cpuOf } from '../cpu.ts';
import { scratch } from '../flue.ts';

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'a'],
      [`GIT_${who}_EMAIL`, 'a@b'],
    ]),
  ),
};

function git(folder: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], { cwd: folder, env, stdio: 'pipe' });
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`packages/p${i}/src/index.ts`, '\n']));

/** A repository that ignores every env file, and tracks one all the same. */
function repository(...init: string[]): string {
  const folder = scratch('git');
  rmSync(path.join(folder, '.git'), { recursive: true });
  git(folder, 'init', '--quiet', ...init);
  write(folder, {
    ...many,
    '.gitignore': '.env*\n',
    'package.json': '{}',
    '.env.example': 'A=\n',
    '.env.other': 'A=\n',
  });
  git(folder, 'add', '.');
  git(folder, 'add', '-f', '.env.example');
  git(folder, 'commit', '--quiet', '-m', 'a');
  return folder;
}

async function expectTracked(folder: string): Promise<void> {
  const project = openProject(folder);
  expect(isTracked(project, '.env.example')).toBe(true);
  expect(isTracked(project, '.env.other')).toBe(false);
  // A part of a path is no path.
  expect(isTracked(project, 'env.example')).toBe(false);
  expect(await isIgnored(project, '.env.example')).toBe(false);
  expect(await isIgnored(project, '.env.other')).toBe(true);
}

describe('what git tracks is not ignored', () => {
  const version = (folder: string) => readFileSync(path.join(folder, '.git/index')).readUInt32BE(4);

  test.each([2, 3, 4])('in an index of format %i', async (wanted) => {
    const folder = repository();
    if (wanted === 3) {
      write(folder, { later: '' });
      git(folder, 'add', '--intent-to-add', 'later');
    } else git(folder, 'update-index', '--index-version', String(wanted));
    expect(version(folder)).toBe(wanted);
    await expectTracked(folder);
    if (wanted === 3) expect(isTracked(openProject(folder), 'later')).toBe(true);
    expect(isTracked(openProject(folder), 'packages/p149/src/index.ts')).toBe(true);
  });

  test.each([2, 4])('in an index that is split in two, of format %i', async (wanted) => {
    const folder = repository();
    git(folder, 'config', 'splitIndex.maxPercentChange', '100');
    git(folder, 'update-index', '--index-version', String(wanted));
    git(folder, 'update-index', '--split-index');
    await expectTracked(folder);
    // What stands in the shared part and is gone since, and what is new since.
    write(folder, { '.env.late': '', 'packages/p3/src/index.ts': 'changed\n' });
    git(folder, 'rm', '--quiet', '--cached', '.env.example', 'packages/p100/src/index.ts');
    git(folder, 'add', '-f', '.env.late', 'packages/p3/src/index.ts');
    expect(readFileSync(path.join(folder, '.git/index')).includes('link')).toBe(true);
    const project = openProject(folder);
    expect(isTracked(project, '.env.example')).toBe(false);
    expect(isTracked(project, '.env.late')).toBe(true);
    for (const [name, expected] of [
      ['3', true],
      ['99', true],
      ['100', false],
      ['101', true],
    ] as const)
      expect(isTracked(project, `packages/p${name}/src/index.ts`), name).toBe(expected);
  });

  test('in a sparse index, which knows some folders only as a whole', async () => {
    const folder = repository();
    git(folder, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'packages/p1');
    await expectTracked(folder);
    expect(isTracked(openProject(folder), 'packages/p2/src/index.ts')).toBe(false);
    expect(isTracked(openProject(folder), 'packages/p1/src/index.ts')).toBe(true);
  });

  test('in a repository of SHA-256', async () => {
    const folder = repository('--object-format=sha256');
    await expectTracked(folder);
    git(folder, 'config', 'splitIndex.maxPercentChange', '100');
    git(folder, 'update-index', '--split-index');
    await expectTracked(folder);
  });

  test('in a worktree, and in one of a worktree', async () => {
    const folder = repository();
    const other = path.join(scratch('worktree'), 'other');
    git(folder, 'worktree', 'add', '--quiet', other);
    write(other, { '.env.other': '' });
    await expectTracked(other);
    appendFileSync(path.join(folder, '.git/info/exclude'), 'secret.md\n');
    expect(await isIgnored(openProject(other), 'secret.md')).toBe(true);
    git(other, 'rm', '--quiet', '--cached', '.env.example');
    expect(isTracked(openProject(other), '.env.example')).toBe(false);
    expect(isTracked(openProject(folder), '.env.example')).toBe(true);
  });

  test('in a submodule', async () => {
    const folder = repository();
    const parent = repository();
    git(parent, 'submodule', '--quiet', 'add', folder, 'sub');
    write(parent, { 'sub/.env.other': '', '.gitignore': 'sub/*\n' });
    await expectTracked(path.join(parent, 'sub'));
  });

  test('in a package below the root', async () => {
    const folder = repository();
    write(folder, {
      'packages/p1/package.json': '{}',
      'packages/p1/.env.example': '',
      'packages/.gitignore': '!.env.example\n',
    });
    const project = openProject(path.join(folder, 'packages/p1'));
    expect(isTracked(project, 'src/index.ts')).toBe(true);
    expect(isTracked(project, '../../.env.example')).toBe(true);
    expect(await isIgnored(project, '.env.example')).toBe(false);
    expect(await isIgnored(project, '.env.local')).toBe(true);
    expect(await isIgnored(project, '../../.env.local')).toBe(true);
  });
});

test('what `info/exclude` names is left out, and .gitignore has the last word', async () => {
  const folder = repository();
  write(folder, { '.git/info/exclude': 'docs/\nnotes.md\n', '.gitignore': '!notes.md\n' });
  const project = openProject(folder);
  expect(await isIgnored(project, 'docs/a.md')).toBe(true);
  expect(await isIgnored(project, 'notes.md')).toBe(false);
});

describe('what is no index', () => {
  const odd: [string, string | Buffer][] = [
    ['empty', ''],
    ['another format', Buffer.from('DIRC\0\0\0\x09\0\0\0\x01'.padEnd(200, 'a'))],
    ['cut off', Buffer.from('DIRC\0\0\0\x02\xff\xff\xff\xff', 'latin1')],
    ['no end', Buffer.from(`DIRC\0\0\0\x04\0\0\0\x01${'\xff'.repeat(500)}`, 'latin1')],
    ['a link to nowhere', Buffer.from(`DIRC\0\0\0\x02\0\0\0\0link\0\0\0\x20${'a'.repeat(60)}`)],
    [
      'a bitmap without end',
      Buffer.from(
        `DIRC\0\0\0\x02\0\0\0\0link\0\0\0\x24${'a'.repeat(20)}\xff\xff\xff\xff\xff\xff\xff\xff${'a'.repeat(60)}`,
        'latin1',
      ),
    ],
  ];

  test.each(odd)('%s: nothing is tracked, and nothing breaks', async (_name, bytes) => {
    const folder = scratch('git');
    write(folder, { 'package.json': '{}', '.gitignore': '.env*\n' });
    writeFileSync(path.join(folder, '.git/index'), bytes);
    expect(isTracked(openProject(folder), '.env.example')).toBe(false);
    expect(await isIgnored(openProject(folder), '.env.example')).toBe(true);
  });

  test.each(['gitdir: ../nowhere\n', 'gitdir: \n', 'something else', 'gitdir: /dev/null\n'])(
    '.git as a file of %j',
    async (text) => {
      const folder = scratch('git');
      rmSync(path.join(folder, '.git'), { recursive: true });
      write(folder, { 'package.json': '{}', '.gitignore': '.env*\n', '.git': text });
      expect(isTracked(openProject(folder), '.env.example')).toBe(false);
      expect(await isIgnored(openProject(folder), '.env.example')).toBe(true);
    },
  );
});

test('an index of 50,000 files is read in time', () => {
  const folder = scratch('git');
  rmSync(path.join(folder, '.git'), { recursive: true });
  git(folder, 'init', '--quiet');
  const entries = Array.from(
    { length: 50_000 },
    (_, i) => `100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\tpackages/p${i}/src/some/folder/index.ts\n`,
  );
  execFileSync('git', ['update-index', '--index-info'], { cwd: folder, env, input: entries.join('') });
  write(folder, { 'package.json': '{}' });
  for (const version of ['2', '4']) {
    git(folder, 'update-index', '--index-version', version);
    const last = 'packages/p49999/src/some/folder/index.ts';
    expect(cpuOf(() => expect(isTracked(openProject(folder), last)).toBe(true))).toBeLessThan(1000);
  }
});
