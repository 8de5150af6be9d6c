import type { Package } from '../types.ts';
import { installedVersion } from './flue-version.ts';
import { declaration, type Manifest } from './manifest.ts';
import type { Project } from './project.ts';

/** Of the named packages those that the project declares or has installed, in the order named. */
export function inspectPackages(project: Project, manifest: Manifest, names: readonly string[]): Package[] {
  return names.flatMap((name) => {
    const declared = declaration(manifest, name);
    const installed = installedVersion(project, name)?.version ?? null;
    if (!declared && !installed) return [];
    return [{ name, list: declared?.list ?? null, specifier: declared?.specifier ?? null, installed }];
  });
}
