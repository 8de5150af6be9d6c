import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { formOf, frameLike, separatesParagraphs, writeAssignment } from './form.ts';
import { isKeyed, type Newcomer, type Place, placeInDotenv } from './place.ts';
import { type Line, readDotenv } from './read.ts';

/** A variable to be written down, with the words for a comment where its neighbours have one. */
export interface Declaration extends Newcomer {
  comment: string;
}

/**
 * Writes one variable into dotenv text. Gives the new text, the same text where the variable is already there (also
 * commented out: it is documented, and switching it on is not ours to do), or why this file is refused. `write` gives
 * the lines of an entry where they are more than the assignment under the file's own kind of heading.
 */
export function insertIntoDotenv(
  text: string,
  declaration: Declaration,
  write: (lines: readonly Line[], place: Place, declaration: Declaration) => string[] = bodyOf,
): { text: string } | Refusal {
  const lines = readDotenv(text);
  if ('refused' in lines) return { refused: lines.refused };
  if (lines.some((line) => isKeyed(line) && line.key === declaration.name)) return { text };

  const place = placeInDotenv(lines, declaration);
  const previous = lines[place.after];
  if (previous?.kind === 'assign' && previous.raw === '' && /[ \t]$/.test(previous.text)) {
    return { refused: `\`${previous.key}=\` ends in white space, after which Node reads the next line as its value` };
  }
  const body = write(lines, place, declaration);
  const insertion = insertAfter(lines, place.after, body, text);
  const after = splice(text, [insertion]);
  return provesAssignment(text, after, insertion, declaration.name)
    ? { text: after }
    : { refused: 'the edit did not prove clean' };
}

function bodyOf(lines: readonly Line[], { after, like, section }: Place, declaration: Declaration): string[] {
  const body = [writeAssignment(declaration.name, formOf(lines, like))];
  if (!section) {
    if (like && commentAbove(lines, like)) body.unshift(`${commentMark(lines)}${declaration.comment}`);
    return body;
  }
  const frame = frameLike(lines, declaration.heading);
  // Right below a comment it would be what that comment is about.
  const underComment = ['comment', 'rule'].includes(lines[after]?.kind ?? '');
  const parted = underComment || (lines.some((line) => line.kind !== 'blank') && separatesParagraphs(lines));
  const blank = parted ? [''] : [];
  return [...blank, ...frame.above, ...body, ...frame.below];
}

/** Whether the neighbour explains itself in a comment of its own, rather than under a title of its paragraph. */
function commentAbove(lines: readonly Line[], like: Line): boolean {
  const at = lines.indexOf(like);
  return lines[at - 1]?.kind === 'comment' && isKeyed(lines[at - 2]);
}

function commentMark(lines: readonly Line[]): string {
  const comment = lines.find((line) => line.kind === 'comment' && /^#+[ \t]*\w/.test(line.text));
  return comment ? /^#+[ \t]*/.exec(comment.text)![0] : '# ';
}

function insertAfter(lines: readonly Line[], index: number, body: string[], text: string): Insertion {
  const previous = lines[index];
  const eol = previous?.eol || (text.includes('\r\n') ? '\r\n' : '\n');
  if (!previous) return { at: text.startsWith('\uFEFF') ? 1 : 0, text: body.map((line) => line + eol).join('') };
  if (previous.eol === '') return { at: previous.end, text: body.map((line) => eol + line).join('') };
  return { at: previous.end, text: body.map((line) => line + eol).join('') };
}

/**
 * The proof of an edit: only the insertion differs, every line that was there reads the same, and exactly one new
 * assignment is there.
 */
export function provesAssignment(before: string, after: string, insertion: Insertion, name: string): boolean {
  const [lines, reread] = [readDotenv(before), readDotenv(after)];
  if ('refused' in lines || 'refused' in reread || !onlyInserts(before, after, [insertion])) return false;
  const keyed = (list: readonly Line[]) =>
    list.filter(isKeyed).map((line) => `${line.kind} ${line.key} ${line.kind === 'assign' ? line.raw : line.value}`);
  const fresh = reread.findIndex((line) => line.kind === 'assign' && line.key === name);
  if (fresh < 0) return false;
  return keyed(reread.toSpliced(fresh, 1)).join('\n') === keyed(lines).join('\n');
}
