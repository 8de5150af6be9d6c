import { Problem } from '../problem.ts';
import type { DependencyList } from '../types/facts.ts';
import { inFolder, type Project } from './project.ts';

/** What we read of a package.json. */
export interface Manifest {
  name?: string;
  packageManager?: string;
  devEngines?: { packageManager?: Engine | Engine[] };
  scripts?: Record<string, string>;
  workspaces?: string[] | { packages?: string[] };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Engine {
  name?: string;
  version?: string;
}

/** Where a package.json may name a dependency, the one that counts most first. */
export const dependencyLists: readonly DependencyList[] = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];

/** Reads a package.json; null where there is none. Raises `cannot-parse` where it is not a JSON object. */
export function readManifest(project: Project, folder: string): Manifest | null {
  const path = inFolder(folder, 'package.json');
  if (!project.has(path)) return null;
  const text = project.read(path) ?? '';
  const hint = 'mend the file first; nothing was changed';
  if (!project.isText(path)) throw new Problem('cannot-parse', `\`${path}\` is not valid UTF-8`, hint);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Problem('cannot-parse', `\`${path}\` is not valid JSON: ${(error as Error).message}`, hint);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('cannot-parse', `\`${path}\` does not hold a JSON object`, hint);
  }
  for (const key of [...dependencyLists, 'scripts'] as const) {
    const list = (value as Record<string, unknown>)[key];
    const plain = typeof list === 'object' && list !== null && !Array.isArray(list);
    if (list !== undefined && !plain) {
      throw new Problem('cannot-parse', `\`${key}\` in \`${path}\` is not an object`, hint);
    }
  }
  const manifest = value as Manifest;
  if (typeof manifest.packageManager !== 'string') delete manifest.packageManager;
  return manifest;
}

/** Where a package is declared and how: the first list that has it. */
export function declaration(manifest: Manifest, name: string): { list: DependencyList; specifier: string } | null {
  for (const list of dependencyLists) {
    const specifier = manifest[list]?.[name];
    if (typeof specifier === 'string') return { list, specifier };
  }
  return null;
}
