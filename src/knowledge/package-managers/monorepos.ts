import path from 'node:path';
import { objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { compileGlob, toolGlob } from '../../project/glob.ts';
import { inFolder, type Project, wayTo } from '../../project/project.ts';
import type { Obstacle } from '../../types/facts.ts';
import { managerNamed } from './index.ts';

/** A tool that installs for a whole repository, or a package manager that flue does not drive. */
export interface ForeignTool {
  name: string;
  install: [string, ...string[]];
  exec: string;
  run: string;
  obstacle: Obstacle;
}

/** A tool, by a file of its own from the package upward. */
interface RepositoryTool {
  name: string;
  files: readonly string[];
  install: [string, ...string[]];
  exec: string;
  run: string;
  /** Whether the members of a workspace are left to the workspace's own package manager. */
  leavesMembers?: true;
  /** Whether the file speaks of this package, whose folder is seen from the file's; without it, it does. */
  speaksOf?(text: string, member: string): boolean;
}

const repositoryTools: readonly RepositoryTool[] = [
  {
    name: 'rush',
    files: ['rush.json'],
    install: ['rush', 'update'],
    exec: 'npx',
    run: 'rushx',
    speaksOf: hasRushProject,
  },
  { name: 'vlt', files: ['vlt-lock.json', 'vlt.json'], install: ['vlt', 'install'], exec: 'vlx', run: 'vlr' },
  {
    name: 'lerna',
    files: ['lerna.json'],
    install: ['npx', 'lerna', 'bootstrap'],
    exec: 'npx',
    run: 'npm run',
    leavesMembers: true,
    speaksOf: bootstraps,
  },
];

/**
 * The tool whose file is found first, but for a package manager that flue drives. `member`: whether the package is a
 * member of a workspace, whose package manager then installs also under Lerna.
 */
export function foreignToolIn(project: Project, member: boolean): ForeignTool | null {
  for (const folder of project.upward) {
    for (const tool of repositoryTools.filter(({ name }) => !managerNamed(name))) {
      const file = tool.files.map((name) => inFolder(folder, name)).find(project.has);
      const below = wayTo(path.resolve(project.root, folder), project.root);
      if (!file || (tool.leavesMembers && member)) continue;
      if (tool.speaksOf && !tool.speaksOf(project.read(file) ?? '', below)) continue;
      return drivenByHand(tool, file, `\`${file}\` is there`);
    }
  }
  return null;
}

/** A package manager that nothing here knows but its name. */
export function unknownManager(name: string, file: string, because: string): ForeignTool {
  return drivenByHand({ name, install: [name, 'install'], exec: 'npx', run: 'npm run' }, file, because);
}

function drivenByHand(
  { name, install, exec, run }: Omit<RepositoryTool, 'files'>,
  path: string,
  why: string,
): ForeignTool {
  const command = install.join(' ');
  const hint = `run \`${command}\` yourself; or name a package manager that flue drives with \`--package-manager\``;
  const because = `${why}, so ${name} installs here, which flue does not drive`;
  return { name, install, exec, run, obstacle: { code: 'by-hand', path, because, hint } };
}

/** Rush lists every project with its folder; what it does not list it does not install. */
function hasRushProject(text: string, member: string): boolean {
  const { projects } = objectOf(parseJsonc(text));
  if (!Array.isArray(projects)) return true;
  return projects.some((one) => String(objectOf(one).projectFolder).replace(/^\.\/|\/$/g, '') === member);
}

/** Before version 7 Lerna linked the packages that it names by itself. */
function bootstraps(text: string, member: string): boolean {
  const { packages } = objectOf(parseJsonc(text));
  return (
    Array.isArray(packages) && packages.some((one) => typeof one === 'string' && compileGlob(one, toolGlob)(member))
  );
}

/**
 * Where Nx keeps the packages of all projects in the package.json of its root, an install below it is none of its own.
 */
export function nxAbove(project: Project): Obstacle | null {
  const folder = project.upward.slice(1).find((one) => project.has(inFolder(one, 'nx.json')));
  if (folder === undefined) return null;
  const root = inFolder(folder, 'package.json');
  return {
    code: 'not-a-member',
    path: inFolder(folder, 'nx.json'),
    because:
      `\`${inFolder(folder, 'nx.json')}\` is there, and no workspace of \`${root}\` names this package: ` +
      `Nx installs from \`${root}\` alone`,
    hint:
      `add this folder to \`workspaces\` of \`${root}\`, ` +
      `or pass \`--no-install\` and move what is added to \`${root}\``,
  };
}
