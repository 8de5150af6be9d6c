import type { Dependency } from '../edit/json/manifest.ts';
import { undo } from '../edit/revert.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { managerNamed } from '../knowledge/package-managers/index.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice, Removal } from '../types/choice.ts';
import type { Catalogs, Facts } from '../types/facts.ts';
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
  if (has) return { ...dependency, specifier: inCatalog(has), catalog: null };
  const target = (name === blueprint.adapter ? besideRuntime(facts, catalogs) : null) ?? targetOf(catalogs);
  return { ...dependency, catalog: target && catalogs.named[target] && !versionIn(target) ? target : null };
}

/** The catalog that a new package of this one belongs in; null where its version stands in package.json. */
function targetOf({ own, mode }: Catalogs): string | null {
  return own ?? (mode === 'manual' ? null : 'default');
}

/** The catalog of the host's runtime, with which an adapter's version goes: the two are raised together. */
function besideRuntime(facts: Facts, { taken }: Catalogs): string | null {
  return taken[hostOf(facts).runtime] ?? null;
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
    const isThere = catalog && edited && 'text' in edited;
    dependencies.push(isThere ? { ...dependency, specifier: inCatalog(catalog) } : dependency);
  }
  const because = 'this workspace keeps its versions in a catalog';
  return { dependencies, write: after === before ? null : { kind: 'write', path, before, after, because } };
}

/**
 * Takes dependencies out of the catalog that adding puts them into: the lines which adding would write again, byte for
 * byte. Gives the names of those that went, too.
 */
export async function outOfCatalog(
  facts: Facts,
  { packageManager }: Removal,
  dependencies: readonly Dependency[],
): Promise<{ gone: string[]; write: Write | null }> {
  const catalogs = facts.catalogs?.value;
  const format = packageManager && catalogFileOf(facts, { packageManager });
  if (!catalogs || !format) return { gone: [], write: null };
  const targets = [targetOf(catalogs), besideRuntime(facts, catalogs)];
  let text = catalogs.text;
  const gone: string[] = [];
  for (const { name, specifier } of dependencies) {
    const target = targets.find((one) => one !== null && specifier === inCatalog(one));
    const version = target && catalogs.named[target]?.[name];
    if (!target || !version) continue;
    const shorter = await undo(text, name, (one) => format.add(one, target, name, version), { prose: true });
    if (shorter === null) continue;
    text = shorter;
    gone.push(name);
  }
  const because = `nothing else takes ${gone.join(', ')} from its catalog`;
  const write: Write = { kind: 'write', path: catalogs.file, before: catalogs.text, after: text, because };
  return { gone, write: gone.length > 0 ? write : null };
}

/** As package.json writes a version that stands in a catalog. */
function inCatalog(catalog: string): string {
  return catalog === 'default' ? 'catalog:' : `catalog:${catalog}`;
}
