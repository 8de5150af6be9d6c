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

/** The first place from an offset on that stands for several texts, and what they are. */
function firstWithParts(
  text: string,
  from: number,
  closing: ReadonlyMap<number, number>,
  groups: boolean,
): { start: number; end: number; parts: string[] } | null {
  for (let at = from; at < text.length; at += 1) {
    const close = closing.get(at);
    if (text[at] === '\\') at += 1;
    else if (close === undefined) continue;
    else if (text[at] === '{') {
      const parts = rangeOf(text.slice(at + 1, close)) ?? partsOf(text, at, close, ',', closing);
      if (parts.length > 1) return { start: at, end: close + 1, parts };
    } else if (groups && text[at - 1] === '@')
      return { start: at - 1, end: close + 1, parts: partsOf(text, at, close, '|', closing) };
  }
  return null;
}

function rangeOf(inner: string): string[] | null {
  const [, first, last] = /^([+-]?\d{1,9})\.\.([+-]?\d{1,9})$/.exec(inner) ?? [];
  if (first === undefined || last === undefined) return null;
  const low = Math.min(Number(first), Number(last));
  const count = Math.abs(Number(first) - Number(last)) + 1;
  return Array.from({ length: Math.min(count, limit + 1) }, (_, i) => String(low + i));
}

/** The parts between the brackets at two offsets, where separators of the same level stand. */
function partsOf(
  text: string,
  open: number,
  close: number,
  separator: string,
  closing: ReadonlyMap<number, number>,
): string[] {
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

/** Where each brace and parenthesis that has a partner is closed. */
function closingIn(pattern: string): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const sign = pattern[at]!;
    if (sign === '\\') at += 1;
    else if (sign === '{' || sign === '(') open.push(at);
    else if (sign === '}' || sign === ')') {
      const partner = open.at(-1);
      if (partner === undefined || pattern[partner] !== (sign === '}' ? '{' : '(')) continue;
      closing.set(open.pop()!, at);
    }
  }
  return closing;
}
