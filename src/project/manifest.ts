import { isObject, textMembers } from '../edit/parse-data.ts';
import { unparsable } from '../problem.ts';
import type { DependencyList } from '../types/facts.ts';
import { readJsonObject } from './json-file.ts';
import { inFolder, type Project } from './project.ts';

/** What we read of a package.json. What stands there in another form than a package manager takes is not in it. */
export interface Manifest {
  name?: string;
  packageManager?: string;
  devEngines?: { packageManager?: DeclaredEngine[] };
  engines?: Record<string, string>;
  volta?: Record<string, string>;
  scripts?: Record<string, string>;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** A program that the package wants for its development. */
export interface DeclaredEngine {
  name: string;
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
  const value = readJsonObject(project, path);
  for (const key of [...dependencyLists, 'scripts']) {
    if (value[key] !== undefined && !isObject(value[key]))
      throw unparsable(`\`${key}\` in \`${path}\` is not an object`);
  }
  return wellFormed(value);
}

/** Names whose value is no text (`"//": ["a comment"]`) are nothing to a package manager either. */
function wellFormed(value: Record<string, unknown>): Manifest {
  const manifest = { ...value };
  for (const key of [...dependencyLists, 'scripts', 'engines', 'volta']) {
    if (isObject(manifest[key])) manifest[key] = textMembers(manifest[key]);
    else delete manifest[key];
  }
  for (const key of ['name', 'packageManager']) if (typeof manifest[key] !== 'string') delete manifest[key];
  const { workspaces, devEngines } = manifest;
  const patterns = isObject(workspaces) ? workspaces.packages : workspaces;
  if (Array.isArray(patterns)) manifest.workspaces = patterns.filter((one) => typeof one === 'string');
  else if (isObject(workspaces)) manifest.workspaces = [];
  else delete manifest.workspaces;
  const engines = isObject(devEngines) ? [devEngines.packageManager].flat().filter(isEngine) : [];
  manifest.devEngines = { packageManager: engines };
  return manifest;
}

function isEngine(value: unknown): value is DeclaredEngine {
  return isObject(value) && typeof value.name === 'string' && /^(?:string|undefined)$/.test(typeof value.version);
}

/** Where a package is declared and how: the first list that has it. */
export function declaration(manifest: Manifest, name: string): { list: DependencyList; specifier: string } | null {
  for (const list of dependencyLists) {
    const specifiers = manifest[list];
    if (specifiers && Object.hasOwn(specifiers, name)) return { list, specifier: specifiers[name]! };
  }
  return null;
}
