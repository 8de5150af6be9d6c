import type { Node } from 'jsonc-parser';
import { indentBefore } from '../insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { endOf, memberOf, nameOf, pathsWithValues, propertyOf, treeOf } from './tree.ts';

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

/** A member of an object in a JSON text: the names that lead to the object, its own name and its value. */
export interface JsonMember {
  path: readonly string[];
  name: string;
  value: string;
}

/**
 * Adds dependencies to the text of a package.json: into the list that is there, at the sorted place where the list is
 * sorted, with the indentation and line ending of its neighbours. Nothing else changes.
 */
export function addDependencies(text: string, dependencies: readonly Dependency[]): { text: string } | Refusal {
  let current = text;
  for (const { list, name, specifier } of dependencies) {
    const edited = addMember(current, { path: [list], name, value: specifier });
    if ('refused' in edited) return edited;
    current = edited.text;
  }
  return { text: current };
}

/**
 * Adds one member to an object that is there, or to a list of dependencies that is not; the place and the form as in
 * `addDependencies`.
 */
export function addMember(text: string, member: JsonMember): { text: string } | Refusal {
  const root = treeOf(text);
  if (root?.type !== 'object') return { refused: 'it does not hold a JSON object that can be followed' };
  const object = member.path.reduce<Node | undefined>((node, key) => node && memberOf(node, key), root);
  const refused = whyNot(text, root, object, member);
  if (refused) return { refused };
  const form = formIn(text, root);
  const pair = `${JSON.stringify(member.name)}${form.colon}${JSON.stringify(member.value)}`;
  const insertion = object ? intoObject(object, member.name, pair, form) : asNewList(root, member, pair, form);
  const result = splice(text, [insertion]);
  return provesMember(text, result, [insertion], member)
    ? { text: result }
    : { refused: 'the edit did not prove clean' };
}

/** What would make it unclear what the new text says. */
function whyNot(text: string, root: Node, object: Node | undefined, { path, name }: JsonMember): string | null {
  for (
    let [node, i]: [Node | undefined, number] = [root, 0];
    node && i < path.length;
    node = memberOf(node, path[i]!), i += 1
  ) {
    const twice = node.children?.filter((one) => nameOf(one) === path[i]) ?? [];
    if (twice.length > 1)
      return `\`${path[i]}\` stands in it more than once, ${linesOf(text, twice)}: merge them into one`;
  }
  if (!object) return path.length === 1 ? null : `it has no \`${path.join('.')}\``;
  if (object.type !== 'object') return `\`${path.join('.')}\` is no object`;
  const there = object.children?.filter((one) => nameOf(one) === name) ?? [];
  return there.length > 0 ? `\`${path.join('.')}\` has \`${name}\` already, ${linesOf(text, there)}` : null;
}

function linesOf(text: string, nodes: readonly Node[]): string {
  const lines = nodes.map(({ offset }) => text.slice(0, offset).split('\n').length);
  return lines.length === 1 ? `on line ${lines[0]}` : `on lines ${lines.join(' and ')}`;
}

/**
 * The proof of an insertion: the old text without it, byte for byte, and read again the same members in the same order,
 * and the new one with them.
 */
export function provesMember(
  before: string,
  after: string,
  insertions: readonly Insertion[],
  { path, name, value }: JsonMember,
): boolean {
  const [old, now] = [treeOf(before), treeOf(after)];
  if (!old || !now || !onlyInserts(before, after, insertions)) return false;
  const object = path.map((key) => `/${JSON.stringify(key)}`).join('');
  const isNew = !path.reduce<Node | undefined>((node, key) => node && memberOf(node, key), old);
  const added = [...(isNew ? [`${object}:object`] : []), `${object}/${JSON.stringify(name)}=${JSON.stringify(value)}`];
  const rest = [...pathsWithValues(now)];
  for (const entry of added) {
    const at = rest.indexOf(entry);
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.join('\n') === [...pathsWithValues(old)].join('\n');
}

/** The text of a file, and what it has on one line: after a name, after a comma, and inside braces. */
interface MemberForm {
  text: string;
  colon: string;
  gap: string;
  pad: string;
}

function formIn(text: string, root: Node): MemberForm {
  const [key, value] = root.children?.[0]?.children ?? [];
  const colon = key && value ? text.slice(endOf(key), value.offset) : ': ';
  const objects = [root, ...(root.children ?? []).flatMap(({ children = [] }) => children[1] ?? [])].filter(
    ({ type, children = [] }) => type === 'object' && children.length > 0,
  );
  const gaps = objects.flatMap((one) => gapsIn(text, one)).filter((one) => !one.includes('\n'));
  const pads = objects.map(({ offset, children }) => text.slice(offset + 1, children![0]!.offset));
  const spaced = /\s$/.test(colon) ? ' ' : '';
  return { text, colon, gap: gaps[0] ?? spaced, pad: pads.find((one) => !one.includes('\n')) ?? spaced };
}

/** What stands between the comma after a member and the next. */
function gapsIn(text: string, { children = [] }: Node): string[] {
  return children.slice(1).map(({ offset }, i) => /,(\s*)$/.exec(text.slice(endOf(children[i]!), offset))?.[1] ?? '');
}

/** `dependencies` stands before `devDependencies`, and either after all else. */
function asNewList(root: Node, { path: [list] }: JsonMember, pair: string, form: MemberForm): Insertion {
  const { text } = form;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const properties = root.children ?? [];
  const neighbour = propertyOf(root, list === 'dependencies' ? 'devDependencies' : 'dependencies');
  const indent = properties[0] ? indentBefore(text, properties[0].offset) : null;
  const inner = indent === null ? form.pad + pair + form.pad : `${eol}${indent}${indent}${pair}${eol}${indent}`;
  const entry = `${JSON.stringify(list)}${form.colon}{${inner}}`;
  const gap = indent === null ? form.gap : eol + indent;
  if (neighbour && list === 'dependencies') return { at: neighbour.offset, text: `${entry},${gap}` };
  const last = neighbour ?? properties.at(-1);
  return last ? { at: endOf(last), text: `,${gap}${entry}` } : intoEmptyObject(root, entry, form, '');
}

function intoObject(object: Node, name: string, pair: string, form: MemberForm): Insertion {
  const { text } = form;
  const entries = object.children ?? [];
  if (entries.length === 0) {
    const outer = object.parent ? indentBefore(text, object.parent.offset) : null;
    return intoEmptyObject(object, pair, form, outer);
  }
  const names = entries.map(nameOf);
  const indent = indentBefore(text, entries[0]!.offset);
  const eol = text.slice(object.offset, endOf(object)).includes('\r\n') ? '\r\n' : '\n';
  const gap = indent === null ? (gapsIn(text, object)[0] ?? form.gap) : eol + indent;
  const next = order(names) ? names.findIndex((other) => order([name, other])) : -1;
  if (next >= 0) return { at: entries[next]!.offset, text: `${pair},${gap}` };
  return { at: endOf(entries.at(-1)!), text: `,${gap}${pair}` };
}

/** `outer`: the indentation of the line that the object begins on; null where the text is on one line. */
function intoEmptyObject(object: Node, pair: string, { text, pad }: MemberForm, outer: string | null): Insertion {
  const inside = text.slice(object.offset + 1, endOf(object) - 1);
  const at = object.offset + 1;
  if (outer === null || (outer === '' && inside === '' && !object.parent))
    return { at, text: inside === '' ? pad + pair + pad : ` ${pair}` };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { at, text: `${eol}${outer}${unit}${pair}${inside.includes('\n') ? '' : `${eol}${outer}`}` };
}

/**
 * Takes dependencies out of the text of a package.json: the line of each, and a list that `addDependencies` would have
 * made for them. Nothing else changes.
 */
export function removeDependencies(text: string, dependencies: readonly Dependency[]): { text: string } | Refusal {
  let current = text;
  for (const dependency of dependencies) {
    const object = memberOf(treeOf(current) ?? { type: 'null', offset: 0, length: 0 }, dependency.list);
    const entry = object && propertyOf(object, dependency.name);
    if (!object || !entry) return { refused: `it has no \`${dependency.name}\`` };
    const member = { path: [dependency.list], name: dependency.name, value: dependency.specifier };
    const whole = object.children!.length === 1 ? withoutEntry(current, object.parent!) : null;
    const again = whole && addDependencies(whole, [dependency]);
    // A list that held nothing else goes, too, where adding would make it so.
    const next = again && 'text' in again && again.text === current ? whole! : withoutEntry(current, entry);
    if (!provesMember(next, current, insertionsBetween(next, current), member))
      return { refused: 'the edit did not prove clean' };
    current = next;
  }
  return { text: current };
}

/** The one piece by which a longer text differs from a shorter one. */
function insertionsBetween(shorter: string, longer: string): Insertion[] {
  let at = 0;
  while (at < shorter.length && shorter[at] === longer[at]) at += 1;
  return [{ at, text: longer.slice(at, at + longer.length - shorter.length) }];
}

/** Without a member of an object, the comma that belonged to it and the line it stood on. */
function withoutEntry(text: string, entry: Node): string {
  const siblings = entry.parent!.children!;
  const index = siblings.indexOf(entry);
  const [before, after] = [siblings[index - 1], siblings[index + 1]];
  if (after) return text.slice(0, entry.offset) + text.slice(after.offset);
  if (before) return text.slice(0, endOf(before)) + text.slice(endOf(entry));
  const { offset } = entry.parent!;
  return text.slice(0, offset + 1) + text.slice(endOf(entry.parent!) - 1);
}

/** By code unit; for package names the package managers' own orders agree with it, and loading a locale costs 6 ms. */
function order(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || names[i - 1]! <= name);
}
