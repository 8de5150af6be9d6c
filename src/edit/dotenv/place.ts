import type { Company } from '../insert.ts';
import type { Line } from './read.ts';

/** What a new variable is, as far as a place for it depends on it. */
export interface Newcomer extends Company {
  /** Short titles it would stand under: `Database`, `Postgres`. The first is used for a new section. */
  titles: string[];
}

/** `after`: index of the line the new one follows, -1 for the very start. `section`: it opens a paragraph of its own. */
export interface Place {
  after: number;
  /** The line whose form it copies, or null: the file's own majority. */
  like: Line | null;
  section: boolean;
}

type Keyed = Extract<Line, { kind: 'assign' | 'off' }>;

/**
 * Where the new variable goes: the sorted place in a sorted file, else after the run of the variable it derives from or of
 * its family, else under a title that names it, else a paragraph at the end.
 */
export function placeInDotenv(lines: readonly Line[], newcomer: Newcomer): Place {
  return (
    sortedPlace(lines, newcomer.name) ?? familyPlace(lines, newcomer) ?? titledPlace(lines, newcomer) ?? endPlace(lines)
  );
}

/** A file whose more than five keys all stand in order keeps that order. */
function sortedPlace(lines: readonly Line[], name: string): Place | null {
  const keyed = lines.map((line, index) => ({ line, index })).filter(({ line }) => line.kind === 'assign');
  const keys = keyed.map(({ line }) => (line as Keyed).key);
  if (keys.length <= 5 || keys.some((key, i) => i > 0 && keys[i - 1]! >= key)) return null;
  const before = keyed.filter(({ line }) => (line as Keyed).key < name).at(-1);
  if (before) return { after: before.index, like: before.line, section: false };
  const first = keyed[0]!;
  return { after: startOfComment(lines, first.index) - 1, like: first.line, section: false };
}

function startOfComment(lines: readonly Line[], index: number): number {
  let start = index;
  while (lines[start - 1]?.kind === 'comment') start -= 1;
  return start;
}

function familyPlace(lines: readonly Line[], { derivedFrom, isMember }: Newcomer): Place | null {
  const wanted: ((line: Keyed) => boolean)[] = [
    (line) => line.kind === 'assign' && line.key === derivedFrom,
    (line) => line.kind === 'off' && line.key === derivedFrom,
    (line) => line.kind === 'assign' && isMember(line.key),
    (line) => line.kind === 'off' && isMember(line.key),
  ];
  for (const wants of wanted) {
    const anchor = lines.findIndex((line) => isKeyed(line) && wants(line));
    if (anchor >= 0) return { after: endOfRun(lines, anchor, isMember), like: lines[anchor]!, section: false };
  }
  return null;
}

/** A run ends at a blank line, a rule or a foreign key; it reaches over a comment that belongs to its next member. */
function endOfRun(lines: readonly Line[], anchor: number, isMember: (name: string) => boolean): number {
  let end = anchor;
  for (let i = anchor + 1; i < lines.length; i += 1) {
    const line = lines[i]!;
    if (isKeyed(line) && isMember(line.key)) end = i;
    else if (line.kind !== 'comment') break;
  }
  return end;
}

function titledPlace(lines: readonly Line[], { titles }: Newcomer): Place | null {
  const names = titles.map((title) => title.toLowerCase());
  for (const [index, line] of lines.entries()) {
    const title = line.kind === 'comment' ? titleOf(line.text) : null;
    const first = title?.toLowerCase().split(/[^\w\u00c0-\u1fff\u2c00-\uffff]+/)[0];
    if (!first || !names.includes(first)) continue;
    const end = endOfParagraph(lines, index);
    const like = lines.slice(index, end + 1).find(isKeyed) ?? null;
    if (like) return { after: end, like, section: false };
  }
  return null;
}

function endOfParagraph(lines: readonly Line[], title: number): number {
  let at = title + 1;
  while (lines[at]?.kind === 'rule') at += 1;
  if (lines[at]?.kind === 'blank' && isKeyed(lines[at + 1])) at += 1;
  while (lines[at] && lines[at]!.kind !== 'blank' && lines[at]!.kind !== 'rule') at += 1;
  return at - 1;
}

function endPlace(lines: readonly Line[]): Place {
  let last = lines.length - 1;
  while (last >= 0 && lines[last]!.kind === 'blank') last -= 1;
  return { after: last, like: null, section: true };
}

/** What is not a letter or digit at either end. Ranges, because `\p{L}` costs a millisecond to compile. */
const MARKS = /^[^\w\u00c0-\u1fff\u2c00-\uffff]+|[^\w\u00c0-\u1fff\u2c00-\uffff)]+$/g;

/** The words of a short heading comment, without its rule marks, or null where it is prose. */
export function titleOf(comment: string): string | null {
  if (comment.startsWith('#!')) return null;
  const title = comment.replace(/^[\s#]+/, '').replace(MARKS, '');
  return title !== '' && title.length <= 40 && title.split(/\s+/).length <= 4 && !/[.:=]/.test(title) ? title : null;
}

/** Whether the line names a variable, assigned or commented out. */
export function isKeyed(line: Line | undefined): line is Keyed {
  return line?.kind === 'assign' || line?.kind === 'off';
}
