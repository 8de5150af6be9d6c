import type { Refusal } from '../../edit/splice.ts';
import type { Manifest } from '../../project/manifest.ts';
import type { Project, WorkspaceFile } from '../../project/project.ts';
import type { Catalogs, Obstacle } from '../../types/facts.ts';
import { bun } from './bun.ts';
import { deno } from './deno.ts';
import type { LockedNames } from './dependency-names.ts';
import { npm } from './npm.ts';
import { pnpm } from './pnpm.ts';
import { yarn } from './yarn.ts';

/** What is known of one package manager. To add one: its file, and its place in the list below. */
export interface PackageManager {
  name: string;
  /** Its lockfiles, the one that counts most first. */
  lockfiles: readonly string[];
  /** What its install leaves behind, and nobody else's. */
  traces: readonly string[];
  /** Files that only it reads: a sign of it where there is no lockfile yet. */
  settingsFiles: readonly string[];
  /**
   * Fields of a package.json that are its settings, or several managers': what they name is not used by being named.
   */
  settingsFields: readonly string[];
  /** Files besides package.json and the lockfiles that its install may change. */
  touches: readonly string[];
  /** Files and folders it makes in a project, besides lockfiles and `node_modules`: nothing of the project's own. */
  makes: readonly string[];
  /** Whether it takes its registry from `.npmrc`. */
  readsNpmrc: boolean;
  /**
   * What runs a binary of the project, and a script of its package.json; what declares and installs a development
   * dependency.
   */
  commands: { exec: string; run: string; addDev: string };
  /** Scripts of a package.json that its install runs, besides those that the install of every manager runs. */
  ownScripts?: readonly string[];
  /**
   * True if what it runs by a name is a program of the package's own dependencies, of two the one whose package comes
   * last by name, whatever is linked in `node_modules/.bin`. Without it, the link is what runs.
   */
  runsDependencies?(version: string | null): boolean;
  /** The npm packages that a settings file of its own names in a folder, beside those of package.json. */
  declares?(project: Project, folder: string): string[];
  /** The version where no package.json says it. */
  version?(project: Project, lockRoot: string): string | null;
  /**
   * How its install works in a place, by the settings of the project. Raises `cannot-parse` where settings are broken.
   */
  setup(context: InstallContext): Promise<Setup>;
  /**
   * The patterns by which a folder names the members of a workspace; null where it is no root of one. Raises
   * `cannot-parse`.
   */
  workspace(project: Project, folder: string): Promise<WorkspacePatterns | null>;
  /** The files that may do so: above a package they bound what is looked at. */
  workspaceFiles: readonly WorkspaceFile[];
  /** The text of a lockfile that is not text. */
  decodeLockfile?(file: string, bytes: Buffer): Promise<string>;
  /** Reads a lockfile once, for any number of questions. */
  openLockfile(text: string): (wanted: LockedQuery) => string | null;
  /**
   * What each package that a lockfile has names as a dependency or a peer of its own; nothing where the text is none.
   */
  dependencyNames(text: string): LockedNames;
  /** A lockfile that an install leaves among what it installs. */
  hiddenLockfile?: string;
  /** The file in which it looks for catalogs, and how they are written there. */
  catalog?: CatalogFile;
}

/** The package to install for. */
export interface InstallContext {
  project: Project;
  manifest: Manifest;
  version: string | null;
  lockRoot: string;
  /** The file of a workspace above that does not name this package; null where there is none. */
  outside: string | null;
}

/** How an install works in a place. */
export interface Setup {
  install: [string, ...string[]];
  savePrefix: string;
  obstacle: Obstacle | null;
  /** What has it write the lockfile and install nothing, in words; absent or null where it installs, too. */
  lockfileOnly?: string | null;
  /** The versions that the project forces on packages, by their names. */
  overrides?: Record<string, string>;
  /** Codes of errors with which the install ends although everything is there. */
  harmlessErrors?: readonly string[];
  /** Where the lockfile is, if that is not the root of the workspace. */
  lockRoot?: string;
  /** Further files that the install may change, in the folder of the lockfile. */
  touches?: readonly string[];
}

/** The members of a workspace as its root names them: by patterns, in `file`. */
export interface WorkspacePatterns {
  file: string;
  patterns: readonly string[];
}

/**
 * A package whose version is asked for, and the one that asks: its folder seen from the lockfile (`.` for the same),
 * and what it declares.
 */
export interface LockedQuery {
  name: string;
  specifier: string | null;
  member: string;
}

interface CatalogFile {
  file: string;
  read(text: string): Promise<Pick<Catalogs, 'mode' | 'named'> | null>;
  add(text: string, catalog: string, name: string, specifier: string): Promise<{ text: string } | Refusal>;
}

/** In the order in which their files are looked for. */
export const packageManagers: readonly PackageManager[] = [pnpm, npm, yarn, bun, deno];

/** The npm packages that settings files of package managers name in the package's own folder. */
export function declaredInSettings(project: Project): string[] {
  return packageManagers.flatMap(({ declares }) => declares?.(project, '.') ?? []);
}

/** Files and folders of package managers that name packages, while nothing in them uses one. */
export const namingFiles: readonly string[] = packageManagers.flatMap(({ lockfiles, makes, catalog }) => [
  ...lockfiles,
  ...makes,
  ...(catalog ? [catalog.file] : []),
]);

/** What stands among installed packages and nowhere else: settings may give their folder any name. */
export const installNotes: readonly string[] = packageManagers.flatMap(({ traces }) =>
  traces.filter((one) => one.startsWith('node_modules/')).map((one) => one.slice('node_modules/'.length)),
);

/** The package manager of that name. */
export function managerNamed(name: string): PackageManager | undefined {
  return packageManagers.find((one) => one.name === name);
}

/** Those that are guessed where nothing speaks for one, before npm, in the order of detect-package-manager. */
export const guessOrder: readonly PackageManager[] = [yarn, pnpm];

/** The one that everybody has. */
export const npmNamed: PackageManager = npm;

/** As `--package-manager` takes them and help lists them. */
export const packageManagerNames: readonly string[] = packageManagers.map(({ name }) => name).sort(byUse);

/** npm stands first in lists for people. */
function byUse(one: string, other: string): number {
  return Number(other === npm.name) - Number(one === npm.name);
}
