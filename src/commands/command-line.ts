import type { Project } from '../project/project.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';

/** How this program is typed in a project, and what the other one of its names starts there. */
export interface CommandLine extends Found<string> {
  /** Whose `flue` is in the project's `.bin`; null where there is none. */
  flue: 'ours' | 'theirs' | null;
}

/**
 * How this program is typed in a project. Both its names are in the project's `.bin` where it is installed, but
 * `@flue/cli` has a `flue`, too, and which of the two a clean install leaves there is up to the package manager.
 */
export function ourCommand(project: Project, facts: Pick<Facts, 'packageManager'>): CommandLine {
  const bins = project.upward.map((folder) => `${folder}/node_modules/.bin`);
  const exec = facts.packageManager.value?.exec ?? 'npx';
  const flue = bins.find((folder) => project.has(`${folder}/flue`));
  // The start of ours, as a link or a script that names its file leads to it.
  const isOurs = flue !== undefined && /start\.js|flue-db[\\/]bin/.test(project.read(`${flue}/flue`) ?? '');
  const owner = isOurs ? 'ours' : 'theirs';
  const whose = flue === undefined ? null : owner;
  const installed = bins.some((folder) => project.has(`${folder}/flue-db`));
  if (!installed) return { value: 'flue-db', because: 'it is not installed in this project', flue: whose };
  const because = isOurs
    ? `\`${exec} flue\` is the same program`
    : `\`${exec} flue\` is Flue's own command line here, and not this one`;
  return { value: `${exec} flue-db`, because, flue: whose };
}

/** What shows that it works, without an agent and a model. `entryTitle`: what its host calls what is run. */
export function stepToVerify({ value }: CommandLine, entryTitle: string): Step {
  const command = `${value} verify`;
  return {
    kind: 'run',
    command,
    text: `verify: \`${command}\` runs the ${entryTitle}, and says whether the database is fit`,
  };
}

/** What there is to know about it where the two names are not the same program. */
export function aboutNames({ value, because, flue }: CommandLine): Step[] {
  if (flue !== 'theirs' || value === 'flue-db') return [];
  return [{ kind: 'know', text: `this program is \`${value}\`: ${because}` }];
}
