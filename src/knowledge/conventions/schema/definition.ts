import type { Module, Node } from '../../../code/module.ts';
import { packageOf } from '../../../project/package-name.ts';
import type { LeftAlone } from '../../../types/env-docs.ts';
import { type Convention, conventionDefaults, type ProjectView } from '../convention.ts';
import { candidates } from './candidates.ts';
import type { Slot } from './slots.ts';
import type { Validator } from './validator.ts';

/** How a module is read as syntax. It loads a parser, so a convention is handed it when there is a module to read. */
export type Syntax = typeof import('./syntax.ts');

/** A schema of the environment as a convention finds it in a module. */
export interface FoundSchema {
  /** Where the environment is handed to it, or where it stands. */
  at: Node;
  /** A variable has to stand in one list of each group. */
  groups: Slot[][];
  /** The object of validators is imported from there. */
  elsewhere?: { from: string; name: string } | null;
  /** Whether the value of that call is the variables as they are listed. */
  holds?: boolean;
  /** Whether it takes an empty value for an absent one. */
  emptyIsAbsent?: boolean;
  leftAlone?: LeftAlone | null;
  /** What of it the host's entry cannot reach, where that is why it is left alone. */
  outOfReach?: string;
}

/** A convention by which a module of the project lists the variables that it checks, or their types. */
export interface SchemaDefinition {
  name: string;
  kind?: 'schema' | 'types';
  /** What such a module imports: packages, or entry points of them; empty where it imports none. */
  packages: readonly string[];
  /**
   * What the text of such a module says beside the import; by default, that it hands the environment to something as a
   * whole or by its names.
   */
  mentions?: RegExp;
  /** How a module that does not import the library hands the environment to a schema from another module. */
  hands?: RegExp;
  /** Which files to look at, where that is not all of the project's own code. */
  files?: (view: ProjectView) => string[];
  /** As `Convention` says. By default true. */
  reachableFromEntry?: boolean;
  ranked?: boolean;
  because?: string;
  schemasIn(module: Module, syntax: Syntax): FoundSchema[];
  /**
   * How its entries are written, where they are calls of its library: modules of other conventions have such entries,
   * too.
   */
  validators?: readonly Validator[];
}

/** A convention of that definition. What reads and writes modules is loaded where there is one. */
export function schemaConvention(definition: SchemaDefinition): Convention {
  const { name, kind = 'schema', packages, reachableFromEntry = true, ranked = true } = definition;
  return {
    ...conventionDefaults,
    name,
    kind,
    packages: [...new Set(packages.map(packageOf))],
    reachableFromEntry,
    ranked,
    schema: definition,
    find: async (view) => {
      const files = candidates(view, definition);
      if (files.length === 0) return [];
      const { findSchemas } = await import('./find.ts');
      return findSchemas(view, definition, files);
    },
    declare: async (text, variable, doc, all) => {
      const { declareInModule } = await import('./declare.ts');
      const validators = all.flatMap(({ schema }) => schema?.validators ?? []);
      return declareInModule(text, { definition, doc, validators }, variable);
    },
  };
}
