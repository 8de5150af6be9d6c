import { passingOf } from './follow.ts';
import type { SourceCode } from './source-code.ts';

/** A module that a file brings in, and the names that it takes of it; null where its text does not tell them. */
interface Brought {
  module: string;
  names: readonly string[] | null;
}

/** Specifiers as they stand in a text, behind the words that bring a module in. */
const brought = /\b(?:from|import|require)\s*(?:\(\s*)?(?:\/\*[^*]{0,200}\*\/\s*)?(['"`])([^'"`\s]{1,300})\1/g;

/** Whether a file can reach a module, by one of its names that fits. */
export type Reaches = (file: string, home: string, fits: (name: string) => boolean) => boolean;

/**
 * Whether a file can reach what a module declares: it brings in the module itself, or one that passes on what leads
 * there, and takes a name that may be of it. By the texts, nothing is parsed; what one file brings in is looked up once.
 */
export function reachingIn(code: SourceCode): Reaches {
  const known = new Map<string, readonly Brought[]>();
  const broughtBy = (file: string): readonly Brought[] => {
    const before = known.get(file);
    if (before) return before;
    const found = broughtIn(code, file);
    known.set(file, found);
    return found;
  };
  const barren = new Map<string, Set<string>>();
  return (file, home, fits) => {
    const without = barren.get(home) ?? new Set<string>();
    barren.set(home, without);
    const taken = broughtBy(file).filter(({ names }) => names?.some(fits) ?? true);
    const isOnward = (next: string) => !without.has(next) && passingOf(code, next).names;
    const passed = new Set(taken.map(({ module }) => module));
    if (passed.has(home)) return true;
    for (const one of passed) if (!isOnward(one)) passed.delete(one);
    // What is added on the way is looked at, too.
    for (const one of passed) {
      const modules = broughtBy(one).map(({ module }) => module);
      if (modules.includes(home)) return true;
      for (const module of modules) if (isOnward(module)) passed.add(module);
    }
    for (const one of passed) without.add(one);
    return false;
  };
}

function broughtIn(code: SourceCode, file: string): Brought[] {
  const text = code.project.read(file) ?? '';
  return [...text.matchAll(brought)].flatMap((match): Brought[] => {
    const module = code.leadTo(file, match[2]!);
    return module === null ? [] : [{ module, names: match[0].startsWith('from') ? namesBefore(text, match.index) : null }];
  });
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
  return (name) =>
    whole || name === 'default' || name === '*' || standsThere(name) || renamedIn(code, files).has(name);
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
