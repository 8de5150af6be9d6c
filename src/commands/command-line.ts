import { commandLine as flueCommandLine } from '../knowledge/hosts/flue/version.ts';
import { managerNamed } from '../knowledge/package-managers/index.ts';
import { declaration, readManifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Step } from '../types/plan.ts';

/** How this program is typed in a project, and what the other one of its names starts there. */
interface CommandLine extends Found<string> {
  /** Whose `flue` is in the project's `.bin`; null where there is none. */
  flue: 'ours' | 'theirs' | null;
}

/**
 * How this program is typed in a project. Both its names are there where it is installed, but `@flue/cli` has a `flue`,
 * too, and which of the two a clean install leaves in `.bin` is up to the package manager.
 */
export function ourCommand(project: Project, facts: Pick<Facts, 'packageManager'>): CommandLine {
  const { name, version, exec = 'npx' } = facts.packageManager.value ?? {};
  const isByDependency = name !== undefined && managerNamed(name)?.runsDependencies?.(version ?? null);
  const { installed, flue } = isByDependency ? ofDependencies(project) : ofLinks(project);
  if (!installed) return { value: 'flue-db', because: 'it is not installed in this project', flue };
  const because =
    flue === 'theirs'
      ? `\`${exec} flue\` is Flue's own command line here, and not this one`
      : `\`${exec} flue\` is the same program`;
  return { value: `${exec} flue-db`, because, flue };
}

type ProgramNames = Pick<CommandLine, 'flue'> & { installed: boolean };

/** The names as they are linked in the `.bin` of the package, or of a folder above it. */
function ofLinks(project: Project): ProgramNames {
  const bins = project.upward.map((folder) => `${folder}/node_modules/.bin`);
  const installed = bins.some((folder) => project.has(`${folder}/flue-db`));
  const flue = bins.find((folder) => project.has(`${folder}/flue`));
  if (flue === undefined) return { installed, flue: null };
  // The start of ours, as a link or a script that names its file leads to it.
  const isOurs = /start\.js|flue-db[\\/]bin/.test(project.read(`${flue}/flue`) ?? '');
  return { installed, flue: isOurs ? 'ours' : 'theirs' };
}

/** The names as the package's own dependencies have them: ours comes after Flue's. */
function ofDependencies(project: Project): ProgramNames {
  const manifest = readManifest(project, '.') ?? {};
  const installed = declaration(manifest, 'flue-db') !== null;
  const theirs = declaration(manifest, flueCommandLine) === null ? null : 'theirs';
  return { installed, flue: installed ? 'ours' : theirs };
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
