import { openProject } from '../project/project.ts';
import type { Facts, Found } from '../types/facts.ts';

/**
 * How this program is typed in a project. Both names are in its `.bin` where it is installed, but `@flue/cli` has a `flue`, too, and which of
 * the two a clean install leaves there is up to the package manager.
 */
export function ourCommand(facts: Pick<Facts, 'root' | 'packageManager'>): Found<string> {
  const project = openProject(facts.root);
  const bins = project.upward.map((folder) => `${folder}/node_modules/.bin`);
  const exec = facts.packageManager.value?.exec ?? 'npx';
  const has = (name: string) => bins.find((folder) => project.has(`${folder}/${name}`));
  if (!has('flue-db')) return { value: 'flue-db', because: 'it is not installed in this project' };
  const flue = has('flue');
  // The start of ours, as a link or a script that names its file leads to it.
  const ours = flue !== undefined && /start\.js|flue-db[\\/]bin/.test(project.read(`${flue}/flue`) ?? '');
  const because = ours
    ? `\`${exec} flue\` is the same program`
    : `\`${exec} flue\` is Flue's own command line here, and not this one`;
  return { value: `${exec} flue-db`, because };
}
