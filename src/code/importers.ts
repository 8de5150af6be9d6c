import { literally } from '../pattern.ts';
import type { Project } from '../project/project.ts';
import type { Found } from '../types/facts.ts';
import { isIndex, withoutExtension } from './import-style.ts';
import { importedName, type Module, type Node, nameOf, requiredBy, sourceOf } from './module.ts';
import { allNodes } from './scope.ts';
import type { SourceCode, Sources } from './source-code.ts';

/** A source file that imports a module. */
export interface Importer {
  path: string;
  specifier: string;
  /** An alias whose end looks like the module: enough to say that somebody may use it, not to import it so. */
  alias: boolean;
}

/**
 * Of these files those that import, or pass on, a module: by a path or an alias that leads to it, or by an alias that
 * ends in its name. They come one by one, and only a file with such a text in quotes is parsed, when its turn has come.
 */
export function* importersOf(code: SourceCode, files: readonly string[], file: string): Generator<Importer> {
  const last = withoutExtension(file).split('/').at(-1)!;
  // Behind a folder, or as an alias of its own: `use client` is no import of a `client`.
  const quoted = new RegExp(
    `['"\`](?:[^'"\`\\s]{0,200}/|[@~#$])${literally(last)}(?:/index)?(?:\\.[mc]?[jt]sx?)?['"\`]`,
  );
  const direct = isIndex(file) ? /['"`]\.{1,2}\/?['"`]/ : null;
  for (const by of files) {
    const text = by === file ? '' : (code.project.read(by) ?? '');
    if (!quoted.test(text) && !direct?.test(text)) continue;
    const module = code.module(by);
    // What cannot be read may import it.
    const found = module ? importsOf(code, module, file, last) : [{ path: by, specifier: '', alias: true }];
    const [first] = found.toSorted((one, other) => Number(one.alias) - Number(other.alias));
    if (first) yield first;
  }
}

function importsOf(code: SourceCode, module: Module, file: string, last: string): Importer[] {
  return specifiersIn(module).flatMap((specifier): Importer[] => {
    if (code.leadTo(module.path, specifier) === file) return [{ path: module.path, specifier, alias: false }];
    return mayBeAlias(specifier, last) ? [{ path: module.path, specifier, alias: true }] : [];
  });
}

/** Every specifier of a module: of imports, exports, `require()` and `import()`, wherever they stand. */
export function specifiersIn(module: Module | null): string[] {
  return (module ? allNodes(module) : []).flatMap((node) => {
    if (/^(?:Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) return sourceOf(node) || [];
    return requiredBy(/^(?:Import|Call)Expression$/.test(node.type) ? node : null) ?? [];
  });
}

/**
 * Whether a specifier that leads nowhere known ends in a module's name, behind a folder or an alias: a bare name is a
 * package.
 */
function mayBeAlias(specifier: string, last: string): boolean {
  if (specifier.startsWith('.')) return false;
  const parts = withoutExtension(specifier).split('/');
  return parts.at(-1)!.replace(/^[@~#$]/, '') === last && (parts.length > 1 || /^[@~#$]/.test(specifier));
}

/** Whether a file imports that name from the module, and not under a name of its own. */
export function takes(code: SourceCode, file: string, name: string | null): boolean {
  const module = name === null ? null : code.module(file);
  const specifiers = (module?.body ?? []).flatMap((node) =>
    node.type === 'ImportDeclaration' ? (node.specifiers as Node[]) : [],
  );
  return specifiers.some(
    (one) => one.type === 'ImportSpecifier' && importedName(one) === name && nameOf(one.local) === name,
  );
}

/**
 * The index of a folder that has the db entry's name, where code imports it as `./db`: module resolution takes a file
 * of that name first.
 */
export async function inspectHidden(
  project: Project,
  entry: string,
  sources: () => Sources,
): Promise<Found<string> | null> {
  const folder = withoutExtension(entry);
  const index = project.isFolder(folder) && project.list(folder).find(({ name }) => /^index\.[mc]?[jt]sx?$/.test(name));
  if (!index) return null;
  const file = `${folder}/${index.name}`;
  const code = await sources().code();
  const importer = [...importersOf(code, code.files, file)].find(({ specifier, alias }) => {
    return !alias && !/\.[mc]?[jt]sx?$|\/index$/.test(specifier);
  });
  return importer ? { value: file, because: `\`${importer.path}\` imports it as \`${importer.specifier}\`` } : null;
}
