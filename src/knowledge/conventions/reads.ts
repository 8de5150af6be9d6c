import { importedFrom, importOf, type Module, type Node, nameOf, unwrap } from '../../code/module.ts';
import { allNodes, declaredValues, resolve } from '../../code/scope.ts';

/** The objects a schema is made of, and whether checking gives them back as they are. */
export interface Chain {
  objects: Node[];
  plain: boolean;
}

/** Methods after which the object holds the same variables. */
const same =
  /^(?:strict|passthrough|loose|strip|nonstrict|catchall|(?:super)?[rR]efine|check|readonly|brand|describe|meta|unknown|options|prefs|preferences|label|partial|or|default|overwrite|and|min|max)$/;
const joining = /^(?:extend|safeExtend|merge|augment|concat|append|keys)$/;

/**
 * The objects written out behind a schema: `z.object({…}).strict().merge(other)`, `v.pipe(v.object({…}), …)`, an object in place.
 * Null where they are computed or imported, or where some of their variables are picked or left out.
 */
export function chainOf(module: Module, node: Node, depth = 0): Chain | null {
  const bare = resolve(module, node);
  if (bare?.type === 'ObjectExpression') return { objects: [bare], plain: true };
  if (bare?.type !== 'CallExpression' || depth > 20) return null;
  const { callee, arguments: given } = bare as unknown as { callee: Node; arguments: Node[] };
  const method = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee);
  const follow = (one: Node | undefined) => (one ? chainOf(module, one, depth + 1) : null);
  if (/^(?:strict|loose)?[oO]bject(?:Async)?$/.test(method)) {
    const object = given[0] ? resolve(module, given[0]) : null;
    return object?.type === 'ObjectExpression'
      ? { objects: [object], plain: true }
      : given[0]
        ? null
        : { objects: [], plain: true };
  }
  const receiver = callee.type === 'MemberExpression' ? (callee.object as Node) : null;
  const isFunction =
    !receiver ||
    (receiver.type === 'Identifier' && importOf(module, nameOf(receiver)) !== null && !isSchema(module, receiver));
  if (isFunction) {
    if (method === 'pipe') return follow(given[0]);
    // What it hands on may have other names.
    if (method === 'preprocess') return null;
    return null;
  }
  const base = follow(receiver);
  if (!base) return null;
  const words = given[0]?.type === 'Literal';
  if (!words && (joining.test(method) || method === 'and')) {
    const more = follow(given[0]);
    return more && { objects: [...base.objects, ...more.objects], plain: base.plain && more.plain };
  }
  if (method === 'transform' || method === 'pipe') return { ...base, plain: false };
  return same.test(method) ? base : null;
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

/** A call that is handed the environment. `values`: the object by which it is, where that names each variable. */
export interface Reading {
  call: Node;
  callee: Node;
  values: Node | null;
}

/** Calls that are handed the environment as their first or, `second`, their second argument; also by way of a constant. */
export function readsOfEnvironment(module: Module, second = false): Reading[] {
  return calls(module).flatMap((call): Reading[] => {
    const given = (call.arguments as Node[])[second ? 1 : 0];
    if (!given || !mayBeEnvironment(module, given)) return [];
    const resolved = resolve(module, given);
    if (!resolved) return [];
    const values = isEnvironment(resolved) ? null : picked(resolved);
    return values || isEnvironment(resolved) ? [{ call, callee: unwrap(call.callee as Node), values }] : [];
  });
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

/** The calls of functions that are imported under these names. */
export function callsTo(module: Module, source: RegExp, names: string[]): Node[] {
  const imported = importedFrom(module, source);
  return calls(module).filter(({ callee }) => {
    const [head, tail] = nameOf(callee).split('.');
    const name = imported.get(head ?? '');
    return (
      name !== undefined &&
      (tail
        ? name === '*' && names.includes(tail)
        : names.includes(name) || (name === '*' && names.includes('default')))
    );
  });
}
