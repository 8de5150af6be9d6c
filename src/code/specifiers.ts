import path from 'node:path';
import { exports as exportsOf, imports as importsOf } from 'resolve.exports';
import { kept } from '../memo.ts';
import { type Manifest, readManifest } from '../project/manifest.ts';
import { inFolder, type Project } from '../project/project.ts';
import type { Alias } from './bundler-aliases.ts';
import { type Aliases, aliasesOf } from './tsconfig.ts';

/** A package of the same repository whose code this one runs. */
export interface LocalPackage {
  name: string;
  /** Its folder, as a path of the project. */
  folder: string;
  manifest: Manifest;
}

/** Where specifiers lead, worked out without the disk of any other program. */
export interface Specifiers {
  /** The file that a specifier in a file leads to; null where it leads out of the repository or nowhere. */
  leadTo(from: string, specifier: string): string | null;
  /** The tsconfig that does not parse, where its aliases might have told. */
  brokenFor(from: string, specifier: string): string | null;
}

/** What may stand behind a specifier without an extension, TypeScript first, as compilers look for it. */
const extensions = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte', 'astro'];
/** What a package may offer its source under, before what it publishes. */
const conditions = ['development', 'source', 'types', 'node', 'import', 'require', 'default'];

/** Opens the reading of specifiers. `files`: the package's own, for aliases that no config explains. */
export async function openSpecifiers(
  project: Project,
  files: readonly string[],
  packages: readonly LocalPackage[],
): Promise<Specifiers> {
  const { createPathsMatcher } = await import('get-tsconfig');
  const { bundlerAliases, targetsOf } = await import('./bundler-aliases.ts');
  const itself = itselfIn(project);
  const configs = new Map<string, Aliases | null>();
  const aliasesFor = (from: string): Aliases | null => {
    for (const folder of foldersAbove(from, folderOf(from, packages))) {
      if (!configs.has(folder)) configs.set(folder, aliasesOf(project, folder, createPathsMatcher));
      const found = configs.get(folder);
      if (found) return found;
    }
    return null;
  };
  const inAliases = (from: string, specifier: string): string | null => {
    const aliases = aliasesFor(from);
    const candidates = aliases?.match(specifier) ?? [];
    return firstOf(project, [...candidates, ...candidates.flatMap((one) => aliases!.others(one))]);
  };
  const bundled = new Map<string, readonly Alias[]>();
  const inBundler = (from: string, specifier: string): string | null => {
    const folder = folderOf(from, packages);
    const aliases = kept(bundled, folder, () => bundlerAliases(project, folder));
    return firstOf(project, targetsOf(aliases, specifier));
  };
  const inRelative = (from: string, specifier: string): string | null => {
    const bare = path.posix.join(path.posix.dirname(from), specifier);
    return probe(project, bare) ?? firstOf(project, aliasesFor(from)?.others(bare) ?? []);
  };
  const search = (from: string, specifier: string): string | null => {
    if (isRelative(specifier)) return inRelative(from, specifier);
    const aliased = specifier.startsWith('#') ? inImports(project, folderOf(from, packages), specifier) : null;
    if (aliased) return isRelative(aliased.target) ? aliased.file : leadTo(from, aliased.target);
    const byConfig = inAliases(from, specifier) ?? inBundler(from, specifier);
    if (byConfig) return byConfig;
    const isOf = ({ name }: { name: string }) => specifier === name || specifier.startsWith(`${name}/`);
    const local = packages.find(isOf) ?? itself.find(isOf);
    return local ? inPackage(project, local, specifier.slice(local.name.length)) : unexplained(files, specifier);
  };
  const known = new Map<string, string | null>();
  // The same from each file of a folder.
  const leadTo = (from: string, specifier: string): string | null =>
    kept(known, `${path.posix.dirname(from)}\n${specifier}`, () => search(from, specifier));
  return {
    leadTo,
    brokenFor: (from, specifier) => (isRelative(specifier) ? null : (aliasesFor(from)?.broken ?? null)),
  };
}

/** This package, where it may import itself by its name: where it has `exports`, as Node has it. */
function itselfIn(project: Project): LocalPackage[] {
  const manifest = readManifest(project, '.');
  return manifest?.name && 'exports' in manifest ? [{ name: manifest.name, folder: '.', manifest }] : [];
}

function isRelative(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier);
}

/** The package's folder that a file stands in. */
function folderOf(file: string, packages: readonly LocalPackage[]): string {
  return packages.find(({ folder }) => file.startsWith(`${folder}/`))?.folder ?? '.';
}

function foldersAbove(file: string, top: string): string[] {
  const folders = [path.posix.dirname(file)];
  while (![top, '.', '..'].includes(folders.at(-1)!) && folders.length < 50)
    folders.push(path.posix.dirname(folders.at(-1)!));
  return folders;
}

/**
 * The source file at a path that is written with or without its extension, or with that of what it becomes; or the
 * index of a folder.
 */
function probe(project: Project, bare: string): string | null {
  for (const one of spellings(bare)) if (isSource(project, one)) return one;
  return null;
}

/** The source file at the first of these paths that has one. */
function firstOf(project: Project, candidates: readonly string[]): string | null {
  for (const one of candidates) {
    const found = probe(project, one);
    if (found) return found;
  }
  return null;
}

function* spellings(bare: string): Generator<string> {
  yield bare;
  const written = /\.(?:d\.)?([mc]?)([jt])s(x?)$/.exec(bare);
  if (written) {
    const stem = bare.slice(0, written.index);
    yield `${stem}.${written[1]}ts${written[3]}`;
    yield `${stem}.${written[1]}tsx`;
  }
  for (const one of extensions) yield `${bare}.${one}`;
  for (const one of extensions) yield inFolder(bare, `index.${one}`);
}

function isSource(project: Project, file: string): boolean {
  if (!extensions.includes(file.slice(file.lastIndexOf('.') + 1)) || /\.d\.[mc]?ts$/.test(file)) return false;
  if (!project.has(file)) return false;
  const name = path.posix.basename(file);
  const kind = project.list(path.posix.dirname(file)).find((one) => one.name === name)?.kind;
  return kind === 'file' || (kind === 'symlink' && !project.isFolder(file) && project.outside(file) === null);
}

/** What `imports` of a package.json says of a `#name`. */
function inImports(
  project: Project,
  folder: string,
  specifier: string,
): { target: string; file: string | null } | null {
  try {
    const manifest = readManifest(project, folder);
    const [target] = importsOf(manifest as object, specifier, { unsafe: true, conditions }) ?? [];
    return target ? { target, file: sourceOf(project, folder, target) } : null;
  } catch {
    // It has no such name, or is none that can be read.
    return null;
  }
}

/**
 * A module of a local package: what its package.json offers under that name, as source; without a word about it, the
 * file of that name.
 */
function inPackage(project: Project, { folder, manifest }: LocalPackage, below: string): string | null {
  for (const target of offered(manifest as Record<string, unknown>, below)) {
    const found = sourceOf(project, folder, target);
    if (found) return found;
  }
  const inside = below === '' ? ['src/index', 'index', 'src', 'lib/index'] : [below.slice(1), `src${below}`];
  return inside.map((one) => probe(project, inFolder(folder, one))).find((one) => one !== null) ?? null;
}

function offered(manifest: Record<string, unknown>, below: string): string[] {
  if (manifest.exports === undefined) {
    const main = ['source', 'module', 'main', 'types', 'typings'].map((key) => manifest[key]);
    return below === '' ? main.filter((one): one is string => typeof one === 'string') : [];
  }
  try {
    return exportsOf(manifest, `.${below}`, { unsafe: true, conditions }) ?? [];
  } catch {
    // Not offered; a bundler that reads the source may find it all the same.
    return [];
  }
}

/** What a build writes, back to what it was written from. */
function sourceOf(project: Project, folder: string, target: string): string | null {
  const plain = target.replace(/^\.\//, '');
  const source = plain.replace(/^(?:dist|build|out|output|lib)\/(?:(?:esm|cjs|src|types)\/)?/, 'src/');
  return [plain, source].map((one) => probe(project, path.posix.join(folder, one))).find((one) => one !== null) ?? null;
}

/** An alias that no config explains (a bundler's, a framework's) leads to the only file whose path ends so. */
function unexplained(files: readonly string[], specifier: string): string | null {
  const rest = /^(?:[@~#]|\$lib|~~|@@)\/(.+)$/.exec(specifier)?.[1]?.replace(/\.[mc]?[jt]sx?$/, '');
  if (!rest) return null;
  const found = files.filter((file) => {
    const bare = file.replace(/\.\w+$/, '').replace(/\/index$/, '');
    return bare === rest || bare.endsWith(`/${rest}`);
  });
  return found.length === 1 ? found[0]! : null;
}
