import type { LeftAlone } from '../../types/env-docs.ts';
import type { Refusal } from '../splice.ts';

/**
 * A lossless reader of dotenv text: a list of lines whose slices, joined, are the input again. It knows where things
 * stand and prints nothing; `insert.ts` splices by its offsets. Every step is linear in the text.
 */

interface Span {
  start: number;
  /** After the line ending. */
  end: number;
  /** Without the line ending; an `assign` may hold several physical lines. */
  text: string;
  eol: '' | '\n' | '\r\n';
}

/** `KEY=value`, `export KEY = "value"`, also over several lines where the quote says so. */
export interface Assign extends Span {
  kind: 'assign';
  key: string;
  exported: boolean;
  /** The `=` with the white space round it. */
  equals: string;
  /** As written, with quotes and trailing comment. */
  raw: string;
  value: string;
  quote: '' | '"' | "'" | '`';
}

/** An assignment that is commented out: documented, switched off. */
interface Off extends Span {
  kind: 'off';
  key: string;
  value: string;
}

/** A line that names no variable. `junk`: nothing that dotenv knows. */
export interface Other extends Span {
  kind: 'blank' | 'rule' | 'comment' | 'junk';
}

/** A line of a template, or the lines over which one assignment goes. */
export type Line = Assign | Off | Other;

/** Indentation, `export`, key, `=`, and the rest of the line. */
const ASSIGN = /^([ \t]*)(export[ \t]+)?([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)(.*)$/;
/** The same, commented out; the key is in capitals, as prose would be taken for one otherwise. */
const OFF = /^[ \t]*#+[ \t]*(?:export[ \t]+)?([A-Z_][A-Z0-9_]+)[ \t]*=[ \t]*(.*)$/;

/** A text that may not be edited: why, and the lines that could be read all the same, which are evidence. */
interface Unfit extends Refusal {
  leftAlone: LeftAlone;
  lines: Line[];
}

/** Characters and lines above which a text is no template that a person keeps. */
const limits = { characters: 500_000, lines: 20_000 };

/** Reads dotenv text. Returns its lines, or why the file is not one that may be edited. */
export function readDotenv(text: string): Line[] | Unfit {
  if (isTooLarge(text)) {
    const message = `it is larger than ${limits.characters} characters or ${limits.lines} lines`;
    return { refused: message, leftAlone: { code: 'too-large', message }, lines: [] };
  }
  const { lines, broken } = linesOf(text);
  const leftAlone = unfit(text) ?? broken;
  return leftAlone ? { refused: leftAlone.message, leftAlone, lines } : lines;
}

function isTooLarge(text: string): boolean {
  if (text.length > limits.characters) return true;
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count > limits.lines;
}

/** `broken`: what stopped the reading, and the lines before it. */
function linesOf(text: string): { lines: Line[]; broken: LeftAlone | null } {
  const lines: Line[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    const start = at === 1 && lines.length === 0 ? 0 : at;
    const assign = ASSIGN.exec(line.text);
    const read = assign ? readAssign(text, at, line, assign) : readOther(line);
    if ('code' in read) return { lines, broken: read };
    lines.push({ ...read, start });
    at = read.end;
  }
  return { lines, broken: null };
}

function unfit(text: string): LeftAlone | null {
  if (/^<{7}[ \t]/m.test(text)) return { code: 'conflict', message: 'it holds merge conflict markers' };
  if (/DOTENV_PUBLIC_KEY|=["']?encrypted:/.test(text))
    return {
      code: 'encrypted',
      message: 'it is encrypted, and dotenvx sets a variable',
      command: 'dotenvx set <NAME>',
    };
  if (/^sops_version=|=ENC\[/m.test(text))
    return { code: 'encrypted', message: 'it is encrypted, and SOPS sets a variable', command: 'sops <file>' };
  if (/^\uFEFF?\s*\/\*/.test(text))
    return { code: 'unparsable', message: 'it begins with `/*`, which dotenv does not know' };
  if (text.includes('\uFFFD')) return { code: 'encoding', message: 'it is not valid UTF-8' };
  return null;
}

function lineAt(text: string, start: number): Span {
  const feed = text.indexOf('\n', start);
  if (feed < 0) return { start, end: text.length, text: text.slice(start), eol: '' };
  const crlf = text[feed - 1] === '\r' && feed > start;
  return { start, end: feed + 1, text: text.slice(start, crlf ? feed - 1 : feed), eol: crlf ? '\r\n' : '\n' };
}

function readAssign(text: string, at: number, line: Span, match: RegExpExecArray): Assign | LeftAlone {
  const [, , exported, key, equals, raw] = match as unknown as [string, string, string?, string?, string?, string?];
  const base = { kind: 'assign' as const, key: key!, exported: exported !== undefined, equals: equals! };
  const quote = raw![0];
  if (quote !== '"' && quote !== "'" && quote !== '`') {
    return { ...line, ...base, raw: raw!, value: raw!.replace(/(^|[ \t])#.*$/, '').trim(), quote: '' };
  }
  const opens = at + line.text.length - raw!.length;
  const closes = closingQuote(text, opens, quote);
  if (closes < 0) return { code: 'unparsable', message: `the quote of \`${key}\` never closes` };
  const last = lineAt(text, closes + 1);
  if (!/^[ \t]*(#.*)?$/.test(last.text))
    return { code: 'unparsable', message: `there is text after the closing quote of \`${key}\`` };
  const span = { start: at, end: last.end, text: text.slice(at, last.end - last.eol.length), eol: last.eol };
  const value = text.slice(opens + 1, closes);
  return { ...span, ...base, raw: text.slice(opens, last.end - last.eol.length), value, quote };
}

function closingQuote(text: string, opens: number, quote: string): number {
  let at = text.indexOf(quote, opens + 1);
  while (at > 0 && quote !== '`' && text[at - 1] === '\\') at = text.indexOf(quote, at + 1);
  return at;
}

function readOther(line: Span): Off | Other {
  if (line.text.trim() === '') return { ...line, kind: 'blank' };
  const off = OFF.exec(line.text);
  if (off) return { ...line, kind: 'off', key: off[1]!, value: bareValue(off[2]!) };
  if (isRule(line.text) || closesRegion(line.text)) return { ...line, kind: 'rule' };
  return { ...line, kind: /^[ \t]*#/.test(line.text) ? 'comment' : 'junk' };
}

/** Without its quotes and the comment behind it. */
function bareValue(raw: string): string {
  const comment = raw.search(/[ \t]#/);
  const value = comment < 0 ? raw : raw.slice(0, comment).trimEnd();
  return value.replace(/^["'`]/, '').replace(/["'`]$/, '');
}

/** The end of what editors fold: `#endregion`. */
export function closesRegion(line: string): boolean {
  return /^[ \t]*#[ \t]*end[ \t]?region\b/i.test(line);
}

/** Three or more of one mark and nothing else, after a `#` or not: `# -----`, `####`, `#=====#`. */
function isRule(line: string): boolean {
  const marks = line.replaceAll(/[ \t]/g, '');
  const inner = marks.startsWith('#') && /[^#]/.test(marks) ? marks.slice(1) : marks;
  const mark = inner[0]!;
  const end = mark !== '#' && inner.endsWith('#') ? inner.length - 1 : inner.length;
  if (/[\w\s]/.test(mark) || end < 3) return false;
  for (let at = 0; at < end; at += 1) if (inner[at] !== mark) return false;
  return true;
}
