import { addToCatalog } from '../edit/catalog.ts';
import { addDependencies, type Dependency } from '../edit/manifest.ts';
import { Problem } from '../problem.ts';
import type { Choice, Facts, Operation, PackageManagerName, Shelved, Write } from '../types.ts';

/**
 * What package.json lacks, and the one install that brings it; nothing where everything is declared. In a workspace with catalogs a
 * version stands where the workspace keeps its versions.
 */
export async function planDependencies(
  facts: Facts,
  choice: Choice,
  shelved: Shelved,
  install: boolean,
): Promise<Operation[]> {
  const missing = missingDependencies(facts, choice, shelved);
  if (missing.length === 0) return [];
  const catalogued = await intoCatalog(
    facts,
    missing.map((one) => fromCatalog(facts, choice, shelved, one)),
  );
  const names = missing.map(({ name, specifier }) => `${name}@${specifier}`).join(', ');
  // In Bun's workspaces one file may hold both.
  const before = facts.files['package.json']!;
  const own = catalogued.write?.path === 'package.json' ? catalogued.write.after! : before;
  const edited = addDependencies(own, catalogued.dependencies);
  if ('refused' in edited)
    throw new Problem('cannot-parse', `\`package.json\` cannot be edited: ${edited.refused}`, 'mend it first');
  const { install: command, touches } = choice.packageManager.value;
  const write: Operation = {
    kind: 'write',
    path: 'package.json',
    before,
    after: edited.text,
    because: `it lacks ${names}`,
  };
  const writes = catalogued.write && catalogued.write.path !== 'package.json' ? [catalogued.write, write] : [write];
  if (!install) return writes;
  const brings = missing.map(({ name }) => name);
  return [...writes, { kind: 'run', command, cwd: '.', touches, brings, because: choice.packageManager.because }];
}

/** Where each package manager looks for catalogs; npm knows none. */
const catalogFiles: Partial<Record<PackageManagerName, string>> = {
  pnpm: 'pnpm-workspace.yaml',
  yarn: '.yarnrc.yml',
  bun: 'package.json',
};

/** `catalog:` where a catalog has the package in a version that will do, or is to get it; else as it was. */
function fromCatalog(facts: Facts, choice: Choice, { blueprint }: Shelved, dependency: Dependency): Wanted {
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

/** `catalog`: where the version is to be written instead. */
interface Wanted extends Dependency {
  catalog: string | null;
}

/** Puts into the catalog what belongs there. A catalog that cannot be edited is left alone, and the version stays in package.json. */
async function intoCatalog(
  facts: Facts,
  wanted: readonly Wanted[],
): Promise<{ dependencies: Dependency[]; write: Write | null }> {
  const file = facts.catalogs?.value.file ?? '';
  const before = facts.files[file] ?? '';
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

/** A package that another one brought is declared at the version that is there, so that nothing locked moves. */
function missingDependencies(facts: Facts, choice: Choice, { blueprint }: Shelved): Dependency[] {
  const declared = (name: string) => facts.packages.some((one) => one.name === name && one.list !== null);
  const driver = choice.driver.value;
  const at = (name: string, range: string, majors?: number[]) => {
    const there = facts.packages.find((one) => one.name === name)?.installed;
    return there && (majors?.includes(Number.parseInt(there, 10)) ?? true) ? `^${there}` : range;
  };
  const types = facts.language.value === 'typescript' ? Object.entries(driver.types ?? {}) : [];
  const wanted: Dependency[] = [
    { list: 'dependencies', name: blueprint.adapter, specifier: choice.adapterVersion.value },
    { list: 'dependencies', name: driver.package, specifier: at(driver.package, driver.range, driver.majors) },
    ...types.map(([name, range]) => ({ list: 'devDependencies' as const, name, specifier: at(name, range) })),
  ];
  return wanted.filter(({ name }) => !declared(name));
}
