import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { kept } from '../memo.ts';
import { Problem } from '../problem.ts';
import {
  type FolderEntry,
  isRefused,
  isThere,
  kindOf,
  listFolder,
  type ReadRefusal,
  readBytes,
  reasonOf,
} from './door.ts';
import { isDisbelieved } from './failed-install.ts';

export type { FolderEntry } from './door.ts';

/** Read access to one project; everything it gives comes through the door (project/door.ts). Paths as in `Facts`. */
export interface Project {
  root: string;
  /** The folder that it was opened from, seen from the package: `.`, or one below it. */
  start: string;
  /** The folders from the package (`.`) up to the git or workspace root, nearest first. */
  upward: string[];
  /**
   * The text of a file, or null where there is none. Raises `cannot-parse`, with the reason, where it is refused or
   * cannot be read.
   */
  read(path: string): string | null;
  /** The bytes of a file, or null where there is none. Raises `cannot-parse` as `read` does. */
  bytes(path: string): Buffer | null;
  /** Why a file is not read; null where it is, or is not there: for what can be done without. */
  refusal(path: string): ReadRefusal | null;
  /** The bytes of a file that is only searched: they are not kept. Null where there is none. */
  peek(path: string): Buffer | ReadRefusal | null;
  /** Whether `list` gives all that a folder holds: of a very large one it gives the first entries. */
  isWhole(folder: string): boolean;
  /** Whether a file's bytes are UTF-8, without which it cannot be edited safely. */
  isText(path: string): boolean;
  /** What a folder holds; empty where there is none. One `readdir` per folder and run. */
  list(folder: string): FolderEntry[];
  has(path: string): boolean;
  isFolder(path: string): boolean;
  /** Where a path really lies, if that is outside the git or workspace root; null where it is inside. */
  outside(path: string): string | null;
  /** Where a path lies when links are followed, seen from the package; itself where it is not there. */
  real(path: string): string;
}

/** A path in a folder that may be the package itself. */
export function inFolder(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/**
 * The way from one absolute folder to another, with `/`. `system`: whose paths they are, this one's unless a test says
 * otherwise.
 */
export function wayTo(from: string, to: string, system: typeof path.posix = path): string {
  return slashed(system.relative(from, to), system);
}

/** A path with `/`, whatever the system writes. */
export function slashed(one: string, system: typeof path.posix = path): string {
  return one.split(system.sep).join('/');
}

/** A file by which a folder says that it is the root of a workspace. */
export interface WorkspaceFile {
  name: string;
  /** What its text then holds; without it, being there says so. */
  holds?: string;
}

/**
 * Finds the package that `cwd` stands in and opens it. `workspaceFiles`: how a folder above it may declare a workspace.
 * Raises `not-a-project` where there is no package.json.
 */
export function openPackage(cwd: string, workspaceFiles: readonly WorkspaceFile[]): Project {
  const root = packageFolder(cwd);
  const at = (relative: string) => path.join(root, relative);
  const folders = openFolders(at);
  const upward = upwardFolders(folders.list, root, workspaceFiles);
  return {
    root,
    start: wayTo(root, realpathSync(cwd)) || '.',
    upward,
    ...openFiles(at),
    ...folders,
    isFolder: (relative) => {
      const kind = kindOf(at(relative));
      // A path in a circle of links is no folder; of one out of reach nobody knows.
      if (typeof kind === 'object' && kind.code !== 'ELOOP')
        throw unread(relative, { reason: 'unreadable', detail: kind.code });
      return kind === 'folder';
    },
    real: (relative) => {
      const real = realOf(at(relative));
      return real === null ? relative : wayTo(root, real);
    },
    outside: (relative) => outsideOf(at(upward.at(-1)!), at(relative)),
  };
}

/** The absolute path of one that is seen from the package. */
type Placed = (relative: string) => string;

/** Files by their paths from the package, each read once. */
function openFiles(at: Placed): Pick<Project, 'read' | 'bytes' | 'refusal' | 'peek' | 'isText'> {
  const known = new Map<string, Buffer | ReadRefusal | null>();
  const texts = new Map<string, string | null>();
  const open = (relative: string) =>
    kept(known, relative, () => (isDisbelieved(at(relative)) ? null : readBytes(at(relative))));
  const bytes = (relative: string): Buffer | null => {
    const read = open(relative);
    if (isRefused(read)) throw unread(relative, read);
    return read;
  };
  return {
    bytes,
    read: (relative) => kept(texts, relative, () => bytes(relative)?.toString('utf8') ?? null),
    refusal: (relative) => {
      const read = open(relative);
      return isRefused(read) ? read : null;
    },
    peek: (relative) => known.get(relative) ?? readBytes(at(relative)),
    isText: (relative) => isUtf8(bytes(relative) ?? Buffer.alloc(0)),
  };
}

/** Folders by their paths from the package, each listed once. */
function openFolders(at: Placed): Pick<Project, 'list' | 'has' | 'isWhole'> {
  const folders = new Map<string, { entries: FolderEntry[]; complete: boolean }>();
  const names = new Map<string, Set<string>>();
  const listed = (folder: string) => kept(folders, folder, () => listFolder(at(folder)));
  const namesIn = (folder: string) =>
    kept(names, folder, () => new Set(listed(folder).entries.map((entry) => entry.name)));
  return {
    list: (folder) => listed(folder).entries,
    has: (relative) => {
      const folder = path.posix.dirname(relative);
      return namesIn(folder).has(path.posix.basename(relative)) || (!listed(folder).complete && isThere(at(relative)));
    },
    isWhole: (folder) => listed(folder).complete,
  };
}

/** The nearest folder from `cwd` upward that has a package.json. Raises `not-a-project`. */
export function packageFolder(cwd: string): string {
  if (kindOf(cwd) !== 'folder') {
    // So Node gives the current folder where a name in its path is of other bytes: nothing there can be opened then.
    if (cwd.includes('\uFFFD'))
      throw new Problem(
        'not-a-project',
        `a name in \`${cwd}\` is not UTF-8`,
        'rename that folder, then run this again',
      );
    throw new Problem('not-a-project', `\`${cwd}\` is not a folder`, 'name the folder of your project with `--cwd`');
  }
  let folder = realpathSync(cwd);
  while (kindOf(path.join(folder, 'package.json')) === 'none') {
    const parent = path.dirname(folder);
    if (parent === folder) {
      const hint = 'run it in the folder of your project, or name that folder with `--cwd`';
      throw new Problem('not-a-project', `there is no \`package.json\` in \`${cwd}\` or above it`, hint);
    }
    folder = parent;
  }
  return folder;
}

/** Whether there is a package.json in the folder or above it. */
export function isPackageBelow(cwd: string): boolean {
  if (kindOf(path.join(cwd, 'package.json')) !== 'none') return true;
  return path.dirname(cwd) !== cwd && isPackageBelow(path.dirname(cwd));
}

/** The package.json of a package in the `node_modules` of a folder; null where it is not there or is not one. */
export function readInstalled(folder: string, name: string): Record<string, unknown> | null {
  const file = path.join(folder, 'node_modules', name, 'package.json');
  const bytes = isDisbelieved(file) ? null : readBytes(file);
  if (bytes === null || isRefused(bytes)) return null;
  try {
    const manifest: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    return typeof manifest === 'object' && manifest !== null ? (manifest as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A file that is needed and is not read. */
function unread(relative: string, refusal: ReadRefusal): Problem {
  const hints: Record<ReadRefusal['reason'], string> = {
    'not-regular': 'put a file there, or take it away; nothing was changed',
    'too-large': 'make it smaller; nothing was changed',
    'link-loop': 'put a file there, or take the link away; nothing was changed',
    unreadable: 'make it readable for this user; nothing was changed',
  };
  return new Problem('cannot-parse', `\`${relative}\`: ${reasonOf(refusal)}`, hints[refusal.reason]);
}

/**
 * Up to the folder that holds `.git`; without one, up to the topmost that declares a workspace; else only the package.
 */
function upwardFolders(
  list: (folder: string) => FolderEntry[],
  root: string,
  workspaceFiles: readonly WorkspaceFile[],
): string[] {
  const folders = ['.'];
  let last = 0;
  for (let absolute = root; ; absolute = path.dirname(absolute)) {
    const names = list(folders.at(-1)!).map((entry) => entry.name);
    if (names.includes('.git')) return folders;
    if (folders.length > 1 && workspaceFiles.some((file) => names.includes(file.name) && declares(absolute, file)))
      last = folders.length - 1;
    if (path.dirname(absolute) === absolute) return folders.slice(0, last + 1);
    folders.push(folders.length === 1 ? '..' : `../${folders.at(-1)}`);
  }
}

function declares(folder: string, { name, holds }: WorkspaceFile): boolean {
  if (holds === undefined) return true;
  const bytes = readBytes(path.join(folder, name));
  return bytes !== null && !isRefused(bytes) && bytes.includes(holds);
}

/** Follows links of the deepest part that exists. */
function outsideOf(boundary: string, absolute: string): string | null {
  let existing = absolute;
  while (!isThere(existing)) existing = path.dirname(existing);
  const limit = realpathSync(boundary);
  const real = realOf(existing);
  if (real === null) return existing;
  const relative = path.relative(limit, real);
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative) ? real : null;
}

/** Null where links lead nowhere or in a circle. */
function realOf(absolute: string): string | null {
  try {
    return realpathSync(absolute);
  } catch {
    return null;
  }
}
