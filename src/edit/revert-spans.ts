/** A piece of a text. */
export interface Span {
  start: number;
  end: number;
}

/** Lines with their ends. */
export function linesOf(text: string): Span[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)].filter((at) => at < text.length);
  return starts.map((start, i) => ({ start, end: starts[i + 1] ?? text.length }));
}

/** What may belong to a line that has the name, in pieces: whole lines, the end of a list, or a part of the line. */
export function* spansAt(text: string, lines: readonly Span[], index: number, name: string): Generator<Span[]> {
  for (const span of lineSpansAt(text, lines, index)) yield [span];
  for (const span of partsOf(text, lines[index]!, name)) yield [span];
  yield* entryPartsOf(text, lines[index]!, name);
}

function* lineSpansAt(text: string, lines: readonly Span[], index: number): Generator<Span> {
  yield* entryAt(text, lines, index);
  const opening = index > 0 && text.slice(lines[index - 1]!.start, lines[index - 1]!.end).trim() === '{';
  if (opening) yield* entryAt(text, lines, index - 1);
  yield* wholeLines(text, lines, index);
  if (index > 0) yield* lastEntry(text, lines[index - 1]!, lines[index]!);
}

/** An entry that begins with the line and is broken over several: up to where its brackets are closed. */
function* entryAt(text: string, lines: readonly Span[], index: number): Generator<Span> {
  const { start } = lines[index]!;
  let open = 0;
  for (const { start: from, end } of lines.slice(index, index + 12)) {
    const line = text.slice(from, end);
    open += line.split(/[([{]/).length - line.split(/[)\]}]/).length;
    if (open > 0) continue;
    if (from === start) return;
    yield { start, end };
    if (index > 0) yield* lastEntry(text, lines[index - 1]!, { start, end });
    return;
  }
}

/**
 * The line alone, with the comments, decorators and empty lines above it, and with the line below where that is empty,
 * a rule, or goes on with it.
 */
function* wholeLines(text: string, lines: readonly Span[], index: number): Generator<Span> {
  const line = lines[index]!;
  let first = index;
  const above = (at: number) => text.slice(lines[at]!.start, lines[at]!.end).trim();
  for (let reach = 0; ; reach += 1) {
    const { start } = lines[first]!;
    yield { start, end: line.end };
    const below = lines[index + 1];
    if (below && /^(?:#|\s)/.test(text.slice(below.start, below.end))) yield { start, end: below.end };
    // The last line without an end: the end of the line before it is what was added.
    if (line.end === text.length && !text.endsWith('\n') && start > 0)
      yield { start: start - (text[start - 2] === '\r' ? 2 : 1), end: line.end };
    if (first === 0 || reach === 8 || !/^(?:#|\/\/|\/?\*|<!--|@\w|$)/.test(above(first - 1))) break;
    first -= 1;
  }
}

/** A line as the last entry of a list: the comma behind the one before it was added with it, or the semicolon. */
function* lastEntry(text: string, before: Span, line: Span): Generator<Span> {
  const comma = /[,;][ \t]*\r?\n$/.exec(text.slice(before.start, before.end));
  if (!comma) return;
  const lineEnd = /\r?\n?$/.exec(text.slice(line.start, line.end))![0];
  yield { start: before.start + comma.index, end: line.end - lineEnd.length };
}

/** The name in its line, with the comma or semicolon before or behind it, and as a string alone. */
function* partsOf(text: string, line: Span, name: string): Generator<Span> {
  const inside = text.slice(line.start, line.end);
  const value = `["'\`]?${name}["'\`]?[^,;}\\]\\n]*?`;
  const object = `\\{[^{}\\n]*["']${name}["'][^{}\\n]*\\}`;
  const parts = [
    ...[`[,;]\\s*${value}(?=\\s*[,;}\\]\\n])`, `${value}[,;]\\s*`, `["'\`]${name}["'\`]`],
    ...[`,\\s*${object}`, `${object},\\s*`, object],
  ];
  for (const part of parts) {
    const match = new RegExp(part).exec(inside);
    if (match) yield { start: line.start + match.index, end: line.start + match.index + match[0].length };
  }
}

/** How far before an entry the mark is looked for that parts it from the one before. */
const nearby = 1_000;

/**
 * The entry of that name in its line, up to where its brackets are closed, with what was put in beside it: the comma or
 * semicolon before it, which a comment may part from it, or behind it; or the spaces in brackets that were empty.
 */
function* entryPartsOf(text: string, line: Span, name: string): Generator<Span[]> {
  const key = new RegExp(`(?:\\breadonly\\s+)?["']?${name}["']?\\s*[?]?:`).exec(text.slice(line.start, line.end));
  if (!key) return;
  const start = line.start + key.index;
  const end = endOfEntry(text, start);
  const [before, behind] = [text.slice(Math.max(0, start - nearby), start), text.slice(end)];
  const separated = /([,;])((?:[ \t]*\/\/[^\r\n]*)?)(\s*)$/.exec(before);
  if (separated) {
    const at = start - separated[0].length;
    const [comment, space] = [separated[2]!, separated[3]!];
    if (comment === '') yield [{ start: at, end }];
    else
      yield [
        { start: at, end: at + 1 },
        { start: start - space.length, end },
      ];
  }
  const mark = /^[,;][ \t]*/.exec(behind);
  if (mark) yield [{ start, end: end + mark[0].length }];
  const [inside, closing] = [/[{[(](\s*)$/.exec(before), /^(\s*)[}\])]/.exec(behind)];
  if (inside && closing) yield [{ start: start - inside[1]!.length, end: end + closing[1]!.length }];
}

/** Where an entry ends that begins there: at the comma, semicolon or bracket, or with the line, that is its own. */
function endOfEntry(text: string, start: number): number {
  let depth = 0;
  for (let end = start; ; end += 1) {
    const sign = text[end];
    if (sign === undefined || (depth === 0 && /[,;)\]}\r\n]/.test(sign)))
      return start + text.slice(start, end).trimEnd().length;
    if (/[([{]/.test(sign)) depth += 1;
    else if (/[)\]}]/.test(sign)) depth -= 1;
  }
}
