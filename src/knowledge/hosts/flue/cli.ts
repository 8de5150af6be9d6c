import path from 'node:path';
import { installedVersion } from '../../../project/installed.ts';
import { declaration, readManifest } from '../../../project/manifest.ts';
import { inFolder, isPackageBelow, type Project, readInstalled } from '../../../project/project.ts';
import { commandLine, runtimePackage } from './version.ts';

/**
 * The file of the project's own `flue` command, Yarn's map where its PnP keeps it, or what to do where `@flue/cli` is
 * not to be found.
 */
export type Cli = (({ file: string } | { pnp: string }) & { version: string | null }) | { hint: string };

/** What is known of package managers, whichever a project has. */
interface PackageManagement {
  openProject(cwd: string): Project;
  /** What declares and installs a development dependency in a project. */
  addCommandIn(project: Project): string;
}

/**
 * Flue's own command line, looked for as Node does: in `node_modules`, from `cwd` up to the root of the disk. Both
 * lines name the binary `flue`. Yarn's PnP has no such folder: there the package that declares it is asked for it by
 * Yarn's own map.
 */
export function inspectCli(cwd: string, { openProject, addCommandIn }: PackageManagement): Cli {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const manifest = readInstalled(folder, commandLine);
    const bin = manifest?.bin;
    const file = typeof bin === 'object' && bin !== null ? (bin as { flue?: unknown }).flue : bin;
    if (typeof file === 'string') {
      const { version } = manifest!;
      const at = path.join(folder, 'node_modules', commandLine, file);
      return { file: at, version: typeof version === 'string' ? version : null };
    }
    if (path.dirname(folder) === folder) break;
  }
  if (!isPackageBelow(cwd)) return { hint: 'run it in the folder of a Flue project' };
  const project = openProject(cwd);
  const top = mapAbove(project);
  if (top !== undefined && declaration(readManifest(project, '.')!, commandLine))
    return { pnp: path.join(project.root, top, '.pnp.cjs'), version: null };
  return { hint: `install it with \`${addCommandIn(project)} ${commandLine}${versionBeside(project)}\`` };
}

/** The command line goes with the runtime: the same exact version, where package.json says one. */
function versionBeside(project: Project): string {
  const declared = declaration(readManifest(project, '.')!, runtimePackage)?.specifier ?? '';
  return /^\d+\.\d+\.\d+/.test(declared) ? `@${declared}` : '';
}

/**
 * The command line as it would be installed, where Flue is installed without it; null elsewhere: what is declared and
 * not installed yet is not missing. Where Yarn's PnP keeps the packages, what is declared is installed.
 */
export function missingCli(project: Project): string | null {
  const isDeclared = (folder: string, name: string) => declaration(readManifest(project, folder) ?? {}, name) !== null;
  const isThere = installedVersion(project, commandLine) ?? project.upward.find((one) => isDeclared(one, commandLine));
  if (isThere) return null;
  const installed = installedVersion(project, runtimePackage);
  if (installed) return `${commandLine}@${installed.version}`;
  return mapAbove(project) !== undefined && isDeclared('.', runtimePackage)
    ? `${commandLine}${versionBeside(project)}`
    : null;
}

/** The folder of Yarn's PnP map. */
function mapAbove({ upward, has }: Project): string | undefined {
  return upward.find((folder) => has(inFolder(folder, '.pnp.cjs')));
}
