import path from 'node:path';
import type { LocalPackage } from '../code/specifiers.ts';
import { dependencyLists, type Manifest, readManifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';

/** A specifier that names a folder of the repository. */
const linked = /^(?:file|link|portal):(\.[^#?]*)$/;

/**
 * The packages of the same repository whose code this one runs: members of its workspace that it depends on by name,
 * and folders that it links, and those that they depend on in turn. `members`: the workspace's folders, as paths of the
 * project.
 */
export function localPackages(project: Project, manifest: Manifest, members: readonly string[]): LocalPackage[] {
  const known = new Map<string, LocalPackage>();
  for (const folder of members) {
    const one = readManifest(project, folder);
    if (one?.name && !isHere(project, folder)) known.set(one.name, { name: one.name, folder, manifest: one });
  }
  const found = new Map<string, LocalPackage>();
  const open = [{ folder: '.', manifest }];
  for (const { folder, manifest: one } of open) {
    for (const [name, specifier] of dependenciesOf(one)) {
      const local = linkedBy(project, folder, name, specifier) ?? known.get(name);
      if (!local || found.has(name)) continue;
      found.set(name, local);
      open.push(local);
    }
  }
  return [...found.values()];
}

function isHere(project: Project, folder: string): boolean {
  return path.resolve(project.root, folder) === path.resolve(project.root);
}

function dependenciesOf(manifest: Manifest): [name: string, specifier: string][] {
  return dependencyLists
    .flatMap((list) => Object.entries(manifest[list] ?? {}))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

function linkedBy(project: Project, from: string, name: string, specifier: string): LocalPackage | null {
  const target = linked.exec(specifier)?.[1];
  const folder = target && path.posix.join(from, target).replace(/\/$/, '');
  if (!folder || isHere(project, folder) || project.outside(folder) !== null) return null;
  const manifest = readManifest(project, folder);
  return manifest && { name, folder, manifest };
}
