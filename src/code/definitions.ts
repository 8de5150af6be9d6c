import { kept } from '../memo.ts';
import { type Binding, isFunction } from './bindings.ts';
import { type Enters, homeOf } from './follow.ts';
import { classAround, membersOf, promiseFor, returnsIn, typeOfParameter } from './functions.ts';
import { keyOf, type Module, type Node, nameOf, requiredBy, textOf, unwrap } from './module.ts';
import { assignmentsTo, bindingOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** What a name, or what is called by it, is in the end. */
export type Definition =
  | { kind: 'function'; module: Module; node: Node }
  | { kind: 'class'; module: Module; node: Node }
  /**
   * Something of a package: `Pool`, `Pool.connect`, `default`, `*`. `given`: it belongs to what a call of the package
   * gave.
   */
  | { kind: 'package'; from: string; name: string; given: boolean };

interface Position {
  module: Module;
  node: Node;
  /** What is asked of the value, the outermost first. */
  keys: string[];
}

interface Way {
  code: SourceCode;
  enters: Enters | undefined;
  /** Names, modules and calls that were passed, also on the ways to what is called: a call may lead to itself. */
  steps: number;
}

/** More on a way are nobody's code. */
const limit = 120;

/**
 * Follows an expression to the function, class or part of a package that it is, or that made it; null where that cannot
 * be told. `enters`: whether a name is followed into a module of the project; without it, into every one.
 */
export function definitionOf(code: SourceCode, module: Module, node: Node, enters?: Enters): Definition | null {
  const known = kept(code.known.definitions, enters, () => new Map<Node, Definition | null>());
  return kept(known, node, () => follow({ code, enters, steps: 0 }, module, node));
}

function follow(way: Way, module: Module, node: Node): Definition | null {
  let position: Position | Definition | null = { module, node, keys: [] };
  const passed = new Set<string>();
  while (position && !('kind' in position)) {
    const { node: at, keys }: Position = position;
    const key = `${position.module.path}:${at.start}:${at.end}:${at.type}:${keys.join('.')}`;
    way.steps += 1;
    if (way.steps > limit || passed.has(key)) return null;
    passed.add(key);
    position = step(way, { ...position, node: unwrap(at) });
  }
  return position;
}

function step(way: Way, { module, node, keys }: Position): Position | Definition | null {
  const on = (next: unknown, more: string[] = keys): Position | null =>
    next ? { module, node: next as Node, keys: more } : null;
  const required = requiredBy(node);
  if (required !== null) return fromModule(way, module, required, keys);
  if (isFunction(node)) return keys.length === 0 ? { kind: 'function', module, node } : null;
  switch (node.type) {
    case 'ClassDeclaration':
    case 'ClassExpression':
      return inClass({ module, node, keys });
    case 'Identifier': {
      const binding = bindingOf(module, node);
      return binding && ofBinding(way, module, binding, keys);
    }
    case 'MemberExpression': {
      const name = node.computed ? textOf(node.property as Node) : nameOf(node.property);
      return name === null ? null : on(node.object, [name, ...keys]);
    }
    case 'ThisExpression':
      return on(classAround(module, node));
    case 'Super':
      return on(classAround(module, node)?.superClass);
    case 'ObjectExpression': {
      const [first, ...rest] = keys;
      return on((node.properties as Node[]).findLast((one) => keyOf(one) === first)?.value, rest);
    }
    case 'AwaitExpression':
      return on(node.argument);
    case 'LogicalExpression':
    case 'AssignmentExpression':
      return on(node.right);
    case 'TSTypeReference':
      return ofType(way, { module, node, keys });
    case 'NewExpression':
    case 'CallExpression':
      return ofCall(way, { module, node, keys });
    default:
      return null;
  }
}

/**
 * What a call gives: of a function of the project what it returns, of a class a member, of a package something of it.
 */
function ofCall(way: Way, { module, node, keys }: Position): Position | Definition | null {
  const callee = follow(way, module, node.callee as Node);
  if (callee?.kind === 'package') return { ...callee, name: [callee.name, ...keys].join('.'), given: true };
  if (callee?.kind === 'class') return inClass({ ...callee, keys });
  const returned = callee?.kind === 'function' ? returnsIn(callee.module, callee.node) : [];
  return returned.length === 1 ? { module: callee!.module, node: returned[0]!, keys } : null;
}

/** A member of what a class of the project makes, where a type names it. */
function ofType(way: Way, { module, node, keys }: Position): Position | Definition | null {
  const name = node.typeName as Node;
  const binding = keys.length > 0 && name.type === 'Identifier' ? bindingOf(module, name) : null;
  const found = binding && ofBinding(way, module, binding, keys);
  return found && 'kind' in found && found.kind === 'package' ? null : found;
}

function inClass({ module, node, keys }: Position): Position | Definition | null {
  const [name, ...rest] = keys;
  if (name === undefined) return { kind: 'class', module, node };
  const member = membersOf(module, node, name)[0];
  if (member && member.kind !== 'parameter') return { module, node: member.node, keys: rest };
  const type = member && typeOfParameter(member.owner, member.index);
  if (type) return { module, node: type, keys: rest };
  // What it inherits.
  return node.superClass ? { module, node: node.superClass as Node, keys } : null;
}

function ofBinding(way: Way, module: Module, binding: Binding, keys: string[]): Position | Definition | null {
  switch (binding.kind) {
    case 'import':
      return fromModule(way, module, binding.from, binding.imported === '*' ? keys : [binding.imported, ...keys]);
    case 'variable': {
      const value = binding.init ?? assignmentsTo(module, binding).find((one) => nameOf(one) !== binding.name);
      return value ? { module, node: value, keys: [...binding.keys, ...keys] } : null;
    }
    case 'function':
    case 'class':
      return { module, node: binding.owner!, keys };
    case 'parameter': {
      const promise = binding.index === 0 ? promiseFor(module, binding.owner!) : null;
      const value = promise ?? typeOfParameter(binding.owner!, binding.index);
      return value && { module, node: value, keys: [...binding.keys, ...keys] };
    }
    default:
      return null;
  }
}

/** `keys`: the exported name, and what is asked of that; none for the module as a whole. */
function fromModule(way: Way, module: Module, specifier: string, keys: string[]): Position | Definition | null {
  const { code } = way;
  const [name = '*', ...rest] = keys;
  const target = code.leadTo(module.path, specifier);
  if (target === null) return { kind: 'package', from: specifier, name: keys.join('.') || '*', given: false };
  const { enters } = way;
  if (enters && !enters(target, name)) return null;
  const home = homeOf(code, target, name, enters) ?? (name === '*' ? null : homeOf(code, target, '*', enters));
  if (home?.kind === 'package') return { ...home, name: [home.name, ...rest].join('.'), given: false };
  if (home?.kind !== 'value') return null;
  if (home.node) return { module: home.module, node: home.node, keys: rest };
  return ofBinding(way, home.module, home.binding!, rest);
}
