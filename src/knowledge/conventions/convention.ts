import type { Module } from '../../code/module.ts';
import type { Sources } from '../../code/source-code.ts';
import type { Declaration } from '../../edit/dotenv/insert.ts';
import type { Refusal } from '../../edit/splice.ts';
import { literally } from '../../pattern.ts';
import { declaration, type Manifest } from '../../project/manifest.ts';
import { packageOf } from '../../project/package-name.ts';
import type { Project } from '../../project/project.ts';
import type { EnvDoc } from '../../types/env-docs.ts';
import type { SchemaDefinition } from './schema/definition.ts';
import type { TemplateFile } from './template-files.ts';

/**
 * One way in which projects write their variables down. Adding one is adding its file, its line in `index.ts` and its
 * row in docs/env-conventions.md.
 */
export interface Convention {
  /** What `EnvDoc.kind` says. */
  name: string;
  /**
   * What such a doc is: a `template` of an env file, `prose` for readers, a `schema` that checks the environment, the
   * `types` of its variables, a `list` by which a tool passes them on, a `secret-manager`'s, or only `named`.
   */
  kind: 'template' | 'prose' | 'schema' | 'types' | 'list' | 'secret-manager' | 'named';
  /** The packages of which a project that follows it declares one; empty where any project may. */
  packages: readonly string[];
  /**
   * Finds its docs. `found`: those of the conventions before it in the list, which a file with a meaning of its own
   * belongs to.
   */
  find(view: ProjectView, found: readonly EnvDoc[]): EnvDoc[] | Promise<EnvDoc[]>;
  /** Writes a variable into the text of one of its docs; null where such docs are only reported. */
  declare: Declare | null;
  /** Whether the program stops where a variable that such a doc lists is not set. */
  requiresValues: boolean;
  /**
   * Whether what such a doc says can be had by importing it: false where the values stay inside a framework's
   * container.
   */
  reachableFromEntry: boolean;
  /**
   * Whether of several docs only those take a variable that have its family, else the main one; otherwise each does.
   */
  ranked: boolean;
  /** Whether each line stands for itself, so that their order means nothing. */
  independentLines: boolean;
  /** What who starts the program has to know once such a doc was edited, or null. */
  advice: string | null;
  /** How its modules are read and written, where its docs are modules. */
  schema: SchemaDefinition | null;
}

/** Pure: text in, text out; the same text where it has the variable already. `all`: every convention. */
export type Declare = (
  text: string,
  variable: DocDeclaration,
  doc: EnvDoc,
  all: readonly Convention[],
) => Edit | Promise<Edit>;

/** A new text, or why there is none. */
export type Edit = { text: string } | Refusal;

/** A variable to be written down, and what its place depends on. */
export interface DocDeclaration extends Declaration {
  /** Whether nothing else in the project documents its variables. */
  sole: boolean;
  /** Whether it is a URL of one host, which a check of URLs lets pass. */
  url: boolean;
  /** The longest line that the project's formatter leaves as it is; null where nothing says. */
  width: number | null;
}

/** What a convention may look at to find its docs. Reads only. */
export interface ProjectView {
  project: Project;
  manifest: Manifest;
  /** The folders in which docs may stand: of the host, of the package, and up to the workspace root. */
  folders: readonly string[];
  sourceRoot: string;
  /** Where the host's entry is, or will be. */
  entry: string;
  /** Whether a file is code that the host itself loads. */
  isOwnCode(path: string): boolean;
  /** Whether a variable is one of some database. */
  isOfDatabase(name: string): boolean;
  /** Whether a file of that name configures a tool that manages a schema. */
  isSignOfOwner(name: string): boolean;
  /** The package's own code. Looking for it costs, so only who needs it asks. */
  source(): Sources;
  templates(): TemplateFile[];
  /** The modules that were read for their schemas, strictly, as what is to be edited; null where one does not parse. */
  modules: Map<string, Module | null>;
}

/** The properties that most conventions share. */
export const conventionDefaults = {
  packages: [],
  requiresValues: false,
  reachableFromEntry: true,
  ranked: false,
  independentLines: false,
  advice: null,
  schema: null,
} as const satisfies Partial<Convention>;

/** Whether a project declares one of those packages. */
export function declaresAny({ manifest }: ProjectView, packages: readonly string[]): boolean {
  return packages.some((name) => declaration(manifest, packageOf(name)) !== null);
}

/** The pattern of what imports those packages, or entry points below them, say: `zod`, `zod/v4`. */
export function specifierPattern(packages: readonly string[]): string {
  return `(?:${packages.map(literally).join('|')})(?:/[^'"\\n]*)?`;
}
