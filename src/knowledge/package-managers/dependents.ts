import { type Manifest, readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import { addNames, type DependencyNames, declaredNames } from './dependency-names.ts';
import { packageManagers } from './index.ts';

/** Packages that are to go, and what the project declares besides them. */
interface Going {
  going: readonly string[];
  declared: readonly string[];
}

/**
 * Of the packages that are to go those that another one names, each with the first that does: one that is there without
 * them, by way of what else the project declares. Read from the lockfile, else from the manifests in `node_modules`;
 * where there is neither, nothing names anything.
 */
export function dependentsOf(project: Project, { going, declared }: Going): Record<string, string> {
  const names = inLockfile(project) ?? inNodeModules(project, declared);
  const found: Record<string, string> = {};
  const known = new Set(declared.filter((name) => !going.includes(name)));
  for (const one of known) {
    for (const other of names.get(one) ?? []) {
      if (going.includes(other)) found[other] ??= one;
      else known.add(other);
    }
  }
  return found;
}

/** In the nearest folder that has a lockfile which names any. */
function inLockfile(project: Project): DependencyNames | null {
  for (const folder of project.upward) {
    const here = packageManagers.flatMap(({ lockfiles, dependencyNames }) =>
      lockfiles.map((name) => ({ file: inFolder(folder, name), dependencyNames })),
    );
    const hidden = packageManagers.flatMap(({ hiddenLockfile, dependencyNames }) =>
      hiddenLockfile ? [{ file: inFolder(folder, hiddenLockfile), dependencyNames }] : [],
    );
    for (const { file, dependencyNames } of [...here, ...hidden]) {
      const text = project.has(file) ? (project.read(file) ?? '') : '';
      const { names, peers } = dependencyNames(text);
      // Without peers: where there is node_modules, the manifests know more.
      if (names.size > 0 && (peers || !project.isFolder(inFolder(folder, 'node_modules')))) return names;
    }
  }
  return null;
}

const mostManifests = 5000;

/**
 * The manifests of what is declared, and of what those name, as far as they lie in a `node_modules` from the package
 * upward.
 */
function inNodeModules(project: Project, declared: readonly string[]): DependencyNames {
  const names: DependencyNames = new Map();
  const open = new Set(declared);
  for (const name of open) {
    if (names.size > mostManifests) break;
    const manifest = installedManifest(project, name);
    if (!manifest) continue;
    const others = declaredNames(manifest);
    addNames(names, name, others);
    for (const other of others) open.add(other);
  }
  return names;
}

function installedManifest(project: Project, name: string): Manifest | null {
  const folder = project.upward
    .map((one) => inFolder(one, `node_modules/${name}`))
    .find((one) => project.isFolder(one));
  try {
    return folder === undefined ? null : readManifest(project, folder);
  } catch {
    // What cannot be read names nothing.
    return null;
  }
}
