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

/** The literal members of an object that a module exports by default or as `module.exports`; null where there is no such object. */
export async function readObject(text: string): Promise<Record<string, unknown> | null> {
  const program = await parseConfig(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectOf(exported, program) : null;
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

/** A config is asked for its target and its db entry apart, and parsed once for both. */
const parsed = new Map<string, ConfigNode | null>();

/** The program of a config module; null where it does not parse. */
export async function parseConfig(text: string): Promise<ConfigNode | null> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const { parseModule } = await import('magicast');
  let program: ConfigNode | null = null;
  try {
    program = parseModule(text.replace(/^\uFEFF/, '')).$ast as unknown as ConfigNode;
  } catch {
    // It does not parse, which is the answer.
  }
  parsed.set(text, program);
  return program;
}

/** Follows `defineConfig(x)`, `x satisfies T`, `x as const`, a same-file `const` and a function that returns an object. */
export function objectOf(node: ConfigNode, program: ConfigNode): ConfigNode | null {
  const bare = unwrap(node);
  if (bare.type === 'ObjectExpression') return bare;
  if (bare.type === 'Identifier') {
    const constant = constantOf(bare.name!, program);
    return constant ? objectOf(constant, program) : null;
  }
  if (bare.type === 'CallExpression' && bare.callee?.name === 'defineConfig' && bare.arguments?.[0]) {
    return objectOf(bare.arguments[0], program);
  }
  return null;
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
    const name = entry.key as ConfigNode | undefined;
    if (name && (name.name === key || name.value === key) && !entry.computed)
      value = literal(entry.value as ConfigNode, program);
  }
  return value;
}

/** The same, but what a spread may bring does not count: these options are rare, and a spread is no sign of them. */
export function ownProperty(object: ConfigNode, key: string, program: ConfigNode): Value {
  const properties = (object.properties ?? []).filter(({ type }) => type !== 'SpreadElement');
  return property({ ...object, properties }, key, program);
}

function literal(node: ConfigNode | undefined, program: ConfigNode): Value {
  if (!node) return 'computed';
  const bare = unwrap(node);
  if (bare.type === 'StringLiteral') return { literal: String(bare.value) };
  if (bare.type === 'TemplateLiteral' && (bare.expressions as ConfigNode[]).length === 0) {
    const quasi = (bare.quasis as { value: { cooked: string } }[])[0];
    return quasi ? { literal: quasi.value.cooked } : 'computed';
  }
  const constant = bare.type === 'Identifier' ? constantOf(bare.name!, program) : null;
  return constant ? literal(constant, program) : 'computed';
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
  const skip = new Set(['loc', 'original', 'tokens', 'comments', 'extra']);
  return own.concat(...Object.entries(node).map(([key, value]) => (skip.has(key) ? [] : callsIn(value))));
}
