import { importedFrom, type Module, type Node, nameOf, nodesIn, resolve, unwrap } from '../edit/module.ts';

/** The object written out in `z.object({…}).strict().refine(…)`, `v.pipe(v.object({…}), …)` or in place; null where there is none. */
export function objectBehind(module: Module, node: Node): Node | null {
  const given = innermost(module, node);
  const object = given && resolve(module, given);
  return object?.type === 'ObjectExpression' ? object : null;
}

/** The same before its names are followed: what is given to the library's `object()`. */
export function innermost(module: Module, node: Node): Node | null {
  const bare = resolve(module, node);
  if (bare?.type === 'ObjectExpression') return bare;
  if (bare?.type !== 'CallExpression') return null;
  const name = nameOf(bare.callee).split('.').at(-1) || nameOf((bare.callee as Node).property);
  const given = bare.arguments as Node[];
  if (/^(?:strict|loose)?[oO]bject(?:Async)?$/.test(name) || name === 'keys') return given[0] ?? null;
  if (name === 'pipe' && given[0]) return innermost(module, given[0]);
  const { callee } = bare as { callee?: Node };
  return callee?.type === 'MemberExpression' ? innermost(module, callee.object as Node) : null;
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
  return (
    /^(?:process|import\.meta|Bun)\.env$/.test(nameOf(bare)) || (bare.type === 'ObjectExpression' && spreads(bare))
  );
}

/** Calls that are handed the environment, directly or through `const env = process.env`. */
export function readsOfEnvironment(module: Module): { call: Node; callee: Node }[] {
  return calls(module)
    .filter(({ arguments: given }) => {
      const first = (given as Node[])[0];
      return first !== undefined && (isEnvironment(first) || isEnvironment(resolve(module, first) ?? undefined));
    })
    .map((call) => ({ call, callee: unwrap(call.callee as Node) }));
}

/** Every call of the module. */
export function calls(module: Module): Node[] {
  return [...nodesIn(module.body)].filter(({ type }) => type === 'CallExpression');
}

/** The calls of functions that are imported under these names. */
export function callsTo(module: Module, source: RegExp, names: string[]): Node[] {
  const imported = importedFrom(module, source);
  return calls(module).filter(({ callee }) => {
    const [head, tail] = nameOf(callee).split('.');
    const name = imported.get(head ?? '');
    return name !== undefined && (tail ? name === '*' && names.includes(tail) : names.includes(name));
  });
}
