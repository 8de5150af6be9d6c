import type { Entries } from '../edit/insert.ts';
import type { Exporting } from './exports.ts';
import { keyOf, type Node, nameOf, textOf, unwrap } from './node.ts';
import type { ModuleNames } from './scope.ts';

export {
  childrenOf,
  isWrapper,
  keyOf,
  type Node,
  nameOf,
  nodesIn,
  propertyOf,
  textOf,
  unwrap,
} from './node.ts';

/** One module as syntax. Read for positions only: nothing is printed from it. */
export interface Module {
  /** Where it stands in the project; '' where only its text is known. */
  path: string;
  text: string;
  body: Node[];
  /** Its names and scopes, and the statements that export, once somebody has asked for them. */
  names?: ModuleNames;
  exporting?: Exporting;
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

/**
 * Local name → imported name (`*` and `default` for those forms), of everything that comes from a module whose
 * specifier fits.
 */
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
