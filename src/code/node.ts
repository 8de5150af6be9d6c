/** A node of the syntax tree, in the shapes of ESTree and typescript-eslint; offsets are those of the text. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** What stands in a node and is no part of the tree. */
const beside = new Set(['type', 'start', 'end', 'loc', 'range', 'extra', 'comments', 'leadingComments', 'errors']);

/** The nodes directly below one, in the order of its properties. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null || beside.has(key)) continue;
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) found.push(one);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Every node below, itself included, in the order of the text. No recursion: a minified file is deep. */
export function nodesIn(root: unknown): Node[] {
  const found: Node[] = [];
  const open: Node[] = [root].flat().filter(isNode).reverse();
  while (open.length > 0) {
    const node = open.pop()!;
    found.push(node);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i -= 1) open.push(children[i]!);
  }
  return found;
}

/** A word about a type, round brackets, and the node that ESTree puts round `a?.b`: none of them is a value. */
const wrappers = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
  'ChainExpression',
]);

/** Whether a node is its expression and a word about its type, or round brackets. */
export function isWrapper({ type }: Node): boolean {
  return wrappers.has(type);
}

/** Without `as const`, `satisfies T`, `!` and `Object.freeze()`. */
export function unwrap(node: Node): Node {
  for (let one = node; ; ) {
    const frozen = one.type === 'CallExpression' && nameOf(one.callee) === 'Object.freeze';
    const held = frozen ? (one.arguments as Node[])[0] : undefined;
    const inner = isWrapper(one) ? (one.expression as Node) : held;
    if (!inner) return one;
    one = inner;
  }
}

/** `a`, `a.b`, `a.b.c`, with or without `?.` and `!`; '' where it is anything else. */
export function nameOf(node: unknown): string {
  let rest = '';
  let one = node as Node | undefined;
  for (let depth = 0; one && depth < 100; depth += 1) {
    if (one.type === 'Identifier') return `${one.name}${rest}`;
    if (one.type === 'MetaProperty') return `${nameOf(one.meta)}.${nameOf(one.property)}${rest}`;
    if (one.type === 'MemberExpression') {
      const property = one.property as Node;
      if (one.computed || property.type !== 'Identifier') return '';
      rest = `.${property.name}${rest}`;
      one = one.object as Node;
    } else if (isWrapper(one)) one = one.expression as Node;
    else return '';
  }
  return '';
}

/** The text of a literal, or of a template with nothing put into it; null for anything else. */
export function textOf(node: Node | null | undefined): string | null {
  if (!node) return null;
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral' || (node.expressions as Node[]).length > 0) return null;
  return (node.quasis as { value: { cooked?: string } }[])[0]?.value.cooked ?? null;
}

/** The value of a property written out in an object; null where it is not there. */
export function propertyOf(object: Node, key: string): Node | null {
  const found = (object.properties as Node[]).find((one) => one.type === 'Property' && keyOf(one) === key);
  return found ? (found.value as Node) : null;
}

/** The name of a property, a member or a class field; '' where it is computed. */
export function keyOf(node: Node): string {
  const key = node.key as Node | undefined;
  if (!key || node.computed) return '';
  return key.type === 'Identifier' ? nameOf(key) : String(key.value ?? '');
}
