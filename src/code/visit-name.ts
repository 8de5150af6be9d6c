import type { Binding } from './bindings.ts';
import { contentFor, loopOver } from './content.ts';
import { holdsVariables } from './environment.ts';
import type { Home } from './exports.ts';
import { homeOf } from './follow.ts';
import { type Member, membersOf, returnsIn, typeOfParameter } from './functions.ts';
import { type Node, nameOf, textOf } from './module.ts';
import { textBehind } from './names.ts';
import { isClass } from './reaching.ts';
import { assignmentsTo, parentOf, referencesTo } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import type { TraceStep, Walk } from './trace.ts';

/** The steps to other values that stand for the same one. */
export function stepsTo(nodes: readonly (Node | null)[], step: TraceStep, more: Partial<TraceStep> = {}): TraceStep[] {
  return nodes.flatMap((node) => (node ? [{ ...step, ...more, node }] : []));
}

/** What cannot be seen: a key that is the name of a variable says that it is read there. */
export function unseen({ keys, part }: TraceStep, { found, isName }: Walk): TraceStep[] {
  found.open = true;
  const name = keys.find(isName);
  if (name !== undefined) found.variables.push({ name, part });
  return [];
}

/** The key of a member expression; `*` where it cannot be told. */
export function keyAt(code: SourceCode, at: Pick<TraceStep, 'module' | 'frame'>, member: Node): string {
  const property = member.property as Node;
  if (!member.computed) return nameOf(property);
  return property.type === 'Literal' ? String(property.value) : (textBehind(code, at, property) ?? '*');
}

/** A name: what declares it says where to look next. */
export function visitBinding(binding: Binding, step: TraceStep, walk: Walk): TraceStep[] {
  switch (binding.kind) {
    case 'import':
      return visitImport(binding, step, walk);
    case 'variable':
      return visitVariable(binding, step, walk);
    case 'parameter':
      return visitParameter(binding, step, walk);
    case 'function':
      return stepsTo(returnsIn(step.module, binding.owner!), step);
    case 'class':
      return [...visitClass(binding.owner!, step, walk), ...setLater(binding, step, walk)];
    case 'enum':
      return visitEnum(binding.owner!, step, walk);
    case 'type':
      return stepsTo([binding.owner!.typeAnnotation as Node], step);
    default:
      return unseen(step, walk);
  }
}

function visitImport({ from, imported }: Binding, step: TraceStep, walk: Walk): TraceStep[] {
  const target = walk.code.leadTo(step.module.path, from);
  if (target !== null) {
    const isEmpty = step.keys.length === 0 && isClass(walk.code, target, imported);
    const isWorth = !isEmpty && (step.keys.some(walk.isName) || walk.mayName(target));
    return isWorth ? visitHome(homeOf(walk.code, target, imported), step, walk) : unseen(step, walk);
  }
  const keyed = visitKeyed(from, imported, step, walk);
  if (keyed) return keyed;
  if (!holdsVariables(from)) return unseen({ ...step, keys: [imported, ...step.keys] }, walk);
  const name = imported === '*' ? step.keys[0] : imported;
  if (name !== undefined) walk.found.variables.push({ name, part: step.part });
  return [];
}

/** What a library gives for the keys that it is asked for; null where it is none that does. */
export function visitKeyed(
  from: string | null,
  name: string,
  step: TraceStep,
  { code, found }: Walk,
): TraceStep[] | null {
  const library = code.keyed.find((one) => one.isAskedOf(from, name));
  if (!library) return null;
  const { variables, values } = library.at(step.keys);
  found.open = true;
  for (const variable of variables) found.variables.push({ name: variable, part: step.part });
  return values.map((one) => ({ ...step, ...one, frame: null }));
}

function visitVariable(binding: Binding, step: TraceStep, walk: Walk): TraceStep[] {
  const keys = binding.rest ? step.keys : [...binding.keys, ...step.keys];
  const assigned = assignmentsTo(step.module, binding).filter((one) => nameOf(one) !== binding.name);
  const others = stepsTo([binding.fallback, ...assigned], step);
  const loop = binding.init ? null : loopOver(step.module, binding);
  if (binding.init) others.push({ ...step, node: binding.init, keys });
  else if (loop) others.push({ ...step, node: loop, keys: ['*', ...keys] });
  else if (assigned.length === 0) unseen({ ...step, keys }, walk);
  return [...others, ...setLater(binding, step, walk)];
}

/** `config.db.url = …` after the declaration of `config`, an object or a class. */
function setLater(binding: Binding, step: TraceStep, { code }: Walk): TraceStep[] {
  const { module, keys } = step;
  return referencesTo(module, binding).flatMap((reference) => {
    let depth = 0;
    let inner = reference;
    let outer = parentOf(module, reference);
    for (; outer?.type === 'MemberExpression' && outer.object === inner; outer = parentOf(module, outer)) {
      if (depth < keys.length && keyAt(code, step, outer) !== keys[depth]) return [];
      depth += 1;
      inner = outer;
    }
    const sets = depth > 0 && outer?.type === 'AssignmentExpression' && outer.left === inner;
    return sets ? [{ ...step, node: outer!.right as Node, keys: keys.slice(depth) }] : [];
  });
}

function visitParameter(binding: Binding, step: TraceStep, walk: Walk): TraceStep[] {
  const { frame } = step;
  const keys = binding.rest ? step.keys : [...binding.keys, ...step.keys];
  const fallback = stepsTo([binding.fallback], step);
  if (frame && frame.owner === binding.owner) {
    const end = binding.rest ? undefined : binding.index + 1;
    const given = frame.given.slice(binding.index, end);
    return [...fallback, ...stepsTo(given, step, { module: frame.module, frame: frame.outer, keys })];
  }
  const content = contentFor(step.module, binding);
  if (content) return [...fallback, ...stepsTo(content.of, step, { keys: [...content.keys, ...keys] })];
  if (keys.some(walk.isName)) return [...fallback, ...unseen({ ...step, keys }, walk)];
  walk.found.open = true;
  walk.found.parameters.push({ module: step.module, owner: binding.owner!, index: binding.index, keys });
  return [...fallback, ...stepsTo([typeOfParameter(binding.owner!, binding.index)], step, { keys })];
}

/** A name that another module exports: where that is declared is where to look next. */
export function visitHome(home: Home | null, step: TraceStep, walk: Walk): TraceStep[] {
  if (home?.kind === 'value') {
    const there = { ...step, module: home.module, frame: null };
    if (home.node) return [{ ...there, node: home.node }];
    return visitBinding(home.binding!, { ...there, node: home.binding!.id }, walk);
  }
  const keyed = home?.kind === 'package' ? visitKeyed(home.from, home.name, step, walk) : null;
  if (keyed) return keyed;
  const [name, ...keys] = step.keys;
  if (home?.kind !== 'namespace' || name === undefined || name === '*') return unseen(step, walk);
  return visitHome(homeOf(walk.code, home.module.path, name), { ...step, keys }, walk);
}

/** A member of a class, or of what it makes. */
export function visitClass(node: Node, step: TraceStep, walk: Walk): TraceStep[] {
  const [name, ...keys] = step.keys;
  const members = name === undefined ? [] : membersOf(step.module, node, name);
  if (members.length > 0) return members.flatMap((one) => visitMember(one, { ...step, keys }, step, walk));
  const inherited = name === undefined ? null : (node.superClass as Node | null);
  return inherited ? stepsTo([inherited], step, { frame: null }) : unseen(step, walk);
}

function visitMember(one: Member, below: TraceStep, step: TraceStep, walk: Walk): TraceStep[] {
  if (one.kind === 'value') return [{ ...below, node: one.node }];
  if (one.kind === 'method') return stepsTo(returnsIn(below.module, one.node), below);
  const fits = step.frame?.owner === one.owner ? step.frame : null;
  const given = fits?.given[one.index];
  if (fits && given) return [{ ...below, module: fits.module, node: given, frame: fits.outer }];
  if (step.keys.some(walk.isName)) return unseen(step, walk);
  walk.found.open = true;
  walk.found.parameters.push({ module: step.module, owner: one.owner, index: one.index, keys: below.keys });
  return stepsTo([typeOfParameter(one.owner, one.index)], below);
}

function visitEnum(node: Node, { keys }: TraceStep, { found }: Walk): TraceStep[] {
  const members = ((node.body as Node | undefined)?.members ?? node.members ?? []) as Node[];
  const member = members.find(({ id }) => (nameOf(id) || textOf(id as Node)) === keys[0]);
  const text = textOf(member?.initializer as Node | undefined);
  if (text !== null) found.literals.push(text);
  else found.open = true;
  return [];
}
