import { kept } from '../memo.ts';
import { type Binding, bindingsOf } from './bindings.ts';
import { keyOf, type Module, type Node, nameOf, sourceOf, textOf, unwrap } from './module.ts';
import { topBinding } from './scope.ts';

/** What an exported name is, once it is followed through the modules that only pass it on. */
export type Home =
  /** Declared in a module of the project: by a binding, or as the value of a default export. */
  | { kind: 'value'; module: Module; binding: Binding | null; node: Node | null }
  /** All that a module exports. */
  | { kind: 'namespace'; module: Module }
  /** It comes from a package. */
  | { kind: 'package'; from: string; name: string };

/** The statements by which a module exports, as they are written. */
export interface Exporting {
  /** Those that may export a name, in the order of the text. */
  named: ReadonlyMap<string, readonly Node[]>;
  /** Those that pass on all of another module. */
  stars: readonly Node[];
  assigned: readonly Assigned[];
}

/** `module.exports = x`, `exports.name = x`; without a target `export = x`. */
interface Assigned {
  targets: readonly string[];
  value: Node;
}

/** Another module that has to be asked. `star`: only one of several that may have the name. */
export interface Onward {
  from: string;
  name: string;
  star?: boolean;
}

/**
 * What a module itself says of a name it exports: what it is, or which modules to ask; null where it exports no such
 * name.
 */
export function exportIn(module: Module, name: string): Home | Onward[] | null {
  for (const statement of exportingOf(module).named.get(name) ?? []) {
    const found = inStatement(module, statement, name);
    if (found) return found;
  }
  const common = commonExport(module, name);
  if (common) return common;
  return name === '*' ? { kind: 'namespace', module } : starsFor(module, name);
}

/** The modules that are passed on whole, each of which may have the name; null where there is none. */
function starsFor(module: Module, name: string): Onward[] | null {
  if (name === 'default') return null;
  const { stars } = exportingOf(module);
  return stars.length > 0 ? stars.map((one) => ({ from: sourceOf(one), name, star: true })) : null;
}

/** Whether a module exports a name; of one that passes on all of another that may be. */
export function isExportedBy(module: Module, name: string): boolean {
  return exportIn(module, name) !== null;
}

function inStatement(module: Module, statement: Node, name: string): Home | Onward[] | null {
  if (statement.type === 'ExportAllDeclaration') {
    const exported = statement.exported as Node | null;
    return exported && exportedName(exported) === name ? [{ from: sourceOf(statement), name: '*' }] : null;
  }
  if (statement.type === 'ExportDefaultDeclaration' && name === 'default')
    return valueAt(module, statement.declaration as Node);
  if (statement.type !== 'ExportNamedDeclaration') return null;
  const specifier = (statement.specifiers as Node[]).find((one) => exportedName(one.exported as Node) === name);
  if (specifier) {
    const local = exportedName(specifier.local as Node);
    return statement.source ? [{ from: sourceOf(statement), name: local }] : named(module, local);
  }
  const declaration = statement.declaration as Node | null;
  const binding = declaration ? topBinding(module, name) : null;
  const inside = binding && declaration!.start <= binding.id.start && binding.id.end <= declaration!.end;
  return inside ? { kind: 'value', module, binding, node: null } : null;
}

function exportedName(node: Node): string {
  return nameOf(node) || (textOf(node) ?? '');
}

/** What a name of the module stands for; of one that is imported, where to ask. */
function named(module: Module, local: string): Home | Onward[] | null {
  const binding = topBinding(module, local);
  if (!binding) return null;
  return binding.kind === 'import'
    ? [{ from: binding.from, name: binding.imported }]
    : { kind: 'value', module, binding, node: null };
}

function valueAt(module: Module, node: Node): Home | Onward[] | null {
  const bare = unwrap(node);
  const local = bare.type === 'Identifier' ? nameOf(bare) : nameOf(bare.id);
  return (
    (/Declaration$|^Identifier$/.test(bare.type) && local && named(module, local)) || {
      kind: 'value',
      module,
      binding: null,
      node: bare,
    }
  );
}

/** `module.exports = x`, `exports.name = x`, `export = x`. */
function commonExport(module: Module, name: string): Home | Onward[] | null {
  for (const { targets, value } of exportingOf(module).assigned) {
    if (targets.length === 0) return ofWhole(module, value, name);
    if (targets.includes('module.exports')) {
      const found = ofWhole(module, value, name);
      if (found) return found;
    }
    if (targets.includes(`exports.${name}`) || targets.includes(`module.exports.${name}`))
      return valueAt(module, value);
  }
  return null;
}

function ofWhole(module: Module, node: Node, name: string): Home | Onward[] | null {
  if (name === '*' || name === 'default') return valueAt(module, node);
  const object = unwrap(node);
  const properties = object.type === 'ObjectExpression' ? (object.properties as Node[]) : [];
  const property = properties.find((one) => keyOf(one) === name);
  return property ? valueAt(module, property.value as Node) : null;
}

/** The statements by which a module exports, looked through once. */
function exportingOf(module: Module): Exporting {
  module.exporting ??= exportingIn(module.body);
  return module.exporting;
}

function exportingIn(body: readonly Node[]): Exporting {
  const named = new Map<string, Node[]>();
  for (const statement of body)
    for (const name of exportedNames(statement)) kept(named, name, () => []).push(statement);
  const stars = body.filter(({ type, exported }) => type === 'ExportAllDeclaration' && !exported);
  return { named, stars, assigned: body.flatMap(assignedIn) };
}

/** The names that a statement may export. */
function exportedNames({ type, exported, specifiers, declaration }: Node): string[] {
  if (type === 'ExportDefaultDeclaration') return ['default'];
  if (type === 'ExportAllDeclaration') return exported ? [exportedName(exported as Node)] : [];
  if (type !== 'ExportNamedDeclaration') return [];
  const declared = declaration ? bindingsOf(declaration as Node) : [];
  return [
    ...(specifiers as Node[]).map((one) => exportedName(one.exported as Node)),
    ...declared.flatMap(({ binding, place }) => (place === 'around' ? [binding.name] : [])),
  ];
}

/** What a statement exports as CommonJS does: the targets and the value of `a = b = value`. */
function assignedIn({ type, expression }: Node): Assigned[] {
  if (type === 'TSExportAssignment') return [{ targets: [], value: expression as Node }];
  const targets: string[] = [];
  let value = expression as Node;
  while (type === 'ExpressionStatement' && value.type === 'AssignmentExpression') {
    targets.push(nameOf(value.left));
    value = unwrap(value.right as Node);
  }
  return targets.some((one) => /^(?:module\.)?exports(?:\.|$)/.test(one)) ? [{ targets, value }] : [];
}
