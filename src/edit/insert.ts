import { orderOf } from './sorted.ts';
import type { Insertion } from './splice.ts';

/**
 * One entry of a bracketed list: a property, a member of an interface, a string of an array. Offsets without its
 * separator.
 */
export interface ListEntry {
  key: string;
  start: number;
  end: number;
}

/** A bracketed list as it stands in a text: `opens` after its opening bracket, `closes` at its closing one. */
export interface Entries {
  opens: number;
  closes: number;
  entries: ListEntry[];
  /** `;` for the members of an interface or class, which also do without one at a line's end. */
  separator: ',' | ';';
}

/** Which entries are neighbours of a new one. */
export interface Company {
  name: string;
  /** The name it was made from (`POSTGRES_URL` → `FLUE_POSTGRES_URL`), or null. */
  derivedFrom: string | null;
  isMember: (name: string) => boolean;
}

/**
 * The index of the entry a new one follows, -1 for the start: after its family's run, else the sorted place, else the
 * end.
 */
export function placeAmong(keys: readonly string[], { name, derivedFrom, isMember }: Company): number {
  const origin = derivedFrom === null ? -1 : keys.indexOf(derivedFrom);
  const anchor = origin >= 0 ? origin : keys.findIndex(isMember);
  if (anchor >= 0) {
    const isOfRun = runFrom(keys[anchor]!, isMember);
    let last = anchor;
    while (last + 1 < keys.length && isOfRun(keys[last + 1]!)) last += 1;
    return last;
  }
  const order = keys.length > 3 ? orderOf(keys) : null;
  return order ? keys.findLastIndex((key) => order(key, name) < 0) : keys.length - 1;
}

/**
 * Whether the next name still belongs to the run that begins with a name of the family, asked name by name: it is of
 * the family, or goes on with the stem of one that was (`REDIS_CERT` after `REDIS_PASSWORD`).
 */
export function runFrom(first: string, isMember: (name: string) => boolean): (name: string) => boolean {
  const stems = [stemOf(first)];
  return (name) => {
    if (isMember(name)) stems.push(stemOf(name));
    return isMember(name) || stems.some((stem) => stem !== '' && name.startsWith(stem));
  };
}

/** What a name begins with, up to its last underscore; empty where it has none. */
function stemOf(name: string): string {
  return name.slice(0, name.lastIndexOf('_') + 1);
}

/**
 * The insertions that put one entry after the entry of that index: on a line of its own where its neighbours are, with
 * their indentation, after a comment on the same line, and with a trailing separator only where the list has one.
 * `lines` of the entry are joined with the list's own line ending and indentation.
 */
export function insertEntry(text: string, list: Entries, after: number, lines: readonly string[]): Insertion[] {
  const { entries } = list;
  const eol =
    text.slice(list.opens, list.closes).includes('\r\n') || eolAt(text, list.opens) === '\r\n' ? '\r\n' : '\n';
  if (entries.length === 0) return intoEmpty(text, list, lines, eol);
  const neighbour = entries[Math.max(after, 0)]!;
  const leading = entries.length > 1 && after >= 0 ? commaFirst(text, list) : null;
  if (leading !== null) return [{ at: endOfLine(text, neighbour.end), text: `${eol}${leading}${lines.join(eol)}` }];
  const indent = indentBefore(text, neighbour.start);
  if (indent === null) return inline(text, list, after, lines.join(' '));
  const entry = lines.join(eol + indent);
  const { separator } = list;
  if (after < 0) return [{ at: endOfLine(text, list.opens), text: `${eol}${indent}${entry}${separator}` }];
  const next = entries[after + 1];
  const limit = next?.start ?? list.closes;
  const comma = separatorAfter(text, neighbour.end, limit, separator);
  if (comma !== null) {
    const at = endOfLine(text, comma + 1);
    if (next && indentBefore(text, next.start) === null && !text.slice(at, next.start).includes('\n'))
      return inline(text, list, after, lines.join(' '));
    return [{ at, text: `${eol}${indent}${entry}${separator}` }];
  }
  if (separator === ';') return [{ at: endOfLine(text, neighbour.end), text: `${eol}${indent}${entry}` }];
  return [
    { at: neighbour.end, text: separator },
    { at: endOfLine(text, neighbour.end), text: `${eol}${indent}${entry}` },
  ];
}

function inline(text: string, { entries, separator, closes }: Entries, after: number, entry: string): Insertion[] {
  if (after < 0) return [{ at: entries[0]!.start, text: `${entry}${separator} ` }];
  const neighbour = entries[after]!;
  const limit = entries[after + 1]?.start ?? closes;
  const comma = separatorAfter(text, neighbour.end, limit, separator);
  if (separator === ';' && comma !== null) return [{ at: comma + 1, text: ` ${entry}${separator}` }];
  return [{ at: neighbour.end, text: `${separator} ${entry}` }];
}

function intoEmpty(
  text: string,
  { opens, closes, separator }: Entries,
  lines: readonly string[],
  eol: string,
): Insertion[] {
  const inner = text.slice(opens, closes);
  if (!inner.includes('\n')) {
    const object = text[opens - 1] === '{' && inner === '';
    return [{ at: opens, text: object ? ` ${lines.join(' ')} ` : `${inner === '' ? '' : ' '}${lines.join(' ')}` }];
  }
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', opens - 1) + 1))![0];
  const indent = /\n([ \t]+)\S/.exec(inner)?.[1] ?? `${outer}${unitOf(text)}`;
  return [{ at: endOfLine(text, opens), text: `${eol}${indent}${lines.join(eol + indent)}${separator}` }];
}

function unitOf(text: string): string {
  return /\n(\t| {2,8})\S/.exec(text)?.[1] ?? '  ';
}

/**
 * Where the separator stands between an entry and the next, over white space and comments; null where there is none.
 */
function separatorAfter(text: string, from: number, limit: number, separator: string): number | null {
  const blanked = text.slice(from, limit).replace(COMMENT, (comment) => ' '.repeat(comment.length));
  const at = blanked.search(separator === ';' ? /[;,]/ : /,/);
  return at < 0 ? null : from + at;
}

/** A comment of JavaScript: between two entries stands no string that could look like one. */
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** After what still belongs to the line: blanks and comments, up to the line ending or the next code. */
function endOfLine(text: string, from: number): number {
  const rest = /^(?:[ \t]*(?:\/\*[^\n]*?\*\/|\/\/[^\r\n]*))*/.exec(text.slice(from))![0];
  return from + rest.length;
}

/** What stands before an entry where separators lead the line (`\n  , `), or null. */
function commaFirst(text: string, { entries }: Entries): string | null {
  const line = text.slice(text.lastIndexOf('\n', entries[1]!.start - 1) + 1, entries[1]!.start);
  return /^[ \t]*,[ \t]*$/.test(line) ? line : null;
}

/** The white space before an entry on its own line, or null where it is not the first on its line. */
export function indentBefore(text: string, offset: number): string | null {
  return /(?:^|\n)([ \t]*)$/.exec(text.slice(0, offset))?.[1] ?? null;
}

function eolAt(text: string, offset: number): string {
  const feed = text.indexOf('\n', offset);
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}
