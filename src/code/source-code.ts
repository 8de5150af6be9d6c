import { kept } from '../memo.ts';
import type { Project } from '../project/project.ts';
import type { SourceFiles } from '../project/source-files.ts';
import type { Definition } from './definitions.ts';
import type { Home } from './exports.ts';
import type { Enters } from './follow.ts';
import { type KeyedValues, type Libraries, noLibraries } from './libraries.ts';
import type { Module, Node } from './module.ts';
import { type Passing, passingOf } from './passing.ts';
import type { Imports } from './reaching.ts';
import type { LocalPackage, Specifiers } from './specifiers.ts';
import type { Barren } from './trace.ts';

/** The project's own files, and their code once somebody needs it. */
export interface Sources extends SourceFiles {
  /** Loads the parser. The same code each time. */
  code(): Promise<SourceCode>;
}

/** The project's code as syntax: each module is read and parsed once, and only when it is asked for. */
export interface SourceCode extends SourceFiles, Specifiers {
  project: Project;
  /** Packages of the same repository that this one runs. */
  packages: readonly LocalPackage[];
  /**
   * A file as a module, the scripts of a component included; null where there is none, or it does not parse, or is no
   * person's code.
   */
  module(path: string): Module | null;
  /** The files that were asked for as modules and could not be had. */
  unread: ReadonlySet<string>;
  /** Whether the name of a variable may be written in a module or is passed on by it, for following names there. */
  mayWriteName: Enters;
  libraries: Libraries;
  /** The values that libraries give by keys in this project. */
  keyed: readonly KeyedValues[];
  /** How many values may still be looked at in this run. */
  budget: { steps: number };
  /**
   * What has been worked out of exported names, expressions and modules that pass others on, so that it is worked out
   * once: by the question into which modules names are followed.
   */
  known: {
    homes: Map<Enters | undefined, Map<string, Home | null>>;
    definitions: Map<Enters | undefined, Map<Node, Definition | null>>;
    passing: Map<string, Passing>;
    imports: Map<string, Imports>;
    /** Of those who look only for variables, and into functions only where they are given the name of one. */
    barren: Barren;
  };
}

/**
 * Of one file, and of all that are parsed in one run, in characters: a second of parsing. Beyond it the code counts as
 * not all read.
 */
const limits = { file: 400_000, all: 4_000_000, steps: 250_000 };

/** The code of these files, read as it is asked for. */
export async function openCode(
  project: Project,
  { files, complete }: SourceFiles,
  packages: readonly LocalPackage[],
  libraries: Libraries = noLibraries,
): Promise<SourceCode> {
  const { parseModule } = await import('./parse.ts');
  const { scriptsOf } = await import('./scripts.ts');
  const { openSpecifiers } = await import('./specifiers.ts');
  const modules = new Map<string, Module | null>();
  const unread = new Set<string>();
  let left = limits.all;
  const codeIn = (path: string, text: string): string | null =>
    /\.(?:vue|svelte|astro)$/.test(path) ? scriptsOf(path, text) : text;
  const parse = (path: string): Module | null => {
    const text = project.read(path);
    if (text === null) return null;
    const script = codeIn(path, text);
    if (script === null) return null;
    const fits = script.length <= Math.min(limits.file, left);
    const module = fits ? parseModule(script, script === text ? path : '', false) : null;
    if (fits) left -= script.length;
    if (!module) unread.add(path);
    return module && { ...module, path };
  };
  const code: SourceCode = {
    project,
    files,
    complete,
    packages,
    unread,
    mayWriteName: (path) => passingOf(code, path).names || passingOf(code, path).texts,
    libraries,
    keyed: [],
    budget: { steps: limits.steps },
    known: { homes: new Map(), definitions: new Map(), passing: new Map(), imports: new Map(), barren: new Map() },
    ...(await openSpecifiers(project, files, packages)),
    module: (path) => kept(modules, path, () => parse(path)),
  };
  const keyed = await Promise.all(libraries.keyed.map((open) => open(code)));
  code.keyed = keyed.filter((one) => one !== null);
  return code;
}
