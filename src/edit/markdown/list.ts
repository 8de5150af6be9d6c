import type { Declaration } from '../dotenv/insert.ts';
import { placeAmong } from '../insert.ts';
import type { Insertion, Refusal } from '../splice.ts';
import { type MarkdownNode, nameIn } from './node.ts';

/** One item in a list of variables, with the bullet, the marks and the dash of its neighbour; after its family, else at the sorted place, else last. */
export function itemAfter(
  text: string,
  list: MarkdownNode,
  { comment, ...declaration }: Declaration,
): Insertion | Refusal {
  const items = list.children!;
  const keys = items.map((item) => nameIn(item) ?? '');
  const at = placeAmong(keys, declaration);
  const place = items[Math.max(at, 0)]!;
  const model = keys[Math.max(at, 0)] ? place : items[keys.findIndex((key) => key !== '')]!;
  const key = nameIn(model)!;
  const paragraph = model.children![0]!;
  const head = paragraph.children![0]!;
  const bullet = text.slice(model.position.start.offset, head.position.start.offset);
  const marked = text.slice(head.position.start.offset, head.position.end.offset).replace(key, declaration.name);
  const rest = text.slice(head.position.end.offset, paragraph.position.end.offset).split('\n')[0]!;
  const inside = /:\W*$/.test(marked);
  const dash = /^(?:\s*[*_]*\([^)]*\)[*_]*)?(\s*(?:[—–:-]|=>|→)\s*|\s+(?=\w))/.exec(rest)?.[1];
  const says = dash ? `${dash}${comment}` : inside ? ` ${comment}` : '';
  const name = marked.slice(0, marked.indexOf(declaration.name) + declaration.name.length);
  const closing = /^[:=]?[*_`:]*/.exec(marked.slice(name.length))![0];
  const line = text.lastIndexOf('\n', model.position.start.offset - 1) + 1;
  const prefix = text.slice(line, model.position.start.offset);
  if (/\S/.test(prefix.replace(/[>\s]/g, ''))) return { refused: 'its list stands inside another item' };
  const crlf = text.slice(list.position.start.offset, list.position.end.offset + 2).includes('\r\n');
  const eol = crlf ? '\r\n' : '\n';
  const item = `${bullet}${name}${closing}${says}`;
  const apart =
    items.length > 1 &&
    /\n[ \t>]*\r?\n/.test(text.slice(items[0]!.position.end.offset, items[1]!.position.start.offset));
  const gap = apart ? `${eol}${prefix.trimEnd()}${eol}${prefix}` : `${eol}${prefix}`;
  if (at < 0) return { at: place.position.start.offset, text: `${item}${gap}` };
  return { at: place.position.end.offset, text: `${gap}${item}` };
}
