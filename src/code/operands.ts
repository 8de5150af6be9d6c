import { type Node, nameOf, textOf, unwrap } from './module.ts';

/** A value that a test asks for. `set`: whether the test holds where it is there. */
export interface Operand {
  node: Node;
  set: boolean;
}

/** What a test asks for: through `!`, `&&`, `||`, comparisons with nothing, `Boolean()` and `in`. */
export function operandsOf(test: Node): Operand[] {
  const found: Operand[] = [];
  const open: Operand[] = [{ node: test, set: true }];
  while (open.length > 0) {
    const { node: wrapped, set } = open.pop()!;
    const node = unwrap(wrapped);
    const inner = innerOperands(node, set);
    if (inner) open.push(...inner);
    else found.push({ node: isLength(node) ? (node.object as Node) : node, set });
  }
  return found;
}

/** What a part of a test asks for in turn, the last first; null where it is a value itself. */
function innerOperands(node: Node, set: boolean): Operand[] | null {
  if (isPresence(node)) return [{ node: (node.arguments as Node[])[0]!, set }];
  switch (node.type) {
    case 'UnaryExpression':
      if (node.operator === '!') return [{ node: node.argument as Node, set: !set }];
      return node.operator === 'typeof' ? [{ node: node.argument as Node, set }] : null;
    case 'LogicalExpression':
      return [
        { node: node.right as Node, set },
        { node: node.left as Node, set },
      ];
    case 'BinaryExpression':
      return node.operator === 'in' ? null : comparedOperands(node, set);
    default:
      return null;
  }
}

/** What a comparison asks for: a value, where it compares that with nothing. */
function comparedOperands(node: Node, set: boolean): Operand[] {
  const operator = String(node.operator);
  const [left, right] = [unwrap(node.left as Node), unwrap(node.right as Node)];
  if (operator === '>') return [{ node: left, set }];
  if (!/^[!=]==?$/.test(operator)) return [];
  const text = textOf(right) ?? textOf(left);
  // `typeof x === 'string'` holds where it is there.
  const isOfType = text !== null && text !== 'undefined' && [left, right].some(isTypeof);
  if (!isOfType && !isNothing(right) && !isNothing(left) && text !== 'undefined') return [];
  const asked = isNothing(left) || textOf(left) !== null ? right : left;
  return [{ node: asked, set: (operator.startsWith('!') !== isOfType) === set }];
}

function isTypeof({ type, operator }: Node): boolean {
  return type === 'UnaryExpression' && operator === 'typeof';
}

/** Methods of texts, lists and patterns that say what a text holds. */
const contentMethods = new Set('startsWith endsWith includes indexOf match search test exec'.split(' '));

/** Whether a value says what a text holds, not whether it is there: `url.startsWith('rediss:')`. */
export function isContent(node: Node): boolean {
  const callee = node.type === 'CallExpression' ? unwrap(node.callee as Node) : null;
  return callee?.type === 'MemberExpression' && contentMethods.has(nameOf(callee.property));
}

/** `Boolean(x)`. */
export function isPresence(node: Node): boolean {
  return node.type === 'CallExpression' && nameOf(node.callee) === 'Boolean' && (node.arguments as Node[]).length === 1;
}

function isLength(node: Node): boolean {
  return node.type === 'MemberExpression' && nameOf(node.property) === 'length';
}

/** What stands for having nothing. */
export function isNothing(node: Node): boolean {
  const bare = unwrap(node);
  if (bare.type === 'Literal') return bare.value === null || bare.value === '' || bare.value === false;
  if (bare.type === 'Identifier') return nameOf(bare) === 'undefined';
  if (bare.type === 'UnaryExpression') return bare.operator === 'void';
  if (bare.type === 'ArrayExpression') return (bare.elements as Node[]).length === 0;
  return bare.type === 'ObjectExpression' && (bare.properties as Node[]).length === 0;
}
