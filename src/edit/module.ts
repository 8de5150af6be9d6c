import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';
import type { Entries } from './entries.ts';

/** A node of the syntax tree; offsets are those of the text. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** One module as syntax. Read for positions only: nothing is printed from it. */
export interface Module {
  text: string;
  body: Node[];
}

/** Parses a TypeScript or JavaScript module; null where it does not parse. */
export function parseModule(text: string): Module | null {
  try {
    const tree = Parser.extend(tsPlugin()).parse(text, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
    return { text, body: tree.body as unknown as Node[] };
  } catch {
    return null;
  }
}

/** Every node below, itself included. */
export function* nodesIn(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const one of node) yield* nodesIn(one);
  else if (typeof node === 'object' && node !== null && typeof (node as Node).type === 'string') {
    yield node as Node;
    for (const [key, value] of Object.entries(node)) if (key !== 'loc') yield* nodesIn(value);
  }
}

/** Without `as const`, `satisfies T`, `!` and `Object.freeze()`. */
export function unwrap(node: Node): Node {
  if (['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression'].includes(node.type))
    return unwrap(node.expression as Node);
  if (node.type === 'CallExpression' && nameOf(node.callee) === 'Object.freeze')
    return unwrap((node.arguments as Node[])[0] ?? node);
  return node;
}

/** `a`, `a.b`, `a.b.c`; '' where it is anything else. */
export function nameOf(node: unknown): string {
  const one = node as Node | undefined;
  if (one?.type === 'Identifier') return String(one.name);
  if (one?.type === 'MetaProperty') return `${nameOf(one.meta)}.${nameOf(one.property)}`;
  if (one?.type !== 'MemberExpression' || one.computed) return '';
  const [object, property] = [nameOf(one.object), nameOf(one.property)];
  return object && property ? `${object}.${property}` : '';
}

/** Local name → imported name (`*` and `default` for those forms), of every import whose specifier fits. */
export function importedFrom({ body }: Module, source: RegExp): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of body) {
    if (node.type !== 'ImportDeclaration' || !source.test(sourceOf(node))) continue;
    for (const specifier of node.specifiers as Node[]) names.set(nameOf(specifier.local), importedName(specifier));
  }
  return names;
}

function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return nameOf(specifier.imported);
}

function sourceOf(node: Node): string {
  return String((node.source as Node | null)?.value ?? '');
}

/** Where a local name is imported from, and as what; null where it is no import. */
export function importOf({ body }: Module, local: string): { from: string; name: string } | null {
  for (const node of body.filter(({ type }) => type === 'ImportDeclaration')) {
    const specifier = (node.specifiers as Node[]).find((one) => nameOf(one.local) === local);
    if (specifier) return { from: sourceOf(node), name: importedName(specifier) };
  }
  return null;
}

/** The named imports of that module as a list, or null where it has none in braces. */
export function importList({ body, text }: Module, source: RegExp): Entries | null {
  for (const node of body) {
    if (node.type !== 'ImportDeclaration' || !source.test(sourceOf(node)) || node.importKind === 'type') continue;
    const named = (node.specifiers as Node[]).filter(({ type }) => type === 'ImportSpecifier');
    if (named.length === 0) continue;
    const opens = text.lastIndexOf('{', named[0]!.start) + 1;
    const closes = text.indexOf('}', named.at(-1)!.end);
    const entries = named.map((one) => ({ key: nameOf(one.local), start: one.start, end: one.end }));
    return { opens, closes, entries, separator: ',' };
  }
  return null;
}

interface Constant {
  name: string;
  init: Node;
  exported: boolean;
}

/** The constants at the top of the module. */
export function constantsOf({ body }: Module): Constant[] {
  const exportedLater = new Set(
    body
      .filter(({ type, source }) => type === 'ExportNamedDeclaration' && !source)
      .flatMap(({ specifiers }) => (specifiers as Node[]).map(({ local }) => nameOf(local))),
  );
  return body.flatMap((statement) => {
    const exported = statement.type === 'ExportNamedDeclaration';
    const declaration = exported ? (statement.declaration as Node | null) : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return (declaration.declarations as Node[]).flatMap(({ id, init }) =>
      init ? [{ name: nameOf(id), init: init as Node, exported: exported || exportedLater.has(nameOf(id)) }] : [],
    );
  });
}

/** What an expression is once a name of this module is followed to its constant; null where it is imported or computed. */
export function resolve(module: Module, node: Node): Node | null {
  const bare = unwrap(node);
  if (bare.type !== 'Identifier') return bare;
  const constant = constantsOf(module).find(({ name }) => name === nameOf(bare));
  return constant ? resolve(module, constant.init) : null;
}

/** The value of a property written out in an object; null where it is not there. */
export function propertyOf(object: Node, key: string): Node | null {
  const found = (object.properties as Node[]).find((one) => one.type === 'Property' && keyOf(one) === key);
  return found ? (found.value as Node) : null;
}

/** The name of a property, a member or a class field; '' where it is computed. */
export function keyOf(node: Node): string {
  const key = node.key as Node | undefined;
  if (!key || node.computed) return '';
  return key.type === 'Identifier' ? nameOf(key) : String(key.value ?? '');
}

/** An object, an interface's body or a class's body as a list. */
export function entriesOf(node: Node, text: string): Entries {
  const members = (node.properties ?? node.body) as Node[];
  const ending = (one: Node) => (node.type === 'ObjectExpression' ? '' : (/[;,]/.exec(text[one.end - 1]!)?.[0] ?? ''));
  const entries = members.map((one) => ({
    key: keyOf(one).replace(/\?$/, ''),
    start: one.start,
    end: one.end - ending(one).length,
  }));
  const commas = node.type === 'ObjectExpression' || members.some((one) => ending(one) === ',');
  return { opens: node.start + 1, closes: node.end - 1, entries, separator: commas ? ',' : ';' };
}
