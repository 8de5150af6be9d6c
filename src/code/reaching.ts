import { kept } from '../memo.ts';
import { passingOf } from './follow.ts';
import type { SourceCode } from './source-code.ts';

/** What a file brings in by one specifier. */
export interface Brought {
  specifier: string;
  /** The module of the project that it leads to; null where it leads out or nowhere. */
  module: string | null;
  /** The names that are taken of it; null where the text does not tell them. */
  names: readonly string[] | null;
}

/** Specifiers as they stand in a text, behind the words that bring a module in. */
const specifiers = /\b(?:from|import|require)\s*(?:\(\s*)?(?:\/\*[^*]{0,200}\*\/\s*)?(['"`])([^'"`\s]{1,300})\1/g;

/** What a file brings in, as its text says; of each asked once. */
function broughtBy(code: SourceCode, file: string): readonly Brought[] {
  return kept(code.known.brought, file, () => {
    const text = code.project.read(file) ?? '';
    return [...text.matchAll(specifiers)].map((match): Brought => {
      const names = match[0].startsWith('from') ? namesBefore(text, match.index) : null;
      return { specifier: match[2]!, module: code.leadTo(file, match[2]!), names };
    });
  });
}

/** Whether a file can reach a module, by one of its names that fits. */
export type Reaches = (file: string, home: string, fits: (name: string) => boolean) => boolean;

/**
 * Whether a file can reach what a module declares: it brings in the module itself, or one that passes on what leads
 * there, and takes a name that may be of it. By the texts, nothing is parsed.
 */
export function reachingIn(code: SourceCode): Reaches {
  const leading = new Map<string, (path: string) => boolean>();
  return (file, home, fits) => {
    const leads = kept(leading, home, () => leadingTo(code, [home]));
    return broughtBy(code, file).some(
      ({ module, names }) => module !== null && (names?.some(fits) ?? true) && leads(module),
    );
  };
}

/**
 * Whether a module is one of these, or passes on what leads to one: to a module, or to a package that fits. By the
 * texts.
 */
export function leadingTo(
  code: SourceCode,
  modules: readonly string[],
  isPackage: (specifier: string) => boolean = () => false,
): (path: string) => boolean {
  const own = new Set(modules);
  const barren = new Set<string>();
  const passedOnBy = (path: string) => (barren.has(path) || !passingOf(code, path).names ? [] : broughtBy(code, path));
  return (path) => {
    const passed = new Set([path]);
    // What is added on the way is looked at, too.
    for (const one of passed) {
      const next = passedOnBy(one);
      if (own.has(one) || next.some(({ specifier, module }) => module === null && isPackage(specifier))) return true;
      for (const { module } of next) if (module !== null) passed.add(module);
    }
    for (const one of passed) barren.add(one);
    return false;
  };
}

/** The names in braces in front of `from`; null where more than those are taken. */
function namesBefore(text: string, at: number): string[] | null {
  const clause = /\b(?:import|export)\s+(?:type\s+)?\{([^{}]*)\}\s*$/.exec(text.slice(Math.max(0, at - 2000), at))?.[1];
  if (clause === undefined) return null;
  return clause.split(',').map((one) => /^(?:type\s+)?([\w$]*)/.exec(one.trim())![1]!);
}

/**
 * Whether a name that a module exports may be declared in one of these: it stands in the text of one, or modules that
 * pass names on give it another. `files`: all that may pass on names.
 */
export function namesOfModules(
  code: SourceCode,
  modules: readonly string[],
  files: readonly string[],
): (name: string) => boolean {
  const whole = modules.some((one) => passingOf(code, one).whole);
  let words: Set<string> | undefined;
  const standsThere = (name: string) => {
    words ??= new Set(modules.flatMap((one) => (code.project.read(one) ?? '').match(/[\w$]+/g) ?? []));
    return words.has(name);
  };
  return (name) => whole || name === 'default' || name === '*' || standsThere(name) || renamedIn(code, files).has(name);
}

/** The names that modules give to what they pass on. */
function renamedIn(code: SourceCode, files: readonly string[]): ReadonlySet<string> {
  const { known } = code;
  known.renamed ??= new Set(
    files
      .filter((file) => passingOf(code, file).names)
      .flatMap((file) => [...(code.project.read(file) ?? '').matchAll(/\bas\s+([\w$]+)/g)].map((match) => match[1]!)),
  );
  return known.renamed;
}
