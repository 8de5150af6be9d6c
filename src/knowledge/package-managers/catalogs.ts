import { parseCatalogs } from '../../edit/json/catalog.ts';
import { dependencyLists, type Manifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Catalogs, Found } from '../../types/facts.ts';

const files = ['pnpm-workspace.yaml', '.yarnrc.yml', 'package.json'];

/**
 * The version catalogs of the workspace: pnpm keeps them in pnpm-workspace.yaml, Yarn (4.10 and newer) in .yarnrc.yml, Bun in the
 * root's package.json. null where there are none. A file is parsed only where the word stands in it.
 */
export async function inspectCatalogs(
  project: Project,
  workspace: Found<string> | null,
  manifest: Manifest,
): Promise<Found<Catalogs> | null> {
  const folder = workspace?.value ?? '.';
  for (const name of files) {
    const file = inFolder(folder, name);
    const text = project.has(file) ? (project.read(file) ?? '') : '';
    if (!text.includes('catalog') || !project.isText(file)) continue;
    const parsed = await parseCatalogs(file, text);
    if (parsed) return { value: { file, text, ...parsed, own: ownCatalog(manifest) }, because: file };
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
        return [name, (catalog && catalogs.value.named[catalog]?.[name]) || specifier];
      }),
    );
  const lists = dependencyLists.flatMap((list) => (manifest[list] ? [[list, resolved(manifest[list])]] : []));
  return { ...manifest, ...Object.fromEntries(lists) };
}

/** The catalog a new dependency of this package belongs in: the one it takes all others from; null where it takes some from elsewhere. */
function ownCatalog(manifest: Manifest): string | null {
  const specifiers = dependencyLists.flatMap((list) => Object.values(manifest[list] ?? {}));
  const versions = specifiers.filter((one) => !/^(?:workspace|link|file|portal|npm|git|https?):/.test(one));
  const names = new Set(versions.map(catalogIn));
  return versions.length > 1 && names.size === 1 ? [...names][0]! : null;
}

function catalogIn(specifier: string): string | null {
  return specifier.startsWith('catalog:') ? specifier.slice('catalog:'.length).trim() || 'default' : null;
}
