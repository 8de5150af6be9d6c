import { lstatSync, mkdirSync, mkdtempSync, rmdirSync, type Stats } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { checksum } from './checksum.ts';
import { listOwnFolder } from './place.ts';

/**
 * What makes a journal ours: an empty folder of a random name in the user's own state folder, there from before the
 * journal is written until its run has ended. A clone, an archive or a copy of the project does not bring it, and
 * nobody who writes a repository can know its name. That it goes with its run keeps a journal that turns up again
 * later, from a stash or a backup, from being believed.
 */
export interface Token {
  name: string;
  /** The folder it stands in. */
  folder: string;
  /** The folders that have to be durable for it to be: that one, and those above it that were made for it. */
  flushed: string[];
}

/** Makes a token for a project, or gives null where this user has no place of his own to keep one. */
export function makeToken(project: string): Token | null {
  for (const folder of places()) {
    try {
      if (!isOurs(folder)) continue;
      const first = makeFolders(folder);
      if (!isOurs(folder)) continue;
      const name = path.basename(mkdtempSync(path.join(folder, `${prefixOf(project)}-`)));
      return { name, folder, flushed: upTo(folder, first) };
    } catch {
      // The next place may do.
    }
  }
  return null;
}

/** The token of that name for a project, or null where it is not there. */
export function findToken(project: string, name: string): Token | null {
  if (!/^[0-9a-f]{16}-\w{6}$/.test(name) || !name.startsWith(prefixOf(project))) return null;
  const folder = places().find((place) => isOurs(place) && isFolder(path.join(place, name)));
  return folder ? { name, folder, flushed: [folder] } : null;
}

/** Takes a token away; false where it cannot be, and then it only lies there. */
export function dropToken(token: Token | null): boolean {
  return token === null || drop(path.join(token.folder, token.name));
}

/**
 * Takes away what runs in this project have left that were killed before they had a journal. Only for who holds its
 * lock.
 */
export function dropOthers(project: string): void {
  for (const folder of places().filter(isOurs)) {
    for (const name of listOwnFolder(folder)) {
      if (name.startsWith(prefixOf(project)) && findToken(project, name)) drop(path.join(folder, name));
    }
  }
}

/**
 * XDG's place for what should outlive a restart, and for a user without a home his own folder among the temporary ones.
 */
function places(): string[] {
  const { XDG_STATE_HOME: xdg = '', LOCALAPPDATA: local = '' } = process.env;
  const own = [xdg, process.platform === 'win32' ? local : '', path.join(homedir(), '.local/state')];
  const state = own.find((one) => path.isAbsolute(one));
  return [
    ...(state === undefined ? [] : [path.join(state, 'flue')]),
    path.join(tmpdir(), `flue-${process.geteuid?.() ?? 'user'}`),
  ];
}

/**
 * Whether a folder is this user's, and nobody else may write into it; or is not there, and may be made without leaving
 * something of ours in another user's home, as `sudo` would.
 */
function isOurs(folder: string): boolean {
  const user = process.geteuid?.();
  if (user === undefined) return true;
  for (let one = folder; ; one = path.dirname(one)) {
    const stat = statOrClosed(one);
    if (stat === 'closed') return false;
    if (stat && one === folder) return stat.isDirectory() && stat.uid === user && (stat.mode & 0o022) === 0;
    // A folder that is sticky, as /tmp is, takes everybody's.
    if (stat) return stat.uid === user || (stat.mode & 0o1000) !== 0;
    if (path.dirname(one) === one) return false;
  }
}

function isFolder(place: string): boolean {
  const stat = statOrClosed(place);
  return stat !== undefined && stat !== 'closed' && stat.isDirectory();
}

function statOrClosed(place: string): Stats | undefined | 'closed' {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch {
    return 'closed';
  }
}

/**
 * Makes a folder and those above it; gives the topmost that was made. One by one: Node's own `recursive` never ends
 * where the system says ENOENT of a folder in one that is there, as below /proc. Raises the system's error.
 */
function makeFolders(folder: string): string | undefined {
  const missing: string[] = [];
  for (let one = folder; statOrClosed(one) === undefined; one = path.dirname(one)) missing.unshift(one);
  for (const one of missing) makeFolder(one);
  return missing[0];
}

/** Another run may have made it meanwhile. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** A folder and those above it, as far as they were made just now: `first` is the topmost of these. */
function upTo(folder: string, first: string | undefined): string[] {
  const folders = [folder];
  while (first !== undefined && folders.at(-1)!.length >= first.length) folders.push(path.dirname(folders.at(-1)!));
  return folders;
}

function drop(place: string): boolean {
  try {
    rmdirSync(place);
    return true;
  } catch {
    return false;
  }
}

function prefixOf(project: string): string {
  return checksum(Buffer.from(project));
}
