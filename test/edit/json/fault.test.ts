import { expect, test } from 'vitest';
import { faultIn } from '../../../src/edit/json/tree.ts';

/** The words are ours, so that they are the same under every Node, and never repeat what stands in the file. */
test.each([
  ['', 'value expected at line 1, column 1'],
  ['{ "name": ', 'value expected at line 1, column 11'],
  ['{\n  "a": 1\n  "b": 2\n}', 'comma expected at line 3, column 3'],
  ['{\r\n  "a": 1,\r\n}', 'property name expected at line 3, column 1'],
  ['{ // why\n "a": 1 }', 'invalid comment token at line 1, column 3'],
  ['{ "a": 1 } {}', 'end of file expected at line 1, column 12'],
  ['{ "a": "no end }', 'unexpected end of string at line 1, column 8'],
  ["{ 'a': 'token-of-somebody' }", 'invalid symbol at line 1, column 3'],
  ['<<<<<<< HEAD\n{}\n', 'invalid symbol at line 1, column 1'],
  ['{ "a": 1, "b": }', 'value expected at line 1, column 16'],
  ['{ "a": NaN }', 'invalid symbol at line 1, column 8'],
  ['['.repeat(100_000), 'it is nested too deeply, or has a value that JSON does not know'],
])('%#', (text, fault) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(faultIn(text)).toBe(fault);
});
