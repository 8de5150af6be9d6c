import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claim, release, stands } from '../../src/apply/lock.ts';
import { claimName, lookAt } from '../../src/apply/place.ts';
import { ownIdentity } from '../../src/apply/processes.ts';
import { scratch } from '../flue.ts';

const place = (folder: string) => path.join(folder, '.flue-add');
/** A claim as another process would have made it. */
function claimed(folder: string, other: object, seconds = 60): string {
  mkdirSync(place(folder), { recursive: true });
  return mkdtempSync(path.join(place(folder), claimName({ ...ownIdentity(), ...other }, seconds)));
}
const ended = { start: '1' };
const unseen = { machine: 'elsewhere' };
const taking = (folder: string, project = folder) => claim(folder, { seconds: 60, project });

test('a lock is held once, and nothing is left of it', () => {
  const folder = scratch('lock');
  const one = taking(folder);
  expect(stands(one)).toBe(true);
  expect(() => taking(folder)).toThrow('is at work in it');
  expect(stands(one)).toBe(true);
  expect(release(one)).toEqual([]);
  expect(existsSync(place(folder))).toBe(false);
  release(taking(folder));
});

test('one of a process that has ended locks nothing, and goes', () => {
  const folder = scratch('lock');
  const left = claimed(folder, ended);
  writeFileSync(path.join(left, 'write-0'), '');
  expect(release(taking(folder))).toEqual([]);
  expect(existsSync(place(folder))).toBe(false);
});

test('one of a process that cannot be seen locks as long as its run can take', () => {
  const folder = scratch('lock');
  claimed(folder, unseen);
  expect(() => taking(folder)).toThrow('cannot be seen from here');
  expect(lookAt(folder)?.held).toMatchObject([{ sure: false }]);
  expect(lookAt(folder, Date.now() + 61_000)?.held).toEqual([]);
});

test('what is none of ours stays where the lock is given back', () => {
  const folder = scratch('lock');
  const left = claimed(folder, ended);
  writeFileSync(path.join(left, 'precious'), '');
  expect(release(taking(folder)).length).toBeGreaterThan(0);
  expect(readdirSync(left)).toEqual(['precious']);
});

describe('over what a run has left', () => {
  test('in another project of the workspace: it is put back there first', () => {
    const workspace = scratch('lock');
    const member = path.join(workspace, 'member');
    mkdirSync(place(member), { recursive: true });
    writeFileSync(path.join(place(member), 'journal.json'), '');
    writeFileSync(path.join(claimed(workspace, ended), 'project'), 'member');
    expect(() => taking(workspace, path.join(workspace, 'other'))).toThrow('was killed half-way');
    expect(() => taking(workspace, member)).not.toThrow();
  });

  test.skipIf(process.getuid?.() !== 0)('of another user: it is theirs', () => {
    const folder = scratch('lock');
    mkdirSync(place(folder));
    chownSync(place(folder), 4321, 4321);
    expect(() => lookAt(folder)).toThrow('belongs to another user');
  });
});
