import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/**
 * JavaScript from one of our TypeScript templates: every span that is only type is cut out, the rest stays as written.
 * Knows what a template may hold (annotations, type imports, aliases and interfaces, `as`, `!`, type arguments); that
 * the result is JavaScript is proven by parsing it as such.
 */
export function eraseTypes(text: string): string {
  const tree = Parser.extend(tsPlugin()).parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
    preserveParens: true,
  });
  const cuts = cutsIn(tree as unknown as Node, text).sort((a, b) => a[0] - b[0]);
  let out = '';
  let from = 0;
  for (const [start, end] of cuts) {
    if (start < from) continue;
    out += text.slice(from, start);
    from = end;
  }
  // Where whole lines went, the blank ones above and below them meet.
  const erased = (out + text.slice(from)).replaceAll(/\n{3,}/g, '\n\n');
  Parser.parse(erased, { ecmaVersion: 'latest', sourceType: 'module' });
  return erased;
}

type Cut = [start: number, end: number];

function cutsIn(node: Node, text: string): Cut[] {
  const own = ownCuts(node, text);
  const children = Object.entries(node)
    .filter(([key]) => key !== 'loc')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(
      (value): value is Node => typeof value === 'object' && value !== null && 'type' in value && 'start' in value,
    );
  return own.concat(...children.map((child) => cutsIn(child, text)));
}

function ownCuts(node: Node, text: string): Cut[] {
  const expression = node.expression as Node | undefined;
  switch (node.type) {
    case 'TSTypeAnnotation':
    case 'TSTypeParameterDeclaration':
    case 'TSTypeParameterInstantiation':
      return [[optionalMark(text, node.start), node.end]];
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return [[expression!.end, node.end]];
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return [wholeLines(text, node)];
    case 'ImportDeclaration':
      return node.importKind === 'type' ? [wholeLines(text, node)] : typeSpecifiers(node, text);
    default:
      return [];
  }
}

/** `x?: T`: the question mark goes with the type. */
function optionalMark(text: string, start: number): number {
  return text[start - 1] === '?' && text[start] === ':' ? start - 1 : start;
}

/** The declaration with its lines and the comment right above it. */
function wholeLines(text: string, node: Node): Cut {
  const line = text.lastIndexOf('\n', node.start - 1) + 1;
  const comment = /\/\*\*(?:[^*]|\*(?!\/))*\*\/\n$/.exec(text.slice(0, line))?.[0] ?? '';
  const feed = text.indexOf('\n', node.end);
  return [line - comment.length, feed < 0 ? text.length : feed + 1];
}

function typeSpecifiers(node: Node, text: string): Cut[] {
  const specifiers = node.specifiers as Node[];
  const types = specifiers.filter((specifier) => specifier.importKind === 'type');
  if (types.length === 0) return [];
  const named = specifiers.filter((specifier) => specifier.type === 'ImportSpecifier');
  if (types.length === named.length) {
    const fallback = specifiers.find((specifier) => specifier.type === 'ImportDefaultSpecifier');
    return fallback ? [[fallback.end, text.indexOf('}', fallback.end) + 1]] : [wholeLines(text, node)];
  }
  return types.map((specifier) => {
    const after = specifiers.find((other) => other.start > specifier.start && !types.includes(other));
    if (after) return [specifier.start, specifiers[specifiers.indexOf(specifier) + 1]!.start];
    const before = specifiers.findLast((other) => other.start < specifier.start && !types.includes(other))!;
    return [before.end, types.at(-1)!.end];
  });
}
