import { wrapAnsi } from 'fast-wrap-ansi';
import { describe, expect, test } from 'vitest';
import { type Layout, paragraph, rows } from '../../src/output/layout.ts';

const wrap: Layout['wrap'] = (text, columns) => wrapAnsi(text, columns, { hard: true, trim: true });
const at = (columns: number | null, colour = false): Layout => ({ columns, colour, wrap });

describe('paragraphs', () => {
  test('lines hang below the text of the first', () => {
    expect(paragraph(at(20), 'one two three four five', '  1. ')).toEqual(['  1. one two three', '     four five']);
  });

  test('are never broken where nobody looks', () => {
    const long = 'word '.repeat(100).trim();
    expect(paragraph(at(null), long, '- ')).toEqual([`- ${long}`]);
  });

  test('a colour ends with its line and goes on in the next', () => {
    const [first, second] = paragraph(at(20, true), [['red', 'aaaa bbbb cccc dddd eeee']]);
    expect(first!.startsWith('\u001b[31m') && first!.endsWith('\u001b[39m')).toBe(true);
    expect(second!.startsWith('\u001b[31m')).toBe(true);
  });
});

describe('rows', () => {
  test('side by side, the text hanging', () => {
    expect(rows(at(70), [['a', 'x '.repeat(40).trim()]])).toEqual([
      `  a  ${'x '.repeat(33).trim()}`,
      `     ${'x '.repeat(7).trim()}`,
    ]);
  });

  test('a label that is longer than its column has a line of its own', () => {
    expect(
      rows(at(80), [
        ['short', 'text'],
        ['l'.repeat(40), 'text'],
      ]),
    ).toEqual(['  short  text', `  ${'l'.repeat(40)}`, '         text']);
  });

  test('stacked where it is narrow', () => {
    expect(rows(at(40), [['~ edit   package.json', 'it lacks one']])).toEqual([
      '  ~ edit   package.json',
      '      it lacks one',
    ]);
  });

  test('a newline in a name stays in its row', () => {
    expect(rows(at(null), [['a\nb', 'c\nd']])).toEqual(['  a\\nb  c\\nd']);
  });
});
