/**
 * A config module read as syntax, by magicast's tree; nothing of the user's is ever run.
 */

/** What a property holds as far as syntax can tell. */
export type Value = { literal: string } | 'computed' | 'absent';

/** A node of the tree, as magicast (Babel) has it. */
export interface ConfigNode {
  type: string;
  name?: string;
  value?: unknown;
  body: ConfigNode[];
  [key: string]: unknown;
  callee?: ConfigNode;
  arguments?: ConfigNode[];
  declaration?: ConfigNode;
  properties?: ConfigNode[];
  expression?: ConfigNode;
}

/**
 * The literal members of an object that a module exports by default or as `module.exports`; null where there is no such
 * object.
 */
export async function readObject(text: string): Promise<Record<string, unknown> | null> {
  const program = await parseConfig(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectBehind(exported, program) : null;
  return object && plainValues(object);
}

/** What stands behind `export default` or `module.exports =`. */
export function exportOf(program: ConfigNode): ConfigNode | undefined {
  const assigned = program.body.find(
    ({ expression }) => expression?.type === 'AssignmentExpression' && isModuleExports(expression.left as ConfigNode),
  );
  const byDefault = program.body.find((node) => node.type === 'ExportDefaultDeclaration');
  return byDefault?.declaration ?? (assigned?.expression?.right as ConfigNode | undefined);
}

function isModuleExports(node: ConfigNode): boolean {
  return (
    (node.object as ConfigNode | undefined)?.name === 'module' &&
    (node.property as ConfigNode | undefined)?.name === 'exports'
  );
}

function plainValues(object: ConfigNode): Record<string, unknown> {
  const literals = ['StringLiteral', 'NumericLiteral', 'BooleanLiteral'];
  return Object.fromEntries(
    (object.properties ?? []).flatMap((entry) => {
      const [key, value] = [entry.key as ConfigNode | undefined, entry.value as ConfigNode | undefined];
      return key && value && literals.includes(value.type) ? [[String(key.name ?? key.value), value.value]] : [];
    }),
  );
}

/** The program of a config module; null where it does not parse. */
export async function parseConfig(text: string): Promise<ConfigNode | null> {
  const { parseModule } = await import('magicast');
  try {
    return parseModule(text.replace(/^\uFEFF/, '')).$ast as unknown as ConfigNode;
  } catch {
    return null;
  }
}

/**
 * Follows `defineConfig(x)`, `x satisfies T`, `x as const` and a same-file `const`; null where that ends at no object,
 * or in a circle.
 */
export function objectBehind(
  node: ConfigNode,
  program: ConfigNode,
  followed: readonly string[] = [],
): ConfigNode | null {
  const bare = unwrap(node);
  if (bare.type === 'ObjectExpression') return bare;
  if (bare.type === 'Identifier') {
    const constant = followed.includes(bare.name!) ? null : constantOf(bare.name!, program);
    return constant ? objectBehind(constant, program, [...followed, bare.name!]) : null;
  }
  if (bare.type === 'CallExpression' && bare.callee?.name === 'defineConfig' && bare.arguments?.[0]) {
    return objectBehind(bare.arguments[0], program, followed);
  }
  return null;
}

/**
 * An object that a config may be, and the program in which its names are seen: inside a function, with the function's
 * own.
 */
interface Returned {
  object: ConfigNode;
  program: ConfigNode;
}

/**
 * As `objectBehind`, and through a function: every object that it may return. Null where one of its ways does not end
 * at an object.
 */
export function objectsReturned(
  node: ConfigNode,
  program: ConfigNode,
  followed: readonly string[] = [],
): Returned[] | null {
  const bare = unwrap(node);
  const object = objectBehind(bare, program, followed);
  if (object) return [{ object, program }];
  const [first] = bare.arguments ?? [];
  if (bare.type === 'CallExpression' && bare.callee?.name === 'defineConfig' && first)
    return objectsReturned(first, program, followed);
  if (bare.type === 'Identifier') {
    const constant = followed.includes(bare.name!) ? null : constantOf(bare.name!, program);
    return constant ? objectsReturned(constant, program, [...followed, bare.name!]) : null;
  }
  if (bare.type === 'ConditionalExpression')
    return all([bare.consequent, bare.alternate] as ConfigNode[], (one) => objectsReturned(one, program, followed));
  if (!/^(?:ArrowFunction|Function)Expression$/.test(bare.type)) return null;
  const body = bare.body as unknown as ConfigNode;
  if (body.type !== 'BlockStatement') return objectsReturned(body, program, followed);
  const inside = { ...program, body: [...body.body, ...program.body] };
  return all(returnsIn(body), (one) => objectsReturned(one, inside, followed));
}

function all(nodes: readonly ConfigNode[], objects: (node: ConfigNode) => Returned[] | null): Returned[] | null {
  const found = nodes.map(objects);
  return found.length > 0 && found.every((one) => one !== null) ? found.flat() : null;
}

/** What a function's own `return` statements give; those of functions inside it are theirs. */
function returnsIn(node: unknown): ConfigNode[] {
  if (Array.isArray(node)) return node.flatMap(returnsIn);
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const one = node as ConfigNode & { argument?: ConfigNode };
  if (one.type === 'ReturnStatement') return one.argument ? [one.argument] : [];
  if (/Function|^ObjectMethod$|^ClassMethod$/.test(one.type)) return [];
  return Object.entries(one).flatMap(([key, value]) => (aside.has(key) ? [] : returnsIn(value)));
}

function unwrap(node: ConfigNode): ConfigNode {
  const wrapped = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression'];
  return wrapped.includes(node.type) && node.expression ? unwrap(node.expression) : node;
}

/** What a property of an object literal holds; computed where a spread or an expression decides. */
export function property(object: ConfigNode, key: string, program: ConfigNode): Value {
  let value: Value = 'absent';
  for (const entry of object.properties ?? []) {
    if (entry.type === 'SpreadElement') value = 'computed';
    if (isNamed(entry, key)) value = literal(entry.value as ConfigNode | undefined, program);
  }
  return value;
}

/**
 * The expression of a property of an object literal, a same-file `const` followed; null where it has none of that name.
 */
export function expressionOf(object: ConfigNode, key: string, program: ConfigNode): ConfigNode | null {
  const value = object.properties?.findLast((entry) => isNamed(entry, key))?.value as ConfigNode | undefined;
  if (!value) return null;
  const bare = unwrap(value);
  return (bare.type === 'Identifier' && constantOf(bare.name!, program)) || bare;
}

function isNamed({ key, computed }: ConfigNode, name: string): boolean {
  const one = key as ConfigNode | undefined;
  return one !== undefined && (one.value === name || (one.name === name && !computed));
}

/** The same, but what a spread may bring does not count: these options are rare, and a spread is no sign of them. */
export function ownProperty(object: ConfigNode, key: string, program: ConfigNode): Value {
  const properties = (object.properties ?? []).filter(({ type }) => type !== 'SpreadElement');
  return property({ ...object, properties }, key, program);
}

function literal(node: ConfigNode | undefined, program: ConfigNode, followed: readonly string[] = []): Value {
  if (!node) return 'computed';
  const bare = unwrap(node);
  if (bare.type === 'StringLiteral') return { literal: String(bare.value) };
  if (bare.type === 'TemplateLiteral' && (bare.expressions as ConfigNode[]).length === 0) {
    const quasi = (bare.quasis as { value: { cooked: string } }[])[0];
    return quasi ? { literal: quasi.value.cooked } : 'computed';
  }
  const name = bare.type === 'Identifier' && !followed.includes(bare.name!) ? bare.name! : null;
  const constant = name === null ? null : constantOf(name, program);
  return constant ? literal(constant, program, [...followed, name!]) : 'computed';
}

function constantOf(name: string, program: ConfigNode): ConfigNode | null {
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue;
    for (const declarator of declared.declarations as ConfigNode[]) {
      if ((declarator.id as ConfigNode).name === name) return (declarator.init as ConfigNode) ?? null;
    }
  }
  return null;
}

/** The local names of what a config imports from the sources that match. */
export function importedFrom(program: ConfigNode, source: RegExp): string[] {
  return program.body
    .filter((node) => node.type === 'ImportDeclaration' && source.test(String((node.source as ConfigNode).value)))
    .flatMap((node) =>
      (node.specifiers as ConfigNode[]).map((specifier) => (specifier.local as ConfigNode).name ?? ''),
    );
}

/** Every call below a node. */
export function callsIn(node: unknown): ConfigNode[] {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const own = (node as ConfigNode).type === 'CallExpression' ? [node as ConfigNode] : [];
  return own.concat(...Object.entries(node).map(([key, value]) => (aside.has(key) ? [] : callsIn(value))));
}

/** Properties of a node that are no code. */
const aside = new Set(['loc', 'original', 'tokens', 'comments', 'extra']);

/** Every text that stands in an expression as a literal, also where it is one of several (`x ? 'a' : 'b'`). */
export function literalsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const one = node as ConfigNode;
  if (one.type === 'StringLiteral') return [String(one.value)];
  return Object.entries(one).flatMap(([key, value]) => (aside.has(key) ? [] : literalsIn(value)));
}
