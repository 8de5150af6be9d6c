import path from 'node:path';
import type { TsConfigJsonResolved } from 'get-tsconfig';
import type { Compiler, Found } from '../types/facts.ts';
import { type CompilerOptions, compilerFor } from './compiler-options.ts';
import { installedVersion } from './installed.ts';
import { declaration, readManifest } from './manifest.ts';
import { inFolder, type Project } from './project.ts';
import { type Tsconfig, tsconfigs } from './tsconfig.ts';

/** Where no tsconfig.json says otherwise. */
const usual: Compiler = {
  bracketed: false,
  nodeTypes: true,
  errorCause: true,
  packageExports: true,
  defaultImports: true,
};

/**
 * What the project's TypeScript makes of the db entry, by the tsconfig.json that stands nearest above it, what that
 * extends, and the one of those it refers to that includes the entry. Where what it extends cannot be read its own
 * options count, and then TypeScript's defaults.
 */
export async function inspectCompiler(project: Project, entry: string): Promise<Found<Compiler>> {
  if (!/\.[cm]?tsx?$/.test(entry)) return { value: usual, because: `\`${entry}\` is JavaScript` };
  const file = nearest(project, path.posix.dirname(entry));
  if (!file) return { value: usual, because: 'no `tsconfig.json`' };
  const { value: options, because } = await optionsFor(project, file, entry);
  return { value: compilerFor(options, majorOf(project)), because };
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

/** What stands for options that cannot be read, or that no compiler asks about the entry: nothing is made of them. */
const unknown: CompilerOptions = { target: 'esnext', moduleResolution: 'bundler' };

async function optionsFor(project: Project, file: string, entry: string): Promise<Found<CompilerOptions>> {
  const read = await tsconfigs();
  const seen = new Set<string>();
  /** The first that a tsconfig refers to, over any number of steps, and that includes the entry. */
  const referred = (at: string, from: Tsconfig): { at: string; tsconfig: Tsconfig } | null => {
    for (const reference of referencesOf(at, from.config).filter((one) => !seen.has(one))) {
      seen.add(reference);
      const tsconfig = read(reference);
      if (!tsconfig) continue;
      const included = tsconfig.includes(path.join(project.root, entry));
      const found = included ? { at: reference, tsconfig } : referred(reference, tsconfig);
      if (found) return found;
    }
    return null;
  };
  const absolute = path.join(project.root, file);
  const own = read(absolute);
  if (!own) return { value: unknown, because: `\`${file}\` cannot be read` };
  const { at, tsconfig } = referred(absolute, own) ?? { at: absolute, tsconfig: own };
  const { config, whole } = tsconfig;
  const isChecked = tsconfig.includes(path.join(project.root, entry));
  const name = `\`${path.relative(project.root, at).split(path.sep).join('/')}\``;
  return {
    value: { ...(whole ? {} : unknown), ...config.compilerOptions, ...(isChecked ? {} : unknown) },
    because: whole ? name : `${name}, without what it extends`,
  };
}

function referencesOf(file: string, config: TsConfigJsonResolved): string[] {
  if (!Array.isArray(config.references)) return [];
  const named = config.references.map((one) => one?.path).filter((one) => typeof one === 'string');
  const at = named.map((one) => path.resolve(path.dirname(file), one));
  return at.map((one) => (one.endsWith('.json') ? one : path.join(one, 'tsconfig.json')));
}

/**
 * The major version of TypeScript, of the package or of the workspace above it; `Infinity` where only the newest is
 * asked for, null where none is.
 */
function majorOf(project: Project): number | null {
  const manifests = project.upward.map((folder) => readManifest(project, folder) ?? {});
  const declared = (name: string) => manifests.map((one) => declaration(one, name)?.specifier).find(Boolean);
  // What becomes TypeScript 7 is a package of its own, beside an older one for tools that need its API.
  if (declared('@typescript/native-preview')) return 7;
  const version = installedVersion(project, 'typescript')?.version ?? declared('typescript');
  if (version === undefined) return null;
  const major = Number.parseInt(version.replace(/^\D+/, ''), 10);
  return Number.isNaN(major) ? Number.POSITIVE_INFINITY : major;
}
