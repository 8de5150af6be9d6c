import { kept } from '../memo.ts';
import { type Binding, bindingsOf, isFunction } from './bindings.ts';
import { type Constant, constantsAtTop } from './constants.ts';
import type { Member } from './functions.ts';
import { childrenOf, type Module, type Node, nameOf, propertyOf, unwrap } from './module.ts';

/** A stretch of code with names of its own. */
interface Scope {
  parent: Scope | null;
  /** Whether `var` stays inside. */
  closed: boolean;
  bindings: Map<string, Binding>;
}

/** The names of a module: who declares them, who uses them, and what stands in what. */
export interface ModuleNames {
  nodes: Node[];
  parents: Map<Node, Node>;
  top: Scope;
  scopes: Map<Node, Scope>;
  /** Every identifier by its name, those of declarations and properties too. */
  identifiers: Map<string, Node[]>;
  /** Every call and `new`, and by the last name of what is called (`''` where it has none). */
  calls: Node[];
  called: Map<string, Node[]>;
  /** The members of classes, and what functions give back, once somebody has asked. */
  members: Map<Node, Map<string, Member[]>>;
  returns: Map<Node, readonly Node[]>;
  /** Where each binding of a name is used, once somebody has asked for one of that name. */
  references: Map<string, Map<Binding, Node[]>>;
  /** What is assigned to a binding, once somebody has asked. */
  assignments: Map<Binding, readonly Node[]>;
  constants: Constant[];
}

/** Nodes that are a scope of their own, besides functions: what is declared with `let` in one is not seen outside. */
const scoped = new Set(
  [
    'BlockStatement ForStatement ForInStatement ForOfStatement SwitchStatement CatchClause StaticBlock',
    'TSModuleBlock ClassDeclaration ClassExpression',
  ].flatMap((line) => line.split(' ')),
);

/** The names of a module, worked out when they are first asked for: one walk, without recursion. */
export function namesOf(module: Module): ModuleNames {
  if (module.names) return module.names;
  const top: Scope = { parent: null, closed: true, bindings: new Map() };
  const names: ModuleNames = {
    nodes: [],
    parents: new Map(),
    top,
    scopes: new Map(),
    identifiers: new Map(),
    calls: [],
    called: new Map(),
    members: new Map(),
    returns: new Map(),
    references: new Map(),
    assignments: new Map(),
    constants: constantsAtTop(module),
  };
  const open = module.body.toReversed();
  const scopes: Scope[] = open.map(() => top);
  while (open.length > 0) {
    const node = open.pop()!;
    const around = scopes.pop()!;
    names.nodes.push(node);
    if (node.type === 'Identifier') keep(names.identifiers, String(node.name), node);
    else if (isCall(node)) {
      names.calls.push(node);
      keep(names.called, lastNameOf(node.callee as Node), node);
    }
    const inside = scopeInside(names, node, around);
    for (const { binding, place } of bindingsOf(node)) declare(place === 'inside' ? inside : around, binding);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i -= 1) {
      names.parents.set(children[i]!, node);
      open.push(children[i]!);
      scopes.push(inside);
    }
  }
  module.names = names;
  return names;
}

/** The scope of what is in a node: one of its own, or the one that it stands in. */
function scopeInside({ scopes }: ModuleNames, node: Node, around: Scope): Scope {
  const closed = isFunction(node);
  if (!closed && !scoped.has(node.type)) return around;
  const own: Scope = { parent: around, closed, bindings: new Map() };
  scopes.set(node, own);
  return own;
}

function keep(lists: Map<string, Node[]>, name: string, node: Node): void {
  const known = lists.get(name);
  if (known) known.push(node);
  else lists.set(name, [node]);
}

function declare(scope: Scope, binding: Binding): void {
  let one = scope;
  if (binding.hoisted) while (!one.closed && one.parent) one = one.parent;
  const known = one.bindings.get(binding.name);
  // Of overloads, of `var` twice and of a type beside it, the one with a value speaks.
  const isLess = !known || ['other', 'type'].includes(known.kind) || (!known.init && binding.init);
  if (isLess) one.bindings.set(binding.name, binding);
}

/** Every node of the module, in the order of the text. */
export function allNodes(module: Module): Node[] {
  return namesOf(module).nodes;
}

/** Whether a node calls or makes something. */
export function isCall({ type }: Node): boolean {
  return type === 'CallExpression' || type === 'NewExpression';
}

/** The last name of what is called: `connect` of `this.client.connect`; `''` where it has none. */
export function lastNameOf(callee: Node): string {
  return nameOf(callee.type === 'MemberExpression' ? callee.property : callee).replace(/^.*\./, '');
}

/** The calls in a module, in the order of the text; those of what has that last name, or all of them. */
export function callsIn(module: Module, name: string | null): readonly Node[] {
  const { calls, called } = namesOf(module);
  return name === null ? calls : (called.get(name) ?? []);
}

/** What a node stands in; null at the top of the module. */
export function parentOf(module: Module, node: Node): Node | null {
  return namesOf(module).parents.get(node) ?? null;
}

/** The nodes around a node, the nearest first. */
export function* ancestorsOf(module: Module, node: Node): Generator<Node> {
  const { parents } = namesOf(module);
  for (let one = parents.get(node); one; one = parents.get(one)) yield one;
}

/** What declares a name, as seen from an identifier; null for a global. */
export function bindingOf(module: Module, identifier: Node): Binding | null {
  const { parents, scopes, top } = namesOf(module);
  const name = nameOf(identifier);
  let scope: Scope | null = null;
  for (let one: Node | undefined = identifier; one && !scope; one = parents.get(one)) scope = scopes.get(one) ?? null;
  for (scope ??= top; scope; scope = scope.parent) {
    const found = scope.bindings.get(name);
    if (found) return found;
  }
  return null;
}

/** What a name is declared as at the top of the module; null where it is not. */
export function topBinding(module: Module, name: string): Binding | null {
  return namesOf(module).top.bindings.get(name) ?? null;
}

/** Where a name is used, its declaration aside. All names that are alike are looked up at once. */
export function referencesTo(module: Module, binding: Binding): readonly Node[] {
  return kept(namesOf(module).references, binding.name, () => referencesBy(module, binding.name)).get(binding) ?? [];
}

function referencesBy(module: Module, name: string): Map<Binding, Node[]> {
  const found = new Map<Binding, Node[]>();
  for (const one of namesOf(module).identifiers.get(name) ?? []) {
    const own = isReference(module, one) ? bindingOf(module, one) : null;
    if (own && own.id !== one) kept(found, own, () => []).push(one);
  }
  return found;
}

/** Parents of an identifier that is no value there: the name of an import or export, or a label. */
const noValues = /^(?:Import|ExportSpecifier|Labeled|Break|Continue)/;
/** Parents of an identifier that is the name of a type. */
const types = /^TS(?:Type|Qualified|ExpressionWithTypeArguments|InterfaceHeritage)/;

/** Whether an identifier stands for a value, and is no name of a property, a label or a type. */
function isReference(module: Module, node: Node): boolean {
  const parent = parentOf(module, node);
  if (!parent) return false;
  const isKey = (parent.property === node || parent.key === node) && !parent.computed;
  if (isKey) return parent.shorthand === true && parent.value === node;
  return !noValues.test(parent.type) && !types.test(parent.type);
}

/**
 * What is assigned to a name after its declaration: the right sides; an unknown one (`x++`, a loop's) as the identifier
 * itself.
 */
export function assignmentsTo(module: Module, binding: Binding): readonly Node[] {
  return kept(namesOf(module).assignments, binding, () => assignedTo(module, binding));
}

function assignedTo(module: Module, binding: Binding): Node[] {
  return referencesTo(module, binding).flatMap((one) => {
    const parent = parentOf(module, one)!;
    if (parent.type === 'AssignmentExpression' && parent.left === one) return [parent.right as Node];
    const changed =
      parent.type === 'UpdateExpression' ||
      (/^For(?:In|Of)Statement$/.test(parent.type) && parent.left === one) ||
      /Pattern$|^RestElement$/.test(parent.type);
    return changed ? [one] : [];
  });
}

/** What names of the module are declared to be, wherever they are. */
export function declaredValues(module: Module, name: string): Node[] {
  const { identifiers, parents } = namesOf(module);
  return (identifiers.get(name) ?? []).flatMap((one) => {
    const parent = parents.get(one);
    return parent?.type === 'VariableDeclarator' && parent.id === one && parent.init ? [parent.init as Node] : [];
  });
}

/** The constants at the top of the module. */
export function constantsOf(module: Module): readonly Constant[] {
  return namesOf(module).constants;
}

/** Names and destructurings passed on the way to a value: more are nobody's code. */
const depth = 50;

/**
 * What an expression is once a name is followed to its constant, in the function it stands in or at the top; null where
 * it is imported, a parameter, assigned again or computed.
 */
export function resolve(module: Module, node: Node, passed: ReadonlySet<Binding> = new Set()): Node | null {
  const all = new Set(passed);
  let one = unwrap(node);
  while (one.type === 'Identifier') {
    const binding = bindingOf(module, one);
    if (binding?.kind !== 'variable' || !binding.init || binding.rest) return null;
    if (all.has(binding) || all.size > depth || assignmentsTo(module, binding).length > 0) return null;
    all.add(binding);
    let value: Node | null = unwrap(binding.init);
    for (const key of binding.keys) {
      const object: Node | null = value && resolve(module, value, all);
      value = object?.type === 'ObjectExpression' ? propertyOf(object, key) : null;
    }
    if (!value) return null;
    one = unwrap(value);
  }
  return one;
}
