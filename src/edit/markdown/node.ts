/** A node of the Markdown tree, with offsets. */
export interface MarkdownNode {
  type: string;
  children?: MarkdownNode[];
  value?: string;
  lang?: string | null;
  depth?: number;
  ordered?: boolean;
  spread?: boolean;
  position: { start: { offset: number }; end: { offset: number } };
}

const NAME = /^[A-Z][A-Z0-9_]{2,}$/;

/** The variable an entry of a table or list is about: its first cell, or the code or bold words it begins with. */
export function nameIn(entry: MarkdownNode): string | null {
  const head = entry.type === 'tableRow' ? entry.children![0] : entry.children?.[0]?.children?.[0];
  if (!head || (entry.type === 'listItem' && head.type !== 'inlineCode' && head.type !== 'strong')) return null;
  const name = wordsOf(head)
    .trim()
    .split(/[\s:=]/)[0]!;
  return NAME.test(name) ? name : null;
}

/** The words of a node without its marks. */
export function wordsOf(node: MarkdownNode): string {
  return node.value ?? (node.children ?? []).map(wordsOf).join('');
}
