import type { Declaration } from '../dotenv/insert.ts';
import { placeAmong } from '../insert.ts';
import type { Insertion, Refusal } from '../splice.ts';
import { type MarkdownNode, nameIn, taskBox } from './node.ts';

/**
 * One item in a list of variables, with the bullet, the marks and the dash of its neighbour; after its family, else at
 * the sorted place, else last.
 */
export function itemAfter(
  text: string,
  list: MarkdownNode,
  { comment, ...declaration }: Declaration,
): Insertion | Refusal {
  const items = list.children!;
  const keys = items.map((item) => nameIn(item) ?? '');
  const at = placeAmong(keys, declaration);
  const place = items[Math.max(at, 0)]!;
  const index = keys[Math.max(at, 0)] ? Math.max(at, 0) : keys.findIndex((key) => key !== '');
  const model = items[index]!;
  const line = text.lastIndexOf('\n', model.position.start.offset - 1) + 1;
  const prefix = text.slice(line, model.position.start.offset);
  if (/\S/.test(prefix.replace(/[>\s]/g, ''))) return { refused: 'its list stands inside another item' };
  const crlf = text.slice(list.position.start.offset, list.position.end.offset + 2).includes('\r\n');
  const eol = crlf ? '\r\n' : '\n';
  const item = itemLike(text, { model, key: keys[index]! }, { name: declaration.name, comment });
  const spaced =
    items.length > 1 &&
    /\n[ \t>]*\r?\n/.test(text.slice(items[0]!.position.end.offset, items[1]!.position.start.offset));
  const gap = spaced ? `${eol}${prefix.trimEnd()}${eol}${prefix}` : `${eol}${prefix}`;
  if (at < 0) return { at: place.position.start.offset, text: `${item}${gap}` };
  return { at: place.position.end.offset, text: `${gap}${item}` };
}

/** What is only said of the neighbour, between its name and its dash: `(optional)`, or the mark of a footnote. */
const note = /^(?:\s*[*_]*\([^)]*\)[*_]*|\\\*|\[\^[^\]]*\]|<sup>[^<]*<\/sup>|[†‡¹²³])/;

/**
 * The text of an item like that one: its bullet, the marks round the name (in which an underscore may be escaped), its
 * dash, and what it says on the next line where the name is alone on its own.
 */
function itemLike(
  text: string,
  { model, key }: { model: MarkdownNode; key: string },
  { name, comment }: Pick<Declaration, 'name' | 'comment'>,
): string {
  const paragraph = model.children![0]!.position;
  const lines = text.slice(paragraph.start.offset, paragraph.end.offset).split('\n');
  const [box = ''] = taskBox.exec(lines[0]!) ?? [];
  const bullet = text.slice(model.position.start.offset, paragraph.start.offset) + box.replace(/[xX]/, ' ');
  const first = lines[0]!.slice(box.length);
  const head = headOf(first.trimEnd());
  const rest = first.slice(head.length);
  const written = head.includes(key) ? key : key.replaceAll('_', '\\_');
  const opening = head.slice(0, head.indexOf(written));
  const inside = /:[^\w]*$/.test(head);
  const dash = /^(\s*(?:[—–:-]|=>|→)\s*|\s+(?=\w))/.exec(rest.replace(note, ''))?.[1];
  const below = lines[1] !== undefined && /^(?:\\|\s*)$/.test(rest) ? /^[ \t>]*/.exec(lines[1])![0] : null;
  const between = below === null ? (dash ?? (inside ? ' ' : null)) : `${rest}\n${below}`;
  const says = between === null ? '' : `${between}${comment}`;
  const after = head.slice(opening.length + written.length);
  const sign = /^[:=]?/.exec(after)![0];
  return `${bullet}${opening}${name}${sign}${marksAtEnd(after.slice(sign.length))}${says}`;
}

/** The marks that close what was opened, as `**` or `:**`. */
function marksAtEnd(text: string): string {
  let at = text.length;
  while (at > 0 && '*_`:'.includes(text[at - 1]!)) at -= 1;
  return text.slice(at);
}

/** The code or bold words that a line begins with, marks and all. */
function headOf(line: string): string {
  const mark = /^(?:\*\*|__|`+)/.exec(line)![0];
  const closes = line.indexOf(mark, mark.length);
  return closes < 0 ? line : line.slice(0, closes + mark.length);
}
