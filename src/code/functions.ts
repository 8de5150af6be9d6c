import { kept } from '../memo.ts';
import { isFunction } from './bindings.ts';
import { childrenOf, keyOf, type Module, type Node, nameOf, unwrap } from './module.ts';
import { ancestorsOf, namesOf, parentOf } from './scope.ts';

/** The nodes of a stretch of code that run when it does: what is in functions of its own is left out. */
export function runIn(root: Node | readonly Node[]): Node[] {
  const found: Node[] = [];
  const open = [root].flat().reverse();
  while (open.length > 0) {
    const node = open.pop()!;
    found.push(node);
    if (isFunction(node) && node !== root) continue;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i -= 1) open.push(children[i]!);
  }
  return found;
}

/** What a function gives back, one expression for each `return`. */
export function returnsOf(node: Node): Node[] {
  const body = node.body as Node | null;
  if (!body) return [];
  if (body.type !== 'BlockStatement') return [body];
  return runIn(body).flatMap((one) => (one.type === 'ReturnStatement' && one.argument ? [one.argument as Node] : []));
}

/** What `returnsOf` says of a function in a module, worked out once. */
export function returnsIn(module: Module, node: Node): readonly Node[] {
  return kept(namesOf(module).returns, node, () => returnsOf(node));
}

/** The class that `this` stands for at a node; null outside of classes. */
export function classAround(module: Module, node: Node): Node | null {
  for (const one of ancestorsOf(module, node)) if (/^Class(?:Declaration|Expression)$/.test(one.type)) return one;
  return null;
}

/** One meaning of a member of a class: a value, or a parameter of its constructor. */
export type Member =
  | { kind: 'value'; node: Node }
  | { kind: 'method'; node: Node }
  | { kind: 'parameter'; owner: Node; index: number };

/**
 * What a member of a class in a module may be: its field, getter or method, what the constructor assigns, or a
 * parameter that is a field.
 */
export function membersOf(module: Module, node: Node, name: string): readonly Member[] {
  const { members } = namesOf(module);
  let own = members.get(node);
  if (!own) {
    const declared = (node.body as Node).body as Node[];
    own = byName(declared.flatMap(declaredBy));
    for (const [field, type] of declared.flatMap(typedBy)) if (!own.has(field)) own.set(field, [type]);
    members.set(node, own);
  }
  return own.get(name) ?? [];
}

/** A member, and its name. */
type Named = [name: string, member: Member];

function byName(members: readonly Named[]): Map<string, Member[]> {
  const found = new Map<string, Member[]>();
  for (const [name, member] of members) found.set(name, [...(found.get(name) ?? []), member]);
  return found;
}

function declaredBy(one: Node): Named[] {
  const value = one.value as Node | null;
  const name = keyOf(one);
  if (one.type === 'PropertyDefinition' || one.type === 'AccessorProperty')
    return value ? [[name, { kind: 'value', node: value }]] : [];
  if (one.type !== 'MethodDefinition' || !value) return [];
  if (one.kind === 'constructor') return inConstructor(value);
  return one.kind === 'get'
    ? returnsOf(value).map((returned): Named => [name, { kind: 'value', node: returned }])
    : [[name, { kind: 'method', node: value }]];
}

/** A field that nothing is written into, as one that a container fills: its type says what it is. */
function typedBy(one: Node): Named[] {
  const type = one.type === 'PropertyDefinition' && !one.value ? writtenType(one) : null;
  return type ? [[keyOf(one), { kind: 'value', node: type }]] : [];
}

/** The type that is written for a parameter of a function; null where none is. */
export function typeOfParameter({ params }: Node, index: number): Node | null {
  const param = (params as Node[])[index];
  const inner = param?.type === 'TSParameterProperty' ? (param.parameter as Node) : param;
  return writtenType(inner?.type === 'AssignmentPattern' ? (inner.left as Node) : inner);
}

function writtenType(node: Node | undefined): Node | null {
  return ((node?.typeAnnotation as Node | undefined)?.typeAnnotation as Node | undefined) ?? null;
}

function inConstructor(owner: Node): Named[] {
  const fields = (owner.params as Node[]).flatMap((param, index): Named[] => {
    if (param.type !== 'TSParameterProperty') return [];
    const inner = param.parameter as Node;
    const id = inner.type === 'AssignmentPattern' ? inner.left : inner;
    return [[nameOf(id), { kind: 'parameter', owner, index }]];
  });
  // An overload has no body.
  const assigned = (owner.body ? runIn(owner.body as Node) : []).flatMap((one): Named[] => {
    if (one.type !== 'AssignmentExpression') return [];
    const left = unwrap(one.left as Node);
    const own = left.type === 'MemberExpression' && (left.object as Node).type === 'ThisExpression';
    return own && !left.computed ? [[nameOf(left.property), { kind: 'value', node: one.right as Node }]] : [];
  });
  return [...fields, ...assigned];
}

/** The promise whose value a function is given, as in `promise.then((value) => …)`; null for any other function. */
export function promiseFor(module: Module, owner: Node): Node | null {
  const call = parentOf(module, owner);
  const callee =
    call?.type === 'CallExpression' && (call.arguments as Node[])[0] === owner ? (call.callee as Node) : null;
  return callee?.type === 'MemberExpression' && nameOf(callee.property) === 'then' ? (callee.object as Node) : null;
}

/** The constructor of a class; null where it has none of its own. */
export function constructorOf(node: Node): Node | null {
  const found = ((node.body as Node).body as Node[]).find(
    (one) => one.type === 'MethodDefinition' && one.kind === 'constructor',
  );
  return (found?.value as Node | undefined) ?? null;
}
