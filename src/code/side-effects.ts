import { makerOf } from './factories.ts';
import { importOf, type Module, type Node, nameOf, unwrap } from './module.ts';
import { bindingOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** What a module may do when it is imported, and still do nothing else. */
interface Harmless {
  /** Whether something of a package may be made, as `pg#Pool`. */
  makes(by: string): boolean;
  /** Whether the values of a package do nothing until they are used, or check the environment. */
  isIdle(specifier: string): boolean;
}

/** Whether importing a module does nothing, as far as its own statements go, but make what it may. */
export function isSideEffectFree(code: SourceCode, module: Module, harmless: Harmless): boolean {
  return module.body.every((statement) => isDeclaring({ code, module, ...harmless }, statement));
}

interface EffectContext extends Harmless {
  code: SourceCode;
  module: Module;
}

/**
 * A statement that only declares: what is made, listeners on it, settings of its package, and what a dev server keeps
 * in `globalThis`.
 */
function isDeclaring(context: EffectContext, statement: Node): boolean {
  const declares = (one: unknown) => isDeclaring(context, one as Node);
  const still = (one: unknown) => isStill(context, one as Node | null);
  switch (statement.type) {
    case 'ImportDeclaration':
      return (statement.specifiers as Node[]).length > 0 || /^dotenv\//.test(String((statement.source as Node).value));
    case 'ExportNamedDeclaration':
      return !statement.declaration || declares(statement.declaration);
    case 'ExportDefaultDeclaration':
      return /Declaration$/.test((statement.declaration as Node).type) || still(statement.declaration);
    case 'VariableDeclaration':
      return (statement.declarations as Node[]).every(({ init }) => still(init));
    case 'IfStatement':
      return !statement.alternate && still(statement.test) && declares(statement.consequent);
    case 'BlockStatement':
      return (statement.body as Node[]).every(declares);
    case 'ThrowStatement':
    case 'EmptyStatement':
      return true;
    case 'ExpressionStatement':
      return isSetting(context, unwrap(statement.expression as Node));
    default:
      return /Declaration$|^TS/.test(statement.type);
  }
}

/**
 * `pool.on(…)`, `globalThis.pool = pool`, and settings of a package: `neonConfig.webSocketConstructor = ws`,
 * `pg.types.setTypeParser(…)`, `dotenv.config()`.
 */
function isSetting(context: EffectContext, expression: Node): boolean {
  const { module } = context;
  const target = nameOf(expression.type === 'AssignmentExpression' ? expression.left : expression.callee);
  const [root, ...path] = target.split('.');
  const from = importOf(module, root!)?.from ?? '.';
  const packaged = !/^[.@~#]\/|^\.{1,2}$|^\.\.\//.test(from);
  // A directive says that somebody else runs the module.
  if (expression.type === 'Literal') return expression.value === 'use strict';
  if (expression.type === 'AssignmentExpression')
    return isStill(context, expression.right as Node) && (/^global/.test(root!) || (packaged && path.length > 0));
  if (expression.type !== 'CallExpression' || path.length === 0) return false;
  if (packaged && /^(?:config|set[A-Z]\w*)$/.test(path.at(-1)!)) return true;
  let owner = unwrap(expression.callee as Node);
  while (owner.type === 'MemberExpression') owner = unwrap(owner.object as Node);
  const own = owner.type === 'Identifier' ? bindingOf(module, owner)?.init : null;
  return /^(?:on|once)$/.test(path.join('.')) && !!own && makerOf(context.code, module, own) !== null;
}

const still =
  /Function|^Class|^(?:Identifier|Literal|MemberExpression|ChainExpression|MetaProperty|ThisExpression|Import\w*)$/;
const plain = /^(?:Number|String|Boolean|parseInt|parseFloat|Symbol|Map|Set|URL|Object|JSON|require)$/;

/** A value that comes about without doing anything. No recursion: texts are put together of many parts. */
function isStill(context: EffectContext, node: Node | null): boolean {
  const open = [node];
  while (open.length > 0) {
    const one = open.pop();
    if (!one) continue;
    const value = unwrap(one);
    const parts = still.test(value.type) ? [] : partsOf(context, value);
    if (!parts) return false;
    open.push(...parts);
  }
  return true;
}

/** What has to be still for a value to be; null where it does something itself. */
function partsOf(context: EffectContext, value: Node): (Node | null)[] | null {
  const list = (key: string) => (value[key] ?? []) as Node[];
  switch (value.type) {
    case 'TemplateLiteral':
      return list('expressions');
    case 'ArrayExpression':
      return list('elements');
    case 'SpreadElement':
    case 'UnaryExpression':
      return [value.argument as Node];
    case 'ObjectExpression':
      return list('properties').map((one) => (one.value ?? one.argument) as Node);
    case 'LogicalExpression':
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return [value.left as Node, value.right as Node];
    case 'ConditionalExpression':
      return [value.test as Node, value.consequent as Node, value.alternate as Node];
    case 'CallExpression':
    case 'NewExpression':
      return callParts(context, value);
    default:
      return null;
  }
}

function callParts({ code, module, makes, isIdle }: EffectContext, call: Node): Node[] | null {
  const root = rootOf(call);
  const checks = /^(?:safeP|p)arse$/.test(nameOf((call.callee as Node).property));
  const from = importOf(module, root)?.from;
  if (plain.test(root) || checks || (from !== undefined && isIdle(from))) return call.arguments as Node[];
  const maker = makerOf(code, module, call);
  // A database of a client is no more than its name.
  return maker && makes(maker.by.replace(/(?:\.(?:db|collection))+$/, '')) ? [] : null;
}

/** The name that a chain of calls and members begins with. */
function rootOf(node: Node): string {
  for (let one = node; ; ) {
    const inner = (one.callee ?? one.object ?? one.expression) as Node | undefined;
    if (!inner) return nameOf(one);
    one = inner;
  }
}
