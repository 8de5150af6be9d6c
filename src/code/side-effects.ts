import { makerOf } from './factories.ts';
import { importOf, type Module, type Node, nameOf, unwrap } from './module.ts';
import { constantsOf } from './scope.ts';

/** Packages whose values do nothing until they are used, or check the environment. */
const idle =
  /^(?:drizzle-orm|kysely|@prisma\/adapter-|zod|valibot|arktype|arkenv|@t3-oss\/env-|envalid|envsafe|znv|node:(?:path|url|os)$|path$|url$)/;

/** Whether importing a module does nothing, as far as its own statements go, but make what `makes` knows (as `pg#Pool`). */
export function isQuiet(module: Module, makes: (by: string) => boolean): boolean {
  return module.body.every((statement) => isDeclaring(module, statement, makes));
}

type Makes = (by: string) => boolean;

/** A statement that only declares: what is made, listeners on it, settings of its package, and what a dev server keeps in `globalThis`. */
function isDeclaring(module: Module, statement: Node, makes: Makes): boolean {
  const quiet = (one: unknown) => isDeclaring(module, one as Node, makes);
  const still = (one: unknown) => isStill(module, one as Node | null, makes);
  switch (statement.type) {
    case 'ImportDeclaration':
      return (statement.specifiers as Node[]).length > 0 || /^dotenv\//.test(String((statement.source as Node).value));
    case 'ExportNamedDeclaration':
      return !statement.declaration || quiet(statement.declaration);
    case 'ExportDefaultDeclaration':
      return /Declaration$/.test((statement.declaration as Node).type) || still(statement.declaration);
    case 'VariableDeclaration':
      return (statement.declarations as Node[]).every(({ init }) => still(init));
    case 'IfStatement':
      return !statement.alternate && still(statement.test) && quiet(statement.consequent);
    case 'BlockStatement':
      return (statement.body as Node[]).every(quiet);
    case 'ThrowStatement':
    case 'EmptyStatement':
      return true;
    case 'ExpressionStatement':
      return isSetting(module, unwrap(statement.expression as Node), makes);
    default:
      return /Declaration$|^TS/.test(statement.type);
  }
}

/** `pool.on(…)`, `globalThis.pool = pool`, `neonConfig.webSocketConstructor = ws`, `pg.types.setTypeParser(…)`, `dotenv.config()`. */
function isSetting(module: Module, expression: Node, makes: Makes): boolean {
  const target = nameOf(expression.type === 'AssignmentExpression' ? expression.left : expression.callee);
  const [root, ...path] = target.split('.');
  const from = importOf(module, root!)?.from;
  if (expression.type === 'Literal') return expression.value !== 'use agent';
  if (expression.type === 'AssignmentExpression')
    return (
      isStill(module, expression.right as Node, makes) && (/^global/.test(root!) || from === '@neondatabase/serverless')
    );
  if (expression.type !== 'CallExpression' || path.length === 0) return false;
  if (path.join('.') === 'config') return from === 'dotenv';
  if (path.at(-1) === 'setTypeParser') return from === 'pg';
  const own = constantsOf(module).find(({ name }) => name === root);
  return /^(?:on|once)$/.test(path.join('.')) && own !== undefined && makerOf(module, own.init) !== null;
}

/** A value that comes about without doing anything. */
function isStill(module: Module, node: Node | null, makes: Makes): boolean {
  if (!node) return true;
  const value = unwrap(node);
  const still = (one: unknown) => isStill(module, one as Node | null, makes);
  if (
    /Function|^Class|^Identifier$|^Literal$|^MemberExpression$|^MetaProperty$|^ThisExpression$|^Import/.test(value.type)
  )
    return true;
  if (value.type === 'TemplateLiteral') return (value.expressions as Node[]).every(still);
  if (value.type === 'ArrayExpression') return (value.elements as Node[]).every(still);
  if (value.type === 'ObjectExpression')
    return (value.properties as Node[]).every((one) => still(one.value ?? one.argument));
  if (['LogicalExpression', 'BinaryExpression', 'AssignmentExpression'].includes(value.type))
    return still(value.left) && still(value.right);
  if (value.type === 'ConditionalExpression')
    return still(value.test) && still(value.consequent) && still(value.alternate);
  if (value.type === 'UnaryExpression') return still(value.argument);
  if (value.type !== 'CallExpression' && value.type !== 'NewExpression') return false;
  const root = rootOf(value);
  const plain = /^(?:Number|String|Boolean|parseInt|parseFloat|Symbol|Map|Set|URL|Object|JSON|require)$/.test(root);
  const checks = /^(?:safeP|p)arse$/.test(nameOf((value.callee as Node).property));
  if (plain || checks || idle.test(importOf(module, root)?.from ?? '')) return (value.arguments as Node[]).every(still);
  const maker = makerOf(module, value);
  // A database of a client is no more than its name.
  return maker !== null && makes(maker.by.replace(/(?:\.(?:db|collection))+$/, ''));
}

/** The name that a chain of calls and members begins with. */
function rootOf(node: Node): string {
  for (let one = node; ; ) {
    const inner = (one.callee ?? one.object ?? one.expression) as Node | undefined;
    if (!inner) return nameOf(one);
    one = inner;
  }
}
