import { alternativesOf } from './glob-alternatives.ts';
import { bracketAt } from './glob-bracket.ts';

/** What the signs of a pattern mean, where the tools that read such patterns differ. */
export interface GlobSyntax {
  /** Whether `{a,b}` and `{1..3}`, or these and `@(a|b)`, are alternatives; otherwise they are plain characters. */
  alternatives: 'none' | 'braces' | 'groups';
  /** `**` goes over whole folders where slashes stand round it, or over anything wherever it stands. */
  doubleStar: 'folders' | 'anything';
  /** A `[` that nothing closes makes the whole pattern match nothing, or is a plain character. */
  openBracket: 'nothing' | 'plain';
  /** Whether the letters A to Z match in either case, as far as git has it so. */
  ignoreCase?: boolean;
}

/** As .gitignore has them: git's wildmatch. */
export const gitGlob: GlobSyntax = { alternatives: 'none', doubleStar: 'folders', openBracket: 'nothing' };

/** As .editorconfig has them: https://spec.editorconfig.org */
export const editorConfigGlob: GlobSyntax = { alternatives: 'braces', doubleStar: 'anything', openBracket: 'plain' };

/** As tools built on minimatch, micromatch or globset have them: workspaces, overrides of formatters. */
export const toolGlob: GlobSyntax = { alternatives: 'groups', doubleStar: 'folders', openBracket: 'plain' };

/** Longer than a path can be. */
const longest = 4096;

/**
 * Whether a path matches a pattern. The time is the length of the path times that of the pattern, whatever they hold. A
 * pattern that is malformed, longer than a path can be, has more than a thousand alternatives, or one of `!(…)`,
 * `?(…)`, `*(…)` and `+(…)` in it, matches nothing.
 */
export function compileGlob(pattern: string, syntax: GlobSyntax): (path: string) => boolean {
  const fold = syntax.ignoreCase ? inLowerCase : (text: string) => text;
  if (!/[*?[\]{}()\\]/.test(pattern)) return (path) => fold(path) === fold(pattern);
  if (pattern.length > longest) return () => false;
  const piece = fold(plainPiece(pattern, syntax));
  let programs: Program[] | undefined;
  return (path) => {
    const folded = fold(path);
    if (!folded.includes(piece)) return false;
    programs ??= programsOf(pattern, syntax);
    return programs.some((program) => (program.tokens.some(isLong) ? matches : matchesByStars)(program, folded));
  };
}

/** A piece of the pattern that stands in every path it matches: most patterns of a long list are done with by it. */
function plainPiece(pattern: string, { alternatives }: GlobSyntax): string {
  const pieces = alternatives === 'none' ? /^[^[\\]*/.exec(pattern)![0].split(/[*?]+\/?/) : [''];
  return pieces.reduce((longest, one) => (one.length > longest.length ? one : longest));
}

function programsOf(pattern: string, syntax: GlobSyntax): Program[] {
  const patterns = syntax.alternatives === 'none' ? [pattern] : (alternativesOf(pattern, syntax.alternatives) ?? []);
  return patterns.map((one) => programOf(one, syntax)).filter((one) => one !== null);
}

/**
 * A pattern without alternatives: the code of a character, a sign below, or a set by its index, counted down from
 * `firstSet`.
 */
interface Program {
  tokens: number[];
  sets: ((code: number) => boolean)[];
}

const star = -1;
const anything = -2;
/** The way past `**` and the slash behind it. */
const pastTwo = -3;
const notSlash = -4;
const firstSet = -5;
const slash = 47;

/** The tokens of a pattern without alternatives; null where it is malformed. */
function programOf(pattern: string, syntax: GlobSyntax): Program | null {
  const program: Program = { tokens: [], sets: [] };
  for (let at = 0; at < pattern.length; ) {
    const next = readSign(program, pattern, at, syntax);
    if (next === null) return null;
    at = next;
  }
  return program;
}

/** Adds what stands at an offset to a program; gives the offset behind it, null where the pattern is malformed. */
function readSign(program: Program, pattern: string, at: number, syntax: GlobSyntax): number | null {
  const sign = pattern[at]!;
  if (sign === '*') return readStars(program, pattern, at, syntax);
  if (sign === '[') return readSet(program, pattern, at, syntax);
  const plain = sign === '\\' ? at + 1 : at;
  if (plain === pattern.length) return null;
  const code = pattern.charCodeAt(plain);
  program.tokens.push(sign === '?' ? notSlash : foldedCode(code, syntax));
  return plain + 1;
}

function foldedCode(code: number, { ignoreCase = false }: GlobSyntax): number {
  return ignoreCase && code > 64 && code < 91 ? code + 32 : code;
}

function readSet(
  { tokens, sets }: Program,
  pattern: string,
  at: number,
  { openBracket, ignoreCase = false }: GlobSyntax,
): number | null {
  const set = bracketAt(pattern, at, ignoreCase);
  if (!set && openBracket === 'nothing') return null;
  tokens.push(set ? firstSet - sets.length : pattern.charCodeAt(at));
  if (set) sets.push(set.test);
  return set?.next ?? at + 1;
}

/** The slash behind whole folders is taken with their stars. */
function readStars({ tokens }: Program, pattern: string, start: number, { doubleStar }: GlobSyntax): number {
  let next = start;
  while (pattern[next] === '*') next += 1;
  const slashes = lengthOfSlash(pattern, next);
  const isWhole = (start === 0 || pattern[start - 1] === '/') && (next === pattern.length || slashes > 0);
  if (next - start === 1) tokens.push(star);
  else if (doubleStar === 'anything') tokens.push(anything);
  else if (!isWhole) tokens.push(star);
  else {
    // Before a slash over no folder at all, too; git has that only where the slash is not escaped.
    if (pattern[next] === '/') tokens.push(pastTwo);
    tokens.push(anything, ...(slashes > 0 ? [slash] : []));
    return next + slashes;
  }
  return next;
}

/** How many characters a slash at an offset takes: two where it is escaped, none where there is none. */
function lengthOfSlash(pattern: string, at: number): number {
  if (pattern[at] === '/') return 1;
  return pattern.startsWith('\\/', at) ? 2 : 0;
}

function isLong(token: number): boolean {
  return token === anything || token === pastTwo;
}

function isOne({ sets }: Program, token: number, code: number): boolean {
  if (token >= 0) return token === code;
  return code !== slash && token <= notSlash && (token > firstSet || sets[firstSet - token]!(code));
}

/**
 * Without `**`: where it goes wrong, the last star takes one character more. An earlier one could not help, as none
 * goes over a slash.
 */
function matchesByStars(program: Program, path: string): boolean {
  const { tokens } = program;
  let [at, i, last, resume] = [0, 0, -1, 0];
  while (i < path.length) {
    const token = tokens[at];
    if (token === star) {
      [last, resume] = [at, i];
      at += 1;
    } else if (token !== undefined && isOne(program, token, path.charCodeAt(i))) {
      at += 1;
      i += 1;
    } else if (last >= 0 && path.charCodeAt(resume) !== slash) {
      resume += 1;
      [i, at] = [resume, last + 1];
    } else return false;
  }
  while (tokens[at] === star) at += 1;
  return at === tokens.length;
}

/** Every state that a path so far can have led to, at once: an index is the token that comes next. */
function matches(program: Program, path: string): boolean {
  let states = new Uint8Array(program.tokens.length + 1);
  states[0] = 1;
  for (let i = 0; i < path.length; i += 1) states = statesBehind(program, states, path.charCodeAt(i));
  // Stars at the end may stand for nothing.
  statesBehind(program, states, pathEnd);
  return states[program.tokens.length] === 1;
}

const pathEnd = -1;

/** The states behind one character more. To those before it are added the ones that stars lead to without it. */
function statesBehind(program: Program, states: Uint8Array, code: number): Uint8Array<ArrayBuffer> {
  const { tokens } = program;
  const next = new Uint8Array(tokens.length + 1);
  for (let at = 0; at < tokens.length; at += 1) {
    if (states[at] === 0) continue;
    const token = tokens[at]!;
    if (token === star || isLong(token)) {
      states[at + 1] = 1;
      if (token === pastTwo) states[at + 3] = 1;
      else if (token === anything || code !== slash) next[at] = 1;
    } else if (isOne(program, token, code)) next[at + 1] = 1;
  }
  return next;
}

function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
