import { type Dependency, parseManifest, removeDependencies } from '../edit/json/manifest.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, Package, References } from '../types/facts.ts';
import type { Operation, Step, Write } from '../types/plan.ts';
import { outOfCatalog } from './catalog.ts';
import { atLeast, planInstall, savedAs } from './install.ts';

/** The operations that drop packages, and what a person has to know of those that stay. */
interface PackagePlan {
  operations: Operation[];
  notes: Step[];
}

/**
 * Drops what adding wrote into package.json and into a catalog, as far as nothing else needs it, and runs the one
 * install.
 */
export async function dropPackages(
  facts: Facts,
  removal: Removal,
  references: References,
  install: boolean,
): Promise<PackagePlan> {
  const there = removal.packages.flatMap((name) => facts.packages.find((one) => one.name === name && one.list) ?? []);
  const candidates = written(
    facts,
    there.filter(({ name }) => name !== hostOf(facts).runtime),
  );
  const ours = candidates.filter((one) => isOurs(one, removal, facts));
  const kept = candidates.flatMap((one) => {
    const reason = reasonToKeep(one, removal, references, ours);
    return reason === null ? [] : [{ name: one.name, reason }];
  });
  const dropped = candidates.filter(({ name }) => kept.every((one) => one.name !== name));
  const catalogued = dropped.filter(isCatalogued);
  const catalog = await outOfCatalog(
    facts,
    removal,
    catalogued.filter((one) => !references.catalogued[one.name] && isAsSaved(one, removal, facts)),
  );
  const left = catalogued.filter(({ name }) => !catalog.gone.includes(name));
  const notes = [
    ...kept.map(({ name, reason }) => noteOn(`\`${name}\` stays: ${reason}`)),
    ...left.map(({ name }) => {
      const by = references.catalogued[name];
      const why = by ? `: \`${by}\` takes it from there` : ', for who else takes it from there';
      return noteOn(`the version of \`${name}\` stays in \`${facts.catalogs?.value.file}\`${why}`);
    }),
  ];
  return {
    operations: dropped.length === 0 ? [] : operationsFor(facts, removal, { dropped, catalog: catalog.write }, install),
    notes,
  };
}

/**
 * Why a package stays; null where it goes. What is declared otherwise than adding does is the project's own. Types that
 * came with a driver which is the project's own were lived without before; types of one that code has come to need are
 * needed with it.
 */
function reasonToKeep(
  one: Dependency,
  { packages: [adapter] }: Removal,
  { packages: needed }: References,
  ours: readonly Dependency[],
): string | null {
  const { name, list } = one;
  if (name !== adapter && !ours.includes(one)) return 'by its version it may be your own';
  if (!/^(?:dev)?[dD]ependencies$/.test(list)) return `it stands in \`${list}\``;
  const typed = ours.find((other) => `@types/${other.name}` === name);
  return typed && needed[typed.name] ? 'its package stays' : (needed[name] ?? null);
}

/**
 * Whether it is a specifier that adding writes: the range, where the package manager is not known in any way in which
 * one may save it; or one of a catalog that has it, if nobody but the driver has a use for it.
 */
function isOurs(one: Dependency, removal: Removal, facts: Facts): boolean {
  const { package: driver } = removal.driver;
  if (isCatalogued(one) && [driver, `@types/${driver}`].includes(one.name)) return facts.catalogs !== null;
  return isAsSaved(one, removal, facts);
}

/** Whether the version, be it one of a catalog, is written as adding writes it; that of an adapter always is. */
function isAsSaved(
  { name, specifier }: Dependency,
  { driver, packages, packageManager }: Removal,
  facts: Facts,
): boolean {
  if (name === packages[0]) return true;
  const ranges: Record<string, string> = { ...driver.types, [driver.package]: driver.range };
  const range = ranges[name];
  if (range === undefined) return false;
  const resolved = facts.packages.find((one) => one.name === name)?.specifier ?? specifier;
  const prefixes = packageManager ? [packageManager.value.savePrefix] : ['^', '~', ''];
  if (resolved === packageManager?.value.overrides[name]) return true;
  const isTypes = name !== driver.package && prefixes.includes('^');
  return (
    (isTypes && resolved === atLeast(range)) || prefixes.some((one) => resolved === savedAs({ savePrefix: one }, range))
  );
}

function noteOn(text: string): Step {
  return { kind: 'know', path: 'package.json', text };
}

/** Declared packages as package.json has them, which may be `catalog:`. */
function written({ manifest }: Facts, packages: readonly Package[]): Dependency[] {
  const lists = parseManifest(manifest.text);
  return packages.map(({ name, list }) => {
    return { list: list as Dependency['list'], name, specifier: lists[list as Dependency['list']]?.[name] ?? '' };
  });
}

function isCatalogued({ specifier }: Pick<Dependency, 'specifier'>): boolean {
  return specifier.startsWith('catalog:');
}

function operationsFor(
  { manifest }: Facts,
  { packageManager }: Removal,
  { dropped, catalog }: { dropped: readonly Dependency[]; catalog: Write | null },
  install: boolean,
): Operation[] {
  const { path, text: before } = manifest;
  // In Bun's workspaces one file may hold both.
  const edited = removeDependencies(catalog?.path === path ? catalog.after! : before, dropped);
  if ('refused' in edited)
    throw new Problem(
      'cannot-parse',
      `\`${path}\` cannot be edited: ${edited.refused}`,
      'fix the file, then run this again',
    );
  const names = dropped.map(({ name }) => name).join(', ');
  const write: Write = { kind: 'write', path, before, after: edited.text, because: `nothing else needs ${names}` };
  const writes = catalog && catalog.path !== path ? [catalog, write] : [write];
  if (!install || !packageManager) return writes;
  const run = planInstall(packageManager, []);
  return run ? [...writes, run] : writes;
}
