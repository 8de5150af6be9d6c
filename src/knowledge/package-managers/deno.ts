import { isObject, objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { inFolder, type Project } from '../../project/project.ts';
import { addNames, type DependencyNames, type LockedNames } from './dependency-names.ts';
import type { InstallContext, LockedQuery, PackageManager, Setup, WorkspacePatterns } from './index.ts';
import { workspaceInManifest, workspaceManifest } from './manifest-workspaces.ts';
import { onlyVersion, plainVersion, versionOfLocator } from './versions.ts';

const settingsFiles = ['deno.json', 'deno.jsonc'];

/** As far as it installs npm packages from a package.json; what it makes is run by Node. https://docs.deno.com */
export const deno: PackageManager = {
  name: 'deno',
  lockfiles: ['deno.lock'],
  traces: ['node_modules/.deno'],
  settingsFiles,
  settingsFields: ['workspaces'],
  touches: [],
  makes: [],
  readsNpmrc: true,
  commands: { exec: 'npx', run: 'deno task', addDev: 'deno add -D' },
  declares,
  setup,
  workspace,
  workspaceFiles: [...settingsFiles.map((name) => ({ name, holds: '"workspace"' })), workspaceManifest],
  openLockfile,
  dependencyNames,
};

async function setup({ project, lockRoot }: InstallContext): Promise<Setup> {
  const settings = settingsIn(project, lockRoot).settings;
  const lock = typeof settings.lock === 'string' ? { path: settings.lock } : objectOf(settings.lock);
  const path = typeof lock.path === 'string' ? lock.path.replace(/^\.\//, '') : 'deno.lock';
  return {
    install: ['deno', 'install', ...(lock.frozen === true ? ['--frozen=false'] : [])],
    savePrefix: '^',
    obstacle: null,
    ...(path !== 'deno.lock' && { touches: [path] }),
  };
}

/** `imports` leads names to packages: `npm:pg@^8`, with a subpath behind it or not. */
function declares(project: Project, folder: string): string[] {
  const imports = Object.values(objectOf(settingsIn(project, folder).settings.imports));
  return imports.flatMap((one) => /^npm:\/?((?:@[^/@]+\/)?[^/@]+)/.exec(String(one))?.[1] ?? []);
}

/** Its own field is `workspace`, a list or an object with `members`; it knows that of package.json, too. */
async function workspace(project: Project, folder: string): Promise<WorkspacePatterns | null> {
  const { file, settings } = settingsIn(project, folder);
  const members = isObject(settings.workspace) ? settings.workspace.members : settings.workspace;
  if (!file || !Array.isArray(members)) return workspaceInManifest(project, folder);
  return { file, patterns: members.filter((one): one is string => typeof one === 'string') };
}

/** What cannot be read is left for Deno to say. */
function settingsIn(project: Project, folder: string): { file: string | null; settings: Record<string, unknown> } {
  const file = settingsFiles.map((name) => inFolder(folder, name)).find((one) => project.has(one));
  return { file: file ?? null, settings: file ? objectOf(parseJsonc(project.read(file) ?? '')) : {} };
}

/**
 * What each package of the workspace declares stands there as Deno writes it (`npm:ms@2` for `^2.0.0`), and leads to
 * the version. Formats 4 and 5; in format 3 the same is one level deeper, with `npm:` before the version.
 * https://docs.deno.com/runtime/fundamentals/modules
 */
function openLockfile(text: string): (wanted: LockedQuery) => string | null {
  const lock = parse(text);
  const inner = objectOf(lock.packages);
  const specifiers = objectOf(lock.specifiers ?? inner.specifiers);
  const packages = objectOf(lock.npm ?? inner.npm);
  const root = objectOf(lock.workspace);
  return ({ name, specifier, member }) => {
    const own = member === '.' ? root : objectOf(objectOf(root.members)[member]);
    const declared = objectOf(own.packageJson).dependencies;
    const [, alias] = /^npm:((?:@[^/@]+\/)?[^/@]+)/.exec(specifier ?? '') ?? [];
    const prefix = `npm:${alias ?? name}@`;
    const keys = (Array.isArray(declared) ? declared : []).filter((one) => String(one).startsWith(prefix));
    const direct = keys.map((key) => specifiers[key]).find((one) => typeof one === 'string');
    if (typeof direct === 'string') return plainVersion(direct) ?? versionOfLocator(direct.replace(/^npm:/, ''));
    const all = Object.keys(packages).filter((key) => key.startsWith(`${alias ?? name}@`));
    return onlyVersion(all.map(versionOfLocator));
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return {};
  }
}

function dependencyNames(text: string): LockedNames {
  const names: DependencyNames = new Map();
  const { npm } = parse(text) as { npm?: Record<string, { dependencies?: unknown }> };
  const bare = (id: string) => id.replace(/(?<=.)@.*$/, '');
  for (const [id, one] of Object.entries(npm ?? {})) {
    const { dependencies } = one ?? {};
    const ids = Array.isArray(dependencies) ? dependencies.map(String) : Object.keys(dependencies ?? {});
    addNames(names, bare(id), ids.map(bare));
  }
  return { names, peers: true };
}
