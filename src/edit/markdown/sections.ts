import { type MarkdownNode, wordsOf } from './node.ts';

/** What stands round a part of a document. */
export interface Surroundings {
  /** The title of the document. */
  title: string;
  /** The sections it stands in, the outermost first, without the title. */
  headings: string[];
  above: MarkdownNode | undefined;
  /** A comment since the last heading says that a program writes this. */
  generated: boolean;
}

/** A table, a list or a fence with what stands round it. */
export interface Place {
  node: MarkdownNode;
  surroundings: Surroundings;
}

/** The tables, lists and fences of a document, in order; what stands in a quote or an item has the sections of that. */
export function placesIn(tree: MarkdownNode): Place[] {
  const places: Place[] = [];
  collect(tree, [], { words: null }, places);
  return places;
}

/** `title`: the words of the document's first heading of the first rank, once it was met. */
function collect(node: MarkdownNode, outer: string[], title: { words: string | null }, places: Place[]): void {
  const open: { depth: number; words: string }[] = [];
  let generated = false;
  for (const [index, child] of (node.children ?? []).entries()) {
    if (child.type === 'heading') {
      generated = false;
      while (open.length > 0 && open.at(-1)!.depth >= child.depth!) open.pop();
      const isTitle = child.depth === 1 && title.words === null;
      if (isTitle) title.words = wordsOf(child);
      open.push({ depth: child.depth!, words: isTitle ? '' : wordsOf(child) });
    }
    if (child.type === 'html')
      generated = /\bend\b/i.test(child.value!) ? false : generated || /generated|<!--\s*begin/i.test(child.value!);
    const headings = [...outer, ...open.map(({ words }) => words).filter(Boolean)];
    const surroundings = { title: title.words ?? '', headings, above: node.children![index - 1], generated };
    if (['table', 'list', 'code'].includes(child.type)) places.push({ node: child, surroundings });
    if (['list', 'listItem', 'blockquote'].includes(child.type)) collect(child, headings, title, places);
  }
}
