import { type ParserPlugin, parse } from '@babel/parser';
import type { Entries } from '../edit/insert.ts';

/** A node of the syntax tree, in the shapes of ESTree and typescript-eslint; offsets are those of the text. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** One module as syntax. Read for positions only: nothing is printed from it. */
export interface Module {
  /** Where it stands in the project; '' where only its text is known. */
  path: string;
  text: string;
  body: Node[];
}

/** Rules of the language that code may break and still be read: a parser that only reads need not be the judge of them. */
const tolerant = {
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowUndeclaredExports: true,
  allowImportExportEverywhere: true,
  allowNewTargetOutsideFunction: true,
  allowSuperOutsideMethod: true,
};

/**
 * Parses a TypeScript or JavaScript module, of either kind where `path` does not tell; null where it does not parse. `strict`: null also where a
 * rule of the language is broken (a name declared twice), as for a text that is to be edited.
 */
export function parseModule(text: string, path = '', strict = true): Module | null {
  for (const attempt of attemptsFor(path)) {
    const body = bodyOf(text, attempt, strict);
    if (body) return { path, text, body };
  }
  return null;
}

interface Attempt {
  jsx: boolean;
  sourceType: 'module' | 'script';
}

/** `<T>x` is a cast in .ts and an element in .tsx; a script may use names that a module may not. */
function attemptsFor(path: string): Attempt[] {
  const plain = /\.[mc]?ts$/.test(path) || path === '';
  const module: Attempt = { jsx: !plain, sourceType: 'module' };
  if (/\.(?:[mc]?tsx?|mjs)$/.test(path)) return [module];
  return path === ''
    ? [module, { ...module, jsx: true }]
    : [module, { ...module, sourceType: 'script' }, { ...module, jsx: false }];
}

function bodyOf(text: string, { jsx, sourceType }: Attempt, strict: boolean): Node[] | null {
  const plugins: ParserPlugin[] = ['estree', 'typescript', 'decorators-legacy', 'decoratorAutoAccessors'];
  try {
    const { program, errors } = parse(text, {
      ...tolerant,
      ...(sourceType === 'script' && { allowImportExportEverywhere: true }),
      sourceType,
      errorRecovery: !strict,
      attachComment: false,
      plugins: jsx ? [...plugins, 'jsx'] : plugins,
    });
    return strict && (errors?.length ?? 0) > 0 ? null : (program.body as unknown as Node[]);
  } catch {
    // It does not parse, or it is nested deeper than a parser can go.
    return null;
  }
}

/** What stands in a node and is no part of the tree. */
const beside = new Set(['type', 'start', 'end', 'loc', 'range', 'extra', 'comments', 'leadingComments', 'errors']);

/** The nodes directly below one, in the order of its properties. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null || beside.has(key)) continue;
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) found.push(one);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Every node below, itself included, in the order of the text. No recursion: a minified file is deep. */
export function nodesIn(root: unknown): Node[] {
  const found: Node[] = [];
  const open: Node[] = (Array.isArray(root) ? root.filter(isNode) : isNode(root) ? [root] : []).reverse();
  while (open.length > 0) {
    const node = open.pop()!;
    found.push(node);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i -= 1) open.push(children[i]!);
  }
  return found;
}

const wrappers = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
  'ChainExpression',
]);

/** Whether a node is its expression and a word about its type, or round brackets. */
export function isWrapper({ type }: Node): boolean {
  return wrappers.has(type);
}

/** Without `as const`, `satisfies T`, `!` and `Object.freeze()`. */
export function unwrap(node: Node): Node {
  for (let one = node; ; ) {
    const frozen = one.type === 'CallExpression' && nameOf(one.callee) === 'Object.freeze';
    const inner = isWrapper(one) ? (one.expression as Node) : frozen ? (one.arguments as Node[])[0] : undefined;
    if (!inner) return one;
    one = inner;
  }
}

/** `a`, `a.b`, `a.b.c`, with or without `?.` and `!`; '' where it is anything else. */
export function nameOf(node: unknown): string {
  const names: string[] = [];
  let one = node as Node | undefined;
  while (one) {
    if (isWrapper(one)) one = one.expression as Node;
    else if (one.type === 'Identifier') return [String(one.name), ...names].join('.');
    else if (one.type === 'MetaProperty') return [nameOf(one.meta), nameOf(one.property), ...names].join('.');
    else if (one.type !== 'MemberExpression' || one.computed || (one.property as Node).type !== 'Identifier') return '';
    else {
      names.unshift(String((one.property as Node).name));
      one = one.object as Node;
    }
    if (names.length > 100) return '';
  }
  return '';
}

/** A name brought in from another module: by `import`, or by `require` into a constant. */
export interface Import {
  local: string;
  /** `*` and `default` for those forms. */
  name: string;
  from: string;
}

/** What a module's own statements bring in. */
export function importsOf({ body }: Module): Import[] {
  return body.flatMap((node): Import[] => {
    if (node.type === 'ImportDeclaration')
      return (node.specifiers as Node[]).map((one) => ({
        local: nameOf(one.local),
        name: importedName(one),
        from: sourceOf(node),
      }));
    if (node.type !== 'VariableDeclaration') return [];
    return (node.declarations as Node[]).flatMap(({ id, init }) => {
      const from = requiredBy(init as Node | null);
      const pattern = id as Node;
      if (from === null) return [];
      if (pattern.type === 'Identifier') return [{ local: nameOf(pattern), name: '*', from }];
      const properties = (pattern.properties ?? []) as Node[];
      return properties.map((one) => ({ local: nameOf(one.value), name: keyOf(one), from }));
    });
  });
}

/** The specifier of `require('x')`, `import('x')` and what awaits that; null for anything else. */
export function requiredBy(node: Node | null | undefined): string | null {
  if (!node) return null;
  const bare = unwrap(node);
  const call = bare.type === 'AwaitExpression' ? unwrap(bare.argument as Node) : bare;
  if (call.type === 'ImportExpression') return textOf(call.source as Node);
  if (call.type !== 'CallExpression' || nameOf(call.callee) !== 'require') return null;
  return textOf((call.arguments as Node[])[0]);
}

/** The text of a literal, or of a template with nothing put into it; null for anything else. */
export function textOf(node: Node | null | undefined): string | null {
  if (!node) return null;
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral' || (node.expressions as Node[]).length > 0) return null;
  return (node.quasis as { value: { cooked?: string } }[])[0]?.value.cooked ?? null;
}

/** Local name → imported name (`*` and `default` for those forms), of everything that comes from a module whose specifier fits. */
export function importedFrom(module: Module, source: RegExp): Map<string, string> {
  return new Map(importsOf(module).flatMap(({ local, name, from }) => (source.test(from) ? [[local, name]] : [])));
}

/** The name that an import or export specifier has in the other module; `*` and `default` for those forms. */
export function importedName(specifier: Node): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return nameOf(specifier.imported) || (textOf(specifier.imported as Node) ?? '');
}

/** What a statement imports or exports from; '' where it has no such part. */
export function sourceOf(node: Node): string {
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
