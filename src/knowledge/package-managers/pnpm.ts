import { isObject, objectOf, parseYaml } from '../../edit/parse-data.ts';
import { addToYamlCatalog, catalogsInYaml } from '../../edit/yaml/catalog.ts';
import { unparsable } from '../../problem.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Obstacle } from '../../types/facts.ts';
import { type LockedNames, namesInBlocks } from './dependency-names.ts';
import type { InstallContext, LockedQuery, PackageManager, Setup, WorkspacePatterns } from './index.ts';
import { npmrcOf, savePrefixIn, settingsFolders } from './npmrc.ts';
import { fieldsIn, forcedVersions } from './overrides.ts';
import { inFile, lockfileAlone, type NpmSettings, npmSwitch, type Switch, withoutEffect } from './switches.ts';
import { onlyVersion, plainVersion } from './versions.ts';

const workspaceFile = 'pnpm-workspace.yaml';

/** https://pnpm.io */
export const pnpm: PackageManager = {
  name: 'pnpm',
  lockfiles: ['pnpm-lock.yaml'],
  traces: ['node_modules/.modules.yaml'],
  settingsFiles: [workspaceFile, '.pnpmfile.cjs', '.pnpmfile.mjs'],
  settingsFields: ['pnpm', 'resolutions', 'dependenciesMeta'],
  touches: [workspaceFile],
  makes: ['.pnpm-store'],
  readsNpmrc: true,
  commands: { exec: 'pnpm exec', run: 'pnpm run', addDev: 'pnpm add -D' },
  ownScripts: ['pnpm:devPreinstall'],
  setup,
  workspace,
  workspaceFiles: [{ name: workspaceFile }],
  openLockfile,
  dependencyNames,
  catalog: { file: workspaceFile, read: catalogsInYaml, add: addToYamlCatalog },
};

async function setup(context: InstallContext): Promise<Setup> {
  const { project, lockRoot } = context;
  const major = majorOf(context);
  const yaml = objectOf(await settingsIn(project, inFolder(lockRoot, workspaceFile)));
  // Up to version 10 `.npmrc` and package.json have settings, too (10.34 and 12.0: measured).
  const isNew = major !== null && major > 10;
  const folders = isNew ? [] : settingsFolders(context);
  const npmrc = npmrcOf(project, folders);
  const settings = { ...npmrc, ...inNpmWords(yaml) };
  const root = isNew ? {} : fieldsIn(project, lockRoot);
  const shared = settings['shared-workspace-lockfile'] !== 'false';
  const pnp = settings['node-linker'] === 'pnp';
  const alone = context.outside !== null && project.has('pnpm-lock.yaml') ? ['--ignore-workspace'] : [];
  return {
    install: ['pnpm', 'install', '--no-frozen-lockfile', ...alone],
    savePrefix: savePrefixIn(settings),
    // It ends with 1 over build scripts that nobody approved, although everything is installed.
    harmlessErrors: ['ERR_PNPM_IGNORED_BUILDS'],
    obstacle:
      (alone.length === 0 && (major === null || major < 11) ? obstacleFor(context) : null) ?? dryRun(context, yaml),
    lockfileOnly: lockfileOnly(context, yaml, { project, folders, written: npmrc }),
    overrides: forcedVersions(root.resolutions, objectOf(root.pnpm).overrides, yaml.overrides),
    ...(pnp && { touches: ['.pnp.cjs', '.pnp.data.json'] }),
    ...(!shared && { lockRoot: '.' }),
  };
}

/** The major version of the pnpm that installs; null where nothing tells. */
function majorOf({ version }: InstallContext): number | null {
  return version === null ? null : Number.parseInt(version, 10);
}

/** In version 11 alone (9.15, 10.34, 11.28, 12.21: measured). */
function dryRun(context: InstallContext, yaml: Record<string, unknown>): Obstacle | null {
  const heeds = [null, 11].includes(majorOf(context));
  const on = heeds && yaml.dryRun === true ? inWorkspaceFile(context, 'dryRun') : null;
  return withoutEffect('pnpm install', on);
}

/** Up to version 11, which reads neither `.npmrc` nor what begins with `npm_` (the same versions: measured). */
function lockfileOnly(
  context: InstallContext,
  yaml: Record<string, unknown>,
  read: Omit<NpmSettings, 'prefix'>,
): string | null {
  const major = majorOf(context);
  if (major !== null && major > 11) return null;
  const inYaml = yaml.lockfileOnly === true ? inWorkspaceFile(context, 'lockfileOnly') : null;
  const prefix = major === 11 ? 'pnpm_config_' : 'npm_config_';
  return lockfileAlone('pnpm install', inYaml ?? npmSwitch({ ...read, prefix }, { 'lockfile-only': null }));
}

function inWorkspaceFile({ project, lockRoot }: InstallContext, name: string): Switch | null {
  return inFile(project, [inFolder(lockRoot, workspaceFile)], new RegExp(`^${name}\\s*:`));
}

/**
 * Up to version 10 an install below a workspace is one of the workspace, whether it names the package or not (8.15,
 * 9.15, 10.34: measured).
 */
function obstacleFor({ outside, project }: InstallContext): Obstacle | null {
  if (outside === null) return null;
  const below = project.root
    .split(/[\\/]/)
    .slice(-(outside.split('../').length - 1))
    .join('/');
  return {
    code: 'not-a-member',
    path: outside,
    because: `\`${outside}\` does not name this package, and \`pnpm install\` would install for those that it names`,
    hint:
      `add \`${below}\` to \`packages\` there; ` +
      'or make this a project of its own with `pnpm install --ignore-workspace`, then run this again',
  };
}

/** The settings of pnpm-workspace.yaml under the names that .npmrc has for them. */
function inNpmWords(yaml: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(yaml).flatMap(([name, value]) =>
      typeof value === 'object'
        ? []
        : [[name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(value)]],
    ),
  );
}

/** A file without `packages` has only settings. */
async function workspace(project: Project, folder: string): Promise<WorkspacePatterns | null> {
  const file = inFolder(folder, workspaceFile);
  if (!project.has(file)) return null;
  const { packages } = objectOf(await settingsIn(project, file));
  const patterns = Array.isArray(packages) ? packages.filter((one): one is string => typeof one === 'string') : [];
  return { file, patterns };
}

async function settingsIn(project: Project, file: string): Promise<unknown> {
  const text = project.has(file) ? (project.read(file) ?? '') : '';
  if (text.trim() === '') return {};
  const value = await parseYaml(text);
  if (value === null || isObject(value)) return value;
  throw unparsable(`\`${file}\` is not valid YAML, or it is too large or too deeply nested`);
}

/**
 * Reads the entry of the package that asks (formats 5, 6 and 9) by its lines, as pnpm writes them: a parser takes 650
 * ms for a lockfile of 0.8 MB. https://github.com/pnpm/spec/tree/master/lockfile
 */
function openLockfile(text: string): (wanted: LockedQuery) => string | null {
  // From version 11 on a document of what pnpm itself is made of may stand before that of the project.
  const documents = text.split(/^---[ \t]*\r?$/m).map((one) => one.split(/\r?\n/));
  const opened = documents.map((lines) => ({ lines, importers: blockIn(lines, 0, 'importers') }));
  return (wanted) => {
    const entry = opened.map((one) => entryOf(one, wanted)).find((one) => one !== null);
    return entry ? versionIn(entry) : onlyVersion(opened.flatMap(({ lines }) => [...lockedIn(lines, wanted.name)]));
  };
}

/** What a document of a lockfile says of a dependency of the package that asks; null where it does not name it. */
function entryOf(
  { lines, importers }: { lines: readonly string[]; importers: readonly string[] | null },
  { name, member }: LockedQuery,
): string | null {
  // Without a workspace, formats 5 and 6 have the lists of the one package at the top.
  const alone = member === '.' ? lines : null;
  const importer = importers ? blockIn(importers, 2, member) : alone;
  const indent = importers ? 4 : 0;
  for (const list of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const block = importer && blockIn(importer, indent, list);
    const entry = block && (valueIn(block, indent + 2, name) ?? nestedIn(block, indent + 2, name));
    if (entry) return entry;
  }
  return null;
}

function nestedIn(block: readonly string[], indent: number, name: string): string | null {
  const entry = blockIn(block, indent, name);
  return entry && valueIn(entry, indent + 2, 'version');
}

/** The lines below a key of that indentation. */
function blockIn(lines: readonly string[], indent: number, key: string): string[] | null {
  const start = lines.findIndex((line) => isKey(line, indent, key) && line.trimEnd().endsWith(':'));
  if (start < 0) return null;
  const length = lines.slice(start + 1).findIndex((line) => line.trim() !== '' && line.search(/\S/) <= indent);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
}

function valueIn(lines: readonly string[], indent: number, key: string): string | null {
  const line = lines.find((one) => isKey(one, indent, key));
  const value = line?.slice(line.indexOf(':', indent + key.length) + 1).trim();
  return value ? value.replace(/^(['"])(.*)\1$/, '$2') : null;
}

function isKey(line: string, indent: number, key: string): boolean {
  if (line.search(/\S/) !== indent) return false;
  return [`${key}:`, `'${key}':`, `"${key}":`].some((one) => line.startsWith(one, indent));
}

/**
 * `8.11.3`, `8.11.3(peer@1.0.0)`, `8.11.3_peer@1.0.0`; behind an alias `name@7.0.0`, `/name@7.0.0` or `/name/7.0.0`.
 */
function versionIn(entry: string): string | null {
  if (/^(?:link|file|workspace):|:\/\//.test(entry)) return null;
  const plain = plainVersion(entry);
  if (plain) return plain;
  const [, behind] = /^\/?(?:@[^/@]+\/)?[^/@(]+[@/](\d.*)$/.exec(entry) ?? [];
  return plainVersion(behind);
}

/** Every version of a package that only others bring. */
function* lockedIn(lines: readonly string[], name: string): Generator<string | null> {
  for (const line of lines) {
    const key = /^ {2}(['"]?)\/?(\S+?)\1:/.exec(line)?.[2];
    if (key?.startsWith(`${name}@`) || key?.startsWith(`${name}/`)) yield plainVersion(key.slice(name.length + 1));
  }
}

function dependencyNames(text: string): LockedNames {
  return {
    names: namesInBlocks(text, /^ {2}['"]?\/?((?:@[^@/'"]+\/)?[^@/'"\s:]+)@[^:]*.*:\s*(?:\{\})?$/),
    peers: true,
  };
}
