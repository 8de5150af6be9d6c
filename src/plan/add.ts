import { formerOf } from '../blueprints/marker.ts';
import { renderEntry } from '../blueprints/render.ts';
import { isSameCode } from '../edit/format.ts';
import { addPattern } from '../edit/ignore.ts';
import { Problem } from '../problem.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Operation, Plan } from '../types/plan.ts';
import { planDependencies } from './dependencies.ts';
import { planDocs } from './docs.ts';
import { nextSteps } from './next.ts';

/**
 * Facts and a choice as a plan: package.json and its one install first, since installing fails most, then the db entry, then
 * the env docs. Pure. No operations where everything is already so. `install: false` leaves the run out.
 */
export async function planAdd(
  facts: Facts,
  choice: Choice,
  whole: Shelved,
  { install }: { install: boolean },
): Promise<Plan> {
  const variables = whole.blueprint.variables.filter(({ name }) => choice.names[name]);
  const blueprint = { ...whole.blueprint, variables };
  const shelved = { ...whole, blueprint };
  const docs = await planDocs(facts, choice, shelved);
  const operations: Operation[] = [
    ...(await planDependencies(facts, choice, shelved, install)),
    ...(await planEntry(facts, choice, shelved, docs.reading)),
    ...docs.writes,
    ...planIgnores(facts, blueprint),
  ];
  const by = choice.driver.value.package === blueprint.adapter ? 'built into' : 'with';
  const title = `Add ${blueprint.title} (${choice.blueprint}) ${by} ${choice.driver.value.package}`;
  if (operations.length === 0) return { title, operations, next: docs.notes };
  const changed = operations.some((one) => one.kind === 'write' && one.path === 'package.json');
  const toInstall = changed && !operations.some((one) => one.kind === 'run');
  return { title, operations, next: nextSteps(facts, choice, blueprint, docs.notes, toInstall) };
}

/** Data files are kept out of git, where the project keeps a .gitignore. */
function planIgnores(facts: Facts, { ignores = [] }: Blueprint): Operation[] {
  const before = facts.files['.gitignore'];
  if (before === undefined) return [];
  let after = before;
  for (const pattern of ignores) {
    const edited = addPattern(after, pattern);
    if ('text' in edited) after = edited.text;
  }
  if (after === before) return [];
  return [{ kind: 'write', path: '.gitignore', before, after, because: `${ignores.join(', ')} is data, not source` }];
}

/** A db entry of the project's own is kept beside ours, and `remove` puts it back. Raises `adapter-exists` where another one is kept already. */
function keepFormer(facts: Facts, { entry }: Choice, former: string | null): Operation[] {
  const path = formerOf(entry.path);
  if (former === null || !entry.former) return [];
  if (facts.files[path] !== undefined) {
    const why = `\`${path}\` already keeps what \`${entry.path}\` held before`;
    throw new Problem('adapter-exists', why, 'move it away, or delete it if it is not needed; then run this again');
  }
  const because = `what \`${entry.path}\` held; \`flue remove database\` puts it back`;
  return [{ kind: 'write', path, before: null, after: former, because }];
}

async function planEntry(facts: Facts, choice: Choice, shelved: Shelved, reading: string): Promise<Operation[]> {
  const { path, value, because } = choice.entry;
  if (value === 'keep') return [];
  const before = facts.files[path] ?? null;
  const after = await renderEntry(facts, choice, shelved, reading);
  const ours = facts.adapter?.value.marker === choice.blueprint;
  if (before !== null && ours && (await isSameCode(path, before, after))) return [];
  return [{ kind: 'write', path, before, after, because }, ...keepFormer(facts, choice, before)];
}
