import type { Refusal } from '../splice.ts';
import { formOf, writeAssignment } from './form.ts';
import { type Declaration, insertIntoDotenv } from './insert.ts';
import type { Place } from './place.ts';
import type { Line } from './read.ts';

/**
 * Writes one variable into a varlock `.env.schema`: an item below the header, with a description and the type of its
 * family where the file has such, explicitly `@optional` and `@sensitive`, and no value. `url`: whether a sibling's
 * type of URLs would fit it.
 */
export function insertIntoEnvSchema(text: string, declaration: Declaration, url: boolean): { text: string } | Refusal {
  return insertIntoDotenv(text, declaration, (lines, place, one) => itemOf(lines, place, one, url));
}

function itemOf(lines: readonly Line[], { after, like }: Place, declaration: Declaration, url: boolean): string[] {
  const above = (line: Line | null) => (line ? commentsAbove(lines, lines.indexOf(line)) : []);
  const items = lines.filter(({ kind }) => kind === 'assign');
  const described = items.some((item) => above(item).some((comment) => !isDecorator(comment.text)));
  const type = above(like)
    .flatMap(({ text }) => (isDecorator(text) ? (/@type=[\w]+(?:\([^)]*\))?/.exec(text)?.[0] ?? []) : []))
    .at(0);
  const decorators = [
    '@optional',
    '@sensitive',
    ...(type && (url ? /^@type=(?:string|url)\b/ : /^@type=string\b/).test(type) ? [type.replace(/\(.*/, '')] : []),
  ];
  const previous = lines[after];
  const spaced =
    previous?.kind !== 'blank' &&
    (previous?.kind === 'rule' || items.length < 2 || items.some((item) => isApart(lines, item)));
  return [
    ...(previous && spaced ? [''] : []),
    ...(described ? [`# ${declaration.comment}`] : []),
    `# ${decorators.join(' ')}`,
    writeAssignment(declaration.name, { ...formOf(lines, like), value: '', quote: '' }),
  ];
}

function isDecorator(comment: string): boolean {
  return /^\s*#\s*@\w/.test(comment);
}

function commentsAbove(lines: readonly Line[], index: number): Line[] {
  const start = lines.slice(0, index).findLastIndex(({ kind }) => kind !== 'comment') + 1;
  return lines.slice(start, index);
}

function isApart(lines: readonly Line[], item: Line): boolean {
  const index = lines.indexOf(item);
  return lines[index - commentsAbove(lines, index).length - 1]?.kind === 'blank';
}
