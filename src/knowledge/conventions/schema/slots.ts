import { entriesOf, keyOf, type Module, type Node, nameOf, unwrap } from '../../../code/module.ts';
import type { Entries } from '../../../edit/insert.ts';
import { isClosed } from './closed-type.ts';
import type { WriteEntry } from './entry.ts';
import { chainOf, isEnvironment } from './reads.ts';

/** A list in a module into which a variable is written. */
export interface Slot {
  list: Entries;
  /** How an entry of it is written. */
  write: WriteEntry;
  /** Names that are spread into it from lists that can be followed. */
  inherited: string[];
  /**
   * The index of the first entry that spreads what cannot be followed: what it may bring wins over what stands before
   * it.
   */
  unknown: number | null;
  /** Whether a type says which names it has, so that a new one does not compile. */
  closed: boolean;
}

/** The names in a group of lists. */
export function keysIn(group: readonly Slot[]): string[] {
  return group.flatMap(({ list, inherited }) => [...list.entries.map(({ key }) => key), ...inherited]).filter(Boolean);
}

/** A list of the tree, with what is spread into it. `types`: what the calls that take it are told of its type. */
export function slot(module: Module, node: Node, write: WriteEntry, types: readonly Node[] = []): Slot {
  const members = (node.properties ?? []) as Node[];
  let unknown: number | null = null;
  const inherited = members.flatMap((one, index) => {
    if (one.type !== 'SpreadElement' || isEnvironment(one.argument as Node)) return [];
    const spread = unwrap(one.argument as Node);
    const shape =
      spread.type === 'MemberExpression' && nameOf(spread.property) === 'shape' ? (spread.object as Node) : spread;
    const chain = chainOf(module, shape);
    if (!chain) unknown ??= index;
    return chain ? chain.objects.flatMap((object) => (object.properties as Node[]).map(keyOf)) : [];
  });
  return { list: entriesOf(node, module.text), write, inherited, unknown, closed: isClosed(module, node, types) };
}
