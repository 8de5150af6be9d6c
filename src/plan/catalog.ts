import type { Dependency } from '../edit/json/manifest.ts';
import { managerNamed } from '../knowledge/package-managers/index.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Write } from '../types/plan.ts';

/** A dependency, and the catalog its version is to be written into, if that is not package.json. */
interface CataloguedDependency extends Dependency {
  catalog: string | null;
}

/** The file of the catalogs, and how they are edited, where the chosen package manager reads them. */
function catalogFileOf(facts: Facts, { packageManager }: Pick<Choice, 'packageManager'>) {
  const catalog = managerNamed(packageManager.value.name)?.catalog;
  const file = facts.catalogs?.value.file;
  return catalog && file?.split('/').at(-1) === catalog.file ? catalog : null;
}

/** `catalog:` where a catalog has the package in a version that will do, or is to get it; else as it was. */
export async function fromCatalog(
  facts: Facts,
  choice: Choice,
  { blueprint }: Shelved,
  dependency: Dependency,
): Promise<CataloguedDependency> {
  const { name, specifier } = dependency;
  const catalogs = facts.catalogs?.value;
  if (!catalogs || !catalogFileOf(facts, choice)) return { ...dependency, catalog: null };
  const majors = name === choice.driver.value.package ? choice.driver.value.majors : null;
  const { default: minVersion } = await import('semver/ranges/min-version.js');
  const majorOf = (range: string) => {
    try {
      return minVersion(range)?.major;
    } catch {
      return undefined;
    }
  };
  const will = (version: string) =>
    name === blueprint.adapter ? version === specifier : majors === null || majors.includes(majorOf(version) ?? -1);
  const order = [...new Set([catalogs.own ?? 'default', 'default', ...Object.keys(catalogs.named)])];
  const versionIn = (one: string) => Object.entries(catalogs.named[one] ?? {}).find(([key]) => key === name)?.[1];
  const has = order.find((one) => will(versionIn(one) ?? 'none') && versionIn(one));
  if (has) return { ...dependency, specifier: has === 'default' ? 'catalog:' : `catalog:${has}`, catalog: null };
  const target = catalogs.own ?? (catalogs.mode === 'manual' ? null : 'default');
  return { ...dependency, catalog: target && catalogs.named[target] && !versionIn(target) ? target : null };
}

/**
 * Puts into the catalog what belongs there. A catalog that cannot be edited is left alone, and the version stays in
 * package.json.
 */
export async function intoCatalog(
  facts: Facts,
  choice: Pick<Choice, 'packageManager'>,
  wanted: readonly CataloguedDependency[],
): Promise<{ dependencies: Dependency[]; write: Write | null }> {
  const { file: path = '', text: before = '' } = facts.catalogs?.value ?? {};
  const format = catalogFileOf(facts, choice);
  let after = before;
  const dependencies: Dependency[] = [];
  for (const { catalog, ...dependency } of wanted) {
    const edited = catalog && (await format?.add(after, catalog, dependency.name, dependency.specifier));
    if (edited && 'text' in edited) after = edited.text;
    const specifier = catalog === 'default' ? 'catalog:' : `catalog:${catalog}`;
    dependencies.push(edited && 'text' in edited ? { ...dependency, specifier } : dependency);
  }
  const because = 'this workspace keeps its versions in a catalog';
  return { dependencies, write: after === before ? null : { kind: 'write', path, before, after, because } };
}
