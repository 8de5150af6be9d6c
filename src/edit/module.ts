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

interface Constant {
  name: string;
  init: Node;
  /** The name it is exported under, or null. */
  exported: string | null;
}

/** The constants at the top of the module. */
export function constantsOf({ body }: Module): Constant[] {
  const later = new Map(
    body
      .filter(({ type, source }) => type === 'ExportNamedDeclaration' && !source)
      .flatMap(({ specifiers }) =>
        (specifiers as Node[]).map((one) => [nameOf(one.local), nameOf(one.exported)] as const),
      ),
  );
  return body.flatMap((statement) => {
    const exported = statement.type === 'ExportNamedDeclaration';
    const declaration = exported ? (statement.declaration as Node | null) : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return (declaration.declarations as Node[]).flatMap(({ id, init }) => {
      const name = nameOf(id);
      return init && name ? [{ name, init: init as Node, exported: exported ? name : (later.get(name) ?? null) }] : [];
    });
  });
}

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** What an expression is once a name is followed to its constant, in the function it stands in or at the top; null where it is imported, a parameter or computed. */
export function resolve(module: Module, node: Node, seen: readonly Node[] = []): Node | null {
  const bare = unwrap(node);
  if (bare.type !== 'Identifier') return bare;
  if (seen.includes(bare)) return null;
  const init = declarationOf(module, nameOf(bare), bare.start);
  return init && resolve(module, init, [...seen, bare]);
}

function declarationOf(module: Module, name: string, at: number): Node | null {
  const around = [...nodesIn(module.body)].filter(
    ({ type, start, end }) => functions.includes(type) && start <= at && at < end,
  );
  for (const scope of around.reverse()) {
    if ((scope.params as Node[]).some((one) => [...nodesIn(one)].some((inner) => nameOf(inner) === name))) return null;
    const own = declaratorsIn(scope.body as Node, name);
    if (own) return own;
  }
  return constantsOf(module).find((one) => one.name === name)?.init ?? null;
}

/** A constant of that name in a function's body, not in a function within. */
function declaratorsIn(node: unknown, name: string): Node | null {
  if (Array.isArray(node)) return node.reduce<Node | null>((found, one) => found ?? declaratorsIn(one, name), null);
  if (typeof node !== 'object' || node === null || typeof (node as Node).type !== 'string') return null;
  const one = node as Node;
  if (functions.includes(one.type)) return null;
  if (one.type === 'VariableDeclarator' && nameOf(one.id) === name) return (one.init as Node | null) ?? null;
  return Object.entries(one).reduce<Node | null>(
    (found, [key, value]) => found ?? (key === 'loc' ? null : declaratorsIn(value, name)),
    null,
  );
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
