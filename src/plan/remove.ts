import { formerOf } from '../blueprints/marker.ts';
import { type Dependency, parseManifest, removeDependencies } from '../edit/json/manifest.ts';
import { undo } from '../edit/revert.ts';
import { declareIn } from '../knowledge/conventions/index.ts';
import { scaffoldFor } from '../knowledge/hosts/flue/scaffold.ts';
import { Problem } from '../problem.ts';
import type { Shelved, Variable } from '../types/blueprint.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, Needs } from '../types/facts.ts';
import type { Operation, Plan, Write } from '../types/plan.ts';
import { declarationsFor } from './docs.ts';
import { installByHand, planInstall, savedAs } from './install.ts';

/**
 * What takes an addition back: its packages that nothing else needs and the install that drops them, the db entry (or what was there before
 * it), and the lines in the env docs that adding would write again. Pure. `scaffold`: what `flue init` writes.
 */
export async function planRemove(
  facts: Facts,
  removal: Removal,
  { blueprint }: Shelved,
  needs: Needs,
  { install, scaffold }: { install: boolean; scaffold: string },
): Promise<Plan> {
  const title = `Remove ${blueprint.title} (${removal.blueprint})`;
  const packages = packagesOf(facts, removal, blueprint.adapter, needs);
  const variables = blueprint.variables.filter(({ name }) => removal.names[name]);
  const docs = await planDocs(facts, removal, variables, blueprint, needs);
  const entry = await planEntry(facts, removal, needs, scaffold);
  const operations = [
    ...(await planPackages(facts, removal, packages.dropped, install)),
    ...entry.writes,
    ...docs.writes,
  ];
  const toInstall = packages.dropped.length > 0 && !operations.some((one) => one.kind === 'run');
  const next = [
    ...(toInstall ? [installByHand(removal.packageManager.value)] : []),
    ...entry.notes,
    ...packages.kept,
    ...othersIn(facts, blueprint.adapter),
    ...docs.notes,
    ...Object.values(removal.names).map(
      (name) =>
        `\`${name}\` may go from your own \`.env\` and from wherever the server runs, unless something else reads it`,
    ),
    ...(blueprint.ignores ?? []).map((pattern) => `\`.gitignore\` keeps \`${pattern}\` out: the data stays`),
    'what Flue had stored stays where it is',
  ];
  return { title, operations, next };
}

/** Adapters of databases that were replaced before. */
function othersIn({ packages }: Facts, adapter: string): string[] {
  const others = packages.filter(
    ({ name, list }) => /^@flue\/(?!runtime$|cli$|vite$|sdk$)/.test(name) && list && name !== adapter,
  );
  return others.map(({ name }) => `\`${name}\` is still in \`package.json\`, from a database before this one`);
}

interface Packages {
  dropped: Dependency[];
  kept: string[];
}

/** What adding would write into package.json, and whether it may go: a version that is another than ours is the project's own. */
function packagesOf(facts: Facts, removal: Removal, adapter: string, needs: Needs): Packages {
  const { driver, packages, packageManager } = removal;
  const dropped: Dependency[] = [];
  const kept: string[] = [];
  const written = parseManifest(facts.files['package.json'] ?? '{}');
  const ranges: Record<string, string> = { ...driver.types, [driver.package]: driver.range };
  for (const name of packages) {
    const there = facts.packages.find((one) => one.name === name);
    if (!there?.list || !there.specifier || name === '@flue/runtime') continue;
    const own =
      name !== adapter && there.specifier !== savedAs(packageManager.value, ranges[name] ?? '')
        ? 'by its version it may be your own'
        : null;
    const reason =
      own ?? (/^(?:dev)?[dD]ependencies$/.test(there.list) ? needs.packages[name] : `it stands in \`${there.list}\``);
    if (reason) {
      kept.push(`\`${name}\` stays: ${reason}`);
      continue;
    }
    // As it is written, which may be `catalog:`.
    const specifier = written[there.list]?.[name] ?? '';
    dropped.push({ list: there.list as Dependency['list'], name, specifier });
    if (specifier.startsWith('catalog:'))
      kept.push(
        `the version of \`${name}\` stays in \`${facts.catalogs?.value.file}\`, for who else takes it from there`,
      );
  }
  return { dropped, kept };
}

async function planPackages(
  facts: Facts,
  { packageManager }: Removal,
  dropped: readonly Dependency[],
  install: boolean,
): Promise<Operation[]> {
  if (dropped.length === 0) return [];
  const before = facts.files['package.json']!;
  const edited = removeDependencies(before, dropped);
  if ('refused' in edited)
    throw new Problem(
      'cannot-parse',
      `\`package.json\` cannot be edited: ${edited.refused}`,
      'fix it, then run this again',
    );
  const names = dropped.map(({ name }) => name).join(', ');
  const write: Write = {
    kind: 'write',
    path: 'package.json',
    before,
    after: edited.text,
    because: `nothing else needs ${names}`,
  };
  if (!install) return [write];
  const run = planInstall(packageManager, []);
  return run ? [write, run] : [write];
}

async function planEntry(
  facts: Facts,
  { entry }: Removal,
  needs: Needs,
  init: string,
): Promise<{ writes: Write[]; notes: string[] }> {
  const before = facts.files[entry]!;
  const kept = formerOf(entry);
  const former = facts.files[kept];
  if (former !== undefined) {
    const because = `it keeps what was there before; \`${entry}\` has it again`;
    return {
      writes: [
        { kind: 'write', path: entry, before, after: former, because: `\`${kept}\` has what was there before` },
        { kind: 'write', path: kept, before: former, after: null, because },
      ],
      notes: [`\`${entry}\` is again what it was; whether its packages are still there is for you to see`],
    };
  }
  const scaffold = needs.begun ? await scaffoldFor(facts, entry, init) : null;
  if (scaffold) {
    const because = '`flue init` began this project: its embedded default again';
    return { writes: [{ kind: 'write', path: entry, before, after: scaffold, because }], notes: [] };
  }
  const [importer] = needs.importers;
  if (importer) {
    const why = `\`${importer}\` imports \`${entry}\`, which would be gone`;
    throw new Problem('adapter-exists', why, 'take that import out first, then run this again');
  }
  const because = 'it is ours, unchanged';
  const embedded = '`flue add database sqlite` keeps it in a file on one host';
  return {
    writes: [{ kind: 'write', path: entry, before, after: null, because }],
    notes: [
      ...(facts.entryOption
        ? [`${facts.entryOption.because} points to it still: take that out, or Flue stops there`]
        : []),
      `without a db entry Flue keeps its state in memory, and forgets it at every restart; ${embedded}`,
    ],
  };
}

/** The lines that adding would write, taken out where the proof holds; a doc that differs by now is named. */
async function planDocs(
  facts: Facts,
  { names }: Removal,
  variables: readonly Variable[],
  blueprint: Shelved['blueprint'],
  needs: Needs,
): Promise<{ writes: Write[]; notes: string[] }> {
  const texts = { ...facts.files };
  const notes = Object.entries(needs.variables).map(([name, reason]) => `the docs keep \`${name}\`: ${reason}`);
  // What goes with a connection goes before it.
  for (const { name: canonical } of variables.toReversed()) {
    const name = names[canonical]!;
    if (needs.variables[name]) continue;
    const listed = facts.envDocs.filter((doc) => doc.variables.some((one) => one.name === name));
    const open = listed.filter(({ skipped, path }) => !skipped && facts.files[path] !== undefined);
    const shorter = { ...texts };
    let required: string | null = null;
    for (const doc of open.toReversed()) {
      const declaration = declarationsFor(facts, doc, variables, (one) => names[one]!, blueprint).find(
        (one) => one.name === name,
      )!;
      const text = shorter[doc.path]!;
      const without = await undo(text, name, (one) => declareIn(one, doc, declaration), {
        lines: doc.kind === 'dotenv',
        prose: /^(?:markdown|agents)$/.test(doc.kind),
      });
      if (without !== null) shorter[doc.path] = without;
      else if (doc.schema && doc.kind !== 'ProcessEnv') required = doc.path;
      else notes.push(`\`${doc.path}\` still has \`${name}\`, written otherwise than adding does`);
    }
    // A module that checks the environment reads what it lists.
    if (required)
      notes.push(`the docs keep \`${name}\`: \`${required}\` checks it, written otherwise than adding does`);
    else Object.assign(texts, shorter);
  }
  const writes = Object.entries(texts).flatMap(([path, after]): Write[] => {
    const before = facts.files[path]!;
    return after === before
      ? []
      : [{ kind: 'write', path, before, after, because: 'nothing reads the variable any more' }];
  });
  return { writes, notes: [...new Set(notes)] };
}
