import type { Node } from 'jsonc-parser';
import { type Company, type Entries, insertEntry, placeAmong } from '../insert.ts';
import { onlyInserts, type Refusal, splice } from '../splice.ts';
import { treeOf } from './tree.ts';

/** A list of strings in a JSON text, by the path of its keys. */
export interface StringList {
  path: string[];
  values: string[];
}

/** Every list of strings in a JSON text with comments; null where it does not parse. */
export function stringLists(text: string): StringList[] | null {
  const tree = treeOf(text);
  return tree && [...listsIn(tree, [])].map(({ path, node }) => ({ path, values: valuesOf(node) }));
}

/** Adds a string to a list that is there: after its family, else at the sorted place, else last; on one line or many as the list is. */
export function addToList(text: string, path: readonly string[], value: Company): { text: string } | Refusal {
  const node = nodeAt(text, path);
  if (!node) return { refused: `it has no list \`${path.join('.')}\`` };
  const list: Entries = {
    opens: node.offset + 1,
    closes: node.offset + node.length - 1,
    entries: (node.children ?? []).map((one) => ({
      key: String(one.value),
      start: one.offset,
      end: one.offset + one.length,
    })),
    separator: ',',
  };
  const keys = valuesOf(node);
  if (keys.includes(value.name)) return { text };
  const after = placeAmong(keys, value);
  const insertions = insertEntry(text, list, after, [JSON.stringify(value.name)]);
  const result = splice(text, insertions);
  const now = nodeAt(result, path);
  const rest = now ? valuesOf(now).filter((one) => one !== value.name) : [];
  const proven = onlyInserts(text, result, insertions) && now && JSON.stringify(rest) === JSON.stringify(keys);
  return proven && valuesOf(now).length === keys.length + 1
    ? { text: result }
    : { refused: 'the edit did not prove clean' };
}

function nodeAt(text: string, path: readonly string[]): Node | null {
  const tree = treeOf(text);
  const found = tree && [...listsIn(tree, [])].find((one) => JSON.stringify(one.path) === JSON.stringify(path));
  return found?.node ?? null;
}

function* listsIn(node: Node, path: string[]): Generator<{ path: string[]; node: Node }> {
  if (node.type === 'array' && node.children?.every(({ type }) => type === 'string')) yield { path, node };
  if (node.type !== 'object') return;
  for (const { children = [] } of node.children ?? []) {
    if (children[1]) yield* listsIn(children[1], [...path, String(children[0]!.value)]);
  }
}

function valuesOf(node: Node): string[] {
  return (node.children ?? []).map(({ value }) => String(value));
}
