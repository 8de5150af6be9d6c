import { importOf, keyOf, type Module, type Node, nameOf, parseModule, unwrap } from './module.ts';
import { constantsOf } from './module-names.ts';

/** Something a module makes by calling what it imports, and exports. */
export interface Made {
  /** The name it is exported under; `default` for the default export. */
  exported: string;
  /** What made it, as `<specifier>#<name>`: `pg#Pool`, `mysql2#createPool.promise`. */
  by: string;
  /** What it was made with, as written, one option each: `max: 10`. */
  options: string[];
}

/** What a module makes and exports, and whether importing it does nothing beside that. Null where it does not parse. */
export function madeIn(text: string): { made: Made[]; alone: boolean } | null {
  const module = parseModule(text);
  if (!module) return null;
  const made = exportsOf(module).flatMap(({ exported, value }) => {
    const maker = makerOf(module, value);
    return maker ? [{ exported, ...maker }] : [];
  });
  return { made, alone: module.body.every(isQuiet) };
}

/** What a function of a module makes: `createPool`, where that is `() => new Pool()`. Null where that cannot be seen. */
export function madeByFunction(text: string, name: string): Omit<Made, 'exported'> | null {
  const module = parseModule(text);
  const value = module && functionNamed(module, name);
  return value ? makerOf(module, value) : null;
}

function exportsOf(module: Module): { exported: string; value: Node }[] {
  const named = constantsOf(module);
  const byName = named.flatMap(({ exported, init }) => (exported ? [{ exported, value: init }] : []));
  const byDefault = module.body.find(({ type }) => type === 'ExportDefaultDeclaration');
  if (!byDefault) return byName;
  const value = byDefault.declaration as Node;
  const constant = named.find(({ name }) => name === nameOf(value));
  return [...byName, { exported: 'default', value: constant?.init ?? value }];
}

/** Follows `await`, `globalThis.pool ??`, `.on(…)` and functions of the same module to the call that made a value. */
function makerOf(module: Module, node: Node, depth = 0): Omit<Made, 'exported'> | null {
  const value = unwrap(node);
  if (depth > 8) return null;
  const follow = (next: unknown) => makerOf(module, next as Node, depth + 1);
  if (value.type === 'AwaitExpression') return follow(value.argument);
  if (value.type === 'LogicalExpression' || value.type === 'AssignmentExpression') return follow(value.right);
  if (value.type === 'Identifier') {
    const constant = constantsOf(module).find(({ name }) => name === nameOf(value));
    return constant ? follow(constant.init) : null;
  }
  if (value.type !== 'CallExpression' && value.type !== 'NewExpression') return null;
  const callee = unwrap(value.callee as Node);
  if (callee.type === 'MemberExpression') {
    const made = follow(callee.object);
    const method = nameOf(callee.property);
    if (made) return ['on', 'once', 'connect'].includes(method) ? made : { ...made, by: `${made.by}.${method}` };
  }
  const by = importedAs(module, callee);
  if (by) return { by, options: optionsOf(module, value) };
  const own = functionNamed(module, nameOf(callee));
  return own ? follow(own) : null;
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

/** The one value that a function of the module returns. */
function functionNamed({ body }: Module, name: string): Node | null {
  const statements = body.map((one) =>
    one.type === 'ExportNamedDeclaration' ? (one.declaration as Node | null) : one,
  );
  const declared = statements.find((one) => one?.type === 'FunctionDeclaration' && nameOf(one.id) === name);
  const constant = statements
    .flatMap((one) => (one?.type === 'VariableDeclaration' ? (one.declarations as Node[]) : []))
    .find(({ id, init }) => nameOf(id) === name && (init as Node | null)?.type === 'ArrowFunctionExpression');
  const code = (declared ?? constant?.init) as { body: Node } | undefined;
  if (!code) return null;
  if (code.body.type !== 'BlockStatement') return code.body;
  const returns = (code.body.body as Node[]).filter(({ type }) => type === 'ReturnStatement');
  return returns.length === 1 ? ((returns[0]!.argument as Node | null) ?? null) : null;
}

function optionsOf(module: Module, call: Node): string[] {
  return (call.arguments as Node[]).flatMap((argument) => {
    const value = unwrap(argument);
    const constant = constantsOf(module).find(({ name }) => name === nameOf(value))?.init;
    const object = constant ? unwrap(constant) : value;
    const properties = object.type === 'ObjectExpression' ? (object.properties as Node[]) : [];
    return properties.map((one) => module.text.slice(one.start, one.end).replace(/\s+/g, ' '));
  });
}

/** Methods that do something the moment a module is imported. */
const busy = /^(?:listen|serve|start|run|connect|register|use|route|init|schedule)$/;

/** A statement that only declares: listeners on what was made, and what a dev server keeps in `globalThis`, are part of making it. */
function isQuiet(statement: Node): boolean {
  if (statement.type === 'ImportDeclaration')
    return (statement.specifiers as Node[]).length > 0 || /^dotenv\//.test(String((statement.source as Node).value));
  if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
    const declaration = statement.declaration as Node | null;
    return !declaration || isQuiet(declaration);
  }
  if (statement.type === 'VariableDeclaration')
    return (statement.declarations as Node[]).every(({ init }) => !init || isQuietValue(init as Node));
  if (statement.type === 'IfStatement') return !statement.alternate && isQuiet(statement.consequent as Node);
  if (statement.type === 'BlockStatement') return (statement.body as Node[]).every(isQuiet);
  if (statement.type === 'ThrowStatement') return true;
  if (statement.type !== 'ExpressionStatement')
    return statement.type === 'EmptyStatement' || (!/Statement$/.test(statement.type) && isQuietValue(statement));
  const expression = unwrap(statement.expression as Node);
  if (expression.type === 'AssignmentExpression')
    return /^(?:globalThis|global)\b|^global[A-Z]/.test(nameOf(expression.left));
  if (expression.type === 'Literal') return true;
  return expression.type === 'CallExpression' && /\.(?:on|once|config)$/.test(nameOf(expression.callee));
}

function isQuietValue(node: Node): boolean {
  const value = unwrap(node);
  if (value.type === 'AwaitExpression') return false;
  const callee = value.type === 'CallExpression' ? (value.callee as Node) : null;
  return callee?.type !== 'MemberExpression' || !busy.test(nameOf(callee.property));
}
