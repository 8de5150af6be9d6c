import { type Module, type Node, nameOf, nodesIn, unwrap } from './module.ts';

/** What is looked up in a module again and again, gathered once. */
interface Index {
  nodes: Node[];
  functions: { node: Node; parameters: Set<string> }[];
  declarators: Map<string, Node[]>;
}

const indexes = new WeakMap<Module, Index>();

function indexOf(module: Module): Index {
  const known = indexes.get(module);
  if (known) return known;
  const nodes = nodesIn(module.body);
  const index: Index = { nodes, functions: [], declarators: new Map() };
  for (const node of nodes) {
    if (functions.includes(node.type)) {
      const parameters = new Set(nodesIn(node.params).map(nameOf).filter(Boolean));
      index.functions.push({ node, parameters });
    } else if (node.type === 'VariableDeclarator' && node.init && nameOf(node.id)) {
      const name = nameOf(node.id);
      index.declarators.set(name, [...(index.declarators.get(name) ?? []), node]);
    }
  }
  indexes.set(module, index);
  return index;
}

/** Every node of the module. */
export function allNodes(module: Module): Node[] {
  return indexOf(module).nodes;
}

/** What names of the module are declared to be, wherever they are. */
export function declaredValues(module: Module, name: string): Node[] {
  return (indexOf(module).declarators.get(name) ?? []).map(({ init }) => init as Node);
}

interface Constant {
  name: string;
  init: Node;
  /** The name it is exported under, or null. */
  exported: string | null;
}

/** The constants at the top of the module. */
export function constantsOf({ body }: Module): Constant[] {
  const later = new Map(
    body
      .filter(({ type, source }) => type === 'ExportNamedDeclaration' && !source)
      .flatMap(({ specifiers }) =>
        (specifiers as Node[]).map((one) => [nameOf(one.local), nameOf(one.exported)] as const),
      ),
  );
  return body.flatMap((statement) => {
    const exported = statement.type === 'ExportNamedDeclaration';
    const declaration = exported ? (statement.declaration as Node | null) : statement;
    if (declaration?.type !== 'VariableDeclaration') return [];
    return (declaration.declarations as Node[]).flatMap(({ id, init }) => {
      const name = nameOf(id);
      return init && name ? [{ name, init: init as Node, exported: exported ? name : (later.get(name) ?? null) }] : [];
    });
  });
}

const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** What an expression is once a name is followed to its constant, in the function it stands in or at the top; null where it is imported, a parameter or computed. */
export function resolve(module: Module, node: Node, seen: readonly Node[] = []): Node | null {
  const bare = unwrap(node);
  if (bare.type !== 'Identifier') return bare;
  if (seen.includes(bare)) return null;
  const init = declarationOf(module, nameOf(bare), bare.start);
  return init && resolve(module, init, [...seen, bare]);
}

/** The innermost declaration of a name that is seen from an offset; null for a parameter. */
function declarationOf(module: Module, name: string, at: number): Node | null {
  const { functions: all, declarators } = indexOf(module);
  const named = declarators.get(name) ?? [];
  const holds = ({ start, end }: Node, offset: number) => start <= offset && offset < end;
  const around = all.filter(
    ({ node, parameters }) => holds(node, at) && (parameters.has(name) || named.some((one) => holds(node, one.start))),
  );
  for (const { node, parameters } of around.reverse()) {
    if (parameters.has(name)) return null;
    const own = named.find(
      (one) =>
        holds(node, one.start) &&
        !all.some(
          (inner) =>
            inner.node !== node &&
            holds(node, inner.node.start) &&
            holds(inner.node, one.start) &&
            !holds(inner.node, at),
        ),
    );
    if (own) return own.init as Node;
  }
  return constantsOf(module).find((one) => one.name === name)?.init ?? null;
}
