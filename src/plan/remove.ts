import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, References } from '../types/facts.ts';
import type { Operation, Plan, Step } from '../types/plan.ts';
import { installSteps } from './install.ts';
import { takeOutOfDocs } from './remove-docs.ts';
import { dropPackages } from './remove-packages.ts';
import { note, orderedSteps } from './steps.ts';

/**
 * What takes an addition back: its packages that nothing else needs and the install that drops them, the host's entry
 * (or what was there before it), and the lines in the env docs that adding would write again. Pure. Raises
 * `adapter-exists` where code imports the entry.
 */
export async function planRemove(
  facts: Facts,
  removal: Removal,
  { blueprint }: Shelved,
  { references, install }: { references: References; install: boolean },
): Promise<Plan> {
  const packages = await dropPackages(facts, removal, references, install);
  const entry = await hostOf(facts).revert(facts, removal, references.importers);
  const docs = await takeOutOfDocs(facts, removal, blueprint, references);
  const operations = [...packages.operations, ...entry.writes, ...docs.writes];
  const next = orderedSteps(
    {
      set: [],
      edit: entry.steps.filter(({ kind }) => kind === 'edit'),
      install: reinstall(packages.operations, removal),
      run: [],
    },
    [
      ...entry.steps.filter(({ kind }) => kind === 'know'),
      ...packages.notes,
      ...hostOf(facts).stepsAfterRemoval(facts, removal),
      ...docs.notes.map(note),
      ...leftBehind(facts, removal, blueprint),
    ],
  );
  return { title: `Remove ${blueprint.title} (${removal.blueprint})`, operations, next };
}

function reinstall(operations: readonly Operation[], { packageManager }: Removal): Step[] {
  if (packageManager) return installSteps(operations, packageManager.value);
  const unknown: Step = { kind: 'run', text: 'install with your package manager, which the project does not tell' };
  return operations.length > 0 ? [unknown] : [];
}

/** What stands outside the project's files, or is data. */
function leftBehind(facts: Facts, { names }: Removal, { ignores = [] }: Blueprint): Step[] {
  return [
    ...Object.values(names).map((variable): Step => {
      const text =
        `\`${variable}\` may go from your own \`.env\` and from wherever the server runs, ` +
        'unless something else reads it';
      return { kind: 'know', variable, text };
    }),
    ...ignores.map((pattern): Step => {
      return { kind: 'know', path: '.gitignore', text: `\`.gitignore\` keeps \`${pattern}\` out: the data stays` };
    }),
    note(`what ${hostOf(facts).title} had stored stays where it is`),
  ];
}
