import { type Declaration, insertIntoDotenv } from '../dotenv/insert.ts';
import type { Insertion, Refusal } from '../splice.ts';
import type { MarkdownNode } from './node.ts';

interface Inner {
  /** The text between the fences, without what stands before each line. */
  text: string;
  /** Where it begins in the document. */
  start: number;
  /** The indentation or quote marks before each line. */
  prefix: string;
}

/** The inside of a fenced block; null where it is indented code, never closed, or not evenly indented. */
export function innerOf(text: string, { position }: MarkdownNode): Inner | null {
  const { start, end } = { start: position.start.offset, end: position.end.offset };
  const raw = text.slice(start, end);
  const fence = /^(`{3,}|~{3,})/.exec(raw)?.[1];
  const opens = text.indexOf('\n', start) + 1;
  const closes = text.lastIndexOf('\n', end - 1) + 1;
  if (!fence || opens === 0 || closes <= opens || !text.slice(closes, end).includes(fence)) return null;
  const prefix = text
    .slice(text.lastIndexOf('\n', start - 1) + 1, start)
    .replace(/^(\s*)(?:[-*+]|\d+[.)])(\s+)/, (mark) => ' '.repeat(mark.length));
  const lines = text.slice(opens, closes).split(/(?<=\n)/);
  const bare = lines.map((line) => {
    if (line.startsWith(prefix)) return line.slice(prefix.length);
    return line.trim() === '' ? line : null;
  });
  return bare.includes(null) ? null : { text: bare.join(''), start: opens, prefix };
}

/** One line in a fence, placed and written as in a template. */
export function insertIntoFence(text: string, node: MarkdownNode, declaration: Declaration): Insertion | Refusal {
  const inner = innerOf(text, node);
  if (!inner) return { refused: 'its fence is not evenly indented' };
  const edited = insertIntoDotenv(inner.text, declaration);
  if ('refused' in edited) return edited;
  const [old, now] = [inner.text, edited.text].map((part) => part.split(/(?<=\n)/)) as [string[], string[]];
  const at = now.findIndex((line, i) => line !== old[i]);
  const from = at < 0 ? old.length : at;
  const added = now
    .slice(from, from + now.length - old.length)
    .map((line) => `${inner.prefix}${line}`.replace(/^[ \t]+(\r?\n)$/, '$1'));
  const before = text
    .slice(inner.start)
    .split(/(?<=\n)/)
    .slice(0, from);
  const offset = inner.start + before.join('').length;
  return { at: offset, text: added.join('') };
}
