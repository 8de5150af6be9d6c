import type { Module, Node } from './module.ts';
import type { SourceCode } from './source-code.ts';

/** What is known of libraries that do with values what their syntax does not tell. */
export interface Libraries {
  /** Each looks whether the project has values that its library gives by keys; null where it has none. */
  keyed: readonly ((code: SourceCode) => Promise<KeyedValues | null>)[];
  /** Options whose text is the name of a variable that the library reads. */
  namingOptions: readonly string[];
  /** Options that hold a class, of which a container makes one, and the methods that it calls for the options. */
  classOptions: { names: readonly string[]; methods: RegExp };
}

/** For who looks at code without its values. */
export const noLibraries: Libraries = { keyed: [], namingOptions: [], classOptions: { names: [], methods: /^$/ } };

/** Values that a library gives to who asks for them by keys, as node-config does: `config.get('db.url')`. */
export interface KeyedValues {
  /** Whether they are asked of what a module exports under a name; `from` is null for a name that is a global. */
  isAskedOf(from: string | null, name: string): boolean;
  /** What is had for the keys: variables, and values that are written in the project's code. */
  at(keys: readonly string[]): { variables: readonly string[]; values: readonly KeyedValue[] };
}

/** A value in the project's code, and what is still asked of it. */
export interface KeyedValue {
  module: Module;
  node: Node;
  keys: readonly string[];
}

/** The keys in a text that says a way: `db.url`, `db:url`; null where it says none. */
export function keysIn(text: string): string[] | null {
  return /^[\w$-]+(?:[.:][\w$-]+)*$/.test(text) ? text.split(/[.:]/) : null;
}
