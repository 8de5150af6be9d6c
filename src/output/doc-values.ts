import path from 'node:path';
import { isSecretName, mask } from './credentials.ts';

/**
 * The text of an env doc without the values of the named variables: where they are assigned (a value in quotes may go
 * on over several lines), in pairs (`NAME: value`, of YAML, JSON and lists), in the cells of a table, in sentences, and
 * as a default in code. What is only said about a variable stays.
 */
export function withoutValues(text: string, names: ReadonlySet<string>, file: string): string {
  const shape = shapeOf(file);
  const bare = shape === 'template' ? text : withoutDefaults(text, shape);
  const lines: Masking = { names, shape, quote: '', goesOn: false, columns: [] };
  return bare
    .split('\n')
    .map((line) => {
      const end = line.endsWith('\r') ? '\r' : '';
      return `${withoutValuesOfLine(end ? line.slice(0, -1) : line, lines)}${end}`;
    })
    .join('\n');
}

/** The names that a text gives a value to, or may: those that are assigned, and whatever is written as they are. */
export function namesWithValues(text: string): Set<string> {
  const names = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const assigned = assignment.exec(line)?.[2];
    if (assigned) names.add(assigned);
  }
  for (const [name] of text.matchAll(/\b[A-Z][A-Z0-9_]{1,80}\b/g)) names.add(name);
  return names;
}

/** What a doc is written in: lines of a template, prose for people, or code. */
type Shape = 'template' | 'prose' | 'code';

function shapeOf(file: string): Shape {
  const extension = path.extname(file).toLowerCase();
  if (/^\.mdx?$/.test(extension) || /^readme/i.test(path.basename(file))) return 'prose';
  return /^\.(?:[cm]?[jt]sx?|jsonc?)$/.test(extension) ? 'code' : 'template';
}

/** Where in a text the next line stands. */
interface Masking {
  readonly names: ReadonlySet<string>;
  readonly shape: Shape;
  /** The quote that an earlier line has opened, or nothing. */
  quote: string;
  /** True if the line before ended with a backslash. */
  goesOn: boolean;
  /** Which columns of the table that the line stands in hold values. */
  columns: readonly number[];
}

/** `NAME=value` at the beginning of a line, as templates, their comments, fences and lists have it. */
const assignment = /^([\s#>*+-]*`?(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)(.*)$/;

function withoutValuesOfLine(line: string, at: Masking): string {
  if (at.quote) return insideQuotes(line, at);
  if (at.goesOn) return hidden(line, at);
  const match = assignment.exec(line);
  if (!match) return withoutMentions(line, at);
  if (!at.names.has(match[2]!)) return withoutMentions(line, at, false);
  const [, before, name, equals, value] = match as unknown as [string, string, string, string, string];
  at.goesOn = value.endsWith('\\');
  return `${before}${name}${equals}${withoutValue(value, at)}`;
}

function insideQuotes(line: string, at: Masking): string {
  const close = line.indexOf(at.quote);
  if (close < 0) return mask;
  at.quote = '';
  return `${mask}${line.slice(close, close + 1)}${withoutMentions(line.slice(close + 1), at, false)}`;
}

function hidden(line: string, at: Masking): string {
  at.goesOn = line.endsWith('\\');
  return line.trim() === '' ? line : mask;
}

/** One value as it may be shown, with its quotes and what follows it. */
function withoutValue(value: string, at: Masking): string {
  const open = /^["'`]/.exec(value)?.[0];
  if (open) {
    const close = value.indexOf(open, 1);
    if (close < 0) at.quote = open;
    if (close < 0) return `${open}${mask}`;
    const inside = close === 1 ? '' : mask;
    return `${open}${inside}${open}${withoutMentions(value.slice(close + 1), at, false)}`;
  }
  const ends = [' #', '\t#', '`'].map((one) => value.indexOf(one)).filter((one) => one >= 0);
  const end = Math.min(value.length, ...ends);
  const shown = value.slice(0, end).trim() === '' ? value.slice(0, end) : mask;
  return `${shown}${withoutMentions(value.slice(end), at, false)}`;
}

/** A line, or the rest of one, that assigns nothing. `whole`: false for the rest. */
function withoutMentions(line: string, at: Masking, whole = true): string {
  const { names, shape } = at;
  const said = line
    .replace(inProse, (all, name: string) => (names.has(name) ? `${name}=${mask}` : all))
    .replace(decorated, `$1${mask}`)
    .replace(quotedPair, (all, name: string, between: string, quote: string) =>
      names.has(name) ? `${name}${between}${quote}${mask}${quote}` : all,
    );
  const shown = whole && shape !== 'code' ? withoutPlainPair(withoutCells(said, at), at) : said;
  return shown.replace(/[\w+/=-]{20,400}/g, (word) => (looksRandom(word) ? mask : word));
}

/** `NAME=value` inside a sentence or a cell. */
const inProse = /\b([A-Z][A-Z0-9_]{1,80})=([^\s`'"|]+)/g;

/** What a decorator of varlock says of a value. */
const decorated = /(@(?:example|default)=)(?:"[^"\n]*"|'[^'\n]*'|[^\s"']+)/g;

/** `NAME: "value"`, the name in quotes or not. */
const quotedPair = /\b([A-Z][A-Z0-9_]{1,80})(["'`*]{0,3}[ \t]*:[ \t]*)(["'`])(?:(?!\3).){1,2000}\3/g;

/** `NAME: value` or `NAME - value` to the end of a line: one word, as a sentence says more. */
const plainPair =
  /^([\s#>*+-]*["'`*]{0,3})([A-Za-z_][\w.-]{1,80})(["'`*]{0,3}(?:[ \t]*:|[ \t]+[-–—])[ \t]*)(\S+)([ \t]*)$/;

/** Words that say what a value has to be, and are none; and the marks of tables. */
const describing = [
  ...['required', 'optional', 'recommended', 'deprecated', 'secret', 'string', 'number', 'boolean', 'integer', 'url'],
  ...['uri', 'yes', 'no', 'true', 'false', 'none', 'null', 'empty', 'unset', 'n\\/a', '[-–—✓✔✗✘✅❌]+'],
];
const descriptive = new RegExp(String.raw`^[\`*_(]*(?:${describing.join('|')})?[\`*_).,]*$`, 'i');

function withoutPlainPair(line: string, { names, shape }: Masking): string {
  const match = plainPair.exec(line);
  if (match) {
    const [, before, name, between, value, after] = match as unknown as string[];
    const stays = !names.has(name!) || descriptive.test(value!) || value!.includes(mask) || /^[[{|>&]/.test(value!);
    if (stays && shape === 'prose') return line;
    if (!stays) return `${before}${name}${between}${mask}${after}`;
  }
  // What is neither blank, a comment nor an assignment may be the rest of a value.
  return shape === 'template' && !/^\s*(?:#|$)/.test(line) ? mask : line;
}

/** Titles of columns that hold values. */
const valueTitle = /\b(?:default|value|example|sample|beispiel|wert|standard)/i;

/** A row of a table: the cells under titles of values, and for a secret every cell of one word, do not show. */
function withoutCells(line: string, at: Masking): string {
  if (!/^\s*\|/.test(line)) {
    at.columns = [];
    return line;
  }
  const cells = line.split(/(?<!\\)\|/);
  const named = cells.flatMap((cell) => /^[\s`*]*([A-Z][A-Z0-9_]{1,80})[\s`*]*$/.exec(cell)?.[1] ?? []);
  const name = named.find((one) => at.names.has(one));
  if (!name) {
    const titles = cells.flatMap((cell, i) => (valueTitle.test(cell) ? [i] : []));
    if (titles.length > 0) at.columns = titles;
    return line;
  }
  // Of a cell a word too many is masked rather than one too few.
  const isSecret = isSecretName(name) || name.endsWith('KEY');
  const shown = cells.map((cell, i) => {
    const word = cell.trim();
    if (descriptive.test(word) || named.some((one) => word.replace(/[`*]/g, '') === one)) return cell;
    const holds = at.columns.includes(i) || (isSecret && !/\s/.test(word) && !/^[A-Z]?[a-z]+$/.test(word));
    return holds ? cell.replace(word, () => (word.startsWith('`') ? `\`${mask}\`` : mask)) : cell;
  });
  return shown.join('|');
}

/** What a default comes after: a key, a method, and in code an operator or the argument before it. */
const said = String.raw`\b(?:default|defaultTo|devDefault|testDefault|defaultValue|examples?|value)[ \t]*[(:]`;
const coded = String.raw`\b(?:catch|prefault|fallback)[ \t]*[(:]|\?\?|\|\||[\])]\s*,`;
const text = ['"', "'"].map((quote) => String.raw`${quote}(?:\\.|[^${quote}\\\n])+${quote}`).join('|');
const template = '`(?:\\\\.|[^`\\\\])+`';
const fallbacks = {
  prose: new RegExp(String.raw`((?:${said})\s*)(?:${text}|${template})`, 'gi'),
  code: new RegExp(String.raw`((?:${said}|${coded})\s*(?:\(\)\s*=>\s*|\[\s*)?)(?:${text}|${template})`, 'gi'),
};

function withoutDefaults(doc: string, shape: 'prose' | 'code'): string {
  return doc.replace(fallbacks[shape], (all, before: string) => {
    const quote = all.at(-1)!;
    return `${before}${quote}${mask}${quote}`;
  });
}

/** A long word of digits and letters in no order, as keys are. */
function looksRandom(word: string): boolean {
  if (/[-_/]{2}|^[a-z-]+$|^[A-Z_]+$/i.test(word)) return false;
  const digits = word.replace(/\D/g, '').length;
  const changes = [...word].filter((one, i) => i > 0 && classOf(one) !== classOf(word[i - 1]!)).length;
  return digits >= 4 && changes >= word.length / 4;
}

function classOf(character: string): string {
  if (/\d/.test(character)) return 'digit';
  if (/[a-z]/.test(character)) return 'lower';
  return /[A-Z]/.test(character) ? 'upper' : 'other';
}
