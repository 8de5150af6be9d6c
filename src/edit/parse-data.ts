import { type ParseError, parse } from 'jsonc-parser';

/**
 * Data files as values. Each gives undefined where the text does not parse, is nested deeper than any person writes
 * (the parsers go into what is nested by calling themselves, and would run out of stack) or, for the slow parser of
 * YAML, is longer.
 */

/** Far more than any config or manifest has; `package.json` files of the largest projects have less than ten. */
const deepest = 500;

/** The value of a text of JSON, with comments and commas before closing brackets. */
export function parseJsonc(text: string): unknown {
  if (isNestedTooDeep(text)) return undefined;
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  return errors.length > 0 ? undefined : value;
}

/** The value of a text of JSON5. */
export async function parseJson5(text: string): Promise<unknown> {
  const { default: json5 } = await import('json5');
  return attempt(text, (one) => json5.parse(one));
}

/** The value of a YAML document; where a key stands twice, the last counts. */
export async function parseYaml(text: string): Promise<unknown> {
  if (text.length > longestYaml || isIndentedTooDeep(text)) return undefined;
  const yaml = await import('yaml');
  return attempt(text, (one) => yaml.parse(one, { logLevel: 'error', uniqueKeys: false }));
}

/** The value of a TOML document. */
export async function parseToml(text: string): Promise<unknown> {
  const toml = await import('smol-toml');
  return attempt(text, (one) => toml.parse(one));
}

function attempt(text: string, parseText: (text: string) => unknown): unknown {
  if (isNestedTooDeep(text)) return undefined;
  try {
    return parseText(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/**
 * Whether brackets stand deeper in each other than a parser can follow. Strings in double quotes and comments of JSON
 * are passed over.
 */
export function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    else if (sign === '/') at = endOfComment(text, at);
    else if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

/** Of a string that begins at an offset: its closing quote, or the end of its line. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Of a comment that begins at an offset; the offset itself where none does. */
function endOfComment(text: string, start: number): number {
  if (text[start + 1] === '/') return endAt(text, '\n', start);
  return text[start + 1] === '*' ? endAt(text, '*/', start + 2) : start;
}

function endAt(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

/** A workspace with a thousand versions in its catalogs has 40 kB; the parser takes a second for ten times this. */
const longestYaml = 250_000;

/** Far more than any YAML that a person writes; a few hundred levels can end the whole process inside the parser. */
const deepestIndent = 50;

/** Whether the blocks of a YAML text stand deeper in each other than a parser can follow. */
export function isIndentedTooDeep(text: string): boolean {
  const indents: number[] = [];
  for (const line of text.split('\n')) {
    const [, blanks = '', signs = '', rest = ''] = /^( *)((?:[-?:][ \t]+)*)(.?)/.exec(line) ?? [];
    if (rest === '' && signs === '') continue;
    while (indents.length > 0 && indents.at(-1)! >= blanks.length) indents.pop();
    indents.push(blanks.length);
    if (indents.length + signs.replace(/\s/g, '').length > deepestIndent) return true;
  }
  return false;
}

/** An object as settings are; an empty one for anything else. */
export function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object whose values are texts. */
export function textMembers(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
