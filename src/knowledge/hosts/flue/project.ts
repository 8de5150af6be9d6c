import path from 'node:path';
import { kept } from '../../../memo.ts';
import type { Project } from '../../../project/project.ts';
import type { Command } from '../../../project/scripts.ts';
import type { Found, ProjectText } from '../../../types/facts.ts';
import { configFileIn, type FlueRun, flueRun, viteConfigsIn } from './commands.ts';
import { type FlueConfig, type Folder, readFlueConfig, readViteConfig, type ViteConfig } from './config.ts';
import { folderNamed } from './paths.ts';
import { rootAmong, type Site } from './root.ts';

/** A config file, read. `config`: null where it does not parse. */
export interface Read<T> extends ProjectText {
  config: T | null;
}

/** Where Flue takes its project to be, and the configs that speak for it. Paths from the package folder. */
export interface FlueProject {
  root: Found<string>;
  /** Raises nothing where it does not parse: who needs what it says does. */
  flue: Read<FlueConfig> | null;
  /** 2.x: every Vite config of that root that has the Flue plugin, or may have it. */
  vite: Read<ViteConfig>[];
  /** The commands in package.json's scripts that run Flue. */
  runs: FlueRun[];
}

/** Finds Flue's root and its configs, as each line of Flue does. Raises what `rootAmong` and `folderNamed` do. */
export async function inspectFlueProject(
  project: Project,
  commands: readonly Command[],
  beta: boolean,
): Promise<FlueProject> {
  const runs = commands.flatMap((command) => flueRun(project, command) ?? []);
  return beta ? atBeta(project, runs) : atTwo(project, runs);
}

/**
 * beta: `--root`, else the config's `root` from the config's folder, else that folder. A config is named by `--config`,
 * or in the root or the cwd.
 */
async function atBeta(project: Project, all: readonly FlueRun[]): Promise<FlueProject> {
  const read = reader(project, readFlueConfig);
  const siteOf = async (config: string | null, from: string, by: FlueRun | null): Promise<Site> => {
    const folder = config === null ? from : path.posix.dirname(config);
    const option = (config !== null && (await read(config))?.config?.root) || 'absent';
    if (by?.root != null) return { root: by.root, because: ran(by), config };
    return { ...rootBy(project, option, { config, folder, cwd: folder }, by ? ran(by) : `\`${config}\``), config };
  };
  const inFolder = async (folder: string) => {
    const config = configFileIn(project, folder, 'flue');
    return config === null ? [] : [await siteOf(config, folder, null)];
  };
  const runs = all.filter(({ program, task }) => program === 'flue' && /^(?:dev|build|run)$/.test(task));
  const ran_ = await Promise.all(runs.map((run) => siteOf(run.config, run.command.cwd, run)));
  const said = ran_.length > 0 ? ran_ : await inFolder('.');
  const root = await rootAmong(project, { said, inFolder });
  const named = said.find((site) => site.root === root.value && site.config !== null)?.config;
  const file = named ?? configFileIn(project, root.value, 'flue');
  return { root, flue: file === null ? null : await read(file), vite: [], runs };
}

/**
 * 2.x: Vite's root, which is the command's, else the config's from the folder that the command runs in, else that
 * folder; Flue's config is looked for there.
 */
async function atTwo(project: Project, runs: readonly FlueRun[]): Promise<FlueProject> {
  const read = reader(project, readViteConfig);
  const siteOf = async (config: string, cwd: string, by: FlueRun | null): Promise<Site[]> => {
    const vite = await read(config);
    if (!vite || !hasFlue(vite)) return [];
    if (by?.root != null) return [{ root: by.root, because: ran(by), config }];
    const folder = path.posix.dirname(config);
    const where = by && cwd !== '.' ? ran(by) : `\`${config}\``;
    return [{ ...rootBy(project, vite.config?.root ?? 'absent', { config, folder, cwd }, where), config }];
  };
  const inFolder = async (folder: string) => {
    const sites = await Promise.all(viteConfigsIn(project, folder).map((config) => siteOf(config, folder, null)));
    const own = configFileIn(project, folder, 'flue');
    const alone = own === null ? [] : [{ root: folder, because: `\`${own}\``, config: null }];
    return sites.flat().length > 0 ? sites.flat() : alone;
  };
  const byVite = runs.filter(({ program, config }) => program === 'vite' && config !== null);
  const built = (await Promise.all(byVite.map((run) => siteOf(run.config!, run.command.cwd, run)))).flat();
  const here = await inFolder('.');
  const byFlue = runs
    .filter(({ program }) => program === 'flue')
    .map((run): Site => ({ root: run.command.cwd, because: ran(run), config: null }));
  // Of a config that a script loads the script says where.
  const others = here.filter(({ config }) => config !== null && built.every((one) => one.config !== config));
  const vite = [...built, ...others];
  const said = vite.length > 0 ? vite : [...byFlue, ...here];
  const root = await rootAmong(project, { said, inFolder });
  const own = said.filter((site) => site.root === root.value || site.root === null);
  const paths = new Set([...own, ...(await inFolder(root.value))].flatMap(({ config }) => config ?? []));
  const configs = await Promise.all([...paths].map(read));
  const file = configFileIn(project, root.value, 'flue');
  const flue = file === null ? null : await reader(project, readFlueConfig)(file);
  return { root, flue, vite: configs.flatMap((one) => one ?? []), runs: [...runs] };
}

function ran({ command, program, task }: FlueRun): string {
  return `the script \`${command.script}\` runs \`${program} ${task}\` there`;
}

/** Whether a Vite config has the Flue plugin, or may have it. */
function hasFlue({ text, config }: Read<ViteConfig>): boolean {
  return config ? config.flue !== null || config.computed : text.includes('@flue/vite');
}

/** The root that an option says, seen from the folder of its config or from the one that the command runs in. */
function rootBy(
  project: Project,
  option: Folder,
  { config, folder, cwd }: { config: string | null; folder: string; cwd: string },
  otherwise: string,
): Pick<Site, 'root' | 'because'> {
  if (option === 'absent') return { root: cwd, because: otherwise };
  const because = `\`root\` in \`${config}\``;
  if (option === 'computed') return { root: null, because };
  if (option === 'own') return { root: folder, because };
  return { root: folderNamed(project, cwd, { path: config!, option: 'root', value: option }).value, because };
}

/** Reads each config once, however many scripts name it; null where there is no such file. */
function reader<T>(
  project: Project,
  parse: (text: string) => Promise<T | null>,
): (file: string) => Promise<Read<T> | null> {
  const known = new Map<string, Promise<Read<T> | null>>();
  const read = async (file: string): Promise<Read<T> | null> => {
    const text = project.has(file) && !project.isFolder(file) ? project.read(file) : null;
    return text === null ? null : { path: file, text, config: await parse(text) };
  };
  return (file) => kept(known, file, () => read(file));
}
