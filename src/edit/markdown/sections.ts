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
export interface PlacedNode {
  node: MarkdownNode;
  surroundings: Surroundings;
}

/** The tables, lists and fences of a document, in order; what stands in a quote or an item has the sections of that. */
export function placesIn(tree: MarkdownNode): PlacedNode[] {
  const reading: Outline = { title: null, places: [] };
  collect(tree, [], reading);
  return reading.places;
}

/** What has been read of a document on the way to a part of it. */
interface Outline {
  /** The words of the document's first heading of the first rank, once it was met. */
  title: string | null;
  places: PlacedNode[];
}

function collect(node: MarkdownNode, outer: readonly string[], reading: Outline): void {
  const open: OpenSection[] = [];
  let generated = false;
  for (const [index, child] of (node.children ?? []).entries()) {
    if (child.type === 'heading') {
      generated = false;
      openSection(child, open, reading);
    }
    if (child.type === 'html') generated = isGeneratedAfter(child.value!, generated);
    const headings = [...outer, ...open.map(({ words }) => words).filter(Boolean)];
    const surroundings = { title: reading.title ?? '', headings, above: node.children![index - 1], generated };
    if (['table', 'list', 'code'].includes(child.type)) reading.places.push({ node: child, surroundings });
    if (['list', 'listItem', 'blockquote'].includes(child.type)) collect(child, headings, reading);
  }
}

/** A section that goes on. `words`: '' for the document's title. */
interface OpenSection {
  depth: number;
  words: string;
}

/** A heading ends the sections that are not above its own. */
function openSection(heading: MarkdownNode, open: OpenSection[], reading: Outline): void {
  const depth = heading.depth!;
  while (open.length > 0 && open.at(-1)!.depth >= depth) open.pop();
  const words = wordsOf(heading);
  const isTitle = depth === 1 && reading.title === null;
  if (isTitle) reading.title = words;
  open.push({ depth, words: isTitle ? '' : words });
}

/** Whether what follows a comment is written by a program, where what stood before it was or was not. */
function isGeneratedAfter(comment: string, before: boolean): boolean {
  if (/\bend\b/i.test(comment)) return false;
  return before || /generated|<!--\s*begin/i.test(comment);
}
