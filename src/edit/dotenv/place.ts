import { type Company, runFrom } from '../insert.ts';
import { orderOf } from '../sorted.ts';
import { closesRegion, type Line } from './read.ts';

/** What a new variable is, as far as a place for it depends on it. */
export interface Newcomer extends Company {
  /** The title of a new section for it. */
  heading: string;
  /** What its engine is called: a section titled so is its own. */
  titles: string[];
  /**
   * A word for its kind of database that could also stand for another engine (`Database`), or null where it has none.
   */
  generic: string | null;
  /** Whether a variable belongs to another kind of database. */
  isForeign: (name: string) => boolean;
}

/**
 * `after`: index of the line the new one follows, -1 for the very start. `section`: it opens a paragraph of its own.
 */
export interface Place {
  after: number;
  /** The line whose form it copies, or null: the file's own majority. */
  like: Line | null;
  section: boolean;
}

type Keyed = Extract<Line, { kind: 'assign' | 'off' }>;

/**
 * Where the new variable goes: the sorted place in a sorted file, else after the run of the variable it derives from or
 * of its family, else under a title that names it, else a paragraph at the end.
 */
export function placeInDotenv(lines: readonly Line[], newcomer: Newcomer): Place {
  return (
    sortedPlace(lines, newcomer.name) ?? familyPlace(lines, newcomer) ?? titledPlace(lines, newcomer) ?? endPlace(lines)
  );
}

/** A file whose more than five keys all stand in order keeps that order. */
function sortedPlace(lines: readonly Line[], name: string): Place | null {
  const keyed = lines.flatMap((line, index) => (line.kind === 'assign' ? [{ line, index }] : []));
  const order = keyed.length > 5 ? orderOf(keyed.map(({ line }) => line.key)) : null;
  if (!order) return null;
  const before = keyed.findLast(({ line }) => order(line.key, name) < 0);
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
    const like = lines[anchor];
    if (isKeyed(like)) return { after: endOfRun(lines, anchor, runFrom(like.key, isMember)), like, section: false };
  }
  return null;
}

/** A run ends at a blank line, a rule or a foreign key; it reaches over a comment that belongs to its next member. */
function endOfRun(lines: readonly Line[], anchor: number, isOfRun: (name: string) => boolean): number {
  let end = anchor;
  for (let i = anchor + 1; i < lines.length; i += 1) {
    const line = lines[i]!;
    if (isKeyed(line) && isOfRun(line.key)) end = i;
    else if (line.kind !== 'comment') break;
  }
  return end;
}

/** A section of its own: it is titled so, and holds no variable of another kind of database; it may hold none yet. */
function titledPlace(lines: readonly Line[], newcomer: Newcomer): Place | null {
  for (const [index, line] of lines.entries()) {
    const title = line.kind === 'comment' ? titleOf(line.text) : null;
    if (title === null || !isTitleOf(title, newcomer)) continue;
    const end = endOfParagraph(lines, index);
    const held = lines.slice(index, end + 1).filter(isKeyed);
    const isOpen = held.length > 0 || opensParagraph(lines, index);
    if (!isOpen || held.some(({ key }) => newcomer.isForeign(key))) continue;
    return { after: end, like: held[0] ?? null, section: false };
  }
  return null;
}

/** Words that name no product: beside the generic word, any other may be the name of another engine or of a tool. */
const neutral = new RegExp(
  `^(?:${[
    'and|the|of|for|a|settings?|config(?:uration)?|connections?|credentials?|urls?|options?',
    'variables?|vars|env|required|optional|server|access',
  ].join('|')})$`,
);

/** Whether a title begins with the engine's own name, or is the generic word with nothing that could name another. */
function isTitleOf(title: string, { titles, generic }: Newcomer): boolean {
  const [first = '', ...rest] = title.toLowerCase().split(/[^\w\u00c0-\u1fff\u2c00-\uffff]+/);
  if (titles.some((name) => name.toLowerCase() === first)) return true;
  return generic?.toLowerCase() === first && rest.every((word) => word === '' || neutral.test(word));
}

function opensParagraph(lines: readonly Line[], index: number): boolean {
  const above = lines[index - 1]?.kind;
  return above === undefined || above === 'blank' || above === 'rule';
}

function endOfParagraph(lines: readonly Line[], title: number): number {
  let at = title + 1;
  while (lines[at]?.kind === 'rule' && !closesRegion(lines[at]!.text)) at += 1;
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
  // Nobody draws a rule that wide, and looking for the marks at its end is not linear.
  if (comment.startsWith('#!') || comment.length > 200) return null;
  const words = comment.replace(/^[\s#]+/, '');
  // The name of a file is no title.
  if (/^\.\w/.test(words)) return null;
  const title = words.replace(MARKS, '').replace(/^(?:region[ \t]+|\d+[.)][ \t]+)/, '');
  return title !== '' && title.length <= 40 && title.split(/\s+/).length <= 4 && !/[.:=]/.test(title) ? title : null;
}

/** Whether the line names a variable, assigned or commented out. */
export function isKeyed(line: Line | undefined): line is Keyed {
  return line?.kind === 'assign' || line?.kind === 'off';
}
