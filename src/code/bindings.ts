import { importedName, keyOf, type Node, nameOf, sourceOf, textOf } from './module.ts';

/** What a name is declared as. */
export interface Binding {
  name: string;
  kind: 'import' | 'variable' | 'parameter' | 'function' | 'class' | 'enum' | 'type' | 'other';
  /** The identifier that declares it. */
  id: Node;
  /** Of a variable: what it, or the pattern it stands in, is given; null where nothing is written there. */
  init: Node | null;
  /** Of a destructured variable or parameter: the way into what is given, the outermost key first. */
  keys: string[];
  /** What it is where what is given has nothing there. */
  fallback: Node | null;
  /** Of `...rest`: all but these keys. */
  rest: boolean;
  /** Of an import: the specifier, and the name in that module (`*` and `default` for those forms). */
  from: string;
  imported: string;
  /** Of a parameter: its function and its place; of a function, class, enum or type: that. */
  owner: Node | null;
  index: number;
  /** `var`, which belongs to the function around it. */
  hoisted: boolean;
}

const blank = {
  init: null,
  keys: [],
  fallback: null,
  rest: false,
  from: '',
  imported: '',
  owner: null,
  index: -1,
  hoisted: false,
};

/** Whether a node is a function with a body of its own. */
export function isFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';
}

/** A name, and whether it is declared inside the node or in the scope around it. */
interface Declared {
  binding: Binding;
  place: 'inside' | 'around';
}

const around = (binding: Binding): Declared => ({ binding, place: 'around' });
const inside = (binding: Binding): Declared => ({ binding, place: 'inside' });

/** What a node declares by itself. */
export function bindingsOf(node: Node): readonly Declared[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return (node.specifiers as Node[]).map((one) => around(imported(one, sourceOf(node))));
    case 'TSImportEqualsDeclaration':
      return [around(importEquals(node))];
    case 'VariableDeclaration':
      return (node.declarations as Node[]).flatMap(({ id, init }) =>
        declaredIn(id as Node, { ...blank, init: (init as Node | null) ?? null, hoisted: node.kind === 'var' }).map(
          around,
        ),
      );
    case 'FunctionDeclaration':
      return [...named(node, 'function').map(around), ...parametersOf(node).map(inside)];
    case 'FunctionExpression':
      return [...named(node, 'function').map(inside), ...parametersOf(node).map(inside)];
    case 'ArrowFunctionExpression':
      return parametersOf(node).map(inside);
    case 'ClassDeclaration':
      return named(node, 'class').map(around);
    case 'ClassExpression':
      return named(node, 'class').map(inside);
    case 'TSEnumDeclaration':
      return named(node, 'enum').map(around);
    case 'TSTypeAliasDeclaration':
      return named(node, 'type').map(around);
    case 'TSModuleDeclaration':
      return named(node, 'other').map(around);
    case 'CatchClause':
      return node.param ? declaredIn(node.param as Node, blank).map((one) => inside({ ...one, kind: 'other' })) : [];
    default:
      return [];
  }
}

function imported(specifier: Node, from: string): Binding {
  const id = specifier.local as Node;
  return { ...blank, kind: 'import', name: nameOf(id), id, from, imported: importedName(specifier) };
}

/** `import fs = require('fs')`; of a namespace (`import A = B.C`) nothing is known. */
function importEquals(node: Node): Binding {
  const id = node.id as Node;
  const from = textOf((node.moduleReference as Node).expression as Node | undefined);
  return from === null
    ? { ...blank, kind: 'other', name: nameOf(id), id }
    : { ...blank, kind: 'import', name: nameOf(id), id, from, imported: '*' };
}

function named(node: Node, kind: Binding['kind']): Binding[] {
  const id = node.id as Node | null;
  return id?.type === 'Identifier' ? [{ ...blank, kind, name: nameOf(id), id, owner: node }] : [];
}

function parametersOf(owner: Node): Binding[] {
  return (owner.params as Node[]).flatMap((param, index) =>
    declaredIn(param, { ...blank, owner, index }).map((one) => ({ ...one, kind: 'parameter' as const })),
  );
}

/** The names in a pattern. No recursion: patterns may be deep. */
function declaredIn(pattern: Node, given: Omit<Binding, 'kind' | 'name' | 'id'>): Binding[] {
  const found: Binding[] = [];
  const open = [{ node: pattern, ...given }];
  while (open.length > 0) {
    const { node, ...one } = open.pop()!;
    const below = (inner: Node | null, key: string, rest = false) => {
      if (inner) open.push({ ...one, node: inner, keys: rest ? one.keys : [...one.keys, key], rest, fallback: null });
    };
    switch (node.type) {
      case 'Identifier':
        found.push({ ...one, kind: 'variable', name: nameOf(node), id: node });
        break;
      case 'AssignmentPattern':
        open.push({ ...one, node: node.left as Node, fallback: node.right as Node });
        break;
      case 'TSParameterProperty':
        open.push({ ...one, node: node.parameter as Node });
        break;
      case 'RestElement':
        below(node.argument as Node, '', true);
        break;
      case 'ObjectPattern':
        for (const property of node.properties as Node[])
          if (property.type === 'RestElement') below(property.argument as Node, '', true);
          else below(property.value as Node, keyOf(property) || '*');
        break;
      case 'ArrayPattern':
        for (const [index, element] of (node.elements as (Node | null)[]).entries())
          below(element, String(index), element?.type === 'RestElement');
        break;
    }
  }
  return found;
}
