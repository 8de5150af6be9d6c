import { importedFrom, importOf, type Module, type Node, nameOf, unwrap } from '../../../code/module.ts';
import { allNodes, declaredValues, resolve } from '../../../code/scope.ts';
import { specifierPattern } from '../convention.ts';

/** The objects a schema is made of, and whether checking gives them back as they are. */
interface Chain {
  objects: Node[];
  plain: boolean;
  /** The type arguments of the calls that make it: `<Config>` of `Joi.object<Config>()`. */
  types: Node[];
}

/** Methods after which the object holds the same variables. */
const same = new Set([
  ...['strict', 'passthrough', 'loose', 'strip', 'nonstrict', 'catchall', 'unknown', 'noUnknown', 'partial', 'defined'],
  ...['refine', 'superRefine', 'check', 'test', 'min', 'max', 'and', 'or', 'default', 'overwrite', 'readonly', 'brand'],
  ...['describe', 'meta', 'label', 'annotations', 'options', 'prefs', 'preferences'],
]);
/** Functions that make a schema of an object. */
const making = /^(?:strict|loose)?[oO]bject(?:Async)?$|^(?:Struct|Object|schema)$/;
const joining = /^(?:extend|safeExtend|merge|augment|concat|append|keys|shape)$/;

/**
 * The objects written out behind a schema: `z.object({…}).strict().merge(other)`, `v.pipe(v.object({…}), …)`, an object
 * in place. Null where they are computed or imported, or where some of their variables are picked or left out. `keeps`:
 * methods of that library, beside those that several have, after which the object holds the same variables.
 */
export function chainOf(module: Module, node: Node, keeps?: RegExp, depth = 0): Chain | null {
  const bare = resolve(module, node);
  if (bare?.type === 'ObjectExpression') return { objects: [bare], plain: true, types: [] };
  if (bare?.type !== 'CallExpression' || depth > 20) return null;
  const { callee, arguments: given } = bare as unknown as { callee: Node; arguments: Node[] };
  const method = methodOf(callee);
  const types = typeArgumentsOf(bare);
  if (making.test(method)) return objectChain(module, given[0], types);
  const follow = (one: Node | undefined) => (one ? chainOf(module, one, keeps, depth + 1) : null);
  // A function of the library, called on nothing or on the library itself. What `preprocess` hands on may have other
  // names.
  if (isFunction(module, callee)) return method === 'pipe' ? follow(given[0]) : null;
  const base = follow(callee.object as Node);
  if (!base) return null;
  const words = given[0]?.type === 'Literal';
  if (!words && (joining.test(method) || method === 'and')) return joined(base, follow(given[0]), types);
  if (method === 'transform' || method === 'pipe') return { ...base, plain: false };
  return same.has(method) || keeps?.test(method) ? base : null;
}

/** The object that a library's `object()` is handed, or none. */
function objectChain(module: Module, given: Node | undefined, types: Node[]): Chain | null {
  if (!given) return { objects: [], plain: true, types };
  const object = resolve(module, given);
  return object?.type === 'ObjectExpression' ? { objects: [object], plain: true, types } : null;
}

function joined(base: Chain, more: Chain | null, types: readonly Node[]): Chain | null {
  if (!more) return null;
  return {
    objects: [...base.objects, ...more.objects],
    plain: base.plain && more.plain,
    types: [...base.types, ...more.types, ...types],
  };
}

/**
 * The name of the function that is called, without what it is called on. Not the whole of a long chain, which would
 * have to be put together.
 */
export function methodOf(callee: Node): string {
  return nameOf(callee.type === 'MemberExpression' ? callee.property : callee);
}

/** The type arguments of a call. */
export function typeArgumentsOf(call: Node): Node[] {
  const given = (call.typeArguments ?? call.typeParameters) as Node | null | undefined;
  return (given?.params as Node[] | undefined) ?? [];
}

function isFunction(module: Module, callee: Node): boolean {
  if (callee.type !== 'MemberExpression') return true;
  const receiver = callee.object as Node;
  return receiver.type === 'Identifier' && importOf(module, nameOf(receiver)) !== null && !isSchema(module, receiver);
}

/** A name that is imported as a schema rather than as the library. */
function isSchema(module: Module, node: Node): boolean {
  const imported = importOf(module, nameOf(node));
  return imported?.from.startsWith('.') ?? false;
}

/** Whether an object spreads the whole environment into itself. */
export function spreads(object: Node): boolean {
  return (object.properties as Node[]).some(
    ({ type, argument: spread }) => type === 'SpreadElement' && isEnvironment(spread as Node),
  );
}

/** Whether an expression is the environment: `process.env` and its kin, also spread into an object. */
export function isEnvironment(node: Node | undefined): boolean {
  if (!node) return false;
  const bare = unwrap(node);
  return /^(?:process|Bun)\.env$/.test(nameOf(bare)) || (bare.type === 'ObjectExpression' && spreads(bare));
}

/** An object that names each variable, `{ PORT: process.env.PORT }`. */
function picked(node: Node): Node | null {
  const properties = node.type === 'ObjectExpression' ? (node.properties as Node[]) : [];
  const reads = properties.every(({ value }) => /^(?:process|Bun)\.env\.\w+$/.test(nameOf(value)));
  return properties.length > 0 && reads ? node : null;
}

/** A call that is handed the environment. */
export interface EnvironmentCall {
  call: Node;
  /** What the function is called on: `schema` of `schema.parse()`; null where it is called alone. */
  receiver: Node | null;
  /** The name of the function, as the module has it. */
  name: string;
  /** The object by which the environment is handed on, where that names each variable. */
  values: Node | null;
}

/**
 * Calls that are handed the environment as their first or, `second`, their second argument; also by way of a constant.
 */
export function readsOfEnvironment(module: Module, second = false): EnvironmentCall[] {
  return calls(module).flatMap((call): EnvironmentCall[] => {
    const given = argumentOf(call, second ? 1 : 0);
    if (!given || !mayBeEnvironment(module, given)) return [];
    const resolved = resolve(module, given);
    if (!resolved) return [];
    const values = isEnvironment(resolved) ? null : picked(resolved);
    if (!values && !isEnvironment(resolved)) return [];
    const callee = unwrap(call.callee as Node);
    const receiver = callee.type === 'MemberExpression' ? (callee.object as Node) : null;
    return [{ call, receiver, name: methodOf(callee), values }];
  });
}

/** An argument of a call. */
export function argumentOf(call: Node, index: number): Node | undefined {
  return (call.arguments as Node[])[index];
}

/** The quick look before a name is followed: most arguments are nothing of the kind. */
function mayBeEnvironment(module: Module, given: Node): boolean {
  const bare = unwrap(given);
  const values = bare.type === 'Identifier' ? declaredValues(module, nameOf(bare)).map(unwrap) : [bare];
  return values.some((value) => isEnvironment(value) || picked(value) !== null || value.type === 'Identifier');
}

/** Every call of the module. */
export function calls(module: Module): Node[] {
  return allNodes(module).filter(({ type }) => type === 'CallExpression');
}

/**
 * Local name → imported name (`*` and `default` for those forms), of what comes from those packages or from entry
 * points below them.
 */
export function importedNames(module: Module, packages: readonly string[]): Map<string, string> {
  return importedFrom(module, new RegExp(`^${specifierPattern(packages)}$`));
}

/** The calls of functions that are imported from those packages under these names. */
export function callsTo(module: Module, packages: readonly string[], names: readonly string[]): Node[] {
  const imported = importedNames(module, packages);
  return calls(module).filter(({ callee }) => {
    const [head, tail] = nameOf(callee).split('.');
    const name = imported.get(head ?? '');
    if (name === undefined) return false;
    return tail
      ? /^(?:\*|default)$/.test(name) && names.includes(tail)
      : names.includes(name) || (name === '*' && names.includes('default'));
  });
}
