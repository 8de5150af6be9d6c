import path from 'node:path';
import type { Project } from '../project/project.ts';
import type { SourceFiles } from '../project/source-files.ts';
import type { Found } from '../types/facts.ts';

/** A source file that imports a module. */
export interface Importer {
  path: string;
  specifier: string;
  /** An alias whose end looks like the module: enough to say that somebody may use it, not to import it so. */
  alias: boolean;
}

/**
 * The source files that import a module, by a relative path or by anything that ends in its name; frameworks' own files too. `all`: the files that an alias
 * may lead to, where only some are asked.
 */
export function importersOf(
  project: Project,
  files: readonly string[],
  file: string,
  all: readonly string[] = files,
): Importer[] {
  const bare = withoutExtension(file);
  const last = bare.split('/').at(-1)!;
  return files.flatMap((by) => {
    const text = by === file ? '' : (project.read(by) ?? '');
    const specifiers = [...text.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map(
      (match) => match[1]!,
    );
    const found = specifiers.flatMap((specifier): Importer[] => {
      const target = withoutExtension(specifier);
      if (specifier.startsWith('.')) {
        const resolved = path.posix.join(path.posix.dirname(by), target);
        return resolved === bare ? [{ path: by, specifier, alias: false }] : [];
      }
      const rest = /^[@~]\/(.+)$/.exec(target)?.[1];
      const ends = (one: string) => one === rest || one.endsWith(`/${rest}`);
      // Where two modules end so, the alias may lead to either.
      if (rest !== undefined && ends(bare))
        return [{ path: by, specifier, alias: all.filter((one) => ends(withoutExtension(one))).length > 1 }];
      return target
        .replace(/^[@~#$]/, '')
        .split('/')
        .at(-1) === last
        ? [{ path: by, specifier, alias: true }]
        : [];
    });
    return found.toSorted((one, other) => Number(one.alias) - Number(other.alias)).slice(0, 1);
  });
}

function withoutExtension(file: string): string {
  return file.replace(/\.[mc]?[jt]sx?$/, '').replace(/\/index$/, '');
}

/**
 * The module as the db entry imports it, written as the other importer does: with its alias, or with its kind of extension. A folder's index is
 * named where it must be: beside an extension, and where its folder has the name of the db entry.
 */
export function specifierFrom(entry: string, file: string, like: string): string {
  if (!like.startsWith('.')) return like;
  const target = path.posix.relative(path.posix.dirname(entry), withoutExtension(file)) || '.';
  const kind = /\.[mc]?[jt]sx?$/.exec(like)?.[0] ?? '';
  // What is no plain module is only found by its extension.
  const own = /\.([mc])([jt])s$/.exec(file);
  const extension = own ? (/ts$/.test(kind) ? own[0] : `.${own[1]}js`) : kind;
  const isIndex = /(?:^|\/)index\.[mc]?[jt]sx?$/.test(file);
  const shadowed = withoutExtension(file) === withoutExtension(entry) || target === '.';
  const index = isIndex && (extension !== '' || shadowed || /\/index(?:\.[mc]?[jt]sx?)?$/.test(like)) ? '/index' : '';
  const bare = target === '.' ? '.' : target.startsWith('.') ? target : `./${target}`;
  return `${bare}${index}${extension}`;
}

/** Whether a file imports that name in braces. */
export function takes(project: Project, file: string, name: string | null): boolean {
  return name !== null && new RegExp(`import\\s*\\{[^}]*\\b${name}\\b[^}]*\\}`).test(project.read(file) ?? '');
}

/** The index of a folder that has the db entry's name, where code imports it as `./db`: module resolution takes a file of that name first. */
export function inspectHidden(project: Project, entry: string, source: () => SourceFiles): Found<string> | null {
  const folder = withoutExtension(entry);
  const index = project.isFolder(folder) && project.list(folder).find(({ name }) => /^index\.[mc]?[jt]sx?$/.test(name));
  if (!index) return null;
  const path = `${folder}/${index.name}`;
  const importer = importersOf(project, source().files, path).find(({ specifier, alias }) => {
    return !alias && !/\.[mc]?[jt]sx?$|\/index$/.test(specifier);
  });
  return importer ? { value: path, because: `\`${importer.path}\` imports it as \`${importer.specifier}\`` } : null;
}
