import { importOf, keyOf, type Module, type Node, nameOf, parseModule, unwrap } from './module.ts';
import { constantsOf, resolve } from './scope.ts';

/** What made a value. */
export interface Maker {
  /** As `<specifier>#<name>`: `pg#Pool`, `mysql2#createPool.promise`; `async` and `await` in front where the call says so. */
  by: string;
  /** What it was made with, as written, one option each: `max: 10`; `…` for what is not written out here. */
  options: string[];
  /** The variables that are named in it. */
  variables: string[];
}

/** Something a module makes by calling what it imports, and exports. */
export interface Made extends Maker {
  /** The name it is exported under; `default` for the default export. */
  exported: string;
  /** The name it has in the module. */
  local: string;
}

/** What a module makes, and what it imports and exports. */
export interface MadeModule {
  module: Module;
  made: Made[];
  /** Every name it exports; `*` where it passes on those of another module. */
  exports: string[];
  /** The modules of the project that it imports. */
  imports: string[];
}

/** Reads a module for what it makes and exports. Null where it does not parse. */
export function madeIn(text: string): MadeModule | null {
  const module = parseModule(text);
  if (!module) return null;
  const values = exportsOf(module);
  const made = values.flatMap(({ exported, local, value }) => {
    const maker = value && makerOf(module, value);
    return maker ? [{ exported, local, ...maker }] : [];
  });
  const sources = module.body.flatMap(({ source, importKind }) =>
    source && importKind !== 'type' ? [String((source as Node).value)] : [],
  );
  return {
    module,
    made,
    exports: values.map(({ exported }) => exported),
    imports: sources.filter((one) => /^(?:\.|[@~#]\/)/.test(one)),
  };
}

/** What a function of a module makes: `createPool`, where that is `() => new Pool()`. Null where that cannot be seen. */
export function madeByFunction(text: string, name: string): Maker | null {
  const module = parseModule(text);
  const made = module && functionNamed(module, name);
  return made ? makerOf(module, made) : null;
}

function exportsOf(module: Module): { exported: string; local: string; value: Node | null }[] {
  const named = constantsOf(module);
  const constant = (name: string) => named.find((one) => one.name === name)?.init ?? null;
  return module.body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration') return [{ exported: '*', local: '*', value: null }];
    if (statement.type === 'ExportDefaultDeclaration') {
      const value = statement.declaration as Node;
      return [{ exported: 'default', local: nameOf(value), value: constant(nameOf(value)) ?? value }];
    }
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const declaration = statement.declaration as Node | null;
    const declared = declaration?.type === 'VariableDeclaration' ? (declaration.declarations as Node[]) : [];
    const names = [...declared.map(({ id }) => nameOf(id)), nameOf(declaration?.id)].filter(Boolean);
    const listed = (statement.specifiers as Node[]).map((one) => ({
      exported: nameOf(one.exported),
      local: nameOf(one.local),
      value: statement.source ? null : constant(nameOf(one.local)),
    }));
    return [...names.map((name) => ({ exported: name, local: name, value: constant(name) })), ...listed];
  });
}

/** Follows `globalThis.pool ??`, `.on(…)` and functions of the same module to the call that made a value. */
export function makerOf(module: Module, node: Node, depth = 0): Maker | null {
  const value = unwrap(node);
  if (depth > 8) return null;
  const follow = (next: unknown) => makerOf(module, next as Node, depth + 1);
  if (value.type === 'AwaitExpression') return awaited(follow(value.argument));
  if (value.type === 'LogicalExpression' || value.type === 'AssignmentExpression') return follow(value.right);
  if (value.type === 'AsyncFunction') return asynchronous(follow(value.body));
  if (value.type === 'Identifier') {
    const constant = constantsOf(module).find(({ name }) => name === nameOf(value));
    return constant ? follow(constant.init) : null;
  }
  if (value.type !== 'CallExpression' && value.type !== 'NewExpression') return null;
  const callee = unwrap(value.callee as Node);
  if (callee.type === 'MemberExpression') {
    const made = follow(callee.object);
    const method = nameOf(callee.property);
    if (made) return ['on', 'once'].includes(method) ? made : { ...made, by: `${made.by}.${method}` };
  }
  const by = importedAs(module, callee);
  if (by) return { by, ...givenTo(module, value) };
  const own = functionNamed(module, nameOf(callee));
  return own ? follow(own) : null;
}

/** What `await` gives: of a promise, what it promises; of a method, what only that one knows; of anything else, that. */
function awaited(maker: Maker | null): Maker | null {
  if (!maker) return null;
  const { by } = maker;
  if (by.startsWith('async ')) return { ...maker, by: by.slice('async '.length) };
  return by.includes('.', by.indexOf('#')) ? { ...maker, by: `await ${by}` } : maker;
}

function asynchronous(maker: Maker | null): Maker | null {
  return maker && { ...maker, by: `async ${maker.by}` };
}

/** `pg#Pool` for `new Pool()`, `new pg.Pool()` and `const { Pool } = pg`. */
function importedAs(module: Module, callee: Node): string | null {
  const [local, member, ...more] = nameOf(callee).split('.');
  if (!local || more.length > 0) return null;
  const found = importOf(module, local);
  if (found) {
    const whole = ['*', 'default'].includes(found.name);
    return `${found.from}#${whole ? (member ?? found.name) : [found.name, member].filter(Boolean).join('.')}`;
  }
  const parts = module.body
    .filter(({ type }) => type === 'VariableDeclaration')
    .flatMap(({ declarations }) => declarations as Node[])
    .find(({ id }) => ((id as Node).properties as Node[] | undefined)?.some((one) => nameOf(one.value) === local));
  const source = parts && importOf(module, nameOf(parts.init));
  if (!source || member) return null;
  const property = ((parts.id as Node).properties as Node[]).find((one) => nameOf(one.value) === local)!;
  return `${source.from}#${keyOf(property)}`;
}

/** The one value that a function of the module returns; of an async one, as a promise of it. */
function functionNamed({ body }: Module, name: string): Node | null {
  const statements = body.map((one) =>
    one.type === 'ExportNamedDeclaration' ? (one.declaration as Node | null) : one,
  );
  const declared = statements.find((one) => one?.type === 'FunctionDeclaration' && nameOf(one.id) === name);
  const constant = statements
    .flatMap((one) => (one?.type === 'VariableDeclaration' ? (one.declarations as Node[]) : []))
    .find(({ id, init }) => nameOf(id) === name && /Function/.test((init as Node | null)?.type ?? ''));
  const code = (declared ?? constant?.init) as (Node & { body: Node }) | undefined;
  if (!code || code.generator) return null;
  const value = code.body.type === 'BlockStatement' ? returned(code.body) : code.body;
  return value && code.async ? { ...value, type: 'AsyncFunction', body: value } : value;
}

function returned(block: Node): Node | null {
  const returns = (block.body as Node[]).filter(({ type }) => type === 'ReturnStatement');
  return returns.length === 1 ? ((returns[0]!.argument as Node | null) ?? null) : null;
}

function givenTo(module: Module, call: Node): Pick<Maker, 'options' | 'variables'> {
  const options = (call.arguments as Node[]).flatMap((argument) => optionsIn(module, argument, 0));
  const variables = options.flatMap((one) =>
    [...one.matchAll(/(?:\benv|\bconfig)\b[^\s,;{}]*?[.[]['"]?([A-Z][A-Z0-9_]+)\b/gi)].map((match) => match[1]!),
  );
  return { options, variables: [...new Set(variables.filter((name) => name === name.toUpperCase()))] };
}

function optionsIn(module: Module, argument: Node, depth: number): string[] {
  const bare = unwrap(argument);
  const value = resolve(module, bare) ?? bare;
  const text = (node: Node) => module.text.slice(node.start, node.end).replace(/\s+/g, ' ');
  if (value.type === 'ObjectExpression') {
    return (value.properties as Node[]).flatMap((one) => {
      if (one.type === 'SpreadElement') return depth > 3 ? ['…'] : optionsIn(module, one.argument as Node, depth + 1);
      const held = one.value as Node;
      const shown = held.type === 'Identifier' ? (resolve(module, held) ?? held) : held;
      return keyOf(one) ? [`${keyOf(one)}: ${text(shown)}`] : ['…'];
    });
  }
  // A text, or what the environment says: the address.
  if (['Literal', 'TemplateLiteral'].includes(value.type) || /^[\w.[\]'"]+$/.test(text(value).replace(/!$/, '')))
    return value.type === 'Identifier' ? ['…'] : [`url: ${text(value)}`];
  if (value.type === 'LogicalExpression') return [`url: ${text(value)}`];
  return ['…'];
}
