import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { inFolder, slashed, wayTo } from '../../src/project/project.ts';
import { scratch } from '../flue.ts';

/** Paths in facts and plans have `/` on every system; the disk takes them as they are. */
test.each([
  ['C:\\work\\mono', 'C:\\work\\mono\\apps\\agents', 'apps/agents'],
  ['C:\\work\\mono\\apps\\agents', 'C:\\work\\mono', '../..'],
  ['C:\\work', 'c:\\work\\a b\\.env.example', 'a b/.env.example'],
  ['\\\\host\\share\\a', '\\\\host\\share\\a\\src\\db.ts', 'src/db.ts'],
])('on Windows, from %s to %s', (from, to, way) => {
  expect(wayTo(from, to, path.win32)).toBe(way);
  expect(path.win32.resolve(from, way).toLowerCase()).toBe(to.toLowerCase());
});

test('a path of Windows with slashes, and names put below a folder', () => {
  expect(slashed('C:\\work\\src', path.win32)).toBe('C:/work/src');
  expect(slashed('/work/a\\b', path.posix)).toBe('/work/a\\b');
  expect(inFolder('../packages/db', 'x.ts')).toBe('../packages/db/x.ts');
  expect(path.win32.join('C:\\work\\app', inFolder('..', 'x.ts'))).toBe('C:\\work\\x.ts');
});

test('a path that is not UTF-8 is a refusal that says so', () => {
  const folder = Buffer.concat([Buffer.from(`${scratch('bytes')}/shop-`), Buffer.from([0x80])]);
  // Where a file system takes no such name, there is none to refuse.
  if (process.platform === 'linux') mkdirSync(folder);
  const refused = { code: 'not-a-project', message: expect.stringContaining('is not UTF-8') };
  expect(() => openProject(folder.toString('utf8'))).toThrow(expect.objectContaining(refused));
});
