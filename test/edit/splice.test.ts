import { expect, test } from 'vitest';
import { onlyInserts, splice } from '../../src/edit/splice.ts';

const text = 'one two three';
const both = [
  { at: 8, text: '2½ ' },
  { at: 4, text: '1½ ' },
];

test('insertions go where they are meant to, in whatever order they are given', () => {
  expect(splice(text, both)).toBe('one 1½ two 2½ three');
  expect(splice('', [{ at: 0, text: 'a' }])).toBe('a');
});

test('what is only an insertion is told from all else', () => {
  const after = splice(text, both);
  expect(onlyInserts(text, after, both)).toBe(true);
  // Of the same length, and another text; one insertion less; a change before, between and behind them.
  expect(onlyInserts(text, after.replace('1½', '3½'), both)).toBe(false);
  expect(onlyInserts(text, splice(text, [both[0]!]), both)).toBe(false);
  for (const [from, to] of [
    ['one', 'One'],
    ['two', 'tw0'],
    ['three', 'thre3'],
  ])
    expect(onlyInserts(text, after.replace(from!, to!), both)).toBe(false);
  expect(onlyInserts(text, `${after}\n`, both)).toBe(false);
  expect(onlyInserts(text, text, [])).toBe(true);
});
