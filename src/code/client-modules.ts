import path from 'node:path';
import type { Project } from '../project/project.ts';
import type { SourceFiles } from '../project/source-files.ts';
import { type Place, partsOf } from './clients.ts';
import { type MadeModule, type Maker, madeByFunction, madeIn } from './factories.ts';
import { isQuiet } from './side-effects.ts';

/** The modules of a project that may make clients, read once each. */
export interface ClientModules {
  /** Null where it does not parse. */
  read(file: string): MadeModule | null;
  /** Whether importing a module, and what that imports, does nothing but make what `makes` knows. */
  isAlone(file: string, makes: (by: string) => boolean): boolean;
  /** What makes a name that the module only passes on, or calls a function of another one for (`by`). */
  follow(file: string, exported: string, by: string | undefined): Promise<Maker | null>;
}

/** Opens them for reading. Nothing is run. */
export function openModules(project: Project, { files }: SourceFiles, { entry, isOwnCode }: Place): ClientModules {
  const known = new Map<string, MadeModule | null>();
  const read = (file: string): MadeModule | null => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const module = madeIn(project.read(file) ?? '');
    known.set(file, module);
    return module;
  };
  const isAlone = (file: string, makes: (by: string) => boolean, seen: string[] = []): boolean => {
    if (seen.includes(file)) return true;
    const module = read(file);
    // A host loads its own code itself, and what imports the db entry would be imported by it.
    if (!module || file === entry || isOwnCode(file) || !isQuiet(module.module, makes)) return false;
    return module.imports.every((specifier) => {
      const target = targetOf(files, file, specifier);
      return target === null || isAlone(target, makes, [...seen, file]);
    });
  };
  return {
    read,
    isAlone: (file, makes) => isAlone(file, makes),
    follow: async (file, exported, by) => {
      const { followExport, followReexport } = await import('./follow.ts');
      const [specifier, name] = by ? partsOf(by) : ['', ''];
      if (/^(?:\.|[@~#]\/)/.test(specifier)) {
        const maker = await followExport(project, file, specifier, name);
        const made = maker && madeByFunction(project.read(maker.path) ?? '', maker.name);
        return made && { ...made, by: by!.startsWith('await ') ? made.by.replace(/^async /, '') : made.by };
      }
      const home = by ? null : await followReexport(project, file, exported);
      return (home && read(home.path)?.made.find((one) => one.local === home.name)) ?? null;
    },
  };
}

/** The file of the package that a specifier leads to, as far as its name tells. */
function targetOf(files: readonly string[], from: string, specifier: string): string | null {
  const bare = specifier.replace(/\.[mc]?[jt]sx?$/, '');
  const ends = bare.startsWith('.') ? path.posix.join(path.posix.dirname(from), bare) : bare.replace(/^[@~#]\//, '');
  const fits = (file: string) => {
    const one = file.replace(/\.[mc]?[jt]sx?$/, '');
    return [ends, `${ends}/index`].some((end) => one === end || (!bare.startsWith('.') && one.endsWith(`/${end}`)));
  };
  return files.find(fits) ?? null;
}
