import { expect, test } from 'vitest';
import { timeLimit } from '../../src/apply/time-limit.ts';

test.each([
  ['', 900],
  ['   ', 900],
  ['90', 90],
  ['0.5', 0.5],
  ['90s', 90],
  ['90 sec', 90],
  ['15m', 900],
  ['15M', 900],
  ['20 min', 1200],
  ['2 Minutes', 120],
  ['1.5h', 5400],
  ['1h30m', 5400],
  ['1h 30m', 5400],
  [' 30 ', 30],
  // More than a timer takes.
  ['9999999', 9_999_999],
])('%j is %d seconds', (text, seconds) => {
  expect(timeLimit(text)).toBe(seconds);
});

test.each([
  '0',
  '0s',
  '-5',
  'Infinity',
  'NaN',
  '1e9',
  '5x',
  'abc',
  '1.2.3',
  '10 s 5',
  '5 days',
  '1h,30m',
  '5mh',
  '99999999999999999999',
  '٣m',
])('%j is refused', (text) => {
  expect(() => timeLimit(text)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
