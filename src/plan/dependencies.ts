import { addDependencies, type Dependency } from '../edit/json/manifest.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Operation } from '../types/plan.ts';
import { fromCatalog, intoCatalog } from './catalog.ts';
import { atLeast, planInstall, savedAs } from './install.ts';

/**
 * What package.json lacks, and the one install that brings it; nothing where everything is declared. In a workspace
 * with catalogs a version stands where the workspace keeps its versions. Raises `cannot-parse` where package.json
 * cannot be edited, and what `planInstall` raises.
 */
export async function planDependencies(
  facts: Facts,
  choice: Choice,
  shelved: Shelved,
  install: boolean,
): Promise<Operation[]> {
  const missing = await missingDependencies(facts, choice, shelved);
  if (missing.length === 0) return [];
  const wanted = await Promise.all(missing.map((one) => fromCatalog(facts, choice, shelved, one)));
  const catalogued = await intoCatalog(facts, choice, wanted);
  const names = missing.map(({ name, specifier }) => `${name}@${specifier}`).join(', ');
  // In Bun's workspaces one file may hold both.
  const { text: before } = facts.manifest;
  const own = catalogued.write?.path === 'package.json' ? catalogued.write.after! : before;
  const edited = addDependencies(own, catalogued.dependencies);
  if ('refused' in edited)
    throw new Problem(
      'cannot-parse',
      `\`package.json\` cannot be edited: ${edited.refused}`,
      'fix it, then run this again',
    );
  const write: Operation = {
    kind: 'write',
    path: 'package.json',
    before,
    after: edited.text,
    because: `it lacks ${names}`,
  };
  const writes = catalogued.write && catalogued.write.path !== 'package.json' ? [catalogued.write, write] : [write];
  if (!install) return writes;
  const run = planInstall(
    choice.packageManager,
    missing.map(({ name }) => name),
  );
  if (!run) return writes;
  const checks = hostOf(facts).checks(shelved.blueprint, choice.driver.value);
  return [...writes, checks.length > 0 ? { ...run, checks } : run];
}

async function missingDependencies(facts: Facts, choice: Choice, { blueprint }: Shelved): Promise<Dependency[]> {
  const declared = (name: string) => facts.packages.some((one) => one.name === name && one.list !== null);
  const driver = choice.driver.value;
  const types = facts.language.value === 'typescript' ? Object.entries(driver.types ?? {}) : [];
  const of = (name: string, range: string) => () => specifierFor(facts, choice, name, range);
  const wanted = [
    { list: 'dependencies' as const, name: blueprint.adapter, specifier: async () => choice.adapterVersion.value },
    { list: 'dependencies' as const, name: driver.package, specifier: of(driver.package, driver.range) },
    ...types.map(([name, range]) => ({ list: 'devDependencies' as const, name, specifier: of(name, range) })),
  ];
  const missing = wanted.filter(({ name }) => !declared(name));
  return Promise.all(missing.map(async ({ list, name, specifier }) => ({ list, name, specifier: await specifier() })));
}

/**
 * The range of a package: what the project forces on everybody, as npm refuses another beside it. One that another
 * package brought is declared so that the version stays which is there: by our own range where it fits, which removing
 * knows again, else by that version. Types of a newer major fit, too.
 */
async function specifierFor(facts: Facts, choice: Choice, name: string, range: string): Promise<string> {
  const { driver, packageManager } = choice;
  const forced = packageManager.value.overrides[name];
  if (forced !== undefined) return forced;
  const there = facts.packages.find((one) => one.name === name)?.installed;
  const saved = (one: string) => savedAs(packageManager.value, one);
  const isDriver = name === driver.value.package;
  const isFit = there && (!isDriver || driver.value.majors.includes(Number.parseInt(there, 10)));
  if (!isFit) return saved(range);
  if (packageManager.value.savePrefix === '^') {
    const { default: satisfies } = await import('semver/functions/satisfies.js');
    const ours = [range, ...(isDriver ? [] : [atLeast(range)])].find((one) => satisfies(there, one));
    if (ours) return ours;
  }
  return saved(`^${there}`);
}
