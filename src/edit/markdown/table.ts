import type { Declaration } from '../dotenv/insert.ts';
import { placeAmong } from '../insert.ts';
import type { Insertion, Refusal } from '../splice.ts';
import { type MarkdownNode, nameIn } from './node.ts';

/**
 * One row in a table of variables: in its own words, padded to its widths, after its family, else at the sorted place,
 * else last.
 */
export function rowAfter(text: string, table: MarkdownNode, declaration: Declaration): Insertion | Refusal {
  const [header, ...rows] = table.children!;
  const keys = rows.map((row) => nameIn(row) ?? '');
  const at = placeAmong(keys, declaration);
  const model = rows[Math.max(at, 0)]!;
  const split = (row: MarkdownNode) => splitRow(text.slice(row.position.start.offset, row.position.end.offset));
  const like = split(model);
  const all = [split(header!).cells, ...rows.map((row) => split(row).cells)];
  const titles = all[0]!.map((cell) => cell.trim());
  if (like.cells.length !== titles.length) return { refused: 'the rows of its table are not all of one length' };
  const columns = titles.map((_, i) => all.slice(1).map((row) => row[i]?.trim() ?? ''));
  const speaking = speakingColumn(titles, columns);
  const cells = like.cells.map((cell, i) => {
    const content =
      i === 0
        ? named(cell.trim(), keys[Math.max(at, 0)]!, declaration.name)
        : contentOf(titles[i]!, columns[i]!, i === speaking, declaration);
    const even = all.every((row) => row[i]?.length === all[0]![i]!.length);
    const [lead, trail] = [/^\s*/.exec(cell)![0].slice(0, 1), /\s$/.test(cell) ? ' ' : ''];
    return even ? `${lead}${content}`.padEnd(cell.length - trail.length) + trail : `${lead}${content}${trail}`;
  });
  const row = like.opens + cells.join('|') + like.closes;
  const line = text.lastIndexOf('\n', model.position.start.offset - 1) + 1;
  const prefix = text.slice(line, model.position.start.offset);
  const feed = text.indexOf('\n', model.position.end.offset);
  const eol = (feed < 0 ? text.lastIndexOf('\r\n') >= 0 : text[feed - 1] === '\r') ? '\r\n' : '\n';
  if (at < 0) return { at: line, text: `${prefix}${row}${eol}` };
  return { at: model.position.end.offset, text: `${eol}${prefix}${row}` };
}

/** Outer pipes, and what stands between the inner ones; `\|` is no border. */
function splitRow(row: string): { opens: string; cells: string[]; closes: string } {
  const opens = row.startsWith('|') ? '|' : '';
  const closes = /(?<!\\)\|[ \t]*$/.exec(row)?.[0] ?? '';
  const inner = row.slice(opens.length, row.length - (row.length > opens.length ? closes.length : 0));
  return { opens, cells: inner.split(/(?<!\\)\|/), closes };
}

/** The name with the ticks or bold of its neighbour, without what else stands in that cell. */
function named(cell: string, neighbour: string, name: string): string {
  const marks = /^[*_`]*/.exec(cell)![0];
  const closing = /^[*_`]*/.exec(cell.slice(marks.length + neighbour.length))?.[0] ?? '';
  return cell.startsWith('[') ? `\`${name}\`` : `${marks}${name}${closing}`;
}

/** The column of what each variable is: by its title, else the one with the longest words. */
function speakingColumn(titles: readonly string[], columns: readonly string[][]): number {
  const described = /desc|purpose|notes?|meaning|what|usage|used|comment|details|explanation/i;
  const titled = titles.findIndex((one, i) => i > 0 && described.test(one));
  if (titled >= 0) return titled;
  const taken = /req|mandatory|optional|default|example|value|type|format|secret|scope/i;
  // A column of single words is of another kind.
  const speaks = (i: number) => columns[i]!.some((value) => /[\u00a0-\uffff]|\w\s+\w/.test(value));
  const open = titles.flatMap((title, i) => (i > 0 && !taken.test(title) && speaks(i) ? [i] : []));
  const length = (i: number) => columns[i]!.join('').length;
  return open.toSorted((one, other) => length(other) - length(one))[0] ?? -1;
}

/**
 * What a column says of the new variable, in words the column has: that it is required, nothing, or what the variable
 * is.
 */
function contentOf(title: string, values: readonly string[], speaks: boolean, { comment }: Declaration): string {
  if (speaks) return comment;
  const empty = values.find((value) => /^(?:-|–|—|`-`|n\/a|none|_none_|\*none\*)$/i.test(value)) ?? '';
  if (/\breq|required|mandatory|optional/i.test(title)) {
    const wanted =
      /optional/i.test(title) && !/req/i.test(title)
        ? /^(?:no|n|false|❌|✗|✘|x?)$/i
        : /^\W*(?:yes|y|true|required|✅|✓|✔️?|☑️?|x)\W*$/i;
    return values.find((value) => value !== '' && wanted.test(value)) ?? empty;
  }
  if (/type|format/i.test(title)) return values.find((value) => /^`?string`?$/i.test(value)) ?? empty;
  return empty;
}
