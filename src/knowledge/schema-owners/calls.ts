import { definitionOf } from '../../code/definitions.ts';
import { keyOf, type Module, type Node, nameOf, unwrap } from '../../code/module.ts';
import { allNodes, callsIn } from '../../code/scope.ts';
import type { PackageView } from './index.ts';

/** A call in the project's code. */
export interface Call {
  module: Module;
  node: Node;
  given: readonly Node[];
  /** The package whose function or method it is; null where that cannot be seen. */
  from: string | null;
  /** The last part of what is called: `updateSchema`. */
  name: string;
  /** What it is called on, by the last part of its name: `schema` of `orm.schema.updateSchema()`; '' for a function. */
  receiver: string;
}

/**
 * The calls of methods and functions of these names, in files whose text has such a call at all. `worth`: a pattern
 * that tells more narrowly which.
 */
export function callsNamed(view: PackageView, names: readonly string[], worth?: RegExp): Call[] {
  const called = new RegExp(`\\b(?:${names.join('|')})\\s*(?:<[^<>()]{0,200}>)?\\s*\\(`);
  const naming = worth ?? called;
  return modulesWith(view, (text) => naming.test(text)).flatMap((module) =>
    callsIn(module, null).flatMap((node) => callAt(view, module, node, names) ?? []),
  );
}

/** A call as one of the names; null where it is of another, or of something of the project's own. */
function callAt({ code }: PackageView, module: Module, node: Node, names: readonly string[]): Call | null {
  const callee = unwrap(node.callee as Node);
  const name = nameOf(callee.type === 'MemberExpression' ? callee.property : callee);
  if (!names.includes(name)) return null;
  const definition = definitionOf(code, module, callee);
  if (definition && definition.kind !== 'package') return null;
  const from = definition?.from ?? null;
  return { module, node, given: node.arguments as Node[], from, name, receiver: receiverOf(callee) };
}

function receiverOf(callee: Node): string {
  if (callee.type !== 'MemberExpression') return '';
  const object = unwrap(callee.object as Node);
  const named = object.type === 'CallExpression' ? unwrap(object.callee as Node) : object;
  return nameOf(named.type === 'MemberExpression' ? named.property : named);
}

/** The modules of a package whose text says that they are worth parsing. */
export function modulesWith({ code, files }: PackageView, isWorth: (text: string) => boolean): Module[] {
  return files
    .filter((file) => /\.(?:[mc]?[jt]sx?|vue|svelte|astro)$/.test(file) && isWorth(code.project.read(file) ?? ''))
    .flatMap((file) => code.module(file) ?? []);
}

/** The objects in a module that have some of the options, with the properties that are. */
export function objectsWith(module: Module, keys: readonly string[]): { object: Node; properties: Node[] }[] {
  return allNodes(module).flatMap((object) => {
    const all = object.type === 'ObjectExpression' ? (object.properties as Node[]) : [];
    const properties = all.filter((one) => one.type === 'Property' && keys.includes(keyOf(one)));
    return properties.length > 0 ? [{ object, properties }] : [];
  });
}

/** Whether a specifier is of one of the packages. */
export function isOf(specifier: string | null, packages: readonly string[]): boolean {
  return specifier !== null && packages.some((one) => specifier === one || specifier.startsWith(`${one}/`));
}
