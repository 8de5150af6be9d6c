import { statSync } from 'node:fs';
import path from 'node:path';
import type { TsConfigJsonResolved } from 'get-tsconfig';
import type { Compiler, Found } from '../types/facts.ts';
import { installedVersion } from './installed.ts';
import { declaration, type Manifest } from './manifest.ts';
import { inFolder, type Project, wayTo } from './project.ts';

/** The compiler options that are asked about, as they stand there: of any type. */
interface Options {
  noPropertyAccessFromIndexSignature?: unknown;
  types?: unknown;
}

const usual: Compiler = { bracketed: false, nodeTypes: true };

/** A chain of `extends` may double with every step; no project reads this many files. */
const mostFiles = 200;

/** Patterns that take for ever on a long path: four wildcards in one part of it, or five that stand for several parts. */
const slowPattern = /(?:\*[^/*]+){4}|(?:\*\*.*){5}/;

/**
 * What the project's TypeScript makes of the db entry, by the tsconfig.json that stands nearest above it, what that extends, and the one of
 * those it refers to that includes the entry. Where what it extends cannot be read its own options count, and then TypeScript's defaults.
 */
export async function inspectCompiler(project: Project, manifest: Manifest, entry: string): Promise<Found<Compiler>> {
  if (!/\.[cm]?tsx?$/.test(entry)) return { value: usual, because: `\`${entry}\` is JavaScript` };
  const file = nearest(project, path.posix.dirname(entry));
  if (!file) return { value: usual, because: 'no `tsconfig.json`' };
  const { value: options, because } = await optionsFor(project, file, entry);
  const bracketed = options.noPropertyAccessFromIndexSignature === true;
  return { value: { bracketed, nodeTypes: hasNode(options.types, majorOf(project, manifest)) }, because };
}

/** The nearest of that name, from a folder upward to the workspace root. */
function nearest(project: Project, folder: string): string | null {
  const below = folder.split('/').map((_, i, all) => all.slice(0, all.length - i).join('/'));
  for (const one of new Set([...below, ...project.upward])) {
    const file = inFolder(one, 'tsconfig.json');
    if (project.has(file) && !project.isFolder(file)) return file;
  }
  return null;
}

async function optionsFor(project: Project, file: string, entry: string): Promise<Found<Options>> {
  const { createFilesMatcher, parseTsconfig } = await import('get-tsconfig');
  const texts = new GuardedTexts(project);
  const seen = new Set<string>();
  const parse = (at: string): TsConfigJsonResolved | null => {
    try {
      return parseTsconfig(at, texts);
    } catch {
      return null;
    }
  };
  const referred = (from: string, config: TsConfigJsonResolved): Options | null => {
    for (const at of referencesOf(from, config).filter((one) => !seen.has(one))) {
      seen.add(at);
      const one = parse(at);
      if (!one) continue;
      const included = isSafe(one) && createFilesMatcher({ config: one, path: at })(path.join(project.root, entry));
      const found = included ? (one.compilerOptions ?? {}) : referred(at, one);
      if (found) return found;
    }
    return null;
  };
  const absolute = path.join(project.root, file);
  const config = parse(absolute);
  if (config) return { value: referred(absolute, config) ?? config.compilerOptions ?? {}, because: `\`${file}\`` };
  const own = await ownOptions(texts, absolute);
  return { value: own ?? {}, because: own ? `\`${file}\`, without what it extends` : `\`${file}\` cannot be read` };
}

/**
 * The texts of the files that get-tsconfig asks for: it reads through the cache that it is given, and so does not read at all. Only regular
 * files, as a pipe would never end. Raises an ordinary error for anything else.
 */
class GuardedTexts extends Map<string, string> {
  private project: Project;
  private count = 0;

  constructor(project: Project) {
    super();
    this.project = project;
  }

  override get(key: string): string | undefined {
    const file = /^readFileSync:(.+):utf8$/s.exec(key)?.[1];
    return file === undefined ? super.get(key) : this.read(file);
  }

  read(absolute: string): string {
    this.count += 1;
    if (this.count > mostFiles || !statSync(absolute).isFile()) throw new Error(`\`${absolute}\` is not read`);
    return (this.project.read(wayTo(this.project.root, absolute)) ?? '').replace(/^\uFEFF/, '');
  }
}

function referencesOf(file: string, config: TsConfigJsonResolved): string[] {
  if (!Array.isArray(config.references)) return [];
  const named = config.references.map((one) => one?.path).filter((one) => typeof one === 'string');
  const at = named.map((one) => path.resolve(path.dirname(file), one));
  return at.map((one) => (one.endsWith('.json') ? one : path.join(one, 'tsconfig.json')));
}

/** Whether its patterns are some, and can be matched in a moment. */
function isSafe({ files = [], include = [], exclude = [] }: TsConfigJsonResolved): boolean {
  const lists: unknown[] = [files, include, exclude];
  return lists.every(
    (list) => Array.isArray(list) && list.every((one) => typeof one === 'string' && !slowPattern.test(one)),
  );
}

/** What a tsconfig says itself; null where it is none. */
async function ownOptions(texts: GuardedTexts, absolute: string): Promise<Options | null> {
  const { parse } = await import('jsonc-parser');
  try {
    const config = parse(texts.read(absolute), [], { allowTrailingComma: true });
    return typeof config === 'object' && config !== null ? { ...config.compilerOptions } : null;
  } catch {
    return null;
  }
}

/** The major version of TypeScript; `Infinity` where only the newest is asked for, null where none is. */
function majorOf(project: Project, manifest: Manifest): number | null {
  const declared = declaration(manifest, 'typescript')?.specifier;
  const version = installedVersion(project, 'typescript')?.version ?? declared;
  if (version === undefined) return null;
  const major = Number.parseInt(version.replace(/^\D+/, ''), 10);
  return Number.isNaN(major) ? Number.POSITIVE_INFINITY : major;
}

/** Whether Node's types are there without being asked for: since TypeScript 6 only those are that `types` names. */
function hasNode(types: unknown, major: number | null): boolean {
  if (!Array.isArray(types)) return major === null || major < 6;
  return types.some((name) => /^(?:\*|node|bun|@types\/(?:node|bun)|bun-types)$/.test(name));
}
