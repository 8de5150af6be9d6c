import { wholeWord } from '../pattern.ts';
import { withoutImports } from './revert-imports.ts';
import { linesOf, type Span, spansAt } from './revert-spans.ts';

type Edit = { text: string } | { refused: string };
/** The edit that is taken back. */
export type Add = (text: string) => Edit | Promise<Edit>;

/** How many ways are tried before a text counts as written otherwise; a README is parsed anew for each. */
const limits = { prose: 60, other: 500 };

/**
 * The text without what an edit put in for a name: a shorter text from which that edit gives this one again, byte for
 * byte; where the order of lines means nothing (`lines`), the same lines. `prose`: the name may stand in it for other
 * reasons, and in several places, of which each goes. `whole`: what the edit has to give, if it is not this text.
 * Null where none is found: then the text was written otherwise, or changed since.
 */
export async function undo(
  text: string,
  name: string,
  add: Add,
  { lines = false, prose = false, whole = text } = {},
): Promise<string | null> {
  if (!prose && !lines && linesWith(text, name).length > mostAtOnce) return oneByOne(text, name, add);
  const limit = prose ? limits.prose : limits.other;
  let tries = 0;
  let alike: string | null = null;
  for (const candidate of candidates(text, name, { lines, prose })) {
    if (candidate === text) continue;
    if (++tries > limit) return null;
    const likeness = likenessOf(await add(candidate), whole, lines);
    if (likeness === 'bytes') return withoutRest(candidate, name, add, { prose, whole });
    if (likeness === 'lines') alike ??= candidate;
  }
  return alike === null || leavesComment(text, alike) ? null : alike;
}

/** From how many lines a name is taken out at once: there are so many ways for each that they multiply. */
const mostAtOnce = 4;

/** The same for an edit that puts the name into many lists, each for itself: the last first, by the same proof. */
async function oneByOne(text: string, name: string, add: Add): Promise<string | null> {
  let shorter = text;
  for (let found = linesWith(text, name); found.length > 0; found = linesWith(shorter, name)) {
    const next = await withoutOne(shorter, found.at(-1)!, { text, name, add });
    if (next === null) return null;
    shorter = next;
  }
  return shorter;
}

/** The text without the name in one line, from which the edit gives the whole text; null where there is no such. */
async function withoutOne(
  shorter: string,
  index: number,
  { text, name, add }: { text: string; name: string; add: Add },
): Promise<string | null> {
  for (const spans of spansAt(shorter, linesOf(shorter), index, name)) {
    const candidate = without(shorter, spans);
    const again = await add(candidate);
    if ('text' in again && again.text === text) return candidate;
  }
  return null;
}

/** What an edit gave has in common with a text: every byte, or the same lines in any order where that is enough. */
function likenessOf(edit: Edit, text: string, lines: boolean): 'bytes' | 'lines' | null {
  if (!('text' in edit)) return null;
  if (edit.text === text) return 'bytes';
  return lines && inOrder(edit.text) === inOrder(text) ? 'lines' : null;
}

/**
 * Whether a comment of somebody's would stand there alone: it was about the line that is gone. One that an empty line
 * parts from it was not, and neither was an assignment that is commented out.
 */
function leavesComment(text: string, shorter: string): boolean {
  let same = 0;
  while (same < shorter.length && text[same] === shorter[same]) same += 1;
  if (/^\r?\n/.test(text.slice(same))) return false;
  const above = shorter.slice(0, same).split(/\r?\n/).at(-2) ?? '';
  const below = shorter.slice(same).split(/\r?\n/)[0] ?? '';
  return above.startsWith('#') && !/^#+\s*(?:export\s+)?[A-Za-z_]\w*\s*=/.test(above) && below.trim() === '';
}

function inOrder(text: string): string {
  return text.split(/\r?\n/).sort().join('\n');
}

/** What else goes with what is gone: from prose its other places, from a module what was imported for it. */
async function withoutRest(
  candidate: string,
  name: string,
  add: Add,
  { prose, whole }: { prose: boolean; whole: string },
): Promise<string> {
  if (!prose) return withoutImports(candidate, whole, add);
  return (await undo(candidate, name, add, { prose, whole })) ?? candidate;
}

/**
 * Texts without the lines that have the name: in prose, which may name it for other reasons, without one of them;
 * elsewhere without all, and where lines stand for themselves without one of them, too.
 */
function* candidates(
  text: string,
  name: string,
  { lines: independent, prose }: { lines: boolean; prose: boolean },
): Generator<string> {
  const lines = linesOf(text);
  const found = linesWith(text, name);
  if (found.length === 0) return;
  // A heading was added with its line, so where each line stands for itself the most comes first.
  const ways = found.map((index) => [...spansAt(text, lines, index, name)]);
  if (independent) for (const way of ways) way.reverse();
  if (prose || independent || found.length === 1)
    for (const way of ways.toReversed().slice(0, 4)) for (const spans of way) yield without(text, spans);
  if (prose || found.length === 1 || found.length > mostAtOnce) return;
  for (const spans of combinations(ways.map((one) => one.slice(0, 4)))) yield without(text, spans);
  for (const spans of combinations(ways.map((one) => one.slice(-3)))) yield without(text, spans);
}

/** The lines that have a name, by their places. */
function linesWith(text: string, name: string): number[] {
  const word = new RegExp(`(?<![\\w$])${wholeWord(name)}`);
  return linesOf(text).flatMap((line, index) => (word.test(text.slice(line.start, line.end)) ? [index] : []));
}

/** One of each place's ways, in every combination. */
function* combinations(ways: readonly Span[][][]): Generator<Span[]> {
  const [first, ...rest] = ways;
  if (!first) {
    yield [];
    return;
  }
  for (const one of first) for (const others of combinations(rest)) yield [...one, ...others];
}

/** The text without those spans; the text itself where two of them cross, as only one of the two could go. */
function without(text: string, spans: readonly Span[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from && from < end) return text;
    if (start < from) continue;
    out += text.slice(from, start);
    from = end;
  }
  return out + text.slice(from);
}
