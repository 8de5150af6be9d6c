import { type Module, type Node, nameOf, nodesIn, unwrap } from '../code/module.ts';
import type { SourceCode } from '../code/source-code.ts';
import { trace } from '../code/trace.ts';
import { connects } from '../knowledge/engines/packages.ts';
import type { Fallback } from '../types/verify.ts';

/** Whether a name is that of a variable which may hold an address. */
type IsAddress = (name: string) => boolean;

/**
 * Variables of which the code takes the first that is set: `A ?? B`, `A || B`, `A ? … : B`, and `if (A) … else B`, also
 * where they are handed through other names first. `modules`: the db entry, and what it imports of the project's own.
 */
export function fallbacksIn(code: SourceCode, modules: readonly Module[], isAddress: IsAddress): Fallback[] {
  const found = modules.flatMap((module, index) =>
    listsIn(code, module, isAddress).map((names) => ({ names, own: index === 0 })),
  );
  const texts = found.map(({ names }) => names.join());
  return found.filter((_, index) => texts.indexOf(texts[index]!) === index);
}

function listsIn(code: SourceCode, module: Module, isAddress: IsAddress): string[][] {
  const lists = nodesIn(module.body).flatMap((node) => {
    const branches = branchesOf(node).map((branch) => addressesIn(code, module, branch, isAddress));
    const [left = [], right = []] = branches;
    const all = [...new Set([...left, ...right])];
    return left.length > 0 && all.length > left.length ? [all] : [];
  });
  // `A ?? B ?? C` holds `A ?? B`.
  return lists.filter((list) => !lists.some((other) => other.length > list.length && list.every(isIn(other))));
}

function isIn(list: readonly string[]): (name: string) => boolean {
  return (name) => list.includes(name);
}

/** What is taken where it is set, and what is taken else. */
function branchesOf(node: Node): (Node | null)[] {
  if (node.type === 'LogicalExpression' && node.operator !== '&&') return [node.left as Node, node.right as Node];
  if (node.type !== 'ConditionalExpression' && node.type !== 'IfStatement') return [];
  const test = unwrap(node.test as Node);
  const isVariable = test.type === 'Identifier' || test.type === 'MemberExpression';
  return isVariable ? [test, (node.alternate as Node | null) ?? null] : [];
}

/** The variables that are named in a branch, and where it is a name itself, those that it stands for. */
function addressesIn(code: SourceCode, module: Module, branch: Node | null, isAddress: IsAddress): string[] {
  if (!branch) return [];
  const named = nodesIn(branch).flatMap(variableNames).filter(isAddress);
  if (named.length > 0) return [...new Set(named)];
  const bare = unwrap(branch);
  if (bare.type !== 'Identifier' && bare.type !== 'MemberExpression') return [];
  const { variables } = trace(code, { module, node: bare }, isAddress, { speaks: connects });
  const whole = variables.filter(({ name, part }) => !part && isAddress(name));
  return [...new Set(whole.map(({ name }) => name))];
}

function variableNames(node: Node): string[] {
  const word = node.type === 'Literal' ? String(node.value) : nameOf(node);
  return node.type === 'Identifier' || node.type === 'Literal' ? [word] : [];
}
