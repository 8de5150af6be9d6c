import { type Module, type Node, nameOf, nodesIn, unwrap } from '../code/module.ts';

/**
 * Names of variables of which the code takes the first that is set: `A ?? B`, `A || B`, `A ? … : B`, and `if (A) … else
 * B`. `isAddress` says which names count.
 */
export function fallbacksIn({ body }: Module, isAddress: (name: string) => boolean): string[][] {
  const named = (node: Node | null | undefined) =>
    node ? [...new Set(nodesIn(node).flatMap(variableNames))].filter(isAddress) : [];
  const lists = nodesIn(body).flatMap((node) => {
    const [first, rest] = branchesOf(node);
    const [left, right] = [named(first), named(rest)];
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
function branchesOf(node: Node): [Node | null, Node | null] {
  if (node.type === 'LogicalExpression' && node.operator !== '&&') return [node.left as Node, node.right as Node];
  if (node.type !== 'ConditionalExpression' && node.type !== 'IfStatement') return [null, null];
  const test = unwrap(node.test as Node);
  const isVariable = test.type === 'Identifier' || test.type === 'MemberExpression';
  return isVariable ? [test, (node.alternate as Node | null) ?? null] : [null, null];
}

function variableNames(node: Node): string[] {
  const word = node.type === 'Literal' ? String(node.value) : nameOf(node);
  return node.type === 'Identifier' || node.type === 'Literal' ? [word] : [];
}
