import { literally } from '../pattern.ts';
import { keyOf, type Module, type Node, nameOf } from './module.ts';
import type { PossibleRead } from './reads.ts';
import { ancestorsOf } from './scope.ts';

/**
 * Whether the text of another module may ask for a variable that these modules read and keep under a name of their own,
 * as `config.redis.url`: by the text, so that the parser is for those that may.
 */
export function askingFor(
  modules: readonly { module: Module; readings: readonly PossibleRead[] }[],
): (text: string) => boolean {
  const ways = new Set(
    modules.flatMap(({ module, readings }) => readings.flatMap(({ node }) => wayTo(module, node) ?? [])),
  );
  if (ways.size === 0) return () => false;
  const asking = new RegExp(`(?<![\\w$])(?:${[...ways].join('|')})(?![\\w$])`);
  return (text) => asking.test(text);
}

/** What others write for what a node is kept under, as a pattern; null where that is no name of its own. */
function wayTo(module: Module, node: Node): string | null {
  const [keeper, ...others] = [...ancestorsOf(module, node)].filter(({ type }) => isKeeper.test(type));
  const name = keeper ? nameGivenBy(keeper) : '';
  if (name === '') return null;
  const [outer] = keeper!.type === 'Property' ? others : [];
  const object = outer?.type === 'Property' ? nameGivenBy(outer) : '';
  if (object !== '') return `${literally(object)}\\s*[?!]?\\.\\s*${literally(name)}`;
  // `url` alone may be anything's.
  return /[a-z\d][A-Z]|_/.test(name) ? literally(name) : null;
}

/** What gives a value a name: a property, a member of a class, a constant, a function. */
const isKeeper = /^(?:Property|PropertyDefinition|MethodDefinition|VariableDeclarator|FunctionDeclaration)$/;

function nameGivenBy(node: Node): string {
  return keyOf(node) || nameOf(node.id);
}
