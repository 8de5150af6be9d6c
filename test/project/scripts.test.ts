import { expect, test } from 'vitest';
import { commandsOf } from '../../src/project/scripts.ts';
import { cpuOf } from '../cpu.ts';

/** What a script says is evidence, and may be of any size. */
const words = (scripts: Record<string, unknown>) =>
  commandsOf({ scripts } as never, ['npm']).map((one) => one.words.join(' '));

test('a line is split as a shell splits it', () => {
  expect(words({ dev: "cd app && A=1 vite --host; sh -c 'flue dev'" })).toEqual([
    'vite --host',
    'sh -c flue dev',
    'flue dev',
  ]);
});

test.each<[string, unknown]>([
  ['wrappers in wrappers', `a ${'env '.repeat(2000)}b`],
  ['a line that no shell takes', 'a '.repeat(500_000)],
  ['quotes that stay open', '"'.repeat(8001)],
  ['quotes in quotes', `a ${'"\\" '.repeat(1500)}`],
  ['parentheses', '('.repeat(8000)],
  ['many short ones', 'a;'.repeat(4000)],
  ['no text', { a: 1 }],
])('%s: read at once, or passed over', (_what, line) => {
  const took = cpuOf(() => {
    for (let i = 0; i < 3; i += 1) words({ [`s${i}`]: line, vite: 'vite' });
  });
  expect(took).toBeLessThan(1000);
});

test('a hundred megabytes of scripts take no time', () => {
  const scripts = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`s${i}`, 'a;'.repeat(4000)]));
  expect(cpuOf(() => words(scripts))).toBeLessThan(1000);
});
