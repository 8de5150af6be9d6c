import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { obstaclesIn } from '../../build/release.mjs';
import { changesSinceRelease, listOf, readReleased, withFolders } from '../../build/released.mjs';
import { root, scratch } from '../flue.ts';

/** Is what was released as it was? And can a release go out only when it may? */
test('the list is well made, and what it names is unchanged', () => {
  for (const [marker, { since, files }] of Object.entries(readReleased(root))) {
    expect(marker).toMatch(/^[a-z]+\/[a-z]+@\d+$/);
    expect(since).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    expect(Object.keys(files)).toContain('blueprint.json');
    for (const digest of Object.values(files)) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(changesSinceRelease(root)).toEqual([]);
});

/** A tree of which version 1.0.0 was released. */
function released(): { tree: string; postgres: string } {
  const tree = scratch('released');
  cpSync(path.join(root, 'blueprints'), path.join(tree, 'blueprints'), { recursive: true });
  writeFileSync(listOf(tree), '{}\n');
  writeFileSync(listOf(tree), withFolders(tree, '1.0.0'));
  return { tree, postgres: path.join(tree, 'blueprints/database/postgres@1') };
}

test('a released folder that changes is noticed: a byte, a file more, a file less, and all of it', () => {
  const { tree, postgres } = released();
  expect(Object.keys(readReleased(tree))).toContain('pikku/redis@1');
  expect(changesSinceRelease(tree)).toEqual([]);
  const hint = 'blueprints/database/postgres@1 was released with 1.0.0: put it back, and change database/postgres@2';
  appendFileSync(path.join(postgres, 'pg.ts'), '\n');
  expect(changesSinceRelease(tree)).toEqual([`pg.ts has changed; ${hint}`]);
  writeFileSync(path.join(postgres, 'x.ts'), '');
  rmSync(path.join(postgres, 'neon.ts'));
  expect(changesSinceRelease(tree)).toEqual([
    `neon.ts is gone; ${hint}`,
    `pg.ts has changed; ${hint}`,
    `x.ts is new; ${hint}`,
  ]);
  renameSync(postgres, path.join(tree, 'moved'));
  const { files } = readReleased(tree)['database/postgres@1']!;
  expect(changesSinceRelease(tree)).toHaveLength(Object.keys(files).length);
});

test('a checkout with CRLF is no change, and a new version takes nothing back', () => {
  const { tree, postgres } = released();
  const file = path.join(postgres, 'pg.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  cpSync(postgres, path.join(tree, 'blueprints/database/postgres@2'), { recursive: true });
  expect(changesSinceRelease(tree)).toEqual([]);
  const before = readReleased(tree);
  writeFileSync(listOf(tree), withFolders(tree, '1.1.0'));
  expect(readReleased(tree)).toMatchObject(before);
  expect(readReleased(tree)['database/postgres@2']).toMatchObject({ since: '1.1.0' });
});

test('what was not released changes as it likes', () => {
  const { tree, postgres } = released();
  writeFileSync(listOf(tree), '{}\n');
  appendFileSync(path.join(postgres, 'pg.ts'), '\n');
  expect(changesSinceRelease(tree)).toEqual([]);
});

test('a release goes out of a clean tree, with its changes written down, once', () => {
  const tree = scratch('release');
  rmSync(path.join(tree, '.git'), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: tree, stdio: 'pipe' });
  mkdirSync(path.join(tree, 'blueprints'));
  writeFileSync(listOf(tree), '{}\n');
  writeFileSync(path.join(tree, 'package.json'), '{ "version": "1.2.0" }');
  writeFileSync(
    path.join(tree, 'CHANGELOG.md'),
    '# Changelog\n\n## Unreleased\n\n## 1.2.0 - soon\n\n## 11.2.0 - 2026-01-02\n',
  );
  git('init', '-q');
  const said = () => obstaclesIn(tree).map((one) => one.split(/[:\n]/)[0]);
  expect(said()).toEqual(['the tree is not clean', 'CHANGELOG.md has no `## 1.2.0 - <date>`']);
  writeFileSync(path.join(tree, 'CHANGELOG.md'), '# Changelog\n\n## 1.2.0 - 2026-11-26\n');
  git('add', '.');
  git('commit', '-qm', 'x');
  expect(said()).toEqual([]);
  git('tag', 'v1.2.0');
  expect(said()).toEqual(['there is a tag v1.2.0 already']);
});
