import path from 'node:path';
import type { Project } from './project.ts';

/** A source file that imports a module. */
export interface Importer {
  path: string;
  specifier: string;
  /** An alias whose end looks like the module: enough to say that somebody may use it, not to import it so. */
  alias: boolean;
}

/** The source files that import a module, by a relative path or by anything that ends in its name; frameworks' own files too. */
export function importersOf(project: Project, files: readonly string[], file: string): Importer[] {
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
      if (rest !== undefined && (bare === rest || bare.endsWith(`/${rest}`)))
        return [{ path: by, specifier, alias: false }];
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

/** What Flue itself loads from the source root. */
export function isFlueCode(sourceRoot: string, file: string): boolean {
  const inside = sourceRoot === '.' ? file : file.startsWith(`${sourceRoot}/`) ? file.slice(sourceRoot.length + 1) : '';
  return /^(?:(?:agents|workflows|channels)\/|(?:app|db)\.[mc]?[jt]s$)/.test(inside);
}

/** The module as the db entry imports it, written as the other importer does: with its alias, or with its kind of extension. */
export function specifierFrom(entry: string, file: string, like: string): string {
  if (!like.startsWith('.')) return like;
  const relative = path.posix.relative(path.posix.dirname(entry), withoutExtension(file));
  const extension = /\.[mc]?[jt]sx?$/.exec(like)?.[0] ?? '';
  const index = /\/index(?:\.[mc]?[jt]sx?)?$/.test(like) ? '/index' : '';
  return `${relative.startsWith('.') ? relative : `./${relative}`}${index}${extension}`;
}

/** Whether a file imports that name in braces. */
export function takes(project: Project, file: string, name: string | null): boolean {
  return name !== null && new RegExp(`import\\s*\\{[^}]*\\b${name}\\b[^}]*\\}`).test(project.read(file) ?? '');
}
