import { readManifest } from '../../project/manifest.ts';
import { inFolder, type Project } from '../../project/project.ts';
import type { Facts, Found, PackageManager, PackageManagerName } from '../../types/facts.ts';

/**
 * One row per package manager. The rule, first answer wins:
 *
 * 1. `--package-manager`.
 * 2. `packageManager`, then `devEngines.packageManager`, in the nearest package.json upward that has one.
 * 3. Lockfiles, in the package and upward to the workspace or git root. In a workspace the root's lockfile speaks, a
 *    member's own is stray; otherwise the nearest folder that has one. Several in that folder: the manager that made
 *    `node_modules`, else open.
 * 4. `pnpm-workspace.yaml` at the workspace root, then what an install left behind in `node_modules`.
 * 5. detect-package-manager, labelled a guess.
 */
interface Row {
  name: PackageManagerName;
  lockfiles: string[];
  /** What its install leaves behind, and nobody else's. */
  leaves: string[];
  install: (version: string | null) => [string, ...string[]];
  exec: string;
  run: string;
  /** Files besides package.json and the lockfiles that its install may change. */
  touches: string[];
}

const rows: Row[] = [
  {
    name: 'pnpm',
    exec: 'pnpm exec',
    run: 'pnpm run',
    lockfiles: ['pnpm-lock.yaml'],
    leaves: ['node_modules/.modules.yaml'],
    install: () => ['pnpm', 'install', '--no-frozen-lockfile'],
    touches: ['pnpm-workspace.yaml'],
  },
  {
    name: 'npm',
    exec: 'npx',
    run: 'npm run',
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    leaves: ['node_modules/.package-lock.json'],
    install: () => ['npm', 'install', '--no-audit', '--no-fund'],
    touches: [],
  },
  {
    name: 'yarn',
    exec: 'yarn',
    run: 'yarn run',
    lockfiles: ['yarn.lock'],
    leaves: ['node_modules/.yarn-state.yml', 'node_modules/.yarn-integrity', '.pnp.cjs'],
    install: (version) =>
      version?.startsWith('1') ? ['yarn', 'install', '--non-interactive'] : ['yarn', 'install', '--no-immutable'],
    touches: ['.pnp.cjs', '.pnp.data.json', '.pnp.loader.mjs', '.yarnrc.yml', '.yarn/install-state.gz'],
  },
  {
    name: 'bun',
    exec: 'bunx',
    run: 'bun run',
    lockfiles: ['bun.lock', 'bun.lockb'],
    leaves: [],
    install: () => ['bun', 'install'],
    touches: [],
  },
  {
    // As far as it installs npm packages from a package.json; what it makes is run by Node.
    name: 'deno',
    exec: 'npx',
    run: 'deno task',
    lockfiles: ['deno.lock'],
    leaves: ['node_modules/.deno'],
    install: () => ['deno', 'install'],
    touches: [],
  },
];

/** Which package manager the project uses, and the install it would run. null: the evidence contradicts itself. */
export async function inspectPackageManager(
  project: Project,
  workspace: Found<string> | null,
  asked: PackageManagerName | undefined,
): Promise<Facts['packageManager']> {
  const found = asked ? { row: rowOf(asked)!, because: '--package-manager' } : evidence(project, workspace);
  if (found && 'undecided' in found) {
    const among = found.among.map((name) => managerOf(project, workspace, rowOf(name)!));
    return { value: null, because: found.undecided, among };
  }
  const { row, because } = found ?? (await guess(project.root));
  return { value: managerOf(project, workspace, row), because };
}

/** What a package manager would do in this project. */
function managerOf(project: Project, workspace: Found<string> | null, row: Row): PackageManager {
  const lockRoot = workspace?.value ?? '.';
  const version = versionOf(project, row, lockRoot);
  return {
    name: row.name,
    version,
    lockRoot,
    install: row.install(version),
    exec: row.exec,
    run: row.run,
    touches: touches(row, [
      lockRoot,
      ...project.upward.filter((folder) => row.lockfiles.some((name) => project.has(inFolder(folder, name)))),
    ]),
  };
}

/** Only its name, for a sentence; npm where nothing is sure. */
export function packageManagerOf(project: Project): PackageManagerName {
  const found = evidence(project, null);
  return found && 'row' in found ? found.row.name : 'npm';
}

function evidence(project: Project, workspace: Found<string> | null): Evidence | Undecided | null {
  return (
    declared(project) ??
    locked(project, workspace) ??
    (workspace && byWorkspaceFile(project, workspace)) ??
    left(project)
  );
}

interface Undecided {
  undecided: string;
  among: PackageManagerName[];
}

interface Evidence {
  row: Row;
  because: string;
}

function rowOf(name: string): Row | undefined {
  return rows.find((row) => row.name === name);
}

function declared(project: Project): Evidence | null {
  for (const folder of project.upward) {
    const manifest = readManifest(project, folder);
    const field = manifest?.packageManager?.split('@')[0];
    const engine = [manifest?.devEngines?.packageManager].flat()[0]?.name;
    for (const [name, key] of [
      [field, 'packageManager'],
      [engine, 'devEngines.packageManager'],
    ] as const) {
      const row = name && rowOf(name);
      if (row) return { row, because: `\`${key}\` in ${inFolder(folder, 'package.json')} says ${name}` };
    }
  }
  return null;
}

function locked(project: Project, workspace: Found<string> | null): Evidence | Undecided | null {
  const folders = workspace ? [workspace.value, ...project.upward] : project.upward;
  for (const folder of folders) {
    const present = rows
      .map((row) => ({ row, file: row.lockfiles.find((name) => project.has(inFolder(folder, name))) }))
      .filter((entry): entry is { row: Row; file: string } => entry.file !== undefined);
    if (present.length === 1) return { row: present[0]!.row, because: inFolder(folder, present[0]!.file) };
    if (present.length === 0) continue;
    const made = present.find(({ row }) => row.leaves.some((name) => project.has(inFolder(folder, name))));
    const files = present.map(({ file }) => inFolder(folder, file)).join(' and ');
    if (!made) return { undecided: `${files} are both there`, among: present.map(({ row }) => row.name) };
    return { row: made.row, because: `${files} are both there, and \`node_modules\` was made by ${made.row.name}` };
  }
  return null;
}

function byWorkspaceFile(project: Project, workspace: Found<string>): Evidence | null {
  const file = inFolder(workspace.value, 'pnpm-workspace.yaml');
  return project.has(file) ? { row: rowOf('pnpm')!, because: file } : null;
}

function left(project: Project): Evidence | null {
  for (const folder of project.upward) {
    for (const row of rows) {
      const file = row.leaves.map((name) => inFolder(folder, name)).find((name) => project.has(name));
      if (file) return { row, because: `${file}, which only its install writes` };
    }
  }
  return null;
}

async function guess(root: string): Promise<Evidence> {
  const { detect } = await import('detect-package-manager');
  const name = await detect({ cwd: root });
  return {
    row: rowOf(name) ?? rowOf('npm')!,
    because: 'a guess: nothing in the project says which, and it is installed here',
  };
}

function versionOf(project: Project, row: Row, lockRoot: string): string | null {
  for (const folder of project.upward) {
    const version = new RegExp(`^${row.name}@(\\d[^+]*)`).exec(
      readManifest(project, folder)?.packageManager ?? '',
    )?.[1];
    if (version) return version;
  }
  if (row.name !== 'yarn') return null;
  if (project.has(inFolder(lockRoot, '.yarnrc.yml'))) return 'berry';
  const lock = project.read(inFolder(lockRoot, 'yarn.lock'));
  return lock === null || lock.includes('# yarn lockfile v1') ? '1' : 'berry';
}

/** In the package, the root of its workspace and wherever a lockfile stands, as some managers write one in either. */
function touches(row: Row, lockRoots: string[]): string[] {
  const names = ['package.json', ...row.lockfiles, ...row.touches];
  const folders = [...new Set(['.', ...lockRoots])];
  return folders.flatMap((folder) => names.map((name) => inFolder(folder, name)));
}
