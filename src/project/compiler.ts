import path from 'node:path';
import type { Compiler, Found } from '../types/facts.ts';
import { installedVersion } from './installed.ts';
import { declaration, type Manifest } from './manifest.ts';
import { inFolder, type Project } from './project.ts';
import { readTsconfig } from './tsconfig.ts';

interface Options {
  noPropertyAccessFromIndexSignature?: boolean;
  types?: string[];
}

const usual: Compiler = { bracketed: false, nodeTypes: true };

/**
 * What the project's TypeScript makes of the db entry, by the tsconfig.json that stands nearest above it, what that extends, and, where it
 * only refers to others, the one of those that includes the entry. A config that cannot be read counts as TypeScript's defaults.
 */
export async function inspectCompiler(project: Project, manifest: Manifest, entry: string): Promise<Found<Compiler>> {
  const file = nearest(project, path.posix.dirname(entry));
  if (!file) return { value: usual, because: 'no `tsconfig.json`' };
  try {
    const options = await optionsFor(path.join(project.root, file), path.join(project.root, entry));
    const bracketed = options.noPropertyAccessFromIndexSignature === true;
    return {
      value: { bracketed, nodeTypes: hasNode(options.types, majorOf(project, manifest)) },
      because: `\`${file}\``,
    };
  } catch {
    return { value: usual, because: `\`${file}\` cannot be read` };
  }
}

/** The nearest regular file of that name, from a folder upward to the workspace root. */
function nearest(project: Project, folder: string): string | null {
  const below = folder.split('/').map((_, i, all) => all.slice(0, all.length - i).join('/'));
  for (const one of new Set([...below, ...project.upward])) {
    const found = project.list(one).find(({ name }) => name === 'tsconfig.json');
    if (found) return found.kind === 'file' ? inFolder(one, found.name) : null;
  }
  return null;
}

async function optionsFor(file: string, entry: string): Promise<Options> {
  const { config } = await readTsconfig(file);
  for (const { path: reference } of config.references ?? []) {
    const at = path.resolve(path.dirname(file), reference);
    const one = at.endsWith('.json') ? at : path.join(at, 'tsconfig.json');
    const referred = await readTsconfig(one);
    if (referred.includes(entry)) return referred.config.compilerOptions ?? {};
  }
  return config.compilerOptions ?? {};
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
function hasNode(types: string[] | undefined, major: number | null): boolean {
  if (types) return types.some((name) => /^(?:\*|node|bun|@types\/(?:node|bun)|bun-types)$/.test(name));
  return major === null || major < 6;
}
