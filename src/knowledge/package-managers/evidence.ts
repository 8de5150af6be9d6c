import { objectOf, parseJsonc } from '../../edit/parse-data.ts';
import { type Manifest, readManifest } from '../../project/manifest.ts';
import { isOnPath } from '../../project/programs.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Found } from '../../types/facts.ts';
import { guessOrder, managerNamed, npmNamed, type PackageManager, packageManagers } from './index.ts';
import { type ForeignTool, foreignToolIn, unknownManager } from './monorepos.ts';

/** Which package manager it is and by what; several where the evidence contradicts itself. */
export type Evidence =
  | { manager: PackageManager; because: string; guess?: true }
  | { foreign: ForeignTool; because: string }
  | { undecided: PackageManager[]; because: string };

/**
 * The evidence in a project; the first answer wins, null where there is none:
 *
 * 1. `packageManager`, then `devEngines.packageManager`, then `volta`, in the nearest package.json upward that has one.
 * 2. Files of tools that install for a whole repository.
 * 3. Lockfiles, in the package and upward to the workspace or git root. In a workspace the root's lockfile speaks, a
 *    member's own is stray; otherwise the nearest folder that has one. Several in that folder: the manager that made
 *    `node_modules`, else open.
 * 4. Files that only one package manager reads, then what else package.json says of one, and `npmClient` of Lerna.
 * 5. What an install left behind in `node_modules`.
 * 6. The one that the scripts call, that is pinned for this folder, or by which a Dockerfile or a workflow installs: a
 *    guess, as Bun and Deno run programs that others installed.
 */
export function evidenceIn(project: Project, workspace: Found<string> | null): Evidence | null {
  return (
    declared(project) ??
    byTool(project, workspace) ??
    locked(project, workspace) ??
    byFiles(project, workspace) ??
    mentioned(project) ??
    byLerna(project) ??
    left(project) ??
    called(project) ??
    pinned(project) ??
    installing(project)
  );
}

/**
 * What is left where a project says nothing: who started us, else what is installed here, in the order of
 * detect-package-manager. That library starts a program of each to see that it works: only where an install will
 * follow.
 */
export async function guess(root: string, installs: boolean): Promise<Evidence> {
  const agent = /^(\w+)\//.exec(process.env.npm_config_user_agent ?? '')?.[1];
  const invoking = agent && managerNamed(agent);
  if (invoking) {
    const because = `a guess: nothing in the project says which, and ${agent} started this`;
    return { manager: invoking, because, guess: true };
  }
  const name = installs ? await detected(root) : guessOrder.find((one) => isOnPath(one.name))?.name;
  const because = 'a guess: nothing in the project says which, and it is installed here';
  return { manager: managerNamed(name ?? '') ?? npmNamed, because, guess: true };
}

async function detected(root: string): Promise<string> {
  const { detect } = await import('detect-package-manager');
  return detect({ cwd: root });
}

function declared(project: Project): Evidence | null {
  for (const folder of project.upward) {
    const manifest = readManifest(project, folder);
    const file = inFolder(folder, 'package.json');
    const names = [
      ['packageManager', /^([\w.-]+)@/.exec(manifest?.packageManager ?? '')?.[1]],
      ['devEngines.packageManager', manifest?.devEngines?.packageManager?.[0]?.name],
      ['volta', packageManagers.find(({ name }) => manifest?.volta?.[name])?.name],
    ] as const;
    for (const [key, name] of names) {
      if (!name || !/^[\w.-]{1,50}$/.test(name)) continue;
      const because = `\`${key}\` in ${file} says ${name}`;
      const manager = managerNamed(name);
      return manager ? { manager, because } : { foreign: unknownManager(name, file, because), because };
    }
  }
  return null;
}

function byTool(project: Project, workspace: Found<string> | null): Evidence | null {
  const foreign = foreignToolIn(project, workspace !== null);
  return foreign && { foreign, because: foreign.obstacle.path };
}

function locked(project: Project, workspace: Found<string> | null): Evidence | null {
  const folders = workspace ? [workspace.value, ...project.upward] : project.upward;
  for (const folder of folders) {
    const present = packageManagers.flatMap((manager) => {
      const file = manager.lockfiles.find((name) => project.has(inFolder(folder, name)));
      return file ? [{ manager, file: inFolder(folder, file) }] : [];
    });
    const [only, ...others] = present;
    if (!only) continue;
    if (others.length === 0) return { manager: only.manager, because: only.file };
    const made = present.find(({ manager }) => manager.traces.some((name) => project.has(inFolder(folder, name))));
    const because = `${present.map(({ file }) => file).join(' and ')} are both there`;
    if (!made) return { undecided: present.map(({ manager }) => manager), because };
    const { name } = made.manager;
    return { manager: made.manager, because: `${because}, and \`node_modules\` was made by ${name}` };
  }
  return null;
}

/** In the nearest folder that has one; several there contradict each other. */
function byFiles(project: Project, workspace: Found<string> | null): Evidence | null {
  const folders = workspace ? [workspace.value, ...project.upward] : project.upward;
  for (const folder of folders) {
    const present = packageManagers.flatMap((manager) => {
      const file = manager.settingsFiles.map((name) => inFolder(folder, name)).find(project.has);
      return file ? [{ manager, file }] : [];
    });
    const [only, ...others] = present;
    if (!only) continue;
    if (others.length === 0) return { manager: only.manager, because: only.file };
    const because = `${present.map(({ file }) => file).join(' and ')} are both there, and no lockfile`;
    return { undecided: present.map(({ manager }) => manager), because };
  }
  return null;
}

/** `only-allow pnpm` in a script, `engines.pnpm`, or a field of its name. npm is in everybody's `engines`. */
function mentioned(project: Project): Evidence | null {
  for (const folder of project.upward) {
    const manifest = readManifest(project, folder);
    if (!manifest) continue;
    for (const manager of packageManagers) {
      const because = mentionIn(manifest, inFolder(folder, 'package.json'), manager);
      if (because !== null) return { manager, because };
    }
  }
  return null;
}

function mentionIn(manifest: Manifest, file: string, manager: PackageManager): string | null {
  const { name } = manager;
  const allowed = Object.values(manifest.scripts ?? {}).flatMap((line) => /\bonly-allow\s+(\w+)/.exec(line)?.[1] ?? []);
  if (allowed.includes(name)) return `a script in ${file} allows only ${name}`;
  if (manager === npmNamed) return null;
  if (manifest.engines?.[name]) return `\`engines\` in ${file} names ${name}`;
  return Object.hasOwn(manifest, name) ? `${file} has settings for ${name}` : null;
}

function left(project: Project): Evidence | null {
  for (const folder of project.upward) {
    for (const manager of packageManagers) {
      const file = manager.traces.map((name) => inFolder(folder, name)).find(project.has);
      if (file) return { manager, because: `${file}, which only its install writes` };
    }
  }
  return null;
}

/** https://lerna.js.org/docs/api-reference/configuration */
function byLerna(project: Project): Evidence | null {
  const file = project.upward.map((folder) => inFolder(folder, 'lerna.json')).find(project.has);
  const { npmClient } = objectOf(file && parseJsonc(project.read(file) ?? ''));
  const manager = managerNamed(String(npmClient));
  return manager ? { manager, because: `\`npmClient\` in ${file} says ${manager.name}` } : null;
}

/** Files of asdf, mise and proto, which pin the tools of a folder: one tool, one line. */
const pinFiles = ['.tool-versions', 'mise.toml', '.mise.toml', '.prototools'];

/** The one manager but npm that is pinned in the nearest of such files. */
function pinned(project: Project): Evidence | null {
  const files = project.upward.flatMap((folder) => pinFiles.map((name) => inFolder(folder, name)));
  const file = files.find(project.has);
  if (file === undefined) return null;
  const words = (project.read(file) ?? '').match(/^"?[\w-]+(?="?(?:\s*=|[ \t]))/gm) ?? [];
  const names = words.map((word) => word.replace('"', '')).filter((name) => name !== npmNamed.name);
  return onlyOne(names, `a guess: ${file} pins it`);
}

/** The one manager by which a Dockerfile or the workflows install. */
function installing(project: Project): Evidence | null {
  for (const folder of project.upward) {
    const workflows = inFolder(folder, '.github/workflows');
    const written = [
      ...project.list(folder).filter(({ name }) => /^(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?$/.test(name)),
      ...(project.list(folder).some(({ name }) => name === '.github') ? project.list(workflows) : [])
        .filter(({ name }) => /\.ya?ml$/.test(name))
        .map((one) => ({ ...one, name: `.github/workflows/${one.name}` })),
    ].filter(({ kind }) => kind === 'file');
    const found = written.map(({ name }) => ({
      file: inFolder(folder, name),
      names: installersIn(project, folder, name),
    }));
    const first = found.find(({ names }) => names.length > 0);
    if (first)
      return onlyOne(
        found.flatMap(({ names }) => names),
        `a guess: ${first.file} installs by it`,
      );
  }
  return null;
}

function installersIn(project: Project, folder: string, name: string): string[] {
  const text = (project.read(inFolder(folder, name)) ?? '').slice(0, 100_000);
  return [...text.matchAll(/(?:\brun:|^RUN\b|&&|^)[ \t-]*([a-z]+) (?:install|i|ci)(?=\s|$)/gm)].map(
    (match) => match[1]!,
  );
}

/** A guess, if all that name a package manager name the same one. */
function onlyOne(names: readonly string[], because: string): Evidence | null {
  const [only, ...more] = new Set(names.flatMap((name) => managerNamed(name) ?? []));
  return only && more.length === 0 ? { manager: only, because, guess: true } : null;
}

/** The one manager but npm that scripts of the nearest package.json with some call, where it is only one. */
function called(project: Project): Evidence | null {
  const others = packageManagers.filter((one) => one !== npmNamed).map(({ name }) => name);
  const calling = new RegExp(`(?:^|&&|\\|\\||;)\\s*(?:\\w+=\\S*\\s+)*(${others.join('|')})x?\\s`, 'g');
  const linesAt = (folder: string) =>
    Object.values(readManifest(project, folder)?.scripts ?? {}).filter((line) => typeof line === 'string');
  const folder = project.upward.find((one) => linesAt(one).length > 0);
  if (folder === undefined) return null;
  const matches = linesAt(folder).flatMap((line) => [...line.slice(0, 2_000).matchAll(calling)]);
  const names = matches.map((match) => match[1]!);
  return onlyOne(names, `a guess: scripts in ${inFolder(folder, 'package.json')} call it`);
}
