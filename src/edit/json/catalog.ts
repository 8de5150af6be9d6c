import type { Catalogs } from '../../types/facts.ts';
import { isObject, parseJsonc, textMembers } from '../parse-data.ts';
import type { Refusal } from '../splice.ts';
import { addMember } from './manifest.ts';

/**
 * The catalogs in the text of a package.json, in `workspaces` or at the top; null where it has none or does not parse.
 */
export function catalogsInManifest(text: string): Pick<Catalogs, 'mode' | 'named'> | null {
  const holder = holderIn(parseJsonc(text));
  return holder && catalogsOf(holder);
}

/** Adds a package to a catalog of a package.json that is there, at its sorted place where the others are sorted. */
export function addToManifestCatalog(
  text: string,
  catalog: string,
  name: string,
  specifier: string,
): { text: string } | Refusal {
  const manifest = parseJsonc(text);
  const holder = holderIn(manifest);
  const inner = catalog === 'default' && holder?.catalog ? ['catalog'] : ['catalogs', catalog];
  const path = holder === manifest ? inner : ['workspaces', ...inner];
  return addMember(text, { path, name, value: specifier });
}

/**
 * Catalogs as a package manager reads them from the object that holds them: what is no text is no version. Null where
 * there are none.
 */
export function catalogsOf(holder: Record<string, unknown>): Pick<Catalogs, 'mode' | 'named'> | null {
  const lists = { default: holder.catalog, ...(isObject(holder.catalogs) && holder.catalogs) };
  const named = Object.fromEntries(
    Object.entries(lists).flatMap(([name, versions]) => (isObject(versions) ? [[name, textMembers(versions)]] : [])),
  );
  if (Object.keys(named).length === 0) return null;
  const mode = holder.catalogMode === 'strict' || holder.catalogMode === 'prefer' ? holder.catalogMode : 'manual';
  return { named, mode };
}

function holderIn(manifest: unknown): Record<string, unknown> | null {
  if (!isObject(manifest)) return null;
  const { workspaces } = manifest;
  return isObject(workspaces) && (workspaces.catalog || workspaces.catalogs) ? workspaces : manifest;
}
