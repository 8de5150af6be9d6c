/** The classes of POSIX that a set may name, in the C locale. */
const named: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
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
  }),
);

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
  const negated = pattern[open + 1] === '!' || pattern[open + 1] === '^';
  const start = open + (negated ? 2 : 1);
  const tests: ((code: number) => boolean)[] = [];
  let [at, before] = [start, none];
  while (at === start || pattern[at] !== ']') {
    const member = memberAt(pattern, at, before, ignoreCase);
    if (!member) return null;
    tests.push(member.test);
    [at, before] = [member.next, member.code];
  }
  return { test: (code) => tests.some((one) => one(code)) !== negated, next: at + 1 };
}

/** No character, where a range could begin with one. */
const none = -1;

/** A class, a range or a character of a set; `code`: the character, with which a range may begin. */
interface BracketItem {
  test: (code: number) => boolean;
  next: number;
  code: number;
}

/** The member at an offset, behind the character `before`; null where the set does not go on as one. */
function memberAt(pattern: string, at: number, before: number, ignoreCase: boolean): BracketItem | null {
  if (at >= pattern.length) return null;
  const name = pattern[at] === '[' ? /^\[:([^\]]*):\]/.exec(pattern.slice(at)) : null;
  if (name) {
    const set = named.get(ignoreCase && name[1] === 'upper' ? 'alpha' : name[1]!);
    return set ? { test: (code) => set.test(String.fromCharCode(code)), next: at + name[0].length, code: none } : null;
  }
  const isRange = pattern[at] === '-' && before !== none && at + 1 < pattern.length && pattern[at + 1] !== ']';
  let end = isRange ? at + 1 : at;
  if (pattern[end] === '\\') end += 1;
  if (end >= pattern.length) return null;
  const code = pattern.charCodeAt(end);
  if (isRange) return { test: rangeOf(before, code, ignoreCase), next: end + 1, code: none };
  return { test: (one) => one === code, next: end + 1, code };
}

function rangeOf(from: number, to: number, ignoreCase: boolean): (code: number) => boolean {
  const within = (code: number) => code >= from && code <= to;
  const upper = (code: number) => (code > 96 && code < 123 ? code - 32 : code);
  return (code) => within(code) || (ignoreCase && within(upper(code)));
}
