import type { LeftAlone } from '../../types/env-docs.ts';

/**
 * What a document may have at most before it is parsed. The parser takes some 0.2 ms for a line or an item and 0.05 ms
 * for a cell, and nesting costs it a stack; nobody documents variables in more than this.
 */
const limits = { characters: 200_000, lines: 2_000, depth: 20, indent: 100, pipes: 8_000 };

/**
 * A line that begins with a name of two words, whatever marks or box to tick stand in front of it, or assigns to one of
 * any kind.
 */
const beginning = /^[-*+>#\d.)[_~`\s]*(?:[xX]?\][*_~`\s]*)?(?:export\s+)?[A-Z][A-Z0-9]*(?:\\?_|\s*=)/;

/** Whether a text could list variables at all, in a table, a list or a fence. Linear, and without a parser. */
export function mayListVariables(text: string): boolean {
  if (!/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.test(text)) return false;
  for (const line of linesOf(text)) {
    const isRow = line.includes('|') && /[A-Z]\\?_/.test(line);
    if (isRow || beginning.test(line)) return true;
  }
  return false;
}

/** Why a document is not parsed, or null where it may be. */
export function tooLarge(text: string): LeftAlone | null {
  const refuse = (message: string): LeftAlone => ({ code: 'too-large', message });
  if (text.length > limits.characters) return refuse(`it is longer than ${limits.characters} characters`);
  let [lines, pipes] = [0, 0];
  for (const line of linesOf(text)) {
    lines += 1;
    pipes += line.split('|').length - 1;
    if (depthOf(line) > limits.depth) return refuse(`it nests lists or quotes more than ${limits.depth} deep`);
  }
  if (lines > limits.lines) return refuse(`it has more than ${limits.lines} lines`);
  return pipes > limits.pipes ? refuse(`its tables have more than ${limits.pipes} cells`) : null;
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    yield text.slice(from, end);
    from = end + 1;
  }
}

/**
 * How many quotes and lists a line opens, one inside the other; more than the limit where it is indented beyond sense.
 */
function depthOf(line: string): number {
  let depth = 0;
  let at = 0;
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    const marker = /^(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))/.exec(line.slice(at, at + 12))?.[0];
    if (!marker) return depth > 0 && at > limits.indent ? limits.depth + 1 : depth;
    depth += 1;
    at += marker.length;
  }
}
