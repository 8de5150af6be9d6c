import type { Binding } from './bindings.ts';
import { type Module, type Node, nameOf } from './module.ts';
import { ancestorsOf, isCall, lastNameOf, parentOf } from './scope.ts';

/** Methods that give a function what they are called of holds, and those that give it one element after the other. */
const ofContent = new Set(['then', 'tap', 'andThen', 'pipe']);
const ofElements = new Set(['map', 'flatMap', 'forEach', 'filter', 'find', 'some', 'every']);

/** The values in which something stands, and the way to it in them. */
interface Content {
  of: readonly Node[];
  keys: readonly string[];
}

/**
 * What a parameter is where its function is handed to a call that gives it the content of a value: `promise.then(…)`,
 * `list.map(…)`, `Effect.map(effect, …)`; null for any other.
 */
export function contentFor(module: Module, { owner, index }: Binding): Content | null {
  const call = owner && index === 0 ? parentOf(module, owner) : null;
  if (!call || !isCall(call)) return null;
  const callee = call.callee as Node;
  const given = call.arguments as Node[];
  const method = callee.type === 'MemberExpression' ? nameOf(callee.property) : '';
  if (!ofContent.has(method) && !ofElements.has(method)) return null;
  const before = given.slice(0, given.indexOf(owner!));
  if (before.length > 0) return { of: before, keys: [] };
  const keys = ofElements.has(method) ? ['*'] : [];
  return { of: [callee.object as Node, ...pipedInto(module, call)], keys };
}

/** What stands before a call in a pipe: `pipe(effect, Effect.map(…))`, `effect.pipe(Effect.map(…))`. */
function pipedInto(module: Module, call: Node): Node[] {
  const pipe = parentOf(module, call);
  if (!pipe || !isCall(pipe) || pipe.callee === call) return [];
  const callee = pipe.callee as Node;
  if (lastNameOf(callee) !== 'pipe') return [];
  const given = pipe.arguments as Node[];
  const receiver = callee.type === 'MemberExpression' ? [callee.object as Node] : [];
  return [...receiver, ...given.slice(0, given.indexOf(call))];
}

/** The list over which a loop goes whose variable that is; null for any other variable. */
export function loopOver(module: Module, { id }: Binding): Node | null {
  let inner = id;
  for (const one of ancestorsOf(module, id)) {
    if (one.type === 'ForOfStatement') return one.left === inner ? (one.right as Node) : null;
    if (!/^(?:VariableDeclar|ObjectPattern|ArrayPattern|Property|AssignmentPattern)/.test(one.type)) return null;
    inner = one;
  }
  return null;
}
