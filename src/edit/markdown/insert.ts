import type { Declaration } from '../dotenv/insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { isBeside } from '../variable-names.ts';
import { type Block, type DocumentHints, variableBlocks } from './blocks.ts';
import { insertIntoFence } from './fence.ts';
import { itemAfter } from './list.ts';
import { type MarkdownNode, nameIn, parseMarkdown } from './node.ts';
import { tooLarge } from './scan.ts';
import { rowAfter } from './table.ts';

/** What decides which parts of a document take a variable. */
export interface Manner {
  /** Whether the document's name says that it is about the environment. */
  byName: boolean;
  /** Whether nothing else in the project documents its variables. */
  sole: boolean;
  kinds: readonly Block['kind'][];
}

interface Parsed {
  text: string;
  tree: MarkdownNode;
  blocks: Block[];
}

/**
 * Writes a variable into the blocks that take it. The same text where they have it; a refusal where the edit does not
 * prove clean.
 */
export function declareInMarkdown(
  text: string,
  declaration: Declaration,
  { byName, sole, kinds }: Manner,
): { text: string } | Refusal {
  const known = {
    byName,
    isOfDatabase: (name: string) => declaration.isMember(name) || declaration.isForeign(name),
  };
  let parsed = parse(text, known);
  if ('refused' in parsed) return parsed;
  for (const kind of kinds) {
    const block = blocksFor(parsed.blocks, declaration.isMember, sole).find((one) => one.kind === kind);
    if (!block || block.variables.includes(declaration.name)) continue;
    const insertion = insertionInto(parsed.text, block, declaration);
    if ('refused' in insertion) return insertion;
    const after = parse(splice(parsed.text, [insertion]), known);
    if ('refused' in after) return after;
    if (!isProven(parsed, after, insertion, declaration.name)) return { refused: 'the edit did not prove clean' };
    parsed = after;
  }
  return { text: parsed.text };
}

function parse(text: string, known: DocumentHints): Parsed | Refusal {
  const large = tooLarge(text);
  if (large) return { refused: large.message };
  const tree = parseMarkdown(text);
  return tree ? { text, tree, blocks: variableBlocks(tree, text, known) } : { refused: 'it does not parse' };
}

/**
 * Which of the blocks take a new variable: of each kind one that is introduced as the place, one that has the family
 * first; `sole`: also a fence that looks like one.
 */
function blocksFor(blocks: readonly Block[], isMember: (name: string) => boolean, sole: boolean): Block[] {
  const family = (name: string) => isMember(name) && !isBeside(name);
  const mayTake = (one: Block) => !one.leftAlone && (one.subject === null || one.variables.some(family));
  return (['table', 'list', 'fence'] as const).flatMap((kind) => {
    const open = blocks.filter((block) => block.kind === kind && mayTake(block) && isPlace(block));
    const longest = (list: Block[]) => list.toSorted((a, b) => b.variables.length - a.variables.length)[0];
    const block =
      longest(open.filter(({ variables }) => variables.some(family))) ??
      longest(open.filter(({ introduced, optional }) => introduced && !optional)) ??
      longest(open.filter(({ introduced }) => introduced)) ??
      (sole ? longest(open) : undefined);
    return block ? [block] : [];
  });
}

/**
 * Whether a block is a place for the program's variables at all: it is introduced as one, or a fence that looks like an
 * env file.
 */
export function isPlace({ kind, introduced, credible }: Block): boolean {
  return introduced || (kind === 'fence' && credible);
}

function insertionInto(text: string, { kind, node }: Block, declaration: Declaration): Insertion | Refusal {
  if (kind === 'table') return rowAfter(text, node, declaration);
  if (kind === 'list') return itemAfter(text, node, declaration);
  return insertIntoFence(text, node, declaration);
}

/** The proof of an edit, from the texts alone. */
export function provesEntry(before: string, after: string, insertion: Insertion, name: string): boolean {
  const known = { byName: true, isOfDatabase: () => true };
  const [old, now] = [parse(before, known), parse(after, known)];
  return !('refused' in old) && !('refused' in now) && isProven(old, now, insertion, name);
}

/** Only the insertion differs, and the tree is the old one but for the one block that has one entry more. */
function isProven(before: Parsed, after: Parsed, insertion: Insertion, name: string): boolean {
  if (!onlyInserts(before.text, after.text, [insertion])) return false;
  const lists = ({ blocks }: Parsed) => blocks.flatMap(({ variables }) => variables);
  const one = JSON.stringify(lists(after).toSorted()) === JSON.stringify([...lists(before), name].toSorted());
  return one && JSON.stringify(without(before.tree, name)) === JSON.stringify(without(after.tree, name));
}

/** The tree without positions, without the inside of fences, and without the rows and items that are about the name. */
function without(node: MarkdownNode, name: string): unknown {
  if (node.type === 'code') return { ...node, position: null, value: null };
  const children = (node.children ?? []).filter(
    (child) => !['tableRow', 'listItem'].includes(child.type) || nameIn(child) !== name,
  );
  return { ...node, position: null, spread: null, children: children.map((child) => without(child, name)) };
}
