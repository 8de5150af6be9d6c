import path from 'node:path';
import { kept } from '../memo.ts';
import { literally } from '../pattern.ts';
import { definitionOf } from './definitions.ts';
import { type Enters, homeOf } from './follow.ts';
import { classAround, constructorOf } from './functions.ts';
import { isWrapper, keyOf, type Module, type Node, nameOf } from './module.ts';
import { passingOf } from './passing.ts';
import { leadingTo, reaches, standingFor } from './reaching.ts';
import { callsIn, isCall, parentOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** A call, and the module it stands in. */
export interface Call {
  module: Module;
  node: Node;
}

/** Who may call what a module declares. */
interface Around {
  enters: Enters;
  /** The files that bring in something of it. */
  reaching: readonly string[];
  /** The files that pass on something of it. */
  passing: readonly string[];
}

/** Functions whose callers are looked for in one run, and files that are looked through for those of one. */
const limits = { functions: 100, files: 60 };

/** Classes that extend one another: more are nobody's code. */
const depth = 10;

/**
 * Finds the calls of a function, or of the class whose constructor it is, in the files that seem to make some; each
 * function's once. A file is parsed only where its text calls that name and brings in a module that may hold it.
 */
export function callersIn(code: SourceCode, files: readonly string[]): (home: Module, owner: Node) => readonly Call[] {
  const known = new Map<Node, readonly Call[]>();
  const homes = new Map<string, Around>();
  const lookAt = (home: Module): Around =>
    kept(homes, home.path, () => {
      const leads = leadingTo(code, [home.path]);
      const fits = standingFor(code, home, { files, leads });
      return {
        enters: (path, name) => (name === undefined || fits(name)) && leads(path),
        reaching: files.filter((file) => file !== home.path && reaches(code, file, { leads, fits })),
        passing: files.filter((file) => passingOf(code, file).names && leads(file)),
      };
    });
  return (home, owner) => {
    const before = known.get(owner);
    if (before) return before;
    const name = calledAs(home, owner);
    const within = known.size < limits.functions && code.budget.steps >= 0;
    if (!within || (name === null && !isWithinReach(home, owner))) return [];
    const { enters, reaching: others, passing } = lookAt(home);
    const isUnnamed = name === null || isDefault(code, home, name);
    const given = namesGiven(code, [...others, ...passing], isUnnamed ? 'default' : name);
    // A constructor is also called by `super()`, and by who makes one of what extends its class.
    const extending = isConstructor(home, owner) ? [...extensionsOf(code, [home.path, ...others], given), ''] : [];
    const names = isUnnamed ? null : [...new Set([...given, ...extending])];
    const calling = others.filter((file) => {
      const text = code.project.read(file) ?? '';
      return mentions(text, [...given, ...extending]) || (isUnnamed && text.includes(stemOf(home.path)));
    });
    const found = [home.path, ...calling.slice(0, limits.files - 1)].flatMap((file) => {
      const module = code.module(file);
      const calls = module ? (names ?? [null]).flatMap((one) => callsIn(module, one)) : [];
      return calls
        .filter((node) => isCallOf(code, module!, node, { owner, enters }))
        .map((node) => ({ module: module!, node }));
    });
    known.set(owner, found);
    return found;
  };
}

/** Whether a text calls one of the names, or extends it. */
function mentions(text: string, names: readonly string[]): boolean {
  const named = names.filter((name) => name !== '');
  return named.some((name) => [`${name}(`, `${name}<`, `extends ${name}`].some((one) => text.includes(one)));
}

/** The names of the classes that extend one of those, or one that does. By the texts. */
function extensionsOf(code: SourceCode, files: readonly string[], names: readonly string[]): string[] {
  const texts = files.map((file) => code.project.read(file) ?? '').filter((text) => text.includes(' extends '));
  const pairs = texts.flatMap((text) => [...text.matchAll(/\bclass\s+([\w$]+)\s+extends\s+(?:[\w$]+\.)*([\w$]+)/g)]);
  const found = new Set<string>();
  const bases = new Set(names);
  for (const base of bases)
    for (const [, own, extended] of pairs)
      if (extended === base) {
        found.add(own!);
        bases.add(own!);
      }
  return [...found];
}

function isConstructor(module: Module, owner: Node): boolean {
  const parent = parentOf(module, owner);
  return parent?.type === 'MethodDefinition' && parent.kind === 'constructor';
}

/** Whether a name of a module is what it exports by default, which everybody calls as they like. */
function isDefault(code: SourceCode, { path: home }: Module, name: string): boolean {
  const found = homeOf(code, home, 'default');
  return found?.kind === 'value' && (found.binding?.name ?? nameOf(found.node?.id)) === name;
}

/** A name, and those that imports and exports give to what is called so. */
function namesGiven(code: SourceCode, files: readonly string[], name: string): string[] {
  const renaming = new RegExp(`(?<![\\w$])${literally(name)}\\s+as\\s+([\\w$]+)`, 'g');
  const texts = files.map((file) => code.project.read(file) ?? '').filter((text) => text.includes(`${name} as `));
  return [...new Set([name, ...texts.flatMap((text) => [...text.matchAll(renaming)].map((match) => match[1]!))])];
}

/** Whether a node calls a function, or makes something of the class that it is the constructor of. */
function isCallOf(
  code: SourceCode,
  module: Module,
  node: Node,
  { owner, enters }: { owner: Node; enters: Enters },
): boolean {
  let definition = definitionOf(code, module, node.callee as Node, enters);
  if (definition?.kind === 'function') return definition.node === owner;
  for (let passed = 0; passed < depth && definition?.kind === 'class'; passed += 1) {
    const own = constructorOf(definition.node);
    const extended = definition.node.superClass as Node | null;
    if (own || !extended) return own === owner;
    definition = definitionOf(code, definition.module, extended, enters);
  }
  return false;
}

/** The name under which a function, or the class of a constructor, is called; null where it has none. */
function calledAs(module: Module, owner: Node): string | null {
  const parent = parentOf(module, owner);
  const own = nameOf(owner.id);
  if (own || !parent) return own || null;
  if (isConstructor(module, owner)) return nameOf(classAround(module, owner)?.id) || null;
  return nameOf(parent.id) || keyOf(parent) || null;
}

/**
 * Whether a call of a function without a name can be followed to it: of what is handed to a call, is an element or a
 * default, nobody sees who calls it.
 */
function isWithinReach(module: Module, owner: Node): boolean {
  let inner = owner;
  let parent = parentOf(module, inner);
  while (parent && (isWrapper(parent) || nameOf(parent.callee) === 'Object.freeze')) {
    inner = parent;
    parent = parentOf(module, inner);
  }
  if (!parent) return true;
  if (isCall(parent)) return parent.callee === inner;
  return /^(?:ExportDefault|TSExportAssignment|AssignmentExp|Logical|Return|ArrowFunction|MethodDefinition)/.test(
    parent.type,
  );
}

function stemOf(file: string): string {
  const stem = path.posix.basename(file).replace(/\.\w+$/, '');
  return stem === 'index' ? path.posix.basename(path.posix.dirname(file)) : stem;
}
