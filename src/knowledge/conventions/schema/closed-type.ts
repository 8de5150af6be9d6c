import { importOf, type Module, type Node, nameOf, unwrap } from '../../../code/module.ts';
import { allNodes, resolve } from '../../../code/scope.ts';

/**
 * Whether a type says which names an object literal has, so that one more does not compile (TS2353): an annotation or
 * `satisfies` on it, on the constant it is given to or on a literal it stands in, or a type argument of the call that
 * takes it. A type of the schema or of its result does not (measured with zod 4, joi 17, valibot 1, yup 1, effect 3,
 * superstruct 2 and TypeScript 5.9).
 */
export function isClosed(module: Module, object: Node, given: readonly Node[]): boolean {
  if (object.type !== 'ObjectExpression') return false;
  return [...given, ...typesOf(module, object)].some((type) => !isOpen({ module, object }, type));
}

interface Typed {
  module: Module;
  object: Node;
}

function typesOf(module: Module, object: Node): Node[] {
  return allNodes(module).flatMap((node): Node[] => {
    if (/^TS(?:As|Satisfies)Expression$|^TSTypeAssertion$/.test(node.type)) {
      const reached = reaches(node.expression as Node, object) || resolve(module, node.expression as Node) === object;
      return reached ? [node.typeAnnotation as Node] : [];
    }
    const annotation = node.type === 'VariableDeclarator' ? (node.id as Node).typeAnnotation : null;
    return annotation && node.init && reaches(node.init as Node, object) ? [annotation as Node] : [];
  });
}

/** Whether an expression is the object, or a literal in which it stands by properties alone. */
function reaches(expression: Node, object: Node): boolean {
  const bare = unwrap(expression);
  if (bare === object) return true;
  if (bare.type !== 'ObjectExpression' || bare.start > object.start || bare.end < object.end) return false;
  return (bare.properties as Node[]).some(({ type, value }) => type === 'Property' && reaches(value as Node, object));
}

/** Whether a type lets an object have names of any kind. What cannot be seen here may not. */
function isOpen(typed: Typed, type: Node, depth = 0): boolean {
  const open = (one: Node) => depth < 10 && isOpen(typed, one, depth + 1);
  switch (type.type) {
    case 'TSAnyKeyword':
    case 'TSUnknownKeyword':
    case 'TSObjectKeyword':
      return true;
    case 'TSTypeAnnotation':
    case 'TSParenthesizedType':
      return open(type.typeAnnotation as Node);
    case 'TSTypeLiteral':
      return hasIndex(type.members as Node[]);
    case 'TSUnionType':
    case 'TSIntersectionType':
      return (type.types as Node[]).some(open);
    case 'TSMappedType':
      return isAnyName((type.constraint ?? (type.typeParameter as Node | undefined)?.constraint) as Node | undefined);
    case 'TSTypeReference':
      return isOpenReference(typed, type, open);
    default:
      return false;
  }
}

function isOpenReference(typed: Typed, type: Node, open: (type: Node) => boolean): boolean {
  const name = nameOfType(type.typeName as Node);
  const given = (((type.typeArguments ?? type.typeParameters) as Node | null)?.params as Node[] | undefined) ?? [];
  if (name === 'const') return true;
  if (name === 'Record') return isAnyName(given[0]);
  if (/^(?:Partial|Readonly|Required|NonNullable)$/.test(name)) return given.length === 1 && open(given[0]!);
  const declared = allNodes(typed.module).find(
    ({ type: kind, id }) => /^TS(?:Interface|TypeAlias)Declaration$/.test(kind) && nameOf(id) === name,
  );
  if (declared?.type === 'TSInterfaceDeclaration') return hasIndex((declared.body as Node).body as Node[]);
  if (declared) return open(declared.typeAnnotation as Node);
  return isOfLibrary(typed, name.split('.')[0]!) && given.every(open);
}

/**
 * `z.ZodRawShape`, `SchemaMap`: a type of the library whose functions stand in the object knows no names of the
 * project's.
 */
function isOfLibrary({ module, object }: Typed, local: string): boolean {
  const from = importOf(module, local)?.from;
  if (!from) return false;
  const used = allNodes(module).filter(
    ({ type, start, end }) => type === 'Identifier' && object.start < start && end < object.end,
  );
  return used.some((one) => importOf(module, nameOf(one))?.from === from);
}

function nameOfType(name: Node): string {
  return name.type === 'TSQualifiedName' ? `${nameOfType(name.left as Node)}.${nameOf(name.right)}` : nameOf(name);
}

function hasIndex(members: readonly Node[]): boolean {
  return members.some(({ type }) => type === 'TSIndexSignature');
}

function isAnyName(type: Node | undefined): boolean {
  return (
    type?.type === 'TSStringKeyword' || (type?.type === 'TSTypeReference' && nameOf(type.typeName) === 'PropertyKey')
  );
}
