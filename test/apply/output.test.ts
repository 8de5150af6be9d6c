import { expect, test } from 'vitest';
import { leftByInstall } from '../../src/apply/failure.ts';
import type { Memory } from '../../src/apply/journal.ts';
import { Output } from '../../src/apply/output.ts';
import type { Run } from '../../src/types/plan.ts';

/** What is shown of an install that failed. */
test('an error at the head is shown, and the end, without colours', () => {
  const output = new Output(['ERR_LATE']);
  output.add('\u001b[31merror: lockfile had changes, but lockfile is frozen\u001b[0m\n');
  for (let line = 0; line < 3_000; line += 1) output.add(`    at step (file.js:${line})\n`);
  output.add('ERR_');
  output.add('LATE\nnote: try again\n');
  const lines = output.lines();
  expect(lines).toMatch(/^\n {2}error: lockfile had changes, but lockfile is frozen\n/);
  expect(lines).toMatch(/\n {2}ERR_LATE\n {2}note: try again$/);
  expect(lines.split('\n').length).toBeLessThan(20);
  expect(output.has('ERR_LATE')).toBe(true);
});

test.each<[string, string, Pick<Run, 'ownScripts'>, string[]]>([
  [
    'its own scripts are named',
    '{ "scripts": { "postinstall": "echo hi", "prepare": "x", "dev": "y" } }',
    {},
    ['postinstall', 'prepare'],
  ],
  [
    'those of one manager, too',
    '{ "scripts": { "its:own": "x", "other:own": "y" } }',
    { ownScripts: ['its:own'] },
    ['its:own'],
  ],
  ['none is', '{ "scripts": { "dev": "y", "prepare": 1 } }', {}, []],
  ['nor of a text that is none', 'oops', {}, []],
])('what a failed install may have left: %s', (_what, text, run, names) => {
  const memory = { files: [{ path: 'package.json', before: { text } }] } as unknown as Memory;
  const [note = ''] = leftByInstall(memory, run as Run);
  expect([...note.matchAll(/`([\w:]+)`/g)].map((match) => match[1])).toEqual(names);
});
