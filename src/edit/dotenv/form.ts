import { isKeyed, titleOf } from './place.ts';
import type { Assign, Line } from './read.ts';

/** How one assignment is written in this file. */
export interface Form {
  quote: '' | '"' | "'" | '`';
  exported: boolean;
  equals: string;
  value: string;
}

/** The form of the neighbour's paragraph, else of the file. */
export function formOf(lines: readonly Line[], like: Line | null): Form {
  const paragraph = like ? assignments(paragraphOf(lines, like)) : [];
  const all = assignments(lines);
  const near = paragraph.length > 0 ? paragraph : all;
  const neighbour = near.find((line) => line === like) ?? near.at(-1);
  return {
    quote: quoteIn(strings(paragraph).length > 0 ? paragraph : all),
    exported: majority(near, (line) => line.exported) ?? false,
    equals: neighbour ? spacing(neighbour) : '=',
    value: placeholder(all),
  };
}

/** Writes one assignment. An unquoted empty value is never followed by white space (Node 22 would read on). */
export function writeAssignment(name: string, form: Form): string {
  const right = `${form.quote}${form.value}${form.quote}`;
  const equals = right === '' ? form.equals.trimEnd() : form.equals;
  return `${form.exported ? 'export ' : ''}${name}${equals}${right}`;
}

function spacing(line: Assign): string {
  return /^[ \t]/.test(line.equals) && line.raw === '' ? ` = ` : line.equals;
}

function paragraphOf(lines: readonly Line[], line: Line): Line[] {
  const at = lines.indexOf(line);
  let from = at;
  let to = at;
  while (from > 0 && lines[from - 1]!.kind !== 'blank') from -= 1;
  while (to < lines.length - 1 && lines[to + 1]!.kind !== 'blank') to += 1;
  return lines.slice(from, to + 1);
}

function assignments(lines: readonly Line[]): Assign[] {
  return lines.filter((line) => line.kind === 'assign');
}

/** How strings are quoted; not at all where only those are that could not do without, and others stand bare. */
function quoteIn(lines: readonly Assign[]): Form['quote'] {
  const told = strings(lines);
  const needless = told.filter(({ quote, value }) => quote === '' || !/[\s#'"`$]/.test(value));
  if (needless.length === 0 && lines.some(({ raw, quote }) => raw !== '' && quote === '')) return '';
  return majority(told, (line) => line.quote) ?? '';
}

/** Numbers and booleans need no quotes, so without them they say nothing of how a string is written. */
function strings(lines: readonly Assign[]): Assign[] {
  const bare = /^(-?\d[\d.]*|true|false|yes|no|on|off)$/i;
  return lines.filter((line) => line.raw !== '' && (line.quote !== '' || !bare.test(line.value)));
}

function majority<T>(lines: readonly Assign[], read: (line: Assign) => T): T | null {
  const count = new Map<T, number>();
  for (const line of lines) count.set(read(line), (count.get(read(line)) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** What people write where a value should go; anything else may be a real value, and none is ever copied. */
const PLACEHOLDER =
  /^(?:x{3,}|\*{3,}|\.{3,}|…|<[^<>]*>|your[-_ ].*|change[-_ ]?me.*|replace[-_ ]?me.*|placeholder|todo)$/i;

/** Whether a value stands where one should go, and is none. */
export function isPlaceholder(value: string): boolean {
  return value === '' || PLACEHOLDER.test(value);
}

/** Empty, unless at least two values and four in five of them are one opaque token: then the file's own token. */
function placeholder(lines: readonly Assign[]): string {
  const values = lines.map((line) => line.value).filter((value) => value !== '');
  const token = majority(
    lines.filter((line) => line.value !== ''),
    (line) => line.value,
  );
  const share = values.filter((value) => value === token).length / values.length;
  const opaque = token !== null && PLACEHOLDER.test(token);
  return values.length >= 2 && share >= 0.8 && opaque ? token : '';
}

/** What stands round a new paragraph: its heading, and the line that closes it. */
interface Frame {
  above: string[];
  below: string[];
}

/** The frame of a new paragraph, in the file's own banner form; empty where its paragraphs have no titles. */
export function frameLike(lines: readonly Line[], title: string): Frame {
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'comment' || !titleOf(line.text)) continue;
    const above = lines[index - 1];
    const below = lines[index + 1];
    if (above?.kind === 'rule' && below?.kind === 'rule') {
      const gap = lines[index + 2]?.kind === 'blank' ? [''] : [];
      return { above: [above.text, retitle(line.text, title, lines), below.text, ...gap], below: [] };
    }
    if (below?.kind !== 'rule' && banner.test(line.text)) return framedAs(lines, line, title);
  }
  const starts = lines.filter((line, i) => line.kind !== 'blank' && (i === 0 || lines[i - 1]!.kind === 'blank'));
  const titled = starts.filter((line) => line.kind === 'comment' && titleOf(line.text));
  const holding = starts.filter((line) => line.kind === 'comment' || isKeyed(line));
  if (titled.length === 0 || titled.length * 2 < holding.length) return { above: [], below: [] };
  return framedAs(lines, titled.at(-1)!, title);
}

/** As the paragraph below a title: with the rule that closes it, where one does. */
function framedAs(lines: readonly Line[], model: Line, title: string): Frame {
  const at = lines.indexOf(model);
  const above = [retitle(model.text, title, lines)];
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => line.kind === 'rule' || (line.kind === 'comment' && titleOf(line.text)));
  const closes = end > 0 && after[end]!.kind === 'rule' && after.slice(0, end).some(isKeyed);
  return { above, below: closes && lines[at - 1]?.kind !== 'rule' ? [after[end]!.text] : [] };
}

/** The signs that people draw lines with. */
const marks = '-–—─━═=~*#';
/** At least two marks before the words, which may begin with a bracket. */
const ahead = String.raw`[${marks}[]{2,}[ \t]*\S`;
/** One mark before the words, and three after them. */
const around = String.raw`[${marks}][ \t].*[${marks}]{3,}[ \t]*$`;
const banner = new RegExp(String.raw`^[ \t]*#[ \t]*(?:${ahead}|${around})`);

/**
 * Replaces the words of a heading, keeps its case, its marks and, where it is padded to a width, that width; goes on
 * with the numbers where headings are numbered.
 */
function retitle(comment: string, title: string, lines: readonly Line[]): string {
  const old = titleOf(comment)!;
  const cased = inCaseOf(old, title);
  const at = comment.lastIndexOf(old);
  const head = comment.slice(0, at).replace(numbered, () => String(highestNumber(lines) + 1));
  const tail = comment.slice(at + old.length);
  const mark = /([^\w\s\])])\1{2,}/.exec(tail)?.[1] ?? /^( ) +\S/.exec(tail)?.[1];
  if (!mark) return head + cased + tail;
  const missing = old.length - cased.length;
  const centred = Math.abs(runOf(head, mark) - runOf(tail, mark)) <= 1;
  const left = centred ? Math.trunc(missing / 2) : 0;
  return (
    resize(head, head.lastIndexOf(mark), mark, left) + cased + resize(tail, tail.indexOf(mark), mark, missing - left)
  );
}

/** The number at the end of what stands before the words: `# 3. `. */
const numbered = /\d+(?=[.)][ \t]+$)/;

function highestNumber(lines: readonly Line[]): number {
  const titles = lines.flatMap(({ kind, text }) => (kind === 'comment' && titleOf(text) ? [text] : []));
  const numbers = titles.map((text) => numbered.exec(text.slice(0, text.lastIndexOf(titleOf(text)!)))?.[0] ?? 0);
  return Math.max(...numbers.map(Number));
}

function inCaseOf(model: string, words: string): string {
  if (model === model.toUpperCase()) return words.toUpperCase();
  return model === model.toLowerCase() ? words.toLowerCase() : words;
}

function runOf(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

/** Lengthens or shortens the run of `mark` that holds the offset, never below two, or one blank. */
function resize(text: string, at: number, mark: string, by: number): string {
  if (by === 0) return text;
  let from = at;
  let to = at + 1;
  while (text[from - 1] === mark) from -= 1;
  while (text[to] === mark) to += 1;
  return text.slice(0, from) + mark.repeat(Math.max(mark === ' ' ? 1 : 2, to - from + by)) + text.slice(to);
}

/** Whether the text sets its paragraphs apart with blank lines. */
export function separatesParagraphs(lines: readonly Line[]): boolean {
  const last = lines.findLastIndex((line) => line.kind !== 'blank');
  return lines.slice(0, last).some((line) => line.kind === 'blank') || lines.filter(isKeyed).length === 0;
}
