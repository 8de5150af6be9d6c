import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { boundaryOf, isPlannable, isUpward, placeOf, spotOf } from '../../src/apply/boundary.ts';
import { scratch } from '../flue.ts';

test.each(['package.json', 'src/db.ts', '../../package.json', '.github/x.md', 'a..b/c'])('%s can be planned', (one) => {
  expect(isPlannable(one)).toBe(true);
});

test.each([
  ...['', '.', '..', '../..', '/etc/passwd', 'a//b', './a', 'a/', 'a/../b', 'a\0b'],
  ...[
    '.git/config',
    'src/.git/x',
    'node_modules/x',
    '../node_modules/x',
    '.flue-add/x',
    '.GIT/config',
    'Node_Modules/x',
  ],
])('%j cannot', (one) => expect(isPlannable(one)).toBe(false));

test('only `..`, once or more, is upward', () => {
  expect(['..', '../..', '', '../a', '...', '..a'].map(isUpward)).toEqual([true, true, false, false, false, false]);
});

const home = scratch('boundary');
const project = path.join(home, 'project');
mkdirSync(path.join(project, '.git'), { recursive: true });
writeFileSync(path.join(home, 'outside.txt'), '');
writeFileSync(path.join(project, 'inside.txt'), '');
mkdirSync(path.join(project, 'node_modules'));
writeFileSync(path.join(project, 'node_modules/x.txt'), '');
for (const [name, to] of [
  ['out.txt', '../outside.txt'],
  ['in.txt', 'inside.txt'],
  ['up', '..'],
  ['module.txt', 'node_modules/x.txt'],
  ['nowhere.txt', 'none'],
  ['folder.txt', '.git'],
])
  symlinkSync(to!, path.join(project, name!));
const boundary = boundaryOf(project, []);
const spot = (name: string) => () => spotOf(project, boundary, name);

test('the boundary is the repository', () => {
  expect(boundary).toBe(project);
  expect(boundaryOf(path.join(project, 'node_modules'), ['../../../x'])).toBe(project);
});

test('a link is followed inside, and nowhere else', () => {
  expect(spot('in.txt')()).toMatchObject({ file: path.join(project, 'inside.txt'), link: 'inside.txt' });
  expect(spot('out.txt')).toThrow('outside this project');
  expect(spot('up/outside.txt')).toThrow('outside this project');
  expect(spot('module.txt')).toThrow('it is a symlink to');
  expect(spot('nowhere.txt')).toThrow('cannot be looked at');
  expect(spot('folder.txt')).toThrow('cannot be written');
  expect(() => placeOf(project, boundary, '../outside.txt')).toThrow('outside this project');
});

test('what is no regular file is not written', () => {
  expect(spot('.git/config')).toThrow('no path that is ever written to');
  mkdirSync(path.join(project, 'db.ts'));
  expect(spot('db.ts')).toThrow('it is a folder');
});
