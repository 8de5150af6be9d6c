import { kept } from '../memo.ts';
import type { ClientContext } from './clients.ts';
import { type MadeModule, type Maker, madeByFunction, madeIn, specifierAndName } from './factories.ts';
import { homeOf } from './follow.ts';
import { isSideEffectFree } from './side-effects.ts';
import type { SourceCode } from './source-code.ts';

/** The modules of a project that may make clients, read once each. */
export interface ClientModules {
  /** Null where it does not parse. */
  read(file: string): MadeModule | null;
  /** Whether importing a module, and what that imports, does nothing but make what `makes` knows. */
  importIsSideEffectFree(file: string, makes: (by: string) => boolean): boolean;
  /** What makes a name that the module only passes on, or calls a function of another one for (`by`). */
  follow(file: string, exported: string, by: string | undefined): Maker | null;
}

/** Opens them for reading. Nothing is run. */
export function openModules(code: SourceCode, { entry, isOwnCode, isIdle }: ClientContext): ClientModules {
  const known = new Map<string, MadeModule | null>();
  const read = (file: string): MadeModule | null =>
    kept(known, file, () => {
      const module = code.module(file);
      return module && madeIn(code, module);
    });
  const importIsSideEffectFree = (file: string, makes: (by: string) => boolean): boolean => {
    const files = [file];
    for (const one of files) {
      const module = read(one);
      // A host loads its own code itself, and what imports the db entry would be imported by it.
      if (!module || one === entry || isOwnCode(one) || !isSideEffectFree(code, module.module, { makes, isIdle }))
        return false;
      for (const specifier of module.imports) {
        const target = code.leadTo(one, specifier);
        if (target !== null && !files.includes(target)) files.push(target);
      }
    }
    return true;
  };
  return {
    read,
    importIsSideEffectFree,
    follow: (file, exported, by) => {
      const [specifier, name] = by ? specifierAndName(by) : ['', exported];
      const from = by ? code.leadTo(file, specifier) : file;
      const home = from === null ? null : homeOf(code, from, name);
      if (home?.kind !== 'value') return null;
      const local = home.binding?.name ?? 'default';
      if (!by) return read(home.module.path)?.made.find((one) => one.local === local || one.exported === local) ?? null;
      const made = madeByFunction(code, home.module, local);
      return made && { ...made, by: by.startsWith('await ') ? made.by.replace(/^async /, '') : made.by };
    },
  };
}
