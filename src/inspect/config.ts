import { withoutComments } from '../edit/comments.ts';

/**
 * Reads a config module as syntax; nothing of the user's is ever run. The plain form is recognised without a parser;
 * anything else goes through magicast's tree.
 */

/** What a property holds as far as syntax can tell. */
export type Value = { literal: string } | 'computed' | 'absent';

export interface FlueConfig {
  target: Value;
  root: Value;
  db: Value;
}

export interface ViteConfig {
  /** The options of the `flue()` plugin, or null where the config does not have that plugin. */
  flue: { target: Value; db: Value } | null;
  cloudflare: boolean;
  /** Plugins that could not be followed to a call. */
  computed: boolean;
}

const PLAIN =
  /^\s*(?:import\s*\{\s*defineConfig\s*\}\s*from\s*(['"])@flue\/(?:cli|runtime|sdk)\/config\1\s*;?\s*)?export\s+default\s+(?:defineConfig\s*\(\s*)?\{\s*(?:target\s*:\s*(['"])(\w+)\2\s*,?\s*)?\}\s*\)?\s*;?\s*$/;

/** Reads flue.config. Gives null where it does not parse. */
export async function readFlueConfig(text: string): Promise<FlueConfig | null> {
  const plain = PLAIN.exec(withoutComments(text.replace(/^\uFEFF/, '')));
  if (plain) {
    return { target: plain[3] ? { literal: plain[3] } : 'absent', root: 'absent', db: 'absent' };
  }
  const program = await parse(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectOf(exported, program) : null;
  if (!object) return { target: 'computed', root: 'absent', db: 'absent' };
  return {
    target: property(object, 'target', program),
    root: ownProperty(object, 'root', program),
    db: ownProperty(object, 'db', program),
  };
}

/** Reads a Vite config for the Flue and Cloudflare plugins. Gives null where it does not parse. */
export async function readViteConfig(text: string): Promise<ViteConfig | null> {
  if (!text.includes('@flue/vite')) return { flue: null, cloudflare: false, computed: false };
  if (/\bflue\(\s*\)/.test(text) && !/flue\(\s*[^)\s]|target|cloudflare|\bdb\b|\broot\b/i.test(text)) {
    return { flue: { target: 'absent', db: 'absent' }, cloudflare: false, computed: false };
  }
  const program = await parse(text);
  if (!program) return null;
  const flue = importedFrom(program, /^@flue\/vite$/);
  const cloudflare = importedFrom(program, /^@cloudflare\/vite-plugin$|^vite-plugin-cloudflare/);
  const calls = callsIn(program);
  const found = calls.filter(({ callee }) => flue.includes(callee?.name ?? ''));
  return {
    flue: found.length > 0 ? { target: agreed(found, 'target', program), db: agreed(found, 'db', program) } : null,
    cloudflare: calls.some(({ callee }) =>
      cloudflare.includes(callee?.name ?? (callee?.object as Node | undefined)?.name ?? ''),
    ),
    computed: found.length === 0,
  };
}

/** The literal members of an object that a module exports by default or as `module.exports`; null where there is no such object. */
export async function readObject(text: string): Promise<Record<string, unknown> | null> {
  const program = await parse(text);
  if (!program) return null;
  const exported = exportOf(program);
  const object = exported ? objectOf(exported, program) : null;
  return object && plainValues(object);
}

/** What stands behind `export default` or `module.exports =`. */
function exportOf(program: Node): Node | undefined {
  const assigned = program.body.find(
    ({ expression }) => expression?.type === 'AssignmentExpression' && isModuleExports(expression.left as Node),
  );
  const byDefault = program.body.find((node) => node.type === 'ExportDefaultDeclaration');
  return byDefault?.declaration ?? (assigned?.expression?.right as Node | undefined);
}

function isModuleExports(node: Node): boolean {
  return (
    (node.object as Node | undefined)?.name === 'module' && (node.property as Node | undefined)?.name === 'exports'
  );
}

function plainValues(object: Node): Record<string, unknown> {
  const literals = ['StringLiteral', 'NumericLiteral', 'BooleanLiteral'];
  return Object.fromEntries(
    (object.properties ?? []).flatMap((entry) => {
      const [key, value] = [entry.key as Node | undefined, entry.value as Node | undefined];
      return key && value && literals.includes(value.type) ? [[String(key.name ?? key.value), value.value]] : [];
    }),
  );
}

/** What all calls of the plugin say; computed where they differ. */
function agreed(calls: Node[], key: string, program: Node): Value {
  const values = calls.map(({ arguments: given }) => {
    if (!given?.[0]) return 'absent';
    const object = objectOf(given[0], program);
    return object ? property(object, key, program) : 'computed';
  });
  return values.every((value) => JSON.stringify(value) === JSON.stringify(values[0])) ? values[0]! : 'computed';
}

interface Node {
  type: string;
  name?: string;
  value?: unknown;
  body: Node[];
  [key: string]: unknown;
  callee?: Node;
  arguments?: Node[];
  declaration?: Node;
  properties?: Node[];
  expression?: Node;
}

/** The target and the place of the db entry are asked for apart; a config is parsed once for both. */
const parsed = new Map<string, Node | null>();

async function parse(text: string): Promise<Node | null> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const { parseModule } = await import('magicast');
  let program: Node | null = null;
  try {
    program = parseModule(text.replace(/^\uFEFF/, '')).$ast as unknown as Node;
  } catch {
    // It does not parse, which is the answer.
  }
  parsed.set(text, program);
  return program;
}

/** Follows `defineConfig(x)`, `x satisfies T`, `x as const`, a same-file `const` and a function that returns an object. */
function objectOf(node: Node, program: Node): Node | null {
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

function unwrap(node: Node): Node {
  const wrapped = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression'];
  return wrapped.includes(node.type) && node.expression ? unwrap(node.expression) : node;
}

function property(object: Node, key: string, program: Node): Value {
  let value: Value = 'absent';
  for (const entry of object.properties ?? []) {
    if (entry.type === 'SpreadElement') value = 'computed';
    const name = entry.key as Node | undefined;
    if (name && (name.name === key || name.value === key) && !entry.computed)
      value = literal(entry.value as Node, program);
  }
  return value;
}

/** The same, but what a spread may bring does not count: these options are rare, and a spread is no sign of them. */
function ownProperty(object: Node, key: string, program: Node): Value {
  const properties = (object.properties ?? []).filter(({ type }) => type !== 'SpreadElement');
  return property({ ...object, properties }, key, program);
}

function literal(node: Node | undefined, program: Node): Value {
  if (!node) return 'computed';
  const bare = unwrap(node);
  if (bare.type === 'StringLiteral') return { literal: String(bare.value) };
  if (bare.type === 'TemplateLiteral' && (bare.expressions as Node[]).length === 0) {
    const quasi = (bare.quasis as { value: { cooked: string } }[])[0];
    return quasi ? { literal: quasi.value.cooked } : 'computed';
  }
  const constant = bare.type === 'Identifier' ? constantOf(bare.name!, program) : null;
  return constant ? literal(constant, program) : 'computed';
}

function constantOf(name: string, program: Node): Node | null {
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue;
    for (const declarator of declared.declarations as Node[]) {
      if ((declarator.id as Node).name === name) return (declarator.init as Node) ?? null;
    }
  }
  return null;
}

function importedFrom(program: Node, source: RegExp): string[] {
  return program.body
    .filter((node) => node.type === 'ImportDeclaration' && source.test(String((node.source as Node).value)))
    .flatMap((node) => (node.specifiers as Node[]).map((specifier) => (specifier.local as Node).name ?? ''));
}

function callsIn(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== 'object' || node === null || !('type' in node)) return [];
  const own = (node as Node).type === 'CallExpression' ? [node as Node] : [];
  const skip = new Set(['loc', 'original', 'tokens', 'comments', 'extra']);
  return own.concat(...Object.entries(node).map(([key, value]) => (skip.has(key) ? [] : callsIn(value))));
}
