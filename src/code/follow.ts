import { kept } from '../memo.ts';
import type { Binding } from './bindings.ts';
import { keyOf, type Module, type Node, nameOf, sourceOf, textOf, unwrap } from './module.ts';
import { mayExport } from './passing.ts';
import { topBinding } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** What an exported name is, once it is followed through the modules that only pass it on. */
export type Home =
  /** Declared in a module of the project: by a binding, or as the value of a default export. */
  | { kind: 'value'; module: Module; binding: Binding | null; node: Node | null }
  /** All that a module exports. */
  | { kind: 'namespace'; module: Module }
  /** It comes from a package. */
  | { kind: 'package'; from: string; name: string };

/** Whether a name is followed into a module of the project; without a name, whether any is. */
export type Enters = (path: string, name?: string) => boolean;

/** Modules that pass a name on: more are nobody's code. */
const limit = 100;

/**
 * Follows a name that a module exports (`*`: all of it), through `export … from`, `export *`, imports and CommonJS, to
 * what it is; null where that cannot be seen. Of packages that are passed on whole, the first is taken where no module
 * of the project has the name. `enters`: which modules may declare it; without it, every one.
 */
export function homeOf(code: SourceCode, path: string, name: string, enters?: Enters): Home | null {
  const homes = kept(code.known.homes, enters, () => new Map<string, Home | null>());
  return kept(homes, `${path}#${name}`, () => searchHome(code, path, name, enters));
}

/** A search for a name, through the modules that pass it on. */
interface Search {
  code: SourceCode;
  enters: Enters | undefined;
  open: Wanted[];
  passed: Set<string>;
  /** A package that is passed on whole, and may have it. */
  maybe: Home | null;
  /** Whether every module that might have it was entered. */
  complete: boolean;
}

interface Wanted {
  path: string;
  name: string;
}

function searchHome(code: SourceCode, path: string, name: string, enters?: Enters): Home | null {
  const open = [{ path, name }];
  const search: Search = { code, enters, open, passed: new Set(), maybe: null, complete: true };
  while (open.length > 0 && search.passed.size < limit) {
    const home = lookInto(search, open.shift()!);
    if (home) return home;
  }
  // What was left out may have the name after all.
  return search.maybe && !search.complete ? searchHome(code, path, name) : search.maybe;
}

/** Asks one module, which may have it, or lead on to others. */
function lookInto(search: Search, wanted: Wanted): Home | null {
  const { code, open, passed } = search;
  const key = `${wanted.path}#${wanted.name}`;
  if (passed.has(key)) return null;
  passed.add(key);
  const step = askModule(search, wanted);
  search.complete &&= step !== null;
  if (step === null || !Array.isArray(step)) return step;
  for (const { from, name, star } of step) {
    const target = code.leadTo(wanted.path, from);
    if (target !== null) open.push({ path: target, name });
    else if (!star) return { kind: 'package', from, name };
    else if (!from.startsWith('.')) search.maybe ??= { kind: 'package', from, name };
  }
  return null;
}

/**
 * What a module of the project says of a name: nothing where it exports no such name; null where it is not entered, and
 * might.
 */
function askModule({ code, enters }: Search, { path, name }: Wanted): Home | Onward[] | null {
  if (!mayExport(code, path, name)) return [];
  if (enters && !enters(path)) return null;
  const module = code.module(path);
  return (module && exportIn(module, name)) ?? [];
}

/** Another module that has to be asked. `star`: only one of several that may have the name. */
interface Onward {
  from: string;
  name: string;
  star?: boolean;
}

/**
 * What a module itself says of a name it exports: what it is, or which modules to ask; null where it exports no such
 * name.
 */
function exportIn(module: Module, name: string): Home | Onward[] | null {
  for (const statement of module.body) {
    const found = inStatement(module, statement, name);
    if (found) return found;
  }
  const common = commonExport(module, name);
  if (common) return common;
  return name === '*' ? { kind: 'namespace', module } : starsFor(module, name);
}

/** The modules that are passed on whole, each of which may have the name; null where there is none. */
function starsFor({ body }: Module, name: string): Onward[] | null {
  if (name === 'default') return null;
  const stars = body.filter(({ type, exported }) => type === 'ExportAllDeclaration' && !exported);
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
  for (const statement of module.body) {
    if (statement.type === 'TSExportAssignment') return ofWhole(module, statement.expression as Node, name);
    const [targets, value] = assigned(statement);
    if (targets.includes('module.exports')) {
      const found = ofWhole(module, value!, name);
      if (found) return found;
    }
    if (targets.includes(`exports.${name}`) || targets.includes(`module.exports.${name}`))
      return valueAt(module, value!);
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

/** The targets and the value of `a = b = value`. */
function assigned({ type, expression }: Node): [targets: string[], value: Node | null] {
  const targets: string[] = [];
  let one = type === 'ExpressionStatement' ? (expression as Node) : null;
  while (one?.type === 'AssignmentExpression') {
    targets.push(nameOf(one.left));
    one = unwrap(one.right as Node);
  }
  return [targets, one];
}

/**
 * The module of this project in which a name that a file imports is declared, and its name there; null where it leads
 * out or nowhere.
 */
export function placeOf(
  code: SourceCode,
  file: string,
  specifier: string,
  name: string,
): { path: string; name: string } | null {
  const target = code.leadTo(file, specifier);
  const home = target === null ? null : homeOf(code, target, name);
  return home?.kind === 'value' ? { path: home.module.path, name: home.binding?.name ?? name } : null;
}
