type Edit = { text: string } | { refused: string };

/**
 * The text without what an edit put in for a name: a shorter text from which that edit gives this one again, byte for byte. Null where
 * none is found; then the text was written otherwise, or changed since.
 */
export async function undo(
  text: string,
  name: string,
  edit: (text: string) => Edit | Promise<Edit>,
): Promise<string | null> {
  for (const candidate of candidates(text, name)) {
    const again = await edit(candidate);
    if ('text' in again && again.text === text) return withoutImports(candidate, text, edit);
  }
  return null;
}

/** What was imported for what is gone goes, too, where the same proof holds. */
async function withoutImports(
  candidate: string,
  text: string,
  edit: (text: string) => Edit | Promise<Edit>,
): Promise<string> {
  const times = (word: string, where: string) =>
    where.match(new RegExp(`(?<![\\w$])${word}(?![\\w$])`, 'g'))?.length ?? 0;
  const imported = [...text.matchAll(/^import\s*\{([^}]*)\}/gm)].flatMap(
    (match) => match[1]!.match(/[A-Za-z_]\w*/g) ?? [],
  );
  for (const word of new Set(imported)) {
    if (times(word, candidate) !== 1 || times(word, text) < 2) continue;
    for (const part of [`,\\s*${word}\\b`, `\\b${word}\\s*,\\s*`]) {
      const shorter = candidate.replace(new RegExp(part), '');
      const again = shorter === candidate ? null : await edit(shorter);
      if (again && 'text' in again && again.text === text) return shorter;
    }
  }
  return candidate;
}

interface Span {
  start: number;
  end: number;
}

/** Ways of leaving out every line that has the name, most likely ones first: with what stands above it and belongs to it, or a part of the line. */
function* candidates(text: string, name: string): Generator<string> {
  const lines = linesOf(text);
  const word = new RegExp(`(?<![\\w$])${name}(?![\\w$])`);
  const found = lines.flatMap((line, index) => (word.test(text.slice(line.start, line.end)) ? [index] : []));
  if (found.length === 0 || found.length > 4) return;
  const ways = found.map((index) => [...spansAt(text, lines, index, name, found.length === 1)]);
  for (const spans of combinations(ways)) yield without(text, spans);
}

/** Lines with their ends. */
function linesOf(text: string): Span[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)].filter((at) => at < text.length);
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
}

/** What may belong to the line: it alone, with the comments and empty lines above it, with an empty line below, or a part of it. */
function* spansAt(text: string, lines: readonly Span[], index: number, name: string, wide: boolean): Generator<Span> {
  const line = lines[index]!;
  let first = index;
  const above = (at: number) => text.slice(lines[at]!.start, lines[at]!.end).trim();
  for (let reach = 0; ; reach += 1) {
    const { start } = lines[first]!;
    yield { start, end: line.end };
    const below = lines[index + 1];
    if (below && wide && text.slice(below.start, below.end).trim() === '') yield { start, end: below.end };
    // The last line without an end: the end of the line before it is what was added.
    if (line.end === text.length && !text.endsWith('\n') && start > 0)
      yield { start: start - (text[start - 2] === '\r' ? 2 : 1), end: line.end };
    if (first === 0 || reach === (wide ? 8 : 2) || !/^(?:#|\/\/|\/?\*|<!--|$)/.test(above(first - 1))) break;
    first -= 1;
  }
  const inside = text.slice(line.start, line.end);
  const parts = [
    `,\\s*["'\`]?${name}["'\`]?[^,}\\]\\n]*`,
    `["'\`]?${name}["'\`]?[^,}\\]\\n]*,\\s*`,
    `["'\`]${name}["'\`]`,
  ];
  for (const part of parts) {
    const match = new RegExp(part).exec(inside);
    if (match) yield { start: line.start + match.index, end: line.start + match.index + match[0].length };
  }
}

function* combinations(ways: readonly Span[][]): Generator<Span[]> {
  const [first, ...rest] = ways;
  if (!first) {
    yield [];
    return;
  }
  for (const one of first) for (const others of combinations(rest)) yield [one, ...others];
}

function without(text: string, spans: readonly Span[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from) continue;
    out += text.slice(from, start);
    from = end;
  }
  return out + text.slice(from);
}
