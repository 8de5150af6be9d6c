import { type Manifest, readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Facts, PackageManagerFacts, PackageManagerName } from '../../types/facts.ts';
import { type Evidence, evidenceIn, guess } from './evidence.ts';
import { type InstallContext, managerNamed, npmNamed, type PackageManager, packageManagers } from './index.ts';
import { type ForeignTool, nxAbove } from './monorepos.ts';
import type { Membership } from './workspaces.ts';

/** What the command line says of it. */
interface AskedManager {
  packageManager: PackageManagerName | undefined;
  /** Whether an install will follow, so that a last guess may start programs. Inspecting and a dry run start none. */
  installs: boolean;
}

/**
 * Which package manager the project uses and how its install works there; null where the evidence contradicts itself.
 * Raises `cannot-parse`.
 */
export async function inspectPackageManager(
  project: Project,
  manifest: Manifest,
  membership: Membership,
  { packageManager, installs }: AskedManager,
): Promise<Facts['packageManager']> {
  const asked = packageManager && managerNamed(packageManager);
  const found: Evidence = asked
    ? { manager: asked, because: '--package-manager' }
    : (evidenceIn(project, membership.root) ?? (await guess(project.root, installs)));
  const factsOf = (manager: PackageManager) => inPlace(project, manifest, membership, manager);
  if ('undecided' in found)
    return { value: null, because: found.because, among: await Promise.all(found.undecided.map(factsOf)) };
  if ('foreign' in found) return { value: byHand(found.foreign, membership), because: found.because };
  const value = await factsOf(found.manager);
  if (!found.guess) return { value, because: found.because };
  const others = packageManagers.filter((one) => one !== found.manager);
  const among = [value, ...(await Promise.all(others.map(factsOf)))];
  return { value, because: found.because, guess: true, among };
}

/** How a development dependency is added in the project, where nothing is asked; npm where nothing is sure. */
export function addCommandIn(project: Project): string {
  const found = evidenceIn(project, null);
  return (found && 'manager' in found ? found.manager : npmNamed).commands.addDev;
}

async function inPlace(
  project: Project,
  manifest: Manifest,
  { root, outside }: Membership,
  manager: PackageManager,
): Promise<PackageManagerFacts> {
  const workspaceRoot = root?.value ?? '.';
  const version = versionOf(project, manager, workspaceRoot);
  const context: InstallContext = {
    project,
    manifest,
    version,
    lockRoot: workspaceRoot,
    outside: root ? null : outside,
  };
  const { lockRoot = workspaceRoot, ...setup } = await manager.setup(context);
  const locked = project.upward.filter((folder) => hasLockfile(project, folder, manager));
  const inNx = root === null && !locked.includes('.') && locked.length > 0 ? nxAbove(project) : null;
  const names = ['package.json', ...manager.lockfiles, ...manager.touches, ...(setup.touches ?? [])];
  return {
    name: manager.name,
    version,
    lockRoot,
    install: setup.install,
    exec: manager.commands.exec,
    run: manager.commands.run,
    // In the package, the root of its workspace and wherever a lockfile stands, as some managers write one in either.
    touches: [...new Set(['.', workspaceRoot, lockRoot, ...locked])].flatMap((folder) =>
      names.map((name) => inFolder(folder, name)),
    ),
    savePrefix: setup.savePrefix,
    overrides: setup.overrides ?? {},
    harmlessErrors: setup.harmlessErrors ?? [],
    obstacle: setup.obstacle ?? inNx,
    ...(setup.lockfileOnly && { lockfileOnly: setup.lockfileOnly }),
  };
}

function hasLockfile(project: Project, folder: string, { lockfiles }: PackageManager): boolean {
  return lockfiles.some((name) => project.has(inFolder(folder, name)));
}

function byHand({ name, install, exec, run, obstacle }: ForeignTool, { root }: Membership): PackageManagerFacts {
  return {
    name,
    version: null,
    lockRoot: root?.value ?? '.',
    install,
    exec,
    run,
    touches: [],
    savePrefix: '^',
    overrides: {},
    harmlessErrors: [],
    obstacle,
  };
}

/** As package.json pins it, nearest first, else by the manager's own signs. */
function versionOf(project: Project, manager: PackageManager, lockRoot: string): string | null {
  for (const folder of project.upward) {
    const { packageManager = '', devEngines, volta } = readManifest(project, folder) ?? {};
    const engine = devEngines?.packageManager?.find(({ name }) => name === manager.name)?.version;
    const pinned = packageManager.startsWith(`${manager.name}@`) ? packageManager.slice(manager.name.length + 1) : '';
    for (const one of [pinned, engine, volta?.[manager.name]]) {
      const version = /^\d[^+\s]*$/.exec(one?.split('+')[0] ?? '')?.[0];
      if (version) return version;
    }
  }
  return manager.version?.(project, lockRoot) ?? null;
}
