import { bindingsOf } from './bindings.ts';
import { keyOf, type Module, type Node, nameOf, propertyOf, requiredBy, textOf, unwrap } from './module.ts';
import { textBehind } from './names.ts';
import { allNodes, bindingOf, parentOf } from './scope.ts';
import type { SourceCode } from './source-code.ts';
import { trace } from './trace.ts';
import { keyAt } from './visit-name.ts';

/** What tells a reading of a variable where no environment can be seen. */
export interface VariableNaming {
  isName(text: string): boolean;
  /** Whether what a library checks is known without its modules being read here. */
  isRead(specifier: string): boolean;
}

/** A place of a module that reads what has the name of a variable. */
export interface PossibleRead {
  name: string;
  node: Node;
}

/**
 * The variables that a module reads, of what `readingsIn` has found in it: as a member or an element of an environment
 * or of what was made of one, by destructuring, by the call of a function that is given their name, by an import of the
 * variable itself, in an option that names it, or where a library checks it. What only has such a name is none.
 */
export function readsIn(code: SourceCode, module: Module, readings: readonly PossibleRead[]): string[] {
  const found = new Set<string>();
  for (const { name, node } of readings) if (!found.has(name) && isRead(code, module, node, name)) found.add(name);
  return [...found];
}

/** The places of a module that read what has the name of a variable. */
export function readingsIn(code: SourceCode, module: Module, names: VariableNaming): PossibleRead[] {
  return allNodes(module).flatMap((node) => readsAt(code, module, node, names).map((name) => ({ name, node })));
}

function readsAt(code: SourceCode, module: Module, node: Node, names: VariableNaming): string[] {
  const { isName } = names;
  const own = (name: string | null) => (name !== null && isName(name) ? [name] : []);
  switch (node.type) {
    case 'MemberExpression': {
      const parent = parentOf(module, node);
      const written = parent?.type === 'AssignmentExpression' && parent.left === node;
      return written ? [] : own(keyAt(code, { module, frame: null }, node));
    }
    case 'VariableDeclaration':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return bindingsOf(node).flatMap(({ binding }) => own(binding.keys.at(-1) ?? null));
    case 'ImportDeclaration':
      return bindingsOf(node).flatMap(({ binding }) => own(binding.imported));
    case 'CallExpression': {
      const [first] = node.arguments as Node[];
      const unused = parentOf(module, node)?.type === 'ExpressionStatement';
      return first && !unused ? own(textBehind(code, { module, frame: null }, first)) : [];
    }
    case 'BinaryExpression':
      return node.operator === 'in' ? own(textOf(unwrap(node.left as Node))) : [];
    case 'Property':
      if (code.libraries.namingOptions.includes(keyOf(node))) return own(textOf(unwrap(node.value as Node)));
      return isName(keyOf(node)) && isChecked(code, module, node.value as Node, names) ? [keyOf(node)] : [];
    default:
      return [];
  }
}

/** Whether a value says how another library checks what stands under its key: `string()`, `{ type: 'string' }`. */
function isChecked(code: SourceCode, module: Module, value: Node, { isRead }: VariableNaming): boolean {
  let root = unwrap(value);
  if (root.type === 'ObjectExpression') return textOf(propertyOf(root, 'type')) !== null;
  if (root.type !== 'CallExpression' && root.type !== 'MemberExpression') return false;
  while (root.type === 'CallExpression' || root.type === 'MemberExpression')
    root = unwrap((root.callee ?? root.object) as Node);
  const binding = root.type === 'Identifier' ? bindingOf(module, root) : null;
  const from = binding?.kind === 'import' ? binding.from : requiredBy(binding?.init);
  return typeof from === 'string' && code.leadTo(module.path, from) === null && !isRead(from);
}

/**
 * Whether what has the name of a variable may be it: not a constant of that name, nor what a function that reads
 * nothing gives.
 */
function isRead(code: SourceCode, module: Module, node: Node, name: string): boolean {
  if (node.type !== 'MemberExpression' && node.type !== 'CallExpression') return true;
  if (/^console\./.test(nameOf(node.callee))) return false;
  const { variables, literals } = trace(code, { module, node }, (text) => text === name, { shallow: true });
  return variables.some((one) => one.name === name) || (node.type === 'MemberExpression' && literals.length === 0);
}
