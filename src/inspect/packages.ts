import type { Locked } from '../knowledge/package-managers/locked.ts';
import { installedVersion } from '../project/installed.ts';
import { declaration, type Manifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import type { Package } from '../types/facts.ts';

/** A specifier that names one major version; of any other the lockfile has to tell which. */
const plain = /^[~^=v]*\d+(?:\.[\dx*]+){0,2}(?:-[\w.]+)?$/;

/**
 * Of the named packages those that the project declares or has installed, in the order named. Where one is not
 * installed and its specifier leaves its major version open, the version of the lockfile counts as installed.
 */
export function inspectPackages(
  project: Project,
  manifest: Manifest,
  names: readonly string[],
  locked: Locked,
): Package[] {
  return names.flatMap((name) => {
    const declared = declaration(manifest, name);
    const found =
      installedVersion(project, name) ?? (declared && !plain.test(declared.specifier) ? locked(name) : null);
    const installed = found?.version ?? null;
    if (!declared && !installed) return [];
    return [{ name, list: declared?.list ?? null, specifier: declared?.specifier ?? null, installed }];
  });
}
