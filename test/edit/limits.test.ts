import { expect, test } from 'vitest';
import { nestsTooDeep } from '../../src/edit/nesting.ts';
import { isIndentedTooDeep, isNestedTooDeep, parseJson5, parseJsonc, parseYaml } from '../../src/edit/parse-data.ts';

/** What a parser is not given: it would run out of stack, or of time. */
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('brackets in each other', async () => {
  expect([500, 501].map((depth) => isNestedTooDeep(nested(depth)))).toEqual([false, true]);
  expect(parseJsonc(nested(500))).toBeDefined();
  expect(parseJsonc(nested(501))).toBeUndefined();
  expect(await parseJson5(nested(501))).toBeUndefined();
  // In strings and comments they open nothing.
  expect(parseJsonc(`["${'['.repeat(600)}"] // ${'['.repeat(600)}`)).toBeDefined();
  expect([200, 201].map((depth) => nestsTooDeep(nested(depth)))).toEqual([false, true]);
  expect(nestsTooDeep('()'.repeat(10_000))).toBe(false);
});

test('YAML: its length, and blocks in each other', async () => {
  const blocks = (depth: number) =>
    [...Array(depth).keys()]
      .map((index) => `${' '.repeat(index)}a:\n`)
      .join('')
      .concat(' '.repeat(depth), 'b: 1\n');
  expect([49, 50].map((depth) => isIndentedTooDeep(blocks(depth)))).toEqual([false, true]);
  expect(await parseYaml(blocks(49))).toBeDefined();
  expect(await parseYaml(blocks(50))).toBeUndefined();
  const long = (length: number) => `a: 1\n${'#'.repeat(length - 6)}\n`;
  expect(await parseYaml(long(250_000))).toEqual({ a: 1 });
  expect(await parseYaml(long(250_001))).toBeUndefined();
});
