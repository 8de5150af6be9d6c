import { addToManifestCatalog, catalogsInManifest } from '../../edit/json/catalog.ts';
import { isObject, objectOf, parseToml } from '../../edit/parse-data.ts';
import { unparsable } from '../../problem.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Obstacle } from '../../types/facts.ts';
import { addNames, type DependencyNames, type LockedNames } from './dependency-names.ts';
import type { InstallContext, LockedQuery, PackageManager, Setup } from './index.ts';
import { workspaceInManifest, workspaceManifest } from './manifest-workspaces.ts';
import { lineWith, npmrcOf, savePrefixIn, settingsFolders } from './npmrc.ts';
import { fieldsIn, forcedVersions } from './overrides.ts';
import { inEnvironment, inFile, inNpmrc, lockfileAlone, type Switch, withoutEffect } from './switches.ts';
import { onlyVersion, versionOfLocator } from './versions.ts';
import { openYarnLock } from './yarn-lock.ts';

const settingsFile = 'bunfig.toml';

/** https://bun.com/docs/pm/cli/install */
export const bun: PackageManager = {
  name: 'bun',
  lockfiles: ['bun.lock', 'bun.lockb'],
  traces: [],
  settingsFiles: [settingsFile],
  settingsFields: ['overrides', 'resolutions', 'trustedDependencies', 'workspaces', 'catalog', 'catalogs'],
  touches: [],
  makes: [],
  readsNpmrc: true,
  commands: { exec: 'bunx', run: 'bun run', addDev: 'bun add -D' },
  setup,
  workspace: workspaceInManifest,
  workspaceFiles: [workspaceManifest],
  decodeLockfile,
  openLockfile: (text) => (text.startsWith('# yarn lockfile') ? openYarnLock(text) : openTextLockfile(text)),
  dependencyNames,
  catalog: {
    file: 'package.json',
    read: async (text) => catalogsInManifest(text),
    add: async (...edit) => addToManifestCatalog(...edit),
  },
};

/** `[install]` of the nearest `bunfig.toml`, and what `.npmrc` says in the same folders. */
interface BunSettings {
  file: string | undefined;
  install: Record<string, unknown>;
  folders: readonly string[];
  npmrc: Record<string, string>;
}

async function setup(context: InstallContext): Promise<Setup> {
  const { project, lockRoot } = context;
  const folders = settingsFolders(context);
  const file = folders.map((folder) => inFolder(folder, settingsFile)).find((one) => project.has(one));
  const install = objectOf(file && objectOf(await settingsIn(project, file)).install);
  const npmrc = npmrcOf(project, folders);
  const root = fieldsIn(project, lockRoot);
  return {
    install: ['bun', 'install'],
    savePrefix: install.exact === true ? '' : savePrefixIn({ 'save-exact': npmrc['save-exact'] ?? '' }),
    obstacle:
      withoutEffect('bun install', dryRun(project, { file, install, folders, npmrc })) ??
      (file ? frozenIn(project.read(file) ?? '', file, install) : null),
    lockfileOnly: lockfileAlone('bun install', skipsPackages()),
    overrides: forcedVersions(root.resolutions, root.overrides),
  };
}

/** `bunfig.toml` wins over `.npmrc`, where nothing but `true` switches it on (1.4: measured). */
function dryRun(project: Project, { file, install, folders, npmrc }: BunSettings): Switch | null {
  if (typeof install.dryRun === 'boolean')
    return install.dryRun && file ? inFile(project, [file], /^[^#]*\bdryRun\b/) : null;
  return npmrc['dry-run'] === 'true' ? inNpmrc({ project, folders }, 'dry-run') : null;
}

/** https://bun.com/docs/pm/cli/install */
function skipsPackages(name = 'BUN_CONFIG_SKIP_INSTALL_PACKAGES'): Switch | null {
  return process.env[name] ? inEnvironment(name) : null;
}

/** In both cases it refuses a changed lockfile, and it has no switch against either (1.4: measured). */
function frozenIn(text: string, path: string, install: Record<string, unknown>): Obstacle | null {
  const key = ['frozenLockfile', 'production'].find((one) => install[one] === true);
  if (!key) return null;
  const line = lineWith(text, new RegExp(`^[^#]*\\b${key}\\b`));
  return {
    code: 'frozen',
    path,
    because: `${line} of \`${path}\` forbids \`bun install\` to change the lockfile`,
    hint: `take \`${key}\` out of it, then run this again (Bun has no switch against it)`,
  };
}

async function settingsIn(project: Project, file: string): Promise<unknown> {
  const value = await parseToml(project.read(file) ?? '');
  if (value !== undefined) return value;
  throw unparsable(`\`${file}\` is not valid TOML, or it is too deeply nested`);
}

/** The binary one as a yarn.lock of Yarn 1, which is how Bun itself prints it. */
async function decodeLockfile(file: string, bytes: Buffer): Promise<string> {
  if (!file.endsWith('.lockb')) return bytes.toString('utf8');
  const { parse } = await import('@hyrious/bun.lockb');
  try {
    return parse(bytes);
  } catch {
    return '';
  }
}

/**
 * `packages` has each package under the name by which it is found, with the member's name before it where that one gets
 * its own.
 */
function openTextLockfile(text: string): (wanted: LockedQuery) => string | null {
  const lock = parse(text);
  const packages = objectOf(lock.packages);
  const members = objectOf(lock.workspaces);
  const versionAt = (key: string) => (Array.isArray(packages[key]) ? versionOfLocator(packages[key][0]) : null);
  return ({ name, member }) => {
    const owner = objectOf(members[member === '.' ? '' : member]).name;
    const key = [`${owner}/${name}`, name].find((one) => Object.hasOwn(packages, one));
    if (key !== undefined) return versionAt(key);
    return onlyVersion(
      Object.keys(packages)
        .filter((one) => one.endsWith(`/${name}`))
        .map(versionAt),
    );
  };
}

/**
 * JSON with commas before closing brackets; a parser for all of JSON with comments takes three times as long for 5 MB.
 */
function parse(text: string): Record<string, unknown> {
  const strict = text.replace(/"(?:[^"\\]|\\.)*(?:"|$)|,(?=\s*[}\]])/g, (part) => (part === ',' ? '' : part));
  try {
    const value: unknown = JSON.parse(strict);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** One package, one line: its key, and an array with its name, and an object with its lists. */
function dependencyNames(text: string): LockedNames {
  const names: DependencyNames = new Map();
  for (const [, id, rest] of text.matchAll(/^\s+"[^"]+": \["((?:@[^@/"]+\/)?[^@"]+)@[^"]*",(.*)$/gm)) {
    const named = [...rest!.matchAll(/"(?:dependencies|peerDependencies|optionalDependencies)": \{([^}]*)\}/g)];
    addNames(
      names,
      id!,
      named.flatMap(([, list]) => [...list!.matchAll(/"([^"]+)":/g)].map((match) => match[1]!)),
    );
  }
  return { names, peers: true };
}
