import { kept } from '../memo.ts';
import type { Binding } from './bindings.ts';
import { demands, isDemanded, isTested, onlyReports } from './demands.ts';
import { isEnvironment } from './environment.ts';
import type { Enters } from './follow.ts';
import { runIn } from './functions.ts';
import { type Module, type Node, nameOf, textOf, unwrap } from './module.ts';
import { isContent, isNothing, isPresence, operandsOf } from './operands.ts';
import { allNodes, bindingOf, isCall, parentOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import { trace } from './trace.ts';

/**
 * What a condition makes of a variable: setting it turns something on; or, where it is not set, the connection is put
 * together from others.
 */
interface Condition {
  name: string;
  kind: 'switch' | 'composition';
}

/** What tells a condition of a variable from one of what a client gives. */
export interface Tested {
  isName(text: string): boolean;
  /** Whether what a call of a package gives is the answer of a server: it says nothing of the variables of a client. */
  speaks(specifier: string): boolean;
  /** The modules of the project into which a call is followed to such a package. */
  enters: Enters;
  /** Whether a module, or what it brings in, has the name of a variable. */
  mayName(path: string): boolean;
}

interface ConditionContext extends Tested {
  code: SourceCode;
  module: Module;
  /** The variables that names and their members are, once one of them was looked at; without a binding the globals. */
  known: Map<Binding | null, Map<string, string[]>>;
}

/**
 * The conditions of a module that hang on variables. One that only demands its variable, or has a default for it, is
 * none.
 */
export function conditionsIn(code: SourceCode, module: Module, tested: Tested): Condition[] {
  const context: ConditionContext = { ...tested, code, module, known: new Map() };
  return allNodes(module).flatMap((node) => judges[node.type]?.(context, node) ?? []);
}

type Judge = (context: ConditionContext, node: Node) => Condition[];

const judges: Record<string, Judge> = {
  IfStatement: ofIf,
  SwitchStatement: ofSwitch,
  ConditionalExpression: ofConditional,
  LogicalExpression: ofLogical,
  UnaryExpression: ofValue,
  BinaryExpression: ofValue,
  CallExpression: ofValue,
};

/** The variables that an operand is; of what is named alike once. */
function variablesOf(context: ConditionContext, node: Node): string[] {
  const name = /^(?:Identifier|MemberExpression)$/.test(node.type) ? nameOf(node) : '';
  if (name === '') return variablesAt(context, node);
  const binding = bindingOf(context.module, rootOf(node));
  const known = kept(context.known, binding, () => new Map<string, string[]>());
  return kept(known, name, () => variablesAt(context, node));
}

/** The identifier that `a.b.c` begins with. */
function rootOf(node: Node): Node {
  let one = unwrap(node);
  while (one.type === 'MemberExpression') one = unwrap(one.object as Node);
  return one;
}

function variablesAt({ code, module, isName, speaks, enters, mayName }: ConditionContext, node: Node): string[] {
  if (node.type === 'BinaryExpression') {
    const name = textOf(unwrap(node.left as Node));
    const environment = node.operator === 'in' && isEnvironment(module, unwrap(node.right as Node));
    return name !== null && environment && isName(name) ? [name] : [];
  }
  if (!/^(?:Identifier|MemberExpression|CallExpression|AwaitExpression)$/.test(node.type)) return [];
  const { variables } = trace(code, { module, node }, isName, {
    shallow: true,
    barren: code.known.barren,
    speaks,
    enters,
    mayName,
  });
  return [...new Set(variables.filter(({ name, part }) => !part && isName(name)).map(({ name }) => name))];
}

function ofIf(context: ConditionContext, node: Node): Condition[] {
  const branches = [node.consequent, node.alternate] as [Node, Node | null];
  return operandsOf(node.test as Node).flatMap(({ node: asked, set }) => {
    const names = variablesOf(context, asked);
    if (names.length === 0 || choosesData(asked, branches)) return [];
    if (branches.some((branch) => branch && demands(context.code, context.module, branch))) return [];
    const [there = null, missing = null] = set ? branches : branches.toReversed();
    return ofBranches(context, { node, asked, names }, there, missing);
  });
}

/** `switch (true) { case Boolean(x): … }`: each case is the test of what it does. */
function ofSwitch(context: ConditionContext, node: Node): Condition[] {
  const cases = node.cases as Node[];
  if (cases.some((one) => demands(context.code, context.module, one))) return [];
  const tests = cases.flatMap(({ test }) => (test && isTest(unwrap(test as Node)) ? [test as Node] : []));
  const names = tests.flatMap((test) => operandsOf(test).flatMap(({ node: asked }) => variablesOf(context, asked)));
  return names.map((name) => ({ name, kind: 'switch' }));
}

/** A statement, a value that its test asks for, and the variables that this is. */
interface Asked {
  node: Node;
  asked: Node;
  names: readonly string[];
}

/** What is done where the variables are set, and where they are not. */
function ofBranches(
  context: ConditionContext,
  { node, asked, names }: Asked,
  there: Node | null,
  missing: Node | null,
): Condition[] {
  if (!there && missing && onlyReports(missing)) return [];
  const given = onlyValue(there);
  const instead = missing ? onlyValue(missing) : given && afterwards(context, node);
  // `if (x) return x; return other`, `if (!x) x = other`.
  if (instead && (given || assigns(missing, asked))) return ofAlternative(context, names, given, instead);
  return names.map((name) => ({ name, kind: 'switch' }));
}

/** The one value that a branch returns or assigns, where it does nothing else. */
function onlyValue(branch: Node | null): Node | null {
  if (!branch) return null;
  const statements = branch.type === 'BlockStatement' ? (branch.body as Node[]) : [branch];
  const [only] = statements;
  if (statements.length !== 1 || !only) return null;
  if (only.type === 'ReturnStatement') return only.argument as Node | null;
  const expression = only.type === 'ExpressionStatement' ? unwrap(only.expression as Node) : null;
  return expression?.type === 'AssignmentExpression' ? (expression.right as Node) : null;
}

function assigns(branch: Node | null, asked: Node): boolean {
  const [only] = branch?.type === 'BlockStatement' ? (branch.body as Node[]) : [branch];
  const expression = only?.type === 'ExpressionStatement' ? unwrap(only.expression as Node) : null;
  return expression?.type === 'AssignmentExpression' && nameOf(expression.left) === nameOf(asked);
}

/** What the function returns further down. */
function afterwards({ module }: ConditionContext, node: Node): Node | null {
  const block = parentOf(module, node);
  const statements = block?.type === 'BlockStatement' ? (block.body as Node[]) : [];
  const last = statements.slice(statements.indexOf(node) + 1).findLast(({ type }) => type === 'ReturnStatement');
  return (last?.argument as Node | null | undefined) ?? null;
}

function ofConditional(context: ConditionContext, node: Node): Condition[] {
  return operandsOf(node.test as Node).flatMap(({ node: asked, set }) => {
    const names = variablesOf(context, asked);
    const [there, missing] = (set ? [node.consequent, node.alternate] : [node.alternate, node.consequent]) as Node[];
    if (names.length === 0 || choosesData(asked, [there!, missing!])) return [];
    return ofAlternative(context, names, there!, missing!);
  });
}

/** Whether what a variable holds chooses between values that are written out, as the options of a client. */
function choosesData(asked: Node, branches: readonly (Node | null)[]): boolean {
  return isContent(asked) && branches.every((branch) => !branch || !runIn(branch).some(isCall));
}

/** One value where the variables are set, and another where they are not: what the other is decides. */
function ofAlternative(
  context: ConditionContext,
  names: readonly string[],
  there: Node | null,
  missing: Node,
): Condition[] {
  if (demands(context.code, context.module, missing)) return [];
  if (isComposed(context, names, missing)) return names.map((name) => ({ name, kind: 'composition' }));
  const other = unwrap(missing);
  const isText = textOf(other) !== null && !isNothing(other);
  const isVariable = trace(context.code, { module: context.module, node: other }, context.isName).variables.length > 0;
  const alike = there !== null && calleeOf(there) !== '' && calleeOf(there) === calleeOf(other);
  return isText || isVariable || alike ? [] : names.map((name) => ({ name, kind: 'switch' }));
}

function calleeOf(node: Node): string {
  const bare = unwrap(node);
  return /^(?:Call|New)Expression$/.test(bare.type) ? nameOf(bare.callee) : '';
}

/** Whether a value is put together from other variables than these, or by a call that does not say from what. */
function isComposed({ code, module, isName }: ConditionContext, names: readonly string[], node: Node): boolean {
  const found = trace(code, { module, node }, isName);
  const others = found.variables.filter(({ name }) => isName(name) && !names.includes(name));
  if (others.some(({ part }) => part) || new Set(others.map(({ name }) => name)).size > 1) return true;
  if (others.length > 0 && unwrap(node).type === 'ObjectExpression') return true;
  const unknown = found.open && found.variables.length === 0 && found.literals.length === 0;
  return unknown && unwrap(node).type === 'CallExpression';
}

/** `a && b`, `a || b` and `a ?? b`, where no test around them is judged as a whole. */
function ofLogical(context: ConditionContext, node: Node): Condition[] {
  if (isTested(context.module, node)) return [];
  const { operator, left, right } = node as unknown as { operator: string; left: Node; right: Node };
  return operandsOf(left).flatMap(({ node: asked, set }): Condition[] => {
    const names = variablesOf(context, asked);
    if (names.length === 0 || demands(context.code, context.module, right) || choosesData(asked, [right])) return [];
    if (operator === '&&') return names.map((name) => ({ name, kind: 'switch' }));
    return set && isComposed(context, names, right) ? names.map((name) => ({ name, kind: 'composition' })) : [];
  });
}

/** `!!x`, `x !== undefined`, `'X' in process.env`, `Boolean(x)` as a value: what hangs on it is elsewhere. */
function ofValue(context: ConditionContext, node: Node): Condition[] {
  if (!isTest(node) || isTested(context.module, node)) return [];
  const names = operandsOf(node).flatMap(({ node: asked }) => (isContent(asked) ? [] : variablesOf(context, asked)));
  if (names.length === 0 || isDemanded(context.code, context.module, node)) return [];
  return names.map((name) => ({ name, kind: 'switch' }));
}

/** Whether a value says if something is there. */
function isTest(node: Node): boolean {
  const isComparison = node.type === 'BinaryExpression' && /^(?:in|[!=]==?)$/.test(String(node.operator));
  return isComparison || (node.type === 'UnaryExpression' && node.operator === '!') || isPresence(node);
}
