/** No pattern that a person writes stands for more. */
const limit = 1024;

/** The patterns that a pattern with alternatives stands for; null where they are too many or cannot be written out. */
export function alternativesOf(pattern: string, kind: 'braces' | 'groups'): string[] | null {
  const closing = closingIn(pattern);
  const groups = kind === 'groups';
  const done: string[] = [];
  const open: { text: string; from: number }[] = [{ text: pattern, from: 0 }];
  if (
    groups &&
    /[!?*+]\(/.test(pattern) &&
    [...closing.keys()].some((at) => /[!?*+]/.test(pattern[at - 1] ?? '') && pattern[at] === '(')
  )
    return null;
  while (open.length > 0) {
    const { text, from } = open.pop()!;
    const ends = text === pattern ? closing : closingIn(text);
    const at = firstWithParts(text, from, ends, groups);
    if (!at) done.push(text);
    else
      for (const part of at.parts)
        open.push({ text: text.slice(0, at.start) + part + text.slice(at.end), from: at.start });
    if (done.length + open.length > limit) return null;
  }
  return done;
}

/** A place in a pattern, from its start to behind its end, and the texts that it stands for. */
interface Alternatives {
  start: number;
  end: number;
  parts: string[];
}

/** The first place from an offset on that stands for several texts, and what they are. */
function firstWithParts(
  text: string,
  from: number,
  closing: ReadonlyMap<number, number>,
  groups: boolean,
): Alternatives | null {
  for (let at = from; at < text.length; at += 1) {
    const found = alternativesAt(text, at, closing, groups);
    if (found) return found;
    if (text[at] === '\\') at += 1;
  }
  return null;
}

/** What a brace or a parenthesis at an offset stands for, if for several texts. */
function alternativesAt(
  text: string,
  at: number,
  closing: ReadonlyMap<number, number>,
  groups: boolean,
): Alternatives | null {
  const close = closing.get(at);
  if (close === undefined) return null;
  if (text[at] === '{') {
    const parts = rangeOf(text.slice(at + 1, close)) ?? partsOf(text, at, ',', closing);
    return parts.length > 1 ? { start: at, end: close + 1, parts } : null;
  }
  const isGroup = groups && text[at - 1] === '@';
  return isGroup ? { start: at - 1, end: close + 1, parts: partsOf(text, at, '|', closing) } : null;
}

function rangeOf(inner: string): string[] | null {
  const [, first, last] = /^([+-]?\d{1,9})\.\.([+-]?\d{1,9})$/.exec(inner) ?? [];
  if (first === undefined || last === undefined) return null;
  const low = Math.min(Number(first), Number(last));
  const count = Math.abs(Number(first) - Number(last)) + 1;
  return Array.from({ length: Math.min(count, limit + 1) }, (_, i) => String(low + i));
}

/** The parts between the bracket at an offset and its partner, where separators of the same level stand. */
function partsOf(text: string, open: number, separator: string, closing: ReadonlyMap<number, number>): string[] {
  const close = closing.get(open)!;
  const parts: string[] = [];
  let from = open + 1;
  for (let at = from; at < close; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (closing.has(at)) at = closing.get(at)!;
    else if (text[at] === separator) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from, close)];
}

const openedBy: ReadonlyMap<string, string> = new Map([
  ['}', '{'],
  [')', '('],
]);

/** Where each brace and parenthesis that has a partner is closed. */
function closingIn(pattern: string): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern[at]!;
    if (sign === '\\') at += 1;
    else if (sign === '{' || sign === '(') open.push(at);
    else if (openedBy.has(sign) && pattern[open.at(-1) ?? -1] === openedBy.get(sign)) closing.set(open.pop()!, at);
  }
  return closing;
}
