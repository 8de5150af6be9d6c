import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';

export interface Entry {
  name: string;
  kind: 'file' | 'folder' | 'symlink' | 'other';
}

/** Read access to one project; the only place in the program that looks at a project's disk. Paths as in `Facts`. */
export interface Project {
  root: string;
  /** The folders from the package (`.`) up to the git or workspace root, nearest first. */
  upward: string[];
  /** The text of a file, or null where there is none. Raises `cannot-parse` where it cannot be read. */
  read(path: string): string | null;
  /** The bytes of a file, or null where there is none. Raises `cannot-parse` where it cannot be read. */
  bytes(path: string): Buffer | null;
  /** Whether a file's bytes are UTF-8, without which it cannot be edited safely. */
  isText(path: string): boolean;
  /** What a folder holds; empty where there is none. One `readdir` per folder and run. */
  list(folder: string): Entry[];
  has(path: string): boolean;
  isFolder(path: string): boolean;
  /** Where a path really lies, if that is outside the git or workspace root; null where it is inside. */
  outside(path: string): string | null;
}

/** A path in a folder that may be the package itself. */
export function inFolder(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** The way from one absolute folder to another, with `/`. `system`: whose paths they are, this one's unless a test says otherwise. */
export function wayTo(from: string, to: string, system: typeof path.posix = path): string {
  return slashed(system.relative(from, to), system);
}

/** A path with `/`, whatever the system writes. */
export function slashed(one: string, system: typeof path.posix = path): string {
  return one.split(system.sep).join('/');
}

/** Finds the package that `cwd` stands in and opens it. Raises `not-a-project` where there is no package.json. */
export function openProject(cwd: string): Project {
  const root = packageFolder(cwd);
  const bytes = new Map<string, Buffer | null>();
  const texts = new Map<string, string | null>();
  const folders = new Map<string, Entry[]>();
  const names = new Map<string, Set<string>>();
  const at = (relative: string) => path.join(root, relative);

  const readBytes = (relative: string): Buffer | null => {
    const known = bytes.get(relative);
    if (known !== undefined) return known;
    const read = readOrNull(at(relative), relative);
    bytes.set(relative, read);
    return read;
  };
  const list = (folder: string): Entry[] => {
    const known = folders.get(folder);
    if (known) return known;
    const entries = listOrEmpty(at(folder));
    folders.set(folder, entries);
    return entries;
  };
  // Names alone are read faster than names and kinds, which shows in a folder of hundreds.
  const namesIn = (folder: string): Set<string> => {
    const known = names.get(folder);
    if (known) return known;
    const read = new Set(folders.get(folder)?.map((entry) => entry.name) ?? namesOrEmpty(at(folder)));
    names.set(folder, read);
    return read;
  };
  const has = (relative: string) => namesIn(path.posix.dirname(relative)).has(path.posix.basename(relative));
  const upward = upwardFolders(list, root);

  return {
    root,
    upward,
    read: (relative) => {
      const known = texts.get(relative);
      if (known !== undefined) return known;
      const text = readBytes(relative)?.toString('utf8') ?? null;
      texts.set(relative, text);
      return text;
    },
    bytes: readBytes,
    isText: (relative) => isUtf8(readBytes(relative) ?? Buffer.alloc(0)),
    list,
    has,
    isFolder: (relative) => statSync(at(relative), { throwIfNoEntry: false })?.isDirectory() ?? false,
    outside: (relative) => outsideOf(at(upward.at(-1)!), at(relative)),
  };
}

/** The nearest folder from `cwd` upward that has a package.json. Raises `not-a-project`. */
export function packageFolder(cwd: string): string {
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Problem('not-a-project', `\`${cwd}\` is not a folder`, 'name the folder of a Flue project with `--cwd`');
  }
  let folder = realpathSync(cwd);
  while (!statSync(path.join(folder, 'package.json'), { throwIfNoEntry: false })) {
    const parent = path.dirname(folder);
    if (parent === folder) {
      const hint = 'run it in the folder of a Flue project, or name that folder with `--cwd`';
      throw new Problem('not-a-project', `there is no \`package.json\` in \`${cwd}\` or above it`, hint);
    }
    folder = parent;
  }
  return folder;
}

/** Whether there is a package.json in the folder or above it. */
export function isPackageBelow(cwd: string): boolean {
  if (statSync(path.join(cwd, 'package.json'), { throwIfNoEntry: false })) return true;
  return path.dirname(cwd) !== cwd && isPackageBelow(path.dirname(cwd));
}

/** The package.json of a package in the `node_modules` of a folder; null where it is not there or is not one. */
export function readInstalled(folder: string, name: string): Record<string, unknown> | null {
  try {
    const text = readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8');
    const manifest: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof manifest === 'object' && manifest !== null ? (manifest as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function readOrNull(absolute: string, relative: string): Buffer | null {
  try {
    return readFileSync(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
    const hint = code === 'EISDIR' ? 'it is a folder; a file is expected there' : 'make it readable for this user';
    throw new Problem('cannot-parse', `\`${relative}\` cannot be read (${code})`, hint);
  }
}

function namesOrEmpty(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function listOrEmpty(folder: string): Entry[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'symlink' : 'other',
    }));
  } catch {
    return [];
  }
}

/** Up to the folder that holds `.git`; without one, up to the topmost that declares a workspace; else only the package. */
function upwardFolders(list: (folder: string) => Entry[], root: string): string[] {
  const folders = ['.'];
  let last = 0;
  for (let absolute = root; ; absolute = path.dirname(absolute)) {
    const names = list(folders.at(-1)!).map((entry) => entry.name);
    if (names.includes('.git')) return folders;
    if (names.includes('pnpm-workspace.yaml') || (folders.length > 1 && declaresWorkspaces(absolute, names))) {
      last = folders.length - 1;
    }
    if (path.dirname(absolute) === absolute) return folders.slice(0, last + 1);
    folders.push(folders.length === 1 ? '..' : `../${folders.at(-1)}`);
  }
}

function declaresWorkspaces(folder: string, names: string[]): boolean {
  if (!names.includes('package.json')) return false;
  return readOrNull(path.join(folder, 'package.json'), 'package.json')?.includes('"workspaces"') ?? false;
}

/** Follows links of the deepest part that exists. */
function outsideOf(boundary: string, absolute: string): string | null {
  let existing = absolute;
  while (!lstatSync(existing, { throwIfNoEntry: false })) existing = path.dirname(existing);
  const limit = realpathSync(boundary);
  let real: string;
  try {
    real = realpathSync(existing);
  } catch {
    return existing;
  }
  const relative = path.relative(limit, real);
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative) ? real : null;
}
