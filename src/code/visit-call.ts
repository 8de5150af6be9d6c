import type { Binding } from './bindings.ts';
import { type Definition, definitionOf } from './definitions.ts';
import { isGetter } from './environment.ts';
import { homeOf } from './follow.ts';
import { constructorOf, returnsIn } from './functions.ts';
import { keysIn } from './libraries.ts';
import { type Module, type Node, nameOf, requiredBy, unwrap } from './module.ts';
import { textBehind } from './names.ts';
import { bindingOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import type { Frame, TraceStep, Walk } from './trace.ts';
import { stepsTo, unseen, visitClass, visitHome, visitKeyed } from './visit-name.ts';

/** Calls that are looked into from calls that are looked into. */
const depth = 8;

/**
 * What a call gives: what the function returns, a member of what a class makes, or, where that cannot be seen, what it
 * is given.
 */
export function visitCall(step: TraceStep, walk: Walk): TraceStep[] {
  const { module, node, frame } = step;
  const required = requiredBy(node);
  if (required !== null) return visitRequired(required, step, walk);
  if (node.type === 'ImportExpression') return unseen(step, walk);
  const given = (node.arguments as Node[]).map((one) => (one.type === 'SpreadElement' ? (one.argument as Node) : one));
  if (isReflected(node)) return visitReflected(given, step, walk);
  const isAsked = () => given.some((one) => walk.isName(textBehind(walk.code, step, one) ?? ''));
  const within = (frame?.depth ?? 0) < depth && (!walk.shallow || isAsked());
  const definition = definitionOf(walk.code, module, node.callee as Node, within ? undefined : walk.enters);
  if (definition?.kind === 'package' && walk.speaks(definition.from)) {
    walk.found.open = true;
    return [];
  }
  const keyed = visitKeyedCall(definition, step, walk);
  if (keyed) return keyed;
  const behind = within ? behindCallee(step, walk) : [];
  if (!within || !definition || definition.kind === 'package')
    return [...behind, ...visitForeignCall(given, step, walk)];
  return [...behind, ...visitOwnCall(definition, given, step, walk)];
}

/** A call of a function by which a library gives values by keys; null for any other. */
function visitKeyedCall(definition: Definition | null, step: TraceStep, walk: Walk): TraceStep[] | null {
  if (definition) {
    return definition.kind === 'package' ? visitKeyed(definition.from, definition.name, step, walk) : null;
  }
  const callee = unwrap(step.node.callee as Node);
  const isGlobal = callee.type === 'Identifier' && bindingOf(step.module, callee) === null;
  return isGlobal ? visitKeyed(null, nameOf(callee), step, walk) : null;
}

function isReflected(node: Node): boolean {
  return nameOf(node.callee) === 'Reflect.get';
}

/** `Reflect.get(object, key)` is `object[key]`. */
function visitReflected([object, key]: readonly Node[], step: TraceStep, { code }: Walk): TraceStep[] {
  const name = key ? textBehind(code, step, key) : null;
  return stepsTo([object ?? null], step, { keys: [name ?? '*', ...step.keys] });
}

/** A call of a function or a class of the project. */
function visitOwnCall(
  definition: Exclude<Definition, { kind: 'package' }>,
  given: readonly Node[],
  step: TraceStep,
  walk: Walk,
): TraceStep[] {
  const { module, frame } = step;
  const isClass = definition.kind === 'class';
  const owner = isClass ? constructorOf(definition.node) : definition.node;
  const inner: Frame | null = owner && { owner, given, module, outer: frame, depth: (frame?.depth ?? 0) + 1 };
  const inside = { ...step, module: definition.module, node: definition.node, frame: inner };
  if (!isClass) return stepsTo(returnsIn(definition.module, definition.node), inside);
  return step.keys.length > 0 ? visitClass(definition.node, inside, walk) : visitForeignCall(given, step, walk);
}

/**
 * A function that is the result of a call, as that of `memoize(() => …)`, gives what the functions give that the call
 * was handed; a parameter that is called, what it was given.
 */
function behindCallee(step: TraceStep, { code }: Walk): TraceStep[] {
  const { module, frame } = step;
  const callee = unwrap(step.node.callee as Node);
  if (callee.type === 'CallExpression') return stepsTo([callee], step);
  const binding = callee.type === 'Identifier' ? bindingOf(module, callee) : null;
  if (binding?.kind === 'parameter') return frame?.owner === binding.owner ? stepsTo([callee], step) : [];
  return binding && isMade(code, module, binding) ? stepsTo([callee], step) : [];
}

/** Whether what a name stands for, here or in the module that it is imported from, is the result of a call. */
function isMade(code: SourceCode, module: Module, binding: Binding): boolean {
  const target = binding.kind === 'import' ? code.leadTo(module.path, binding.from) : null;
  const home = target === null ? null : homeOf(code, target, binding.imported);
  const value = home?.kind === 'value' ? (home.node ?? home.binding?.init) : binding.init;
  return value !== null && value !== undefined && unwrap(value).type === 'CallExpression';
}

/**
 * A call that cannot be looked into: it may be asked for a variable by its name, and may give back anything it is
 * given.
 */
function visitForeignCall(given: readonly Node[], step: TraceStep, walk: Walk): TraceStep[] {
  const { module, node, part } = step;
  const callee = unwrap(node.callee as Node);
  const asked = given[0] ? textBehind(walk.code, step, given[0]) : null;
  walk.found.open = true;
  if (asked !== null && node.type === 'CallExpression' && (walk.isName(asked) || isGetter(module, callee))) {
    walk.found.variables.push({ name: asked, part });
    return [];
  }
  const way = wayAsked(given, step, walk);
  if (way) return [...stepsTo([way.of], step, { keys: [...way.keys, ...step.keys] }), ...foreign(way.others, step)];
  const object = callee.type === 'MemberExpression' ? (callee.object as Node) : null;
  const receiver = object && !isStandard(module, object) ? object : null;
  // What it gives back may have been read elsewhere: `config().parsed.DATABASE_URL`.
  if (receiver === null && given.length === 0) return unseen(step, walk);
  return foreign([receiver, ...given], step);
}

/** Values of which a call that cannot be looked into may give back any. */
function foreign(values: readonly (Node | null)[], step: TraceStep): TraceStep[] {
  return stepsTo(values, step, { loose: true });
}

/** What is asked for keys, and what else the call is given. */
interface WayAsked {
  of: Node;
  keys: readonly string[];
  others: readonly Node[];
}

/** `config.get('db.url')` and `get(config, 'db.url')`: a text that is a way into a value; null for any other call. */
function wayAsked([first, second, ...rest]: readonly Node[], step: TraceStep, { code }: Walk): WayAsked | null {
  const callee = unwrap(step.node.callee as Node);
  const isMember = callee.type === 'MemberExpression';
  if (!first || !/^get(?:[A-Z]\w*)?$/.test(nameOf(isMember ? callee.property : callee))) return null;
  const keysAt = (node: Node | undefined) => keysIn((node && textBehind(code, step, node)) ?? '');
  const own = isMember ? keysAt(first) : null;
  if (own) return { of: callee.object as Node, keys: own, others: second ? [second, ...rest] : [] };
  const keys = keysAt(second);
  return keys && { of: first, keys, others: rest };
}

/** Whether an expression is a global that only has functions: nothing was read into it. */
function isStandard(module: Module, node: Node): boolean {
  return /^(?:JSON|Object|Array|String|Number|Promise)$/.test(nameOf(node)) && bindingOf(module, node) === null;
}

function visitRequired(specifier: string, step: TraceStep, walk: Walk): TraceStep[] {
  const target = walk.code.leadTo(step.module.path, specifier);
  const [name, ...keys] = step.keys;
  const keyed = target === null ? visitKeyed(specifier, '*', step, walk) : null;
  if (keyed) return keyed;
  if (target === null || name === undefined || name === '*') return unseen(step, walk);
  const own = homeOf(walk.code, target, name);
  return own ? visitHome(own, { ...step, keys }, walk) : visitHome(homeOf(walk.code, target, '*'), step, walk);
}
