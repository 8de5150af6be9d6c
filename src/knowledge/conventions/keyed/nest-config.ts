import { isFunction } from '../../../code/bindings.ts';
import { definitionOf } from '../../../code/definitions.ts';
import type { KeyedValue, KeyedValues } from '../../../code/libraries.ts';
import { keyOf, type Module, type Node, textOf, unwrap } from '../../../code/module.ts';
import { allNodes, callsIn } from '../../../code/scope.ts';
import type { SourceCode } from '../../../code/source-code.ts';
import { once } from '../../../memo.ts';

const specifier = '@nestjs/config';

/** Values that Nest's ConfigModule was given, and the keys under which its ConfigService has them. */
interface Registered {
  module: Module;
  node: Node;
  keys: readonly string[];
}

/**
 * `ConfigService` of Nest: `get('database.url')` is what a function says that was registered as `database`, or that
 * `ConfigModule` loads.
 */
export async function nestConfig(code: SourceCode): Promise<KeyedValues | null> {
  const registered = once(() => code.files.flatMap((file) => registeredIn(code, file)));
  return {
    isAskedOf: (from, name) => from === specifier && name === 'ConfigService',
    at: (keys) => ({
      variables: [],
      values: registered().flatMap((one): KeyedValue[] => {
        const isAsked = one.keys.every((key, index) => key === keys[index]);
        return isAsked ? [{ ...one, keys: keys.slice(one.keys.length) }] : [];
      }),
    }),
  };
}

function registeredIn(code: SourceCode, file: string): Registered[] {
  const text = code.project.read(file) ?? '';
  if (!text.includes(specifier) || !/\bregisterAs\b|\bload\b/.test(text)) return [];
  const module = code.module(file);
  return module ? [...namedIn(code, module), ...loadedIn(code, module)] : [];
}

/** `registerAs('database', () => ({…}))`. */
function namedIn(code: SourceCode, module: Module): Registered[] {
  return callsIn(module, 'registerAs').flatMap((call) => {
    const [name, node] = call.arguments as Node[];
    const key = textOf(name);
    return key !== null && node && isOfNest(code, module, call) ? [{ module, node, keys: [key] }] : [];
  });
}

/** `load: [configuration]`, but for what is registered under a name. */
function loadedIn(code: SourceCode, module: Module): Registered[] {
  return allNodes(module).flatMap((node) => {
    const list = node.type === 'Property' && keyOf(node) === 'load' ? unwrap(node.value as Node) : null;
    if (list?.type !== 'ArrayExpression') return [];
    return (list.elements as (Node | null)[]).flatMap((element) => {
      const made = element && (isFunction(element) ? element : unwrap(element));
      const isFound = made && definitionOf(code, module, made)?.kind === 'function';
      return isFound ? [{ module, node: made, keys: [] }] : [];
    });
  });
}

function isOfNest(code: SourceCode, module: Module, call: Node): boolean {
  const definition = definitionOf(code, module, call.callee as Node);
  return definition?.kind === 'package' && definition.from === specifier;
}
