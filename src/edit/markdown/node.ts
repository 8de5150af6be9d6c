import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

/** A node of the Markdown tree, with offsets. What stands inside a line is one `text`, marks and all. */
export interface MarkdownNode {
  type: string;
  children?: MarkdownNode[];
  value?: string;
  lang?: string | null;
  /** What stands behind the language of a fence. */
  meta?: string | null;
  depth?: number;
  ordered?: boolean;
  spread?: boolean;
  position: { start: { offset: number }; end: { offset: number } };
}

/**
 * What the parser would look for inside lines. None of it says where a row or an item stands, and on some texts looking
 * for it takes time that grows with their square.
 */
const insideLines = [
  'attention',
  'autolink',
  'characterEscape',
  'characterReference',
  'codeText',
  'hardBreakEscape',
  'htmlText',
  'labelEnd',
  'labelStartImage',
  'labelStartLink',
];

/** The blocks of a Markdown text as a tree; null where the parser gives up. */
export function parseMarkdown(text: string): MarkdownNode | null {
  try {
    // A byte order mark is not counted in offsets by the parser; a space keeps them.
    const tree = fromMarkdown(text.replace(/^\uFEFF/, ' '), {
      extensions: [gfmTable(), { disable: { null: insideLines } }],
      mdastExtensions: [gfmTableFromMarkdown()],
    });
    return tree as unknown as MarkdownNode;
  } catch {
    return null;
  }
}

/** The words of a node, with the marks between them but without the targets of links. */
export function wordsOf(node: MarkdownNode): string {
  return rawOf(node).replaceAll(/\]\([^()\n]{0,300}\)/g, ']');
}

function rawOf(node: MarkdownNode): string {
  return node.value ?? (node.children ?? []).map(rawOf).join('');
}

/** The box of an item that is to be ticked off. */
export const taskBox = /^\[[ xX]\][ \t]+/;

/** What may stand behind a name in its cell or item: nothing, its description, the target of a link, or a footnote. */
const behindName = /^(?:$|[\s:=(†‡¹²³]|\\\*|\[\^|<sup\b)/;

/** The variable an entry of a table or list is about: its first cell, or the code or bold words it begins with. */
export function nameIn(entry: MarkdownNode): string | null {
  const head = entry.type === 'tableRow' ? entry.children![0] : entry.children?.[0];
  if (!head) return null;
  const words = rawOf(head).trimStart().replace(taskBox, '');
  if (entry.type === 'listItem' && !/^(?:`|\*\*|__)/.test(words)) return null;
  const bare = words.replace(/^[[*_~`\s]+/, '');
  const written = /^[A-Z](?:[A-Z0-9]|\\?_)*/.exec(bare)?.[0] ?? '';
  const name = written.replaceAll('\\', '').replace(/_+$/, '');
  const rest = bare.slice(written.length).replace(/^[*_~`\]]+/, '');
  return name.length >= 3 && behindName.test(rest) ? name : null;
}
