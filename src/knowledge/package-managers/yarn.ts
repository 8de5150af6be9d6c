import { isObject, parseYaml } from '../../edit/parse-data.ts';
import { addToYamlCatalog, catalogsInYaml } from '../../edit/yaml/catalog.ts';
import { unparsable } from '../../problem.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Obstacle } from '../../types/facts.ts';
import { type LockedNames, namesInBlocks } from './dependency-names.ts';
import type { InstallContext, PackageManager, Setup } from './index.ts';
import { workspaceInManifest, workspaceManifest } from './manifest-workspaces.ts';
import { lineWith, npmrcOf, savePrefixIn, settingsFolders } from './npmrc.ts';
import { fieldsIn, forcedVersions } from './overrides.ts';
import { openYarnLock } from './yarn-lock.ts';

const settingsFile = '.yarnrc.yml';

/** Yarn 1 (https://classic.yarnpkg.com), and the newer ones that are called Berry (https://yarnpkg.com). */
export const yarn: PackageManager = {
  name: 'yarn',
  lockfiles: ['yarn.lock'],
  traces: ['node_modules/.yarn-state.yml', 'node_modules/.yarn-integrity', '.pnp.cjs'],
  settingsFiles: [settingsFile, '.yarnrc', '.yarn/releases'],
  settingsFields: ['resolutions', 'dependenciesMeta', 'workspaces'],
  touches: ['.pnp.cjs', '.pnp.data.json', '.pnp.loader.mjs', settingsFile, '.yarn/install-state.gz'],
  makes: ['.yarn', '.pnp.cjs', '.pnp.data.json', '.pnp.loader.mjs'],
  readsNpmrc: false,
  commands: { exec: 'yarn', run: 'yarn run', addDev: 'yarn add -D' },
  // Measured with 4.18, with both linkers.
  runsDependencies: (version) => !isClassic(version),
  version: versionBySigns,
  setup: async (context) => ({
    ...(await (isClassic(context.version) ? setupClassic(context) : setupBerry(context))),
    overrides: forcedVersions(fieldsIn(context.project, context.lockRoot).resolutions),
  }),
  workspace: workspaceInManifest,
  workspaceFiles: [workspaceManifest],
  openLockfile: openYarnLock,
  dependencyNames,
  catalog: { file: settingsFile, read: catalogsInYaml, add: addToYamlCatalog },
};

function isClassic(version: string | null): boolean {
  return version?.startsWith('1') ?? false;
}

/** `1`, or `berry`: which of the newer ones makes no difference here. */
function versionBySigns(project: Project, lockRoot: string): string {
  for (const folder of [lockRoot, ...project.upward]) {
    const releases = project.list(inFolder(folder, '.yarn/releases')).map(({ name }) => name);
    const newer = releases.some((name) => /^yarn-(?:[2-9]|berry)/.test(name));
    if (project.has(inFolder(folder, settingsFile)) || newer) return 'berry';
    const lockfile = inFolder(folder, 'yarn.lock');
    if (project.has(lockfile)) return project.read(lockfile)?.includes('# yarn lockfile v1') ? '1' : 'berry';
  }
  return '1';
}

async function setupClassic(context: InstallContext): Promise<Setup> {
  const { project } = context;
  const folders = settingsFolders(context);
  const settings = { ...npmrcOf(project, folders), ...classicSettings(project, folders) };
  const frozen = folders.map((folder) => inFolder(folder, '.yarnrc')).find((file) => frozenIn(project, file) !== '');
  return {
    install: ['yarn', 'install', '--non-interactive'],
    savePrefix: savePrefixIn(settings),
    obstacle: frozen
      ? {
          code: 'frozen',
          path: frozen,
          because: `${frozenIn(project, frozen)} of \`${frozen}\` forbids \`yarn install\` to change the lockfile`,
          hint: 'take that line out, then run this again (Yarn 1 has no switch against it)',
        }
      : null,
  };
}

function frozenIn(project: Project, file: string): string {
  const text = project.has(file) ? (project.read(file) ?? '') : '';
  return lineWith(text, /^\s*"?--(?:install\.)?frozen-lockfile"?\s+"?true"?\s*$/);
}

/** `.yarnrc` of Yarn 1: a name and a value on each line; flags of a command begin with `--`. */
function classicSettings(project: Project, folders: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    folders.toReversed().flatMap((folder) => {
      const file = inFolder(folder, '.yarnrc');
      const text = project.has(file) ? (project.read(file) ?? '') : '';
      return text.split(/\r?\n/).flatMap((line) => {
        const [, name, value] = /^\s*"?([\w.-]+)"?\s+"?([^"]*?)"?\s*$/.exec(line) ?? [];
        return name && value !== undefined ? [[name, value]] : [];
      });
    }),
  );
}

async function setupBerry(context: InstallContext): Promise<Setup> {
  const { project, lockRoot } = context;
  const settings: Record<string, unknown> = {};
  for (const folder of project.upward.toReversed()) Object.assign(settings, await settingsIn(project, folder));
  const { defaultSemverRangePrefix: prefix } = settings;
  return {
    install: ['yarn', 'install', '--no-immutable'],
    savePrefix: prefix === '' || prefix === '~' ? prefix : '^',
    obstacle: lockRoot === '.' ? obstacleBelow(project) : null,
  };
}

/**
 * The nearest folder with a lockfile is the project, and a package below it that its workspaces do not name is no part
 * of it.
 */
function obstacleBelow(project: Project): Obstacle | null {
  const folder = project.upward.find((one) => project.has(inFolder(one, 'yarn.lock')));
  if (folder === undefined || folder === '.') return null;
  const path = inFolder(folder, 'package.json');
  const refuses = '`yarn install` refuses below a project that it is no part of';
  return {
    code: 'not-a-member',
    path,
    because: `\`${path}\` does not name this package, and ${refuses}`,
    hint:
      'add this folder to `workspaces` there; ' +
      'or make it a project of its own with an empty `yarn.lock` in it; then run this again',
  };
}

async function settingsIn(project: Project, folder: string): Promise<Record<string, unknown>> {
  const file = inFolder(folder, settingsFile);
  const text = project.has(file) ? (project.read(file) ?? '') : '';
  if (text.trim() === '') return {};
  const value = await parseYaml(text);
  if (value === null) return {};
  if (isObject(value)) return value;
  throw unparsable(`\`${file}\` is not valid YAML, or it is too large or too deeply nested`);
}

function dependencyNames(text: string): LockedNames {
  const own = /^"?(?:@[^@/"]+\/)?[^@/"\s]+@workspace:/m;
  const entries = text.split(/\r?\n(?=\S)/).filter((one) => !own.test(one.split('\n')[0]!));
  const names = namesInBlocks(entries.join('\n'), /^"?((?:@[^@/"]+\/)?[^@/"\s]+)@.*:$/);
  // Yarn 1 writes none down.
  return { names, peers: !text.includes('# yarn lockfile v1') };
}
