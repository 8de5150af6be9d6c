import path from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, slashed, wayTo } from '../../src/project/project.ts';

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
