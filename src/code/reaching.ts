import { kept, once } from '../memo.ts';
import { bringing } from './bringing.ts';
import { isExportedBy } from './exports.ts';
import type { Module, Node } from './module.ts';
import { declaresCode, passingOf } from './passing.ts';
import { bindingOf, topBinding } from './scope.ts';
import type { SourceCode } from './source-code.ts';

/** What a file brings in by one specifier. */
export interface Brought {
  specifier: string;
  /** The module of the project that it leads to, looked up when it is asked; null where it leads out or nowhere. */
  module(): string | null;
  /** The names that are taken of it; null where the text does not tell them. */
  names: readonly string[] | null;
  /** The clause in which they stand; '' without one. */
  clause: string;
  /** Whether the file may pass it on; what it imports for itself alone it does not. */
  isPassedOn(): boolean;
}

/** What a file brings in, and what it passes on of that. */
export interface Imports {
  all: readonly Brought[];
  passedOn(): readonly Brought[];
}

/** Specifiers as they stand in a text, behind those words. */
const specifiers = new RegExp(`${bringing}(['"\`])([^'"\`\\s]{1,300})\\1`, 'g');

/** What a file imports, as its text says; of each asked once. */
function importsOf(code: SourceCode, file: string): Imports {
  return kept(code.known.imports, file, () => {
    const text = code.project.read(file) ?? '';
    const isExported = once(() => exportedIn(text));
    const all = [...text.matchAll(specifiers)].map((match): Brought => {
      const specifier = match[2]!;
      const clause = match[0].startsWith('from') ? clauseBefore(text, match.index) : null;
      return {
        specifier,
        module: once(() => code.leadTo(file, specifier)),
        names: namesInBraces(clause),
        clause: clause?.names ?? '',
        isPassedOn: once(() => clause?.keyword !== 'import' || wordsOf(clause.names).some(isExported())),
      };
    });
    return { all, passedOn: once(() => all.filter((one) => one.isPassedOn())) };
  });
}

/** What a file brings in. */
function broughtBy(code: SourceCode, file: string): readonly Brought[] {
  return importsOf(code, file).all;
}

/** What a file passes on of what it brings in. */
function passedOnBy(code: SourceCode, file: string): readonly Brought[] {
  return passingOf(code, file).names ? importsOf(code, file).passedOn() : [];
}

/** The names that a text exports by themselves, not where they are declared; any, where they are put into an object. */
function exportedIn(text: string): (name: string) => boolean {
  if (/\bexports\b/.test(text)) return () => true;
  const lists = text.matchAll(/\bexport\s*(?:\{([^}]*)\}|default\s+([\w$]+))/g);
  const names = new Set([...lists].flatMap(([, list, name]) => wordsOf(list ?? name!)));
  return (name) => names.has(name);
}

function wordsOf(text: string): string[] {
  return text.match(/[\w$]+/g) ?? [];
}

/**
 * Whether a file can reach what a module declares: it brings in the module itself, or one that passes on what leads
 * there (`leads`), and takes a name that may be of it (`fits`). By the text, nothing is parsed.
 */
export function reaches(
  code: SourceCode,
  file: string,
  { leads, fits }: { leads(path: string): boolean; fits(name: string): boolean },
): boolean {
  return broughtBy(code, file).some(({ module, names }) => {
    const target = module();
    return target !== null && leads(target) && (names?.some(fits) ?? true);
  });
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
  return towards(
    (path) => passedOnBy(code, path),
    (path, passed) =>
      own.has(path) || passed.some(({ specifier, module }) => module() === null && isPackage(specifier)),
  );
}

/** Whether a module fits, or brings in, itself or through others, one that does. By the texts. */
export function bringingIn(code: SourceCode, fits: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return towards(
    (path) => broughtBy(code, path),
    (path) => kept(known, path, () => fits(path)),
  );
}

/** Whether a module is an end, or leads to one by what it brings; of each worked out once. */
function towards(
  bring: (path: string) => readonly Brought[],
  isEnd: (path: string, brought: readonly Brought[]) => boolean,
): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const broughtFrom = (path: string) => (known.get(path) === false ? [] : bring(path));
  const search = (path: string): boolean => {
    const entered: string[] = [];
    for (const one of reachable(path, broughtFrom)) {
      if (known.get(one) ?? isEnd(one, broughtFrom(one))) return true;
      entered.push(one);
    }
    for (const one of entered) known.set(one, false);
    return false;
  };
  return (path) => kept(known, path, () => search(path));
}

/** A module and those that it leads to by what it brings, each once. */
function* reachable(from: string, bring: (path: string) => readonly Brought[]): Generator<string> {
  const all = new Set([from]);
  for (const one of all) {
    yield one;
    for (const { module } of bring(one)) {
      const target = module();
      if (target !== null) all.add(target);
    }
  }
}

/**
 * Whether an expression is a name that a module imports, and the text of another plainly declares a function or a class
 * of it: then nobody else need be asked what it is.
 */
export function isOwnCode(code: SourceCode, module: Module, node: Node): boolean {
  const binding = node.type === 'Identifier' ? bindingOf(module, node) : null;
  const target = binding?.kind === 'import' ? code.leadTo(module.path, binding.from) : null;
  return target !== null && declaringModule(code, target, binding!.imported) !== null;
}

/**
 * Whether what a module exports under a name is a class by the text of the one that declares it, and nothing is put
 * into the class later: as a value it holds nothing then.
 */
export function isClass(code: SourceCode, path: string, name: string): boolean {
  const declaring = declaringModule(code, path, name);
  const text = declaring === null ? '' : (code.project.read(declaring) ?? '');
  return text.includes(`class ${name}`) && !text.includes(`function ${name}`) && !text.includes(`${name}.`);
}

/** The module that plainly declares a function or a class, where one exports it that may pass it on. By the texts. */
function declaringModule(code: SourceCode, path: string, name: string): string | null {
  const passed = (one: string) => passedOnBy(code, one).filter(({ names }) => names?.includes(name) ?? true);
  for (const one of reachable(path, passed)) if (declaresCode(code, one, name)) return one;
  return null;
}

/** What stands between `import` or `export` and `from`. */
interface Clause {
  keyword: string;
  names: string;
}

/** The clause in front of `from`, of names in braces, of one name, or of all; null for anything else. */
function clauseBefore(text: string, at: number): Clause | null {
  const before = text.slice(Math.max(0, at - 2000), at);
  const match =
    /\b(import|export)\s+(?:type\s+)?((?:[\w$]+\s*,\s*)?(?:\{[^{}]*\}|\*(?:\s*as\s+[\w$]+)?)|[\w$]+)\s*$/.exec(before);
  return match && { keyword: match[1]!, names: match[2]! };
}

/** The names in braces; null where more than those are taken. */
function namesInBraces(clause: Clause | null): string[] | null {
  if (!clause?.names.startsWith('{')) return null;
  const listed = clause.names.slice(1, -1).split(',');
  return listed.map((one) => /^(?:type\s+)?([\w$]*)/.exec(one.trim())![1]!);
}

/**
 * Whether a name that modules import may stand for something of a module: it exports the name or declares it at its
 * top, or one that passes on what leads there (`leads`) gives it another. `files`: all that may pass on names.
 */
export function standingFor(
  code: SourceCode,
  home: Module,
  { files, leads }: { files: readonly string[]; leads(path: string): boolean },
): (name: string) => boolean {
  const aliases = once(() => new Set(files.flatMap((file) => aliasesIn(code, file, leads))));
  const known = new Map<string, boolean>();
  const isOfHome = (name: string) => isExportedBy(home, name) || declares(home, name) || aliases().has(name);
  return (name) => name === 'default' || name === '*' || kept(known, name, () => isOfHome(name));
}

function declares(home: Module, name: string): boolean {
  const binding = topBinding(home, name);
  return binding !== null && binding.kind !== 'import';
}

/** The names that a module gives to what it passes on of modules that lead there. */
function aliasesIn(code: SourceCode, file: string, leads: (path: string) => boolean): string[] {
  const passed = passedOnBy(code, file).filter(({ module }) => {
    const target = module();
    return target !== null && leads(target);
  });
  if (passed.length === 0) return [];
  const lists = (code.project.read(file) ?? '').matchAll(/\bexport\s*\{([^}]*)\}(?!\s*from\b)/g);
  return [...passed.flatMap(({ clause }) => aliasesOf(clause)), ...[...lists].flatMap(([, list]) => aliasesOf(list!))];
}

/** `other` of `{ name as other }` and `* as other`. */
function aliasesOf(clause: string): string[] {
  return [...clause.matchAll(/\sas\s+([\w$]+)/g)].map((match) => match[1]!);
}
