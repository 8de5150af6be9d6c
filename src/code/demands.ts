import { definitionOf } from './definitions.ts';
import { isEnvironment } from './environment.ts';
import { returnsIn, runIn } from './functions.ts';
import { isWrapper, type Module, type Node, nameOf } from './module.ts';
import { bindingOf, parentOf, referencesTo } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** Functions that end what is going on, by what they are called. */
const ending = /^(?:fail\w*|invariant|assert\w*|panic|die|abort|raise\w*|throw\w*|fatal|exit|reject\w*|unreachable)$/i;

/**
 * Whether code that runs where something is missing demands it: it throws, ends the program, answers with an error of
 * the server, notes the complaint in a list, or sets the variable itself.
 */
export function demands(code: SourceCode, module: Module, branch: Node): boolean {
  return runIn(branch).some((node) => {
    if (node.type === 'ThrowStatement') return true;
    if (node.type === 'Literal') return typeof node.value === 'number' && node.value >= 500 && node.value < 600;
    if (node.type === 'AssignmentExpression') {
      const target = node.left as Node;
      return target.type === 'MemberExpression' && isEnvironment(module, target.object as Node);
    }
    return node.type === 'CallExpression' && ends(code, module, node.callee as Node);
  });
}

/** Methods of a console or a logger. */
const reporting = /^(?:log|info|warn|error|debug|trace|notice|verbose)$/;

/** Whether a branch says something to people, and does nothing else. */
export function onlyReports(branch: Node): boolean {
  const statements = branch.type === 'BlockStatement' ? (branch.body as Node[]) : [branch];
  return statements.every(({ type, expression }) => {
    const call = type === 'ExpressionStatement' ? (expression as Node) : null;
    const callee = call?.type === 'CallExpression' ? (call.callee as Node) : null;
    return callee?.type === 'MemberExpression' && reporting.test(nameOf(callee.property));
  });
}

function ends(code: SourceCode, module: Module, callee: Node): boolean {
  const last = nameOf(callee.type === 'MemberExpression' ? callee.property : callee);
  if (ending.test(last) || last === 'push') return true;
  const definition = callee.type === 'Identifier' ? definitionOf(code, module, callee) : null;
  // One of the project's own that always throws.
  if (definition?.kind !== 'function' || returnsIn(definition.module, definition.node).length > 0) return false;
  const body = definition.node.body as Node;
  return body.type === 'BlockStatement' && (body.body as Node[]).some(({ type }) => type === 'ThrowStatement');
}

/** Whether a node is part of a test, or of a condition around it, that is judged as a whole. */
export function isTested(module: Module, node: Node): boolean {
  let inner = node;
  for (let one = parentOf(module, node); one; inner = one, one = parentOf(module, one)) {
    if (one.test === inner) return true;
    if (one.type === 'UnaryExpression' && one.operator === '!') return true;
    if (one.type === 'LogicalExpression' && one.operator === '&&' && one.left === inner) return true;
    const passed = isWrapper(one) || one.type === 'LogicalExpression' || nameOf(one.callee) === 'Boolean';
    if (!passed) return false;
  }
  return false;
}

/**
 * Whether a value that says if something is there is only reported, or demanded: by a call round it, or by a test of
 * the name it is given.
 */
export function isDemanded(code: SourceCode, module: Module, node: Node): boolean {
  const parent = parentOf(module, node);
  if (parent?.type === 'CallExpression' && parent.callee !== node) {
    const name = nameOf(parent.callee);
    return /^console\.|(?:^|\.)log(?:ger)?\./.test(name) || ending.test(name.split('.').at(-1)!);
  }
  const binding =
    parent?.type === 'VariableDeclarator' && parent.init === node ? bindingOf(module, parent.id as Node) : null;
  if (!binding) return false;
  return referencesTo(module, binding).some((one) => {
    let test = one;
    for (let up = parentOf(module, one); up && isTestPart(up); up = parentOf(module, up)) test = up;
    const statement = parentOf(module, test);
    if (statement?.type !== 'IfStatement' || statement.test !== test) return false;
    const branches = [statement.consequent, statement.alternate] as (Node | null)[];
    return branches.some((branch) => branch && demands(code, module, branch));
  });
}

function isTestPart(node: Node): boolean {
  return isWrapper(node) || node.type === 'LogicalExpression' || node.type === 'UnaryExpression';
}
