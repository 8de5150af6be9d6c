import { addToCatalog } from '../edit/json/catalog.ts';
import type { Dependency } from '../edit/json/manifest.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts, PackageManagerName } from '../types/facts.ts';
import type { Write } from '../types/plan.ts';

/** A dependency, and the catalog its version is to be written into, if that is not package.json. */
export interface Wanted extends Dependency {
  catalog: string | null;
}

/** Where each package manager looks for catalogs; npm knows none. */
const catalogFiles: Partial<Record<PackageManagerName, string>> = {
  pnpm: 'pnpm-workspace.yaml',
  yarn: '.yarnrc.yml',
  bun: 'package.json',
};

/** `catalog:` where a catalog has the package in a version that will do, or is to get it; else as it was. */
export function fromCatalog(facts: Facts, choice: Choice, { blueprint }: Shelved, dependency: Dependency): Wanted {
  const { name, specifier } = dependency;
  const catalogs = facts.catalogs?.value;
  if (!catalogs?.file.endsWith(catalogFiles[choice.packageManager.value.name] ?? '/'))
    return { ...dependency, catalog: null };
  const majors = name === choice.driver.value.package ? choice.driver.value.majors : null;
  const will = (version: string) =>
    name === blueprint.adapter ? version === specifier : majors?.includes(Number(/\d+/.exec(version)?.[0])) !== false;
  const order = [...new Set([catalogs.own ?? 'default', 'default', ...Object.keys(catalogs.named)])];
  const has = order.find((one) => will(catalogs.named[one]?.[name] ?? 'none') && catalogs.named[one]?.[name]);
  if (has) return { ...dependency, specifier: has === 'default' ? 'catalog:' : `catalog:${has}`, catalog: null };
  const target = catalogs.own ?? (catalogs.mode === 'manual' ? null : 'default');
  return { ...dependency, catalog: target && catalogs.named[target] && !catalogs.named[target][name] ? target : null };
}

/** Puts into the catalog what belongs there. A catalog that cannot be edited is left alone, and the version stays in package.json. */
export async function intoCatalog(
  facts: Facts,
  wanted: readonly Wanted[],
): Promise<{ dependencies: Dependency[]; write: Write | null }> {
  const { file = '', text: before = '' } = facts.catalogs?.value ?? {};
  let after = before;
  const dependencies: Dependency[] = [];
  for (const { catalog, ...dependency } of wanted) {
    const edited = catalog && (await addToCatalog(file, after, catalog, dependency.name, dependency.specifier));
    if (edited && 'text' in edited) after = edited.text;
    const specifier = catalog === 'default' ? 'catalog:' : `catalog:${catalog}`;
    dependencies.push(edited && 'text' in edited ? { ...dependency, specifier } : dependency);
  }
  const because = 'this workspace keeps its versions in a catalog';
  return { dependencies, write: after === before ? null : { kind: 'write', path: file, before, after, because } };
}
