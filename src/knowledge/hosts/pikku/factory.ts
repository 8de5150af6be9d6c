import { isFunction } from '../../../code/bindings.ts';
import { returnsOf, runIn } from '../../../code/functions.ts';
import { importOf, isWrapper, type Module, type Node, nameOf, nodesIn } from '../../../code/module.ts';

/**
 * The function that makes a project's services. Pikku's code generation takes a variable that is made by
 * `pikkuServices(…)` (imported under that name, from wherever it generates it) or is typed `CreateSingletonServices`
 * (0.11 and older); it must find exactly one.
 */
export interface Factory {
  name: string;
  kind: 'application' | 'addon';
  /** What stands where the function is expected. */
  given: Node | null;
}

/** A text in which a factory may stand. */
export const naming = /\b(?:pikkuServices|pikkuAddonServices|CreateSingletonServices)\b/;

/** The factories that a module declares at its top. */
export function factoriesIn(module: Module): Factory[] {
  return module.body.flatMap((node) => {
    const statement = node.type === 'ExportNamedDeclaration' ? (node.declaration as Node | null) : node;
    if (statement?.type !== 'VariableDeclaration') return [];
    return (statement.declarations as Node[]).flatMap((one) => factoryIn(module, one) ?? []);
  });
}

function factoryIn(module: Module, { id, init }: Node): Factory | null {
  const value = init ? bare(init as Node) : null;
  const name = nameOf(id);
  if (value?.type === 'CallExpression') {
    const callee = nameOf(value.callee);
    const called = importOf(module, callee)?.name ?? callee;
    const given = (value.arguments as Node[])[0] ?? null;
    if (called === 'pikkuServices') return { name, kind: 'application', given };
    if (called === 'pikkuAddonServices') return { name, kind: 'addon', given };
  }
  const annotation = ((id as Node).typeAnnotation as Node | undefined)?.typeAnnotation as Node | undefined;
  const typed = annotation?.type === 'TSTypeReference' && nameOf(annotation.typeName) === 'CreateSingletonServices';
  return typed ? { name, kind: 'application', given: value } : null;
}

/**
 * The one object of services that a factory returns, written out; or why it is not to be seen, as the end of a
 * sentence.
 */
export function literalOf({ name, given }: Factory): Node | string {
  const made = given && bare(given);
  if (!made || !isFunction(made)) return `\`${name}\` is not given a function that is written out there`;
  if (!made.async || made.generator) return `the function of \`${name}\` is not async`;
  const returned = returnsOf(made);
  if (returned.length !== 1) return `the function of \`${name}\` returns in ${returned.length || 'no'} places`;
  const value = bare(returned[0]!);
  if (value.type === 'ObjectExpression') return value;
  if (value.type !== 'Identifier') return `what \`${name}\` returns is computed`;
  return (
    declaredObject(made, nameOf(value)) ?? `\`${nameOf(value)}\`, which \`${name}\` returns, is not written out there`
  );
}

/** A constant of the function's own body that is an object, and that nothing changes afterwards. */
function declaredObject(made: Node, name: string): Node | null {
  const { body } = made.body as Node as { body: Node[] } & Node;
  const declared = body
    .flatMap((node) => (node.type === 'VariableDeclaration' ? (node.declarations as Node[]) : []))
    .filter(({ id }) => nameOf(id) === name);
  const object = declared.length === 1 && declared[0]!.init ? bare(declared[0]!.init as Node) : null;
  if (object?.type !== 'ObjectExpression') return null;
  return runIn(made.body as Node).some((node) => changes(node, name)) ? null : object;
}

/**
 * Whether a node gives the object of that name another property, or takes one away, so that what stands last in it does
 * not count.
 */
function changes(node: Node, name: string): boolean {
  if (node.type === 'AssignmentExpression') return rootOf(node.left as Node) === name;
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return rootOf(node.argument as Node) === name;
  const [first] = node.type === 'CallExpression' ? (node.arguments as Node[]) : [];
  return first !== undefined && /^(?:Object|Reflect)\./.test(nameOf(node.callee)) && nameOf(first) === name;
}

/** The name that a chain of members begins with: `services` of `services.one['two']`. */
function rootOf(node: Node): string {
  let one = bare(node);
  while (one.type === 'MemberExpression') one = bare(one.object as Node);
  return nameOf(one);
}

/** The keys that an object of services gives a value itself. */
export function keysOf(object: Node): string[] {
  return (object.properties as Node[]).flatMap((one) => {
    const key = one.key as Node | undefined;
    return key && !one.computed ? [nameOf(key) || String(key.value ?? '')] : [];
  });
}

/** Without brackets and words about its type; `Object.freeze` is no such word, as what is frozen may be another. */
export function bare(node: Node): Node {
  let one = node;
  while (isWrapper(one)) one = one.expression as Node;
  return one;
}

/**
 * Another store for workflows that a module makes: `new PgKyselyWorkflowService(…)`. One in memory is what ours takes
 * the place of.
 */
export function storeIn(module: Module): string | null {
  const made = nodesIn(module.body).filter(({ type }) => type === 'NewExpression');
  const names = made.map(({ callee }) => nameOf(callee)).map((name) => importOf(module, name)?.name ?? name);
  return names.find((name) => /WorkflowService$|^PikkuWorkflowDoClient$/.test(name) && !/InMemory/.test(name)) ?? null;
}
