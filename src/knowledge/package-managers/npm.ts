import { isObject } from '../../edit/parse-data.ts';
import { addNames, type DependencyNames, declaredNames, type LockedNames } from './dependency-names.ts';
import type { InstallContext, LockedQuery, PackageManager, Setup } from './index.ts';
import { workspaceInManifest, workspaceManifest } from './manifest-workspaces.ts';
import { npmrcOf, savePrefixIn } from './npmrc.ts';
import { fieldsIn, forcedVersions } from './overrides.ts';
import { lockfileAlone, npmSwitch, withoutEffect } from './switches.ts';
import { onlyVersion, plainVersion } from './versions.ts';

/** https://docs.npmjs.com/cli */
export const npm: PackageManager = {
  name: 'npm',
  lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
  traces: ['node_modules/.package-lock.json'],
  hiddenLockfile: 'node_modules/.package-lock.json',
  settingsFiles: [],
  settingsFields: ['overrides', 'workspaces'],
  touches: [],
  makes: [],
  readsNpmrc: true,
  commands: { exec: 'npx', run: 'npm run', addDev: 'npm install --save-dev' },
  setup,
  workspace: workspaceInManifest,
  workspaceFiles: [workspaceManifest],
  openLockfile,
  dependencyNames,
};

/** With these it installs nothing, or links the project itself among the programs of the machine. */
const elsewhere = { 'dry-run': null, global: null, location: 'global' };

async function setup({ project, lockRoot }: InstallContext): Promise<Setup> {
  // In a workspace npm reads the root's, and warns of a member's.
  const folders = [lockRoot];
  const written = npmrcOf(project, folders);
  const settings = { project, folders, written, prefix: 'npm_config_' };
  return {
    install: ['npm', 'install', '--no-audit', '--no-fund'],
    savePrefix: savePrefixIn(written),
    obstacle: withoutEffect('npm install', npmSwitch(settings, elsewhere)),
    lockfileOnly: lockfileAlone('npm install', npmSwitch(settings, { 'package-lock-only': null })),
    overrides: forcedVersions(fieldsIn(project, lockRoot).overrides),
  };
}

/**
 * Formats 2 and 3 have a place on disk for every package, looked for as Node does; format 1 has the tree by name.
 * https://docs.npmjs.com/cli/configuring-npm/package-lock-json
 */
function openLockfile(text: string): (wanted: LockedQuery) => string | null {
  const lock = parse(text);
  const packages = isObject(lock.packages) ? lock.packages : null;
  const tree = isObject(lock.dependencies) ? lock.dependencies : {};
  return ({ name, member }) => {
    if (!packages) return versionIn(tree[name]);
    for (const folder of upwardFrom(member)) {
      const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      if (Object.hasOwn(packages, key)) return versionIn(linked(packages, packages[key]));
    }
    // Not where this package finds it: only below others.
    const nested = Object.keys(packages).filter((key) => key.endsWith(`/node_modules/${name}`));
    return onlyVersion(nested.map((key) => versionIn(packages[key])));
  };
}

/** A member of the workspace is a link to its folder. */
function linked(packages: Record<string, unknown>, entry: unknown): unknown {
  if (!isObject(entry) || entry.link !== true || typeof entry.resolved !== 'string') return entry;
  return packages[entry.resolved];
}

function upwardFrom(member: string): string[] {
  const parts = member === '.' ? [] : member.split('/');
  return [...parts, ''].map((_, i) => parts.slice(0, parts.length - i).join('/'));
}

/** Format 1 writes `npm:name@1.2.3` for another name than the package's own. */
function versionIn(entry: unknown): string | null {
  const version = isObject(entry) ? entry.version : undefined;
  return typeof version === 'string' ? plainVersion(version.replace(/^npm:(?:@[^/@]+\/)?[^/@]+@/, '')) : null;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * Versions 2 and 3 by path, `node_modules/a/node_modules/b`; version 1 as a tree, with `requires`. A member of the
 * workspace speaks for itself.
 */
function dependencyNames(text: string): LockedNames {
  const names: DependencyNames = new Map();
  const { packages, dependencies } = parse(text) as Record<string, Record<string, { requires?: object }>>;
  for (const [path, one] of Object.entries(packages ?? {})) {
    const at = path.lastIndexOf('node_modules/');
    if (at >= 0) addNames(names, path.slice(at + 'node_modules/'.length), declaredNames(one));
  }
  const open = packages ? [] : [dependencies ?? {}];
  for (const tree of open) {
    for (const [name, one] of Object.entries(tree)) {
      addNames(names, name, Object.keys(one?.requires ?? {}));
      const inner = (one as { dependencies?: typeof tree })?.dependencies;
      if (inner) open.push(inner);
    }
  }
  return { names, peers: true };
}
