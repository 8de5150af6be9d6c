import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import { isNestedTooDeep } from '../parse-data.ts';

/**
 * A text of JSON with comments as a tree, with the offsets of the text; null where it does not parse or is nested
 * deeper than any person writes.
 */
export function treeOf(text: string): Node | null {
  if (isNestedTooDeep(text)) return null;
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  return tree && errors.length === 0 ? tree : null;
}

/** What is wrong with a text that is no JSON, and where, as `comma expected at line 3, column 5`. */
export function faultIn(text: string): string {
  const errors: ParseError[] = [];
  if (!isNestedTooDeep(text)) parse(text, errors, { disallowComments: true });
  const [first] = errors;
  if (!first) return 'it is nested too deeply, or has a value that JSON does not know';
  const before = text.slice(0, first.offset).split('\n');
  const what = printParseErrorCode(first.error)
    .replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase();
  return `${what} at line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** The property of that name; of several the last, which is the one that counts. */
export function propertyOf(object: Node, name: string): Node | undefined {
  return object.children?.findLast((property) => nameOf(property) === name);
}

/** The value of the property of that name. */
export function memberOf(object: Node, name: string): Node | undefined {
  return propertyOf(object, name)?.children?.[1];
}

/** The name of a property. */
export function nameOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

/** Where a node ends. */
export function endOf(node: Node): number {
  return node.offset + node.length;
}

/**
 * Every value in a tree with the way to it, in order, a container before what it holds: what two texts differ in, also
 * where a key stands twice.
 */
export function* pathsWithValues(node: Node, path = ''): Generator<string> {
  yield node.children ? `${path}:${node.type}` : `${path}=${JSON.stringify(node.value)}`;
  for (const [i, child] of (node.children ?? []).entries()) {
    const value = node.type === 'object' ? child.children?.[1] : child;
    if (value) yield* pathsWithValues(value, `${path}/${node.type === 'object' ? JSON.stringify(nameOf(child)) : i}`);
  }
}
