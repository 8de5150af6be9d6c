/** Brackets one inside the other above which a text is not parsed: parsers recurse, and a stack is small. */
const limit = 200;

/**
 * Whether a text opens more brackets inside one another than a parser should be given. Linear; brackets in strings
 * count, too.
 */
export function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at];
    if (one === '[' || one === '{' || one === '(') depth += 1;
    else if (one === ']' || one === '}' || one === ')') depth = Math.max(0, depth - 1);
    if (depth > limit) return true;
  }
  return false;
}
