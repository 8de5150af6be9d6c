import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';
import type { Entries } from '../edit/insert.ts';

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

/** Every node below, itself included, in the order of the text. No recursion: a minified file is deep. */
export function nodesIn(root: unknown): Node[] {
  const found: Node[] = [];
  const open = [root];
  while (open.length > 0) {
    const one = open.pop();
    if (Array.isArray(one)) for (let i = one.length - 1; i >= 0; i -= 1) open.push(one[i]);
    else if (typeof one === 'object' && one !== null && typeof (one as Node).type === 'string') {
      found.push(one as Node);
      const values = Object.entries(one).filter(([key, value]) => key !== 'loc' && typeof value === 'object');
      for (let i = values.length - 1; i >= 0; i -= 1) open.push(values[i]![1]);
    }
  }
  return found;
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

/** A name brought in from another module: by `import`, or by `require` into a constant. */
interface Import {
  local: string;
  /** `*` and `default` for those forms. */
  name: string;
  from: string;
}

function importsOf({ body }: Module): Import[] {
  return body.flatMap((node): Import[] => {
    if (node.type === 'ImportDeclaration')
      return (node.specifiers as Node[]).map((one) => ({
        local: nameOf(one.local),
        name: importedName(one),
        from: sourceOf(node),
      }));
    if (node.type !== 'VariableDeclaration') return [];
    return (node.declarations as Node[]).flatMap(({ id, init }) => {
      const call = init as Node | null;
      const from =
        call?.type === 'CallExpression' && nameOf(call.callee) === 'require'
          ? (call.arguments as Node[])[0]?.value
          : null;
      const pattern = id as Node;
      if (typeof from !== 'string') return [];
      if (pattern.type === 'Identifier') return [{ local: nameOf(pattern), name: '*', from }];
      const properties = (pattern.properties ?? []) as Node[];
      return properties.map((one) => ({ local: nameOf(one.value), name: keyOf(one), from }));
    });
  });
}

/** Local name → imported name (`*` and `default` for those forms), of everything that comes from a module whose specifier fits. */
export function importedFrom(module: Module, source: RegExp): Map<string, string> {
  return new Map(importsOf(module).flatMap(({ local, name, from }) => (source.test(from) ? [[local, name]] : [])));
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
export function importOf(module: Module, local: string): { from: string; name: string } | null {
  return importsOf(module).find((one) => one.local === local) ?? null;
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
