import { dependencyLists, type Manifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Catalogs, Found } from '../../types/facts.ts';
import { packageManagers } from './index.ts';

/**
 * The version catalogs of the workspace, in the file in which one of the package managers keeps them; null where there
 * are none. A file is parsed only where the word stands in it.
 */
export async function inspectCatalogs(
  project: Project,
  workspace: Found<string> | null,
  manifest: Manifest,
): Promise<Found<Catalogs> | null> {
  const folder = workspace?.value ?? '.';
  for (const { catalog } of packageManagers) {
    const file = catalog && inFolder(folder, catalog.file);
    const text = file && project.has(file) ? (project.read(file) ?? '') : '';
    if (!file || !text.includes('catalog') || !project.isText(file)) continue;
    const parsed = await catalog.read(text);
    const its = { own: ownCatalog(manifest), taken: catalogsTaken(manifest) };
    if (parsed) return { value: { file, text, ...parsed, ...its }, because: file };
  }
  return null;
}

/** The manifest with the versions that its catalogs give. */
export function withCatalogs(manifest: Manifest, catalogs: Found<Catalogs> | null): Manifest {
  if (!catalogs) return manifest;
  const resolved = (list: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(list).map(([name, specifier]) => {
        const catalog = catalogIn(specifier);
        const versions = catalog === null ? undefined : catalogs.value.named[catalog];
        return [name, versions && Object.hasOwn(versions, name) ? versions[name]! : specifier];
      }),
    );
  const lists = dependencyLists.flatMap((list) => (manifest[list] ? [[list, resolved(manifest[list])]] : []));
  return { ...manifest, ...Object.fromEntries(lists) };
}

/**
 * The catalog a new dependency of this package belongs in: the one it takes all others from; null where it takes some
 * from elsewhere.
 */
function ownCatalog(manifest: Manifest): string | null {
  const specifiers = dependencyLists.flatMap((list) => Object.values(manifest[list] ?? {}));
  const versions = specifiers.filter((one) => !/^(?:workspace|link|file|portal|npm|git|https?):/.test(one));
  const names = new Set(versions.map(catalogIn));
  return versions.length > 1 && names.size === 1 ? [...names][0]! : null;
}

/** The catalogs that the package's dependencies are taken from, by their names. */
function catalogsTaken(manifest: Manifest): Record<string, string> {
  const declared = dependencyLists.flatMap((list) => Object.entries(manifest[list] ?? {}));
  return Object.fromEntries(
    declared.flatMap(([name, specifier]) => {
      const catalog = catalogIn(specifier);
      return catalog === null ? [] : [[name, catalog]];
    }),
  );
}

function catalogIn(specifier: string): string | null {
  return specifier.startsWith('catalog:') ? specifier.slice('catalog:'.length).trim() || 'default' : null;
}
