import path from 'node:path';
import type { createPathsMatcher, PathsMatcher } from 'get-tsconfig';
import { isObject, parseJsonc } from '../edit/parse-data.ts';
import { inFolder, type Project } from '../project/project.ts';

/** The aliases that a folder's tsconfig.json or jsconfig.json gives, in the order in which they are tried. */
export interface Aliases {
  /** Candidates for a specifier, as paths of the project. */
  match(specifier: string): string[];
  /** Where else a path of the project may be: in another of `rootDirs`, or with one of `moduleSuffixes`. */
  others(bare: string): string[];
  /** A config that should have been read for them and does not parse. */
  broken: string | null;
}

interface PathOptions {
  baseUrl?: string;
  paths?: Record<string, string[]>;
  rootDirs?: string[];
  moduleSuffixes?: string[];
}

/** A config, its `extends` merged in. Every path is one of the project. */
interface Config extends PathOptions {
  references: string[];
  /** Its compiler options as written. */
  written: Record<string, unknown>;
}

/** A folder's config, of which TypeScript takes the first. */
const names = ['tsconfig.json', 'jsconfig.json'];
/** Configs that extend or refer to one another: more are nobody's project. */
const limit = 50;

/**
 * Reads the config of a folder, the configs it extends (also lists of them and packages) and those it refers to. A
 * broken one gives no aliases and is named. Null where the folder has none. Raises nothing. `match`: the library's way
 * to match a specifier with `paths`.
 */
export function aliasesOf(project: Project, folder: string, match: typeof createPathsMatcher): Aliases | null {
  const first = names.map((name) => inFolder(folder, name)).find((file) => project.has(file));
  if (!first) return null;
  const matchers: PathsMatcher[] = [];
  const configs: Config[] = [];
  let broken: string | null = null;
  const open = [first];
  const passed = new Set<string>();
  while (open.length > 0 && passed.size < limit) {
    const file = open.shift()!;
    if (passed.has(file)) continue;
    passed.add(file);
    const config = readConfig(project, file, new Set());
    if (typeof config === 'string') broken ??= config;
    else {
      configs.push(config);
      const matcher = matcherOf(project, file, config, match);
      if (matcher) matchers.push(matcher);
      open.push(...config.references);
    }
  }
  return {
    match: (specifier) =>
      matchers.flatMap((one) => one(specifier)).map((absolute) => path.posix.relative(project.root, absolute)),
    others: (bare) => configs.flatMap((one) => othersOf(one, bare)),
    broken,
  };
}

function othersOf({ rootDirs = [], moduleSuffixes = [] }: PathOptions, bare: string): string[] {
  const root = rootDirs.find((one) => bare.startsWith(`${one}/`));
  const roots = root === undefined ? [] : rootDirs.map((one) => path.posix.join(one, bare.slice(root.length)));
  const [, stem, extension] = /^(.*?)((?:\.[mc]?[jt]sx?)?)$/.exec(bare)!;
  return [...roots, ...moduleSuffixes.map((suffix) => `${stem}${suffix}${extension}`)];
}

/**
 * The compiler options of a folder's config, with what it extends, as written; null where it has none or a broken one.
 */
export function compilerOptionsOf(project: Project, folder: string): Record<string, unknown> | null {
  const file = names.map((name) => inFolder(folder, name)).find((one) => project.has(one));
  const config = file ? readConfig(project, file, new Set()) : null;
  return config === null || typeof config === 'string' ? null : config.written;
}

/** The library's matcher wants absolute paths, and throws on patterns that TypeScript refuses. */
function matcherOf(
  project: Project,
  file: string,
  { baseUrl, paths }: Config,
  match: typeof createPathsMatcher,
): PathsMatcher | null {
  const absolute = (one: string) => path.posix.resolve(project.root, one);
  const compilerOptions = {
    ...(baseUrl !== undefined && { baseUrl: absolute(baseUrl) }),
    ...(paths && {
      paths: Object.fromEntries(Object.entries(paths).map(([key, to]) => [key, to.map(absolute)])),
    }),
  };
  try {
    return match({ path: absolute(file), config: { compilerOptions } });
  } catch {
    return null;
  }
}

/** A config with what it extends; the name of the broken one where one does not parse. */
function readConfig(project: Project, file: string, passed: Set<string>): Config | string {
  passed.add(file);
  const value = parseConfig(project.read(file) ?? '');
  if (!value) return file;
  const folder = path.posix.dirname(file);
  const merged: Config = { references: [], written: {} };
  for (const specifier of listOf(value.extends)) {
    const base = baseOf(project, folder, specifier);
    // A config of a package that is not there; those that Node's versions are named after say so by their name.
    if (!base && /^@tsconfig\/node\d/.test(specifier)) merged.written = { module: 'nodenext' };
    if (!base || passed.has(base) || passed.size > limit) continue;
    const config = readConfig(project, base, passed);
    if (typeof config === 'string') return config;
    Object.assign(merged, optionsIn(config), { written: { ...merged.written, ...config.written } });
  }
  const { compilerOptions, references } = value;
  if (isObject(compilerOptions))
    Object.assign(merged, ownOptions(folder, compilerOptions), { written: { ...merged.written, ...compilerOptions } });
  merged.references = (Array.isArray(references) ? references : []).flatMap((one) => {
    const to = isObject(one) && typeof one.path === 'string' ? path.posix.join(folder, one.path) : null;
    if (to === null) return [];
    return to.endsWith('.json') ? [to] : names.map((name) => inFolder(to, name)).filter((name) => project.has(name));
  });
  return merged;
}

function optionsIn({ baseUrl, paths, rootDirs, moduleSuffixes }: PathOptions): PathOptions {
  const options = { baseUrl, paths, rootDirs, moduleSuffixes };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** `paths` are relative to `baseUrl` where there is one, else to the config that has them. */
function ownOptions(folder: string, options: Record<string, unknown>): PathOptions {
  const { baseUrl: base, paths, rootDirs, moduleSuffixes } = options;
  const found: PathOptions = {};
  if (typeof base === 'string') found.baseUrl = path.posix.join(folder, base);
  if (rootDirs) found.rootDirs = listOf(rootDirs).map((one) => path.posix.join(folder, one));
  if (moduleSuffixes) found.moduleSuffixes = listOf(moduleSuffixes);
  if (!isObject(paths)) return found;
  const place = (to: string) => (path.posix.isAbsolute(to) ? to : path.posix.join(found.baseUrl ?? folder, to));
  found.paths = Object.fromEntries(Object.entries(paths).map(([key, to]) => [key, listOf(to).map(place)] as const));
  return found;
}

/** The file that `extends` names: a path, or a config in a package. */
function baseOf(project: Project, folder: string, specifier: string): string | null {
  const candidates = /^\.{1,2}(?:\/|$)/.test(specifier)
    ? [path.posix.join(folder, specifier)]
    : project.upward.map((one) => inFolder(one, `node_modules/${specifier}`));
  const files = candidates.flatMap((one) => [one, `${one}.json`, `${one}/tsconfig.json`]);
  return files.find((one) => one.endsWith('.json') && project.has(one)) ?? null;
}

function parseConfig(text: string): Record<string, unknown> | null {
  // TypeScript takes an empty file for an empty config.
  const value = text.trim() === '' ? {} : parseJsonc(text);
  return isObject(value) ? value : null;
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}
