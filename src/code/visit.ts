import { isFunction } from './bindings.ts';
import { definitionOf } from './definitions.ts';
import { isEnvironment } from './environment.ts';
import { classAround, returnsIn, runIn } from './functions.ts';
import { keyOf, type Module, type Node, nameOf, textOf, unwrap } from './module.ts';
import { bindingOf } from './scope.ts';
import type { TraceStep, Walk } from './trace.ts';
import { visitCall } from './visit-call.ts';
import { keyAt, stepsTo, unseen, visitBinding, visitClass } from './visit-name.ts';
import { visitType } from './visit-type.ts';

/**
 * Notes what a value is as far as it can be told at once, and gives the values to look at next: what it is written as
 * says which.
 */
export function visit(step: TraceStep, walk: Walk): TraceStep[] {
  const node = unwrap(step.node);
  const one = node === step.node ? step : { ...step, node };
  if (isEnvironment(one.module, node)) return readEnvironment(one, walk);
  if (isFunction(node)) return stepsTo(returnsIn(one.module, node), one);
  const visitor = visitors[node.type];
  if (visitor) return visitor(one, walk);
  walk.found.open = true;
  return [];
}

const dotenvFile = /(?:^|\/)\.env(?:\.[\w-]+)*$/;

type Visitor = (step: TraceStep, walk: Walk) => TraceStep[];

const visitors: Record<string, Visitor> = {
  Literal: (step, { found, isName }) => {
    const { node, keys, loose, part } = step;
    if (keys.length === 0 && !node.regex && !node.bigint) found.literals.push(node.value as string);
    // What is made of a dotenv file holds variables.
    const name = loose && dotenvFile.test(String(node.value)) ? keys.find(isName) : undefined;
    if (name !== undefined) found.variables.push({ name, part });
    return [];
  },
  Identifier: (step, walk) => {
    const binding = bindingOf(step.module, step.node);
    if (binding) return visitBinding(binding, step, walk);
    return nameOf(step.node) === 'undefined' ? [] : unseen(step, walk);
  },
  MemberExpression: (step, walk) => {
    const object = unwrap(step.node.object as Node);
    const keys = [keyAt(walk.code, step, step.node), ...step.keys];
    if (object.type !== 'ThisExpression') return [{ ...step, node: object, keys }];
    const around = classAround(step.module, step.node);
    return around ? visitClass(around, { ...step, keys }, walk) : unseen({ ...step, keys }, walk);
  },
  ObjectExpression: visitObject,
  ArrayExpression: visitArray,
  CallExpression: visitCall,
  NewExpression: visitCall,
  ImportExpression: visitCall,
  AwaitExpression: (step) => stepsTo([step.node.argument as Node], step),
  YieldExpression: (step) => stepsTo([step.node.argument as Node | null], step),
  SpreadElement: (step) => stepsTo([step.node.argument as Node], step),
  ConditionalExpression: (step) => stepsTo([step.node.alternate as Node, step.node.consequent as Node], step),
  LogicalExpression: (step) => {
    const { left, right, operator } = step.node;
    return stepsTo([right as Node, operator === '&&' ? null : (left as Node)], step);
  },
  AssignmentExpression: (step) => stepsTo([step.node.right as Node], step),
  SequenceExpression: (step) => stepsTo([(step.node.expressions as Node[]).at(-1) ?? null], step),
  TemplateLiteral: visitTemplate,
  TaggedTemplateExpression: (step) => stepsTo((step.node.quasi as Node).expressions as Node[], step, { loose: true }),
  BinaryExpression: visitSum,
  TSTypeReference: visitType,
  TSTypeQuery: visitType,
  TSQualifiedName: visitType,
  TSUnionType: visitType,
  TSIntersectionType: visitType,
  TSIndexedAccessType: visitType,
};

function readEnvironment({ keys, loose, part }: TraceStep, { found }: Walk): TraceStep[] {
  const name = loose ? keys.find((key) => /^[A-Z_][A-Z0-9_]*$/.test(key)) : keys[0];
  if (name !== undefined && name !== '*') found.variables.push({ name, part });
  return [];
}

function visitObject(step: TraceStep, walk: Walk): TraceStep[] {
  const properties = step.node.properties as Node[];
  const named = step.keys.length === 0 ? nameGiven(properties, walk) : null;
  if (named !== null) walk.found.variables.push({ name: named, part: step.part });
  const into = (chosen: readonly Node[], keys: readonly string[]) =>
    chosen.flatMap((one) => visitProperty(one, { ...step, keys }, walk));
  const isSpread = ({ type }: Node) => type === 'SpreadElement';
  const asked = keyAsked(properties, step);
  if (asked < 0)
    return into(step.loose || step.keys.length === 0 ? properties : properties.filter(isSpread), step.keys);
  const key = step.keys[asked]!;
  const own = properties.filter((one) => !isSpread(one) && (key === '*' || keyOf(one) === key));
  if (step.loose && walk.isName(key) && own.some((one) => isCheck(step.module, one.value as Node)))
    walk.checked.push({ name: key, part: step.part });
  return [...into(properties.filter(isSpread), step.keys), ...into(own, step.keys.slice(asked + 1))];
}

/** What a property holds; of a class that is an option, what its methods give. */
function visitProperty(property: Node, step: TraceStep, { code }: Walk): TraceStep[] {
  const { names, methods } = code.libraries.classOptions;
  const value = (property.type === 'SpreadElement' ? property.argument : property.value) as Node;
  const made = names.includes(keyOf(property)) ? definitionOf(code, step.module, value) : null;
  if (made?.kind !== 'class') return stepsTo([value], step);
  const members = ((made.node.body as Node).body as Node[]).filter((one) => methods.test(keyOf(one)));
  const returned = members.flatMap((one) => (one.value ? returnsIn(made.module, one.value as Node) : []));
  return stepsTo(returned, step, { module: made.module, frame: null });
}

/** Whether a value may say how a variable is checked, as a validator does: it comes from nowhere in the project. */
function isCheck(module: Module, value: Node): boolean {
  const bare = unwrap(value);
  if (bare.type === 'Literal') return !String(bare.value).includes('://');
  return runIn(bare).every((node) => {
    if (isEnvironment(module, node)) return false;
    const binding = node.type === 'Identifier' ? bindingOf(module, node) : null;
    return binding === null || binding.kind === 'import';
  });
}

/** The variable that an option of an object names; null where none does. */
function nameGiven(properties: readonly Node[], { code, isName }: Walk): string | null {
  const option = properties.find((one) => code.libraries.namingOptions.includes(keyOf(one)));
  const text = textOf(option?.value as Node | undefined);
  return text !== null && isName(text) ? text : null;
}

/**
 * Which key of the way is the one that an object has, where it has any: the first, or, where others may have been put
 * in front of it on the way, whichever there is.
 */
function keyAsked(properties: readonly Node[], { keys, loose }: TraceStep): number {
  const isThere = (key: string | undefined) => key !== undefined && properties.some((one) => keyOf(one) === key);
  if (!loose) return keys[0] === '*' || isThere(keys[0]) ? 0 : -1;
  const named = keys.findIndex(isThere);
  return named < 0 ? keys.indexOf('*') : named;
}

function visitArray(step: TraceStep): TraceStep[] {
  const [key, ...rest] = step.keys;
  const elements = step.node.elements as (Node | null)[];
  const chosen = key !== undefined && /^\d+$/.test(key) ? [elements[Number(key)] ?? null] : elements;
  return stepsTo(chosen, step, { keys: key === undefined || step.loose ? step.keys : rest });
}

function visitTemplate(step: TraceStep, walk: Walk): TraceStep[] {
  const text = textOf(step.node);
  if (text === null) {
    const [first] = step.node.quasis as { value: { raw: string } }[];
    return visitJoined(step.node.expressions as Node[], first?.value.raw === '', step, walk);
  }
  if (step.keys.length === 0) walk.found.literals.push(text);
  return [];
}

function visitSum(step: TraceStep, walk: Walk): TraceStep[] {
  const operands: Node[] = [];
  let left = step.node;
  for (; left.type === 'BinaryExpression' && left.operator === '+'; left = unwrap(left.left as Node))
    operands.unshift(left.right as Node);
  const values = [left, ...operands].filter(({ type }) => type !== 'Literal' && type !== 'BinaryExpression');
  return visitJoined(values, left.type !== 'Literal', step, walk);
}

/**
 * A text that is put together: of one value at its beginning it is that value and more, otherwise that is a part of it.
 */
function visitJoined(values: readonly Node[], begins: boolean, step: TraceStep, walk: Walk): TraceStep[] {
  walk.found.open = true;
  return stepsTo(values, step, { part: step.part || values.length > 1 || !begins });
}
