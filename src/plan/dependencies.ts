import { addDependencies, type Dependency } from '../edit/json/manifest.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Operation } from '../types/plan.ts';
import { fromCatalog, intoCatalog } from './catalog.ts';
import { planInstall, savedAs } from './install.ts';

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
  const missing = missingDependencies(facts, choice, shelved);
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

/** A package that another one brought is declared at the version that is there, so that nothing locked moves. */
function missingDependencies(facts: Facts, choice: Choice, { blueprint }: Shelved): Dependency[] {
  const declared = (name: string) => facts.packages.some((one) => one.name === name && one.list !== null);
  const driver = choice.driver.value;
  const at = (name: string, range: string, majors?: number[]) => {
    const there = facts.packages.find((one) => one.name === name)?.installed;
    const fits = there && (majors?.includes(Number.parseInt(there, 10)) ?? true);
    return savedAs(choice.packageManager.value, fits ? `^${there}` : range);
  };
  const types = facts.language.value === 'typescript' ? Object.entries(driver.types ?? {}) : [];
  const wanted: Dependency[] = [
    { list: 'dependencies', name: blueprint.adapter, specifier: choice.adapterVersion.value },
    { list: 'dependencies', name: driver.package, specifier: at(driver.package, driver.range, driver.majors) },
    ...types.map(([name, range]) => ({ list: 'devDependencies' as const, name, specifier: at(name, range) })),
  ];
  return wanted.filter(({ name }) => !declared(name));
}
