import type { Binding } from './bindings.ts';
import { isFunction } from './bindings.ts';
import { returnsOf } from './functions.ts';
import { keyOf, type Module, type Node, nameOf, requiredBy, sourceOf, unwrap } from './module.ts';
import { bindingOf, constantsOf, isCall, resolve, topBinding } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import { trace } from './trace.ts';

/** What made a value. */
export interface Maker {
  /**
   * As `<specifier>#<name>`: `pg#Pool`, `mysql2#createPool.promise`; `async` and `await` in front where the call says
   * so.
   */
  by: string;
  /** What it was made with, as written, one option each: `max: 10`; `…` for what is not written out here. */
  options: string[];
  /** The variables that are named in it; traced when it is asked. */
  variables(): string[];
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
  /** What it imports, by specifier. */
  imports: string[];
}

/** The module and the name of what made something, whether it promises it or not. */
export function specifierAndName(by: string): [specifier: string, name: string] {
  return by.replace(/^(?:a(?:sync|wait) )+/, '').split('#') as [string, string];
}

/** What a module makes and exports. */
export function madeIn(code: SourceCode, module: Module): MadeModule {
  const values = exportsOf(module);
  const made = values.flatMap(({ exported, local, value }) => {
    const maker = value && makerOf(code, module, value);
    return maker ? [{ exported, local, ...maker }] : [];
  });
  const imports = module.body.flatMap((node) => (node.importKind === 'type' ? [] : sourceOf(node) || []));
  return { module, made, exports: values.map(({ exported }) => exported), imports };
}

/**
 * What a function of a module makes: `createPool`, where that is `() => new Pool()`. Null where that cannot be seen.
 */
export function madeByFunction(code: SourceCode, module: Module, name: string): Maker | null {
  const made = returnedBy(topBinding(module, name));
  return made && makerOf(code, module, made);
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

/** Names, calls and functions on the way to the call that made a value. */
const depth = 20;

/** Follows `globalThis.pool ??`, `.on(…)` and functions of the same module to the call that made a value. */
export function makerOf(code: SourceCode, module: Module, node: Node, passed = 0): Maker | null {
  const value = unwrap(node);
  if (passed > depth) return null;
  const follow = (next: unknown) => makerOf(code, module, next as Node, passed + 1);
  if (value.type === 'AwaitExpression') return awaited(follow(value.argument));
  if (value.type === 'LogicalExpression' || value.type === 'AssignmentExpression') return follow(value.right);
  if (value.type === 'AsyncFunction') return asynchronous(follow(value.body));
  if (value.type === 'Identifier') {
    const binding = bindingOf(module, value);
    return binding?.kind === 'variable' && binding.init && binding.keys.length === 0 ? follow(binding.init) : null;
  }
  return isCall(value) ? makerOfCall(code, module, value, follow) : null;
}

function makerOfCall(
  code: SourceCode,
  module: Module,
  value: Node,
  follow: (next: unknown) => Maker | null,
): Maker | null {
  const callee = unwrap(value.callee as Node);
  if (callee.type === 'MemberExpression') {
    const made = follow(callee.object);
    const method = nameOf(callee.property);
    if (made) return ['on', 'once'].includes(method) ? made : { ...made, by: `${made.by}.${method}` };
  }
  const by = importedAs(module, callee);
  if (by) return { by, ...givenTo(code, module, value) };
  const own = callee.type === 'Identifier' ? returnedBy(bindingOf(module, callee)) : null;
  return own && follow(own);
}

/**
 * What `await` gives: of a promise, what it promises; of a method, what only that one knows; of anything else, that.
 */
function awaited(maker: Maker | null): Maker | null {
  if (!maker) return null;
  const { by } = maker;
  if (by.startsWith('async ')) return { ...maker, by: by.slice('async '.length) };
  return by.includes('.', by.indexOf('#')) ? { ...maker, by: `await ${by}` } : maker;
}

function asynchronous(maker: Maker | null): Maker | null {
  return maker && { ...maker, by: `async ${maker.by}` };
}

/** `pg#Pool` for `new Pool()`, `new pg.Pool()`, `const { Pool } = pg` and `const { Pool } = require('pg')`. */
function importedAs(module: Module, callee: Node): string | null {
  const [local, ...path] = nameOf(callee).split('.');
  let root = callee;
  while (root.type === 'MemberExpression') root = unwrap(root.object as Node);
  const binding = local && root.type === 'Identifier' ? bindingOf(module, root) : null;
  if (!binding || path.length > 1) return null;
  const brought = broughtBy(module, binding);
  if (!brought) return null;
  const names = [...brought.names, ...path];
  // `pg.Pool` of a default or namespace import is what the package exports as `Pool`.
  const whole = ['*', 'default'].includes(names[0]!) && names.length > 1;
  return `${brought.from}#${(whole ? names.slice(1) : names).join('.')}`;
}

/** What a name stands for of a module: imported, required, or taken out of what is. */
function broughtBy(module: Module, binding: Binding): { from: string; names: string[] } | null {
  if (binding.kind === 'import') return { from: binding.from, names: [binding.imported] };
  const from = binding.kind === 'variable' ? requiredBy(binding.init) : null;
  if (from !== null) return { from, names: binding.keys.length > 0 ? binding.keys : ['*'] };
  const init = binding.kind === 'variable' && binding.keys.length > 0 ? unwrap(binding.init!) : null;
  const source = init?.type === 'Identifier' ? bindingOf(module, init) : null;
  return source?.kind === 'import' ? { from: source.from, names: [source.imported, ...binding.keys] } : null;
}

/** The one value that a function returns; of an async one, as a promise of it. */
function returnedBy(binding: Binding | null): Node | null {
  const init = binding?.init ? unwrap(binding.init) : null;
  const assigned = init && isFunction(init) ? init : null;
  const code = binding?.kind === 'function' ? binding.owner : assigned;
  if (!code || code.generator) return null;
  const [value, ...others] = returnsOf(code);
  if (!value || others.length > 0) return null;
  return code.async ? { ...value, type: 'AsyncFunction', body: value } : value;
}

/** What looks like the name of a variable, where it is read off something that cannot be seen. */
function isConstantName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]+$/.test(text);
}

function givenTo(code: SourceCode, module: Module, call: Node): Pick<Maker, 'options' | 'variables'> {
  const given = call.arguments as Node[];
  const variablesOf = (node: Node) => trace(code, { module, node }, isConstantName).variables;
  return {
    options: given.flatMap((argument) => optionsIn(module, argument, 0)),
    variables: () => [...new Set(given.flatMap(variablesOf).map(({ name }) => name))],
  };
}

function optionsIn(module: Module, argument: Node, spread: number): string[] {
  const bare = unwrap(argument);
  const value = resolve(module, bare) ?? bare;
  const text = (node: Node) => module.text.slice(node.start, node.end).replace(/\s+/g, ' ');
  if (value.type === 'ObjectExpression') {
    return (value.properties as Node[]).flatMap((one) => {
      if (one.type === 'SpreadElement') return spread > 3 ? ['…'] : optionsIn(module, one.argument as Node, spread + 1);
      const held = one.value as Node;
      const shown = held.type === 'Identifier' ? (resolve(module, held) ?? held) : held;
      return keyOf(one) ? [`${keyOf(one)}: ${text(shown)}`] : ['…'];
    });
  }
  // A text, or what the environment says: the address.
  const isAddress = ['Literal', 'TemplateLiteral', 'LogicalExpression', 'MemberExpression'].includes(value.type);
  return isAddress ? [`url: ${text(value)}`] : ['…'];
}
