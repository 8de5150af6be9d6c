import { kept } from '../memo.ts';
import { exportIn, type Home, type Onward } from './exports.ts';
import { mayExport } from './passing.ts';
import type { SourceCode } from './source-code.ts';

/** Whether a name is followed into a module of the project; without a name, whether any is. */
export type Enters = (path: string, name?: string) => boolean;

/** Modules that pass a name on: more are nobody's code. */
const limit = 100;

/**
 * Follows a name that a module exports (`*`: all of it), through `export … from`, `export *`, imports and CommonJS, to
 * what it is; null where that cannot be seen. Of packages that are passed on whole, the first is taken where no module
 * of the project has the name. `enters`: which modules may declare it; without it, every one.
 */
export function homeOf(code: SourceCode, path: string, name: string, enters?: Enters): Home | null {
  const homes = kept(code.known.homes, enters, () => new Map<string, Home | null>());
  return kept(homes, `${path}#${name}`, () => searchHome(code, path, name, enters));
}

/** A search for a name, through the modules that pass it on. */
interface Search {
  code: SourceCode;
  enters: Enters | undefined;
  open: Wanted[];
  passed: Set<string>;
  /** A package that is passed on whole, and may have it. */
  maybe: Home | null;
  /** Whether every module that might have it was entered. */
  complete: boolean;
}

interface Wanted {
  path: string;
  name: string;
}

function searchHome(code: SourceCode, path: string, name: string, enters?: Enters): Home | null {
  const open = [{ path, name }];
  const search: Search = { code, enters, open, passed: new Set(), maybe: null, complete: true };
  while (open.length > 0 && search.passed.size < limit) {
    const home = lookInto(search, open.shift()!);
    if (home) return home;
  }
  // What was left out may have the name after all.
  return search.maybe && !search.complete ? searchHome(code, path, name) : search.maybe;
}

/** Asks one module, which may have it, or lead on to others. */
function lookInto(search: Search, wanted: Wanted): Home | null {
  const { code, open, passed } = search;
  const key = `${wanted.path}#${wanted.name}`;
  if (passed.has(key)) return null;
  passed.add(key);
  const step = askModule(search, wanted);
  search.complete &&= step !== null;
  if (step === null || !Array.isArray(step)) return step;
  for (const { from, name, star } of step) {
    const target = code.leadTo(wanted.path, from);
    if (target !== null) open.push({ path: target, name });
    else if (!star) return { kind: 'package', from, name };
    else if (!from.startsWith('.')) search.maybe ??= { kind: 'package', from, name };
  }
  return null;
}

/**
 * What a module of the project says of a name: nothing where it exports no such name; null where it is not entered, and
 * might.
 */
function askModule({ code, enters }: Search, { path, name }: Wanted): Home | Onward[] | null {
  if (!mayExport(code, path, name)) return [];
  if (enters && !enters(path)) return null;
  const module = code.module(path);
  return (module && exportIn(module, name)) ?? [];
}

/**
 * The module of this project in which a name that a file imports is declared, and its name there; null where it leads
 * out or nowhere.
 */
export function placeOf(
  code: SourceCode,
  file: string,
  specifier: string,
  name: string,
): { path: string; name: string } | null {
  const target = code.leadTo(file, specifier);
  const home = target === null ? null : homeOf(code, target, name);
  return home?.kind === 'value' ? { path: home.module.path, name: home.binding?.name ?? name } : null;
}
