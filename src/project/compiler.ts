import path from 'node:path';
import type { TsConfigJsonResolved } from 'get-tsconfig';
import type { Compiler, Found } from '../types/facts.ts';
import { installedVersion } from './installed.ts';
import { declaration, type Manifest } from './manifest.ts';
import { inFolder, type Project } from './project.ts';
import { type Tsconfig, tsconfigs } from './tsconfig.ts';

/** The compiler options that are asked about, as they stand there: of any type. */
interface Options {
  noPropertyAccessFromIndexSignature?: unknown;
  types?: unknown;
}

const usual: Compiler = { bracketed: false, nodeTypes: true };

/**
 * What the project's TypeScript makes of the db entry, by the tsconfig.json that stands nearest above it, what that
 * extends, and the one of those it refers to that includes the entry. Where what it extends cannot be read its own
 * options count, and then TypeScript's defaults.
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
  const read = await tsconfigs();
  const seen = new Set<string>();
  /** The options of the first that a tsconfig refers to, over any number of steps, and that includes the entry. */
  const referred = (at: string, from: Tsconfig): Options | null => {
    for (const reference of referencesOf(at, from.config).filter((one) => !seen.has(one))) {
      seen.add(reference);
      const one = read(reference);
      if (!one) continue;
      const included = one.includes(path.join(project.root, entry));
      const found = included ? (one.config.compilerOptions ?? {}) : referred(reference, one);
      if (found) return found;
    }
    return null;
  };
  const absolute = path.join(project.root, file);
  const own = read(absolute);
  if (!own) return { value: {}, because: `\`${file}\` cannot be read` };
  const value = referred(absolute, own) ?? own.config.compilerOptions ?? {};
  return { value, because: own.whole ? `\`${file}\`` : `\`${file}\`, without what it extends` };
}

function referencesOf(file: string, config: TsConfigJsonResolved): string[] {
  if (!Array.isArray(config.references)) return [];
  const named = config.references.map((one) => one?.path).filter((one) => typeof one === 'string');
  const at = named.map((one) => path.resolve(path.dirname(file), one));
  return at.map((one) => (one.endsWith('.json') ? one : path.join(one, 'tsconfig.json')));
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
