import type { Node } from 'jsonc-parser';
import { type Company, type Entries, insertEntry, placeAmong } from '../insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { treeOf } from './tree.ts';

/** A list of names in a JSON text, by the path of its keys. What is no name is ''. */
export interface NameList {
  path: string[];
  names: string[];
}

/** How the entries of a list say a name. */
export interface EntryForm {
  /** The name an entry says; '' where it says none, null where no such list has it. */
  nameOf(entry: Node): string | null;
  /** A new entry, as that neighbour is written. */
  write(name: string, neighbour: { text: string; name: string } | null): string;
}

/** Plain strings. */
export const strings: EntryForm = {
  nameOf: ({ type, value }) => (type === 'string' ? String(value) : null),
  write: (name) => JSON.stringify(name),
};

/** Every list of such entries in a JSON text with comments; null where it does not parse. */
export function nameListsIn(text: string, form: EntryForm = strings): NameList[] | null {
  const tree = treeOf(text);
  return tree && listsIn(tree, form).map(({ path, names }) => ({ path, names }));
}

/**
 * Adds a name to a list that is there: after its family, else at the sorted place, else last; on one line or many as
 * the list is.
 */
export function addToList(
  text: string,
  path: readonly string[],
  value: Company,
  form: EntryForm = strings,
): { text: string } | Refusal {
  const found = listAt(text, path, form);
  if (!found) return { refused: `it has no list \`${path.join('.')}\`` };
  const { node, names } = found;
  if (names.includes(value.name)) return { text };
  const spans = (node.children ?? []).map(({ offset, length }) => ({ start: offset, end: offset + length }));
  const list: Entries = {
    opens: node.offset + 1,
    closes: node.offset + node.length - 1,
    entries: spans.map((span, i) => ({ key: names[i]!, ...span })),
    separator: ',',
  };
  const after = placeAmong(names, value);
  const like = names.findLastIndex((name, i) => name !== '' && i <= Math.max(after, 0));
  const neighbour = like < 0 ? null : { text: text.slice(spans[like]!.start, spans[like]!.end), name: names[like]! };
  const insertions = insertEntry(text, list, after, [form.write(value.name, neighbour)]);
  const result = splice(text, insertions);
  return provesName(text, result, insertions, { path, name: value.name, form })
    ? { text: result }
    : { refused: 'the edit did not prove clean' };
}

/** The proof of an edit: only the insertions differ, and the list is the old one with that name in it once. */
export function provesName(
  before: string,
  after: string,
  insertions: readonly Insertion[],
  { path, name, form = strings }: { path: readonly string[]; name: string; form?: EntryForm },
): boolean {
  const [old, now] = [before, after].map((text) => listAt(text, path, form)?.names);
  if (!old || !now || !onlyInserts(before, after, insertions)) return false;
  const rest = now.filter((one) => one !== name);
  return now.length === old.length + 1 && JSON.stringify(rest) === JSON.stringify(old);
}

interface Located extends NameList {
  node: Node;
}

function listAt(text: string, path: readonly string[], form: EntryForm): Located | null {
  const tree = treeOf(text);
  const wanted = JSON.stringify(path);
  return (tree && listsIn(tree, form).find((one) => JSON.stringify(one.path) === wanted)) ?? null;
}

function listsIn(node: Node, form: EntryForm, path: string[] = []): Located[] {
  if (node.type === 'array') {
    const names = (node.children ?? []).map((entry) => form.nameOf(entry));
    return names.includes(null) ? [] : [{ path, node, names: names as string[] }];
  }
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children = [] }) =>
    children[1] ? listsIn(children[1], form, [...path, String(children[0]!.value)]) : [],
  );
}
