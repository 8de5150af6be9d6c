import { renderEntry } from '../blueprints/render.ts';
import { addPattern } from '../edit/ignore.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Operation, Plan } from '../types/plan.ts';
import { compilerSteps } from './compiler.ts';
import { planDependencies } from './dependencies.ts';
import { planDocs } from './docs.ts';
import { installSteps } from './install.ts';
import { nextSteps } from './next.ts';
import { note } from './steps.ts';

/**
 * Facts and a choice as a plan: package.json and its one install first, since installing fails most, then the host's
 * entry, then the env docs. Pure. No operations where everything is already so. `install: false` leaves the run out.
 */
export async function planAdd(
  facts: Facts,
  choice: Choice,
  whole: Shelved,
  { install }: { install: boolean },
): Promise<Plan> {
  const shelved = withChosenVariables(whole, choice);
  const { blueprint } = shelved;
  const docs = await planDocs(facts, choice, shelved);
  const dependencies = await planDependencies(facts, choice, shelved, install);
  const entry = await planEntry(facts, choice, shelved, docs.reading);
  const operations = [...dependencies, ...entry, ...docs.writes, ...planIgnores(facts, blueprint)];
  const by = choice.driver.value.package === blueprint.adapter ? 'built into' : 'with';
  const title = `Add ${blueprint.title} (${choice.blueprint}) ${by} ${choice.driver.value.package}`;
  const notes = docs.notes.map(note);
  if (operations.length === 0) return { title, operations, next: notes };
  const manager = choice.packageManager.value;
  const toInstall = installSteps(dependencies, manager);
  const edits = compilerSteps(facts, choice, shelved);
  return { title, operations, next: nextSteps(facts, choice, blueprint, { notes, edits, toInstall }) };
}

async function planEntry(facts: Facts, choice: Choice, shelved: Shelved, reading: string): Promise<Operation[]> {
  if (choice.entry.value === 'keep') return [];
  return hostOf(facts).entry(facts, choice, await renderEntry(facts, choice, shelved, reading));
}

/** With a client of the project's own, the entry may not read every variable. */
function withChosenVariables(whole: Shelved, { names }: Choice): Shelved {
  const variables = whole.blueprint.variables.filter(({ name }) => names[name]);
  return { ...whole, blueprint: { ...whole.blueprint, variables } };
}

/** Data files are kept out of git, where the project keeps a .gitignore. */
function planIgnores({ gitignore }: Facts, { ignores = [] }: Blueprint): Operation[] {
  if (!gitignore) return [];
  const { path, text: before } = gitignore;
  let after = before;
  for (const pattern of ignores) {
    const edited = addPattern(after, pattern);
    if ('text' in edited) after = edited.text;
  }
  if (after === before) return [];
  return [{ kind: 'write', path, before, after, because: `${ignores.join(', ')} is data, not source` }];
}
