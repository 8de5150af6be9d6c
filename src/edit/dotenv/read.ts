/**
 * A lossless reader of dotenv text: a list of lines whose slices, joined, are the input again. It knows where
 * things stand and prints nothing; `dotenv-insert.ts` splices by its offsets.
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
export interface Off extends Span {
  kind: 'off';
  key: string;
  value: string;
}

export interface Other extends Span {
  kind: 'blank' | 'rule' | 'comment' | 'junk';
}

export type Line = Assign | Off | Other;

const ASSIGN = /^([ \t]*)(export[ \t]+)?([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)(.*)$/;
const OFF = /^[ \t]*#+[ \t]*(?:export[ \t]+)?([A-Z_][A-Z0-9_]+)[ \t]*=[ \t]*(.*)$/;
const RULE = /^[ \t]*(?:#[ \t]*)?([^\w\s])(?:[ \t]*\1){2,}[ \t]*#?[ \t]*$/;

/** Reads dotenv text. Gives the lines, or why the file is not one that may be edited. */
export function readDotenv(text: string): Line[] | { refused: string } {
  const refused = unfit(text);
  if (refused) return { refused };
  const lines: Line[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    const start = at === 1 && lines.length === 0 ? 0 : at;
    const assign = ASSIGN.exec(line.text);
    if (assign) {
      const read = readAssign(text, at, line, assign);
      if ('refused' in read) return read;
      lines.push({ ...read, start });
    } else {
      lines.push({ ...readOther(line), start });
    }
    at = lines.at(-1)!.end;
  }
  return lines;
}

function unfit(text: string): string | null {
  if (/^<{7}[ \t]/m.test(text)) return 'it holds merge conflict markers';
  if (/DOTENV_PUBLIC_KEY|=["']?encrypted:/.test(text))
    return 'it is encrypted with dotenvx; set the variable with `dotenvx set <NAME>`';
  if (/^sops_version=|=ENC\[/m.test(text)) return 'it is encrypted with SOPS; set the variable with `sops <file>`';
  if (/^\uFEFF?\s*\/\*/.test(text)) return 'it begins with `/*`, which dotenv does not know';
  if (text.includes('\uFFFD')) return 'it is not valid UTF-8';
  return null;
}

function lineAt(text: string, start: number): Span {
  const feed = text.indexOf('\n', start);
  if (feed < 0) return { start, end: text.length, text: text.slice(start), eol: '' };
  const crlf = text[feed - 1] === '\r' && feed > start;
  return { start, end: feed + 1, text: text.slice(start, crlf ? feed - 1 : feed), eol: crlf ? '\r\n' : '\n' };
}

function readAssign(text: string, at: number, line: Span, match: RegExpExecArray): Assign | { refused: string } {
  const [, , exported, key, equals, raw] = match as unknown as [string, string, string?, string?, string?, string?];
  const base = { kind: 'assign' as const, key: key!, exported: exported !== undefined, equals: equals! };
  const quote = raw![0];
  if (quote !== '"' && quote !== "'" && quote !== '`') {
    return { ...line, ...base, raw: raw!, value: raw!.replace(/(^|[ \t])#.*$/, '').trim(), quote: '' };
  }
  const opens = at + line.text.length - raw!.length;
  const closes = closingQuote(text, opens, quote);
  if (closes < 0) return { refused: `the quote of \`${key}\` never closes` };
  const last = lineAt(text, closes + 1);
  if (!/^[ \t]*(#.*)?$/.test(last.text)) return { refused: `there is text after the closing quote of \`${key}\`` };
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
  if (off) return { ...line, kind: 'off', key: off[1]!, value: off[2]!.replace(/^["'`]|["'`]?([ \t]+#.*)?$/g, '') };
  if (RULE.test(line.text)) return { ...line, kind: 'rule' };
  return { ...line, kind: /^[ \t]*#/.test(line.text) ? 'comment' : 'junk' };
}
