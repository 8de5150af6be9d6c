import path from 'node:path';
import { definitionOf } from './definitions.ts';
import { classAround, constructorOf } from './functions.ts';
import { keyOf, type Module, type Node, nameOf } from './module.ts';
import { allNodes, parentOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** A call, and the module it stands in. */
export interface Call {
  module: Module;
  node: Node;
}

/** Functions whose callers are looked for in one run, and files that are looked through for those of one. */
const limits = { functions: 100, files: 60 };

/**
 * Finds the calls of a function, or of the class whose constructor it is, in the files that seem to make some; each
 * function's once.
 */
export function callersIn(code: SourceCode, files: readonly string[]): (home: Module, owner: Node) => Call[] {
  const known = new Map<Node, Call[]>();
  let index: Map<string, string[]> | undefined;
  const mentioning = (home: string, name: string | null): string[] => {
    const others = (all: readonly string[]) => all.filter((file) => file !== home);
    // Without a name, those that name its module.
    if (name === null) return others(files).filter((file) => (code.project.read(file) ?? '').includes(stemOf(home)));
    index ??= calledIn(code, files);
    return others(index.get(name) ?? []);
  };
  return (home, owner) => {
    const before = known.get(owner);
    if (before) return before;
    const name = calledAs(home, owner);
    const within = known.size < limits.functions && code.budget.steps >= 0;
    const found = within ? [home.path, ...mentioning(home.path, name)].slice(0, limits.files) : [];
    const isCall = isCallOf(code, home, owner, name);
    const calls = found.flatMap((file) => {
      const module = code.module(file);
      return module ? allNodes(module).flatMap((node) => (isCall(module, node) ? { module, node } : [])) : [];
    });
    known.set(owner, calls);
    return calls;
  };
}

/** Whether a module is one of these, or passes others on. */
export function holding(code: SourceCode, modules: readonly string[]): (path: string) => boolean {
  const own = new Set(modules);
  return (path) => own.has(path) || passesOn(code, path);
}

function passesOn({ project, known: { passing } }: SourceCode, path: string): boolean {
  const before = passing.get(path);
  if (before !== undefined) return before;
  const found = /\bexport\s*(?:\*|\{[^}]{0,2000}\}\s*from\b)/.test(project.read(path) ?? '');
  passing.set(path, found);
  return found;
}

/** The files in which each name is called. */
function calledIn(code: SourceCode, files: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files) {
    const names = new Set((code.project.read(file) ?? '').match(/[\w$]+(?=[(<])/g));
    for (const name of names) {
      const list = found.get(name);
      if (list) list.push(file);
      else found.set(name, [file]);
    }
  }
  return found;
}

function lastName(callee: Node): string {
  return nameOf(callee.type === 'MemberExpression' ? callee.property : callee);
}

/** Whether a node calls a function; `name`: what it is called, where that can be told. */
function isCallOf(code: SourceCode, home: Module, owner: Node, name: string | null) {
  const enters = holding(code, [home.path]);
  return (module: Module, node: Node): boolean => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
    if (name !== null && lastName(node.callee as Node) !== name) return false;
    const definition = definitionOf(code, module, node.callee as Node, enters);
    if (definition?.kind === 'class') return constructorOf(definition.node) === owner;
    return definition?.kind === 'function' && definition.node === owner;
  };
}

/** The name under which a function, or the class of a constructor, is called; null where it has none. */
function calledAs(module: Module, owner: Node): string | null {
  const parent = parentOf(module, owner);
  const own = nameOf(owner.id);
  if (own || !parent) return own || null;
  if (parent.type === 'MethodDefinition' && parent.kind === 'constructor')
    return nameOf(classAround(module, owner)?.id) || null;
  return nameOf(parent.id) || keyOf(parent) || null;
}

function stemOf(file: string): string {
  const stem = path.posix.basename(file).replace(/\.\w+$/, '');
  return stem === 'index' ? path.posix.basename(path.posix.dirname(file)) : stem;
}
