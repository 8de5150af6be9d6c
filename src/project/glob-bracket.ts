/** The classes of POSIX that a set may name, in the C locale. */
const named: Record<string, RegExp> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xff]/,
  digit: /\d/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/**
 * The set that a `[` opens: what is in it and where the pattern goes on; null where nothing closes it. As in git's
 * wildmatch.c, also where case is ignored: then the text is in lower case, and a letter for itself counts as it is
 * written.
 */
export function bracketAt(
  pattern: string,
  open: number,
  ignoreCase: boolean,
): { test: (code: number) => boolean; next: number } | null {
  const tests: ((code: number) => boolean)[] = [];
  let at = open + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  let previous = -1;
  for (let first = true; first || pattern[at] !== ']'; first = false, at += 1) {
    if (at >= pattern.length) return null;
    const sign = pattern[at]!;
    const name = sign === '[' ? /^\[:([^\]]*):\]/.exec(pattern.slice(at)) : null;
    if (name) {
      const set = named[ignoreCase && name[1] === 'upper' ? 'alpha' : name[1]!];
      if (!set) return null;
      tests.push((code) => set.test(String.fromCharCode(code)));
      at += name[0].length - 1;
      previous = -1;
      continue;
    }
    const range = sign === '-' && previous >= 0 && at + 1 < pattern.length && pattern[at + 1] !== ']';
    if (range) at += 1;
    if (pattern[at] === '\\') at += 1;
    if (at >= pattern.length) return null;
    const code = pattern.charCodeAt(at);
    const from = previous;
    const within = (one: number) => one >= from && one <= code;
    const upper = (one: number) => (one > 96 && one < 123 ? one - 32 : one);
    tests.push(range ? (one) => within(one) || (ignoreCase && within(upper(one))) : (one) => one === code);
    previous = range ? -1 : code;
  }
  return { test: (code) => tests.some((one) => one(code)) !== negated, next: at + 1 };
}
