import { type Node, parseTree } from 'jsonc-parser';
import { indentBefore } from '../insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';

/** The text of a package.json as data. */
export function parseManifest(text: string): Record<string, Record<string, string>> {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** One dependency to be written: list, name and specifier. */
export interface Dependency {
  list: 'dependencies' | 'devDependencies';
  name: string;
  specifier: string;
}

/**
 * Adds dependencies to the text of a package.json: into the list that is there, at the sorted place where the list is
 * sorted, with the indentation and line ending of its neighbours. Nothing else changes.
 */
export function addDependencies(text: string, dependencies: readonly Dependency[]): { text: string } | Refusal {
  let current = text;
  for (const dependency of dependencies) {
    const tree = parseTree(current.replace(/^\uFEFF/, ' '));
    if (tree?.type !== 'object') return { refused: 'it does not hold a JSON object' };
    const insertion = insertionFor(current, tree, dependency);
    const next = splice(current, [insertion]);
    if (!onlyInserts(current, next, [insertion]) || !holds(current, next, dependency)) {
      return { refused: 'the edit did not prove clean' };
    }
    current = next;
  }
  return { text: current };
}

/**
 * Takes dependencies out of the text of a package.json: the line of each, and a list that `addDependencies` would have made for them.
 * Nothing else changes.
 */
export function removeDependencies(text: string, dependencies: readonly Dependency[]): { text: string } | Refusal {
  let current = text;
  for (const dependency of dependencies) {
    const tree = parseTree(current.replace(/^\uFEFF/, ' '));
    const object = tree && member(tree, dependency.list);
    const entry = object?.children?.find(({ children }) => children?.[0]?.value === dependency.name);
    if (!tree || !object || !entry) return { refused: `it has no \`${dependency.name}\`` };
    const whole = object.children!.length === 1 ? withoutEntry(current, object.parent!) : null;
    const made = whole && addDependencies(whole, [dependency]);
    // A list that held nothing else goes, too, where adding would make it so.
    const next = made && 'text' in made && made.text === current ? whole! : withoutEntry(current, entry);
    if (!holds(next, current, dependency)) return { refused: 'the edit did not prove clean' };
    current = next;
  }
  return { text: current };
}

/** Without a member of an object, the comma that belonged to it and the line it stood on. */
function withoutEntry(text: string, entry: Node): string {
  const siblings = entry.parent!.children!;
  const index = siblings.indexOf(entry);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  if (after) return text.slice(0, entry.offset) + text.slice(after.offset);
  if (before) return text.slice(0, end(before)) + text.slice(end(entry));
  const { offset } = entry.parent!;
  return text.slice(0, offset + 1) + text.slice(end(entry.parent!) - 1);
}

/** Adds one member to an object that is there, the place and the form as in `addDependencies`. */
export function addMember(
  text: string,
  path: readonly string[],
  name: string,
  value: string,
): { text: string } | Refusal {
  const tree = parseTree(text.replace(/^\uFEFF/, ' '));
  const object = path.reduce<Node | undefined>((node, key) => node && member(node, key), tree);
  if (!tree || object?.type !== 'object') return { refused: `it has no \`${path.join('.')}\`` };
  const pair = `${JSON.stringify(name)}${colonIn(text, tree)}${JSON.stringify(value)}`;
  const insertion = intoObject(text, object, name, pair);
  const result = splice(text, [insertion]);
  return onlyInserts(text, result, [insertion]) ? { text: result } : { refused: 'the edit did not prove clean' };
}

function insertionFor(text: string, root: Node, { list, name, specifier }: Dependency): Insertion {
  const pair = `${JSON.stringify(name)}${colonIn(text, root)}${JSON.stringify(specifier)}`;
  const object = member(root, list);
  if (object?.type === 'object') return intoObject(text, object, name, pair);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const properties = root.children ?? [];
  const neighbour = member(root, list === 'dependencies' ? 'devDependencies' : 'dependencies');
  const indent = properties[0] ? indentBefore(text, properties[0].offset) : null;
  const inner = indent === null ? pair : `${eol}${indent}${indent}${pair}${eol}${indent}`;
  const entry = `${JSON.stringify(list)}${colonIn(text, root)}{${inner}}`;
  if (neighbour && list === 'dependencies') {
    return { at: neighbour.parent!.offset, text: `${entry},${indent === null ? '' : eol + indent}` };
  }
  const last = neighbour?.parent ?? properties.at(-1);
  if (!last) return { at: root.offset + 1, text: entry };
  return { at: end(last), text: `,${indent === null ? '' : eol + indent}${entry}` };
}

function intoObject(text: string, object: Node, name: string, pair: string): Insertion {
  const entries = object.children ?? [];
  if (entries.length === 0) return intoEmptyObject(text, object, pair);
  const names = entries.map((entry) => entry.children![0]!.value as string);
  const indent = indentBefore(text, entries[0]!.offset);
  const eol = text.slice(object.offset, end(object)).includes('\r\n') ? '\r\n' : '\n';
  const gap =
    indent === null
      ? /^\s*,(\s*)/.exec(text.slice(end(entries[0]!)))?.[1] || /^\{(\s*)/.exec(text.slice(object.offset))![1]!
      : eol + indent;
  const next = order(names) ? names.findIndex((other) => order([name, other])) : -1;
  if (next >= 0) return { at: entries[next]!.offset, text: `${pair},${gap}` };
  return { at: end(entries.at(-1)!), text: `,${gap}${pair}` };
}

function intoEmptyObject(text: string, object: Node, pair: string): Insertion {
  const outer = object.parent ? indentBefore(text, object.parent.offset) : null;
  if (outer === null) return { at: object.offset + 1, text: pair };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const closing = text.slice(object.offset + 1, end(object) - 1);
  const tail = closing.includes('\n') ? '' : `${eol}${outer}`;
  return { at: object.offset + 1, text: `${eol}${outer}${outer}${pair}${tail}` };
}

/** The colon as this file writes it. */
function colonIn(text: string, root: Node): string {
  const [key, value] = root.children?.[0]?.children ?? [];
  return key && value ? text.slice(end(key), value.offset) : ': ';
}

/** By code unit; for package names the package managers' own orders agree with it, and loading a locale costs 6 ms. */
function order(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || names[i - 1]! <= name);
}

function member(root: Node, key: string): Node | undefined {
  return root.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];
}

function end(node: Node): number {
  return node.offset + node.length;
}

/** The re-parse: the new object is the old one and the one new entry, in the same order. */
function holds(before: string, after: string, { list, name, specifier }: Dependency): boolean {
  const old = parseManifest(before);
  const now = parseManifest(after);
  if (now[list]?.[name] !== specifier) return false;
  delete now[list][name];
  if (!(list in old)) delete now[list];
  return JSON.stringify(now) === JSON.stringify(old);
}
