import { lstatSync, mkdirSync, mkdtempSync, rmdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { isRefused, readBytes } from '../project/door.ts';
import * as place from './place.ts';
import { ownIdentity } from './processes.ts';
import { isTorn, writeNew } from './write.ts';

/**
 * What a run keeps in its claim: files to come, files taken away, the note about its package manager, the next journal.
 */
const ownFiles = /^(?:(?:write|held)-\d+|(?:install|next|journal)\.json|project)$/;

/**
 * A claim is a folder in `.flue-add` whose name says whose it is: making it is one step, so it is never seen half made.
 * Whoever makes one holds the lock if, looking afterwards, he sees no other that may be of a running process; two that
 * make theirs at once both see the other's, and both step back. The claim of a process that has ended locks nothing,
 * and so does what is no claim.
 */
export interface Claim {
  /** The folder that is locked. */
  folder: string;
  /** Its `.flue-add`. */
  place: string;
  /** The claim: where this run keeps what nobody else looks at. */
  own: string;
}

/**
 * Locks a folder. `seconds`: how long this run can take. `project`: whose run it is; another folder than this where
 * this one is shared. Raises `locked` while another run is at work, or where one that was killed has left a journal,
 * but for that of `project`; and the system's error where the folder cannot be written to.
 */
export function claim(folder: string, { seconds, project }: { seconds: number; project: string }): Claim {
  const at = path.join(folder, place.folderName);
  for (let tries = 1; ; tries += 1) {
    place.lookAt(folder);
    const own = makeClaim(at, seconds);
    if (own === null) continue;
    try {
      const { held, journals } = place.lookAt(folder, lstatSync(own).mtimeMs)!;
      const other = held.find(({ name }) => name !== path.basename(own));
      const left = journals.find((one) => one !== project);
      if (!other && left !== undefined) throw leftIn(at, left);
      if (!other) return settle({ folder, place: at, own }, project);
      if (tries === 5) throw heldBy(at, other);
    } catch (error) {
      stepBack(at, own);
      throw error;
    }
    stepBack(at, own);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 + Math.random() * 40);
  }
}

/**
 * Whether a claim still stands: it does not where this process was stopped for so long that another has taken it for
 * ended.
 */
export function stands({ own }: Claim): boolean {
  return lstatSync(own, { throwIfNoEntry: false }) !== undefined;
}

/** What has to be on the disk for a claim to be found again after a power cut. */
export function pathsToSync({ folder, place: at, own }: Claim): string[] {
  const pointer = path.join(own, place.projectName);
  return [
    folder,
    at,
    path.join(at, place.ignoreName),
    ...(place.isThere(own, place.projectName) ? [own, pointer] : []),
  ];
}

/**
 * Gives the lock back and takes away what runs have left here; what is not of their making stays. Not for a folder
 * whose journal is still to be put back. Returns the paths that could not be taken away.
 */
export function release({ place: at, own }: Claim): string[] {
  const stuck: string[] = [];
  const remove = (file: string, how: (file: string) => void) => {
    if (!removed(file, how)) stuck.push(file);
  };
  const claims = [...place.claimsIn(at).ended, path.basename(own)];
  for (const name of claims) {
    for (const file of place.listOwnFolder(path.join(at, name)))
      if (ownFiles.test(file)) remove(path.join(at, name, file), unlinkSync);
  }
  if (place.isThere(at, place.doneName)) remove(path.join(at, place.doneName), unlinkSync);
  // From here on there are only empty folders, and those git does not see.
  if (isHidden(at)) remove(path.join(at, place.ignoreName), unlinkSync);
  for (const name of claims) remove(path.join(at, name), rmdirSync);
  if (place.listOwnFolder(at).length === 0) removed(at, rmdirSync);
  return stuck;
}

/** Gives the lock back and leaves all else as it is, for a folder whose journal is still to be put back. */
export function withdraw({ own }: Claim): void {
  for (const file of place.listOwnFolder(own)) if (ownFiles.test(file)) removed(path.join(own, file), unlinkSync);
  removed(own, rmdirSync);
}

function settle(made: Claim, project: string): Claim {
  hide(made.place);
  if (made.folder !== project) {
    writeNew(path.join(made.own, place.projectName), Buffer.from(path.relative(made.folder, project)));
  }
  return made;
}

/** Takes back a claim with which nothing was done. */
function stepBack(at: string, own: string): void {
  removed(path.join(own, place.projectName), unlinkSync);
  removed(own, rmdirSync);
  const rest = place.listOwnFolder(at);
  if (rest.length === 1 && rest[0] === place.ignoreName && isHidden(at)) removed(path.join(at, rest[0]), unlinkSync);
  removed(at, rmdirSync);
}

/**
 * Makes the folder where it is not there, and a claim in it; null where another run, having ended, has just taken it
 * away.
 */
function makeClaim(at: string, seconds: number): string | null {
  try {
    mkdirSync(at, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    return mkdtempSync(path.join(at, place.claimName(ownIdentity(), seconds)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    removed(at, rmdirSync);
    throw error;
  }
}

/**
 * Keeps git from seeing the folder while it holds files. One that a killed run has left half written is written anew.
 */
function hide(at: string): void {
  const file = path.join(at, place.ignoreName);
  if (place.isThere(at, place.ignoreName)) {
    if (!isHidden(at)) throw place.odd(at, `its \`${place.ignoreName}\` is not as flue writes it`);
    unlinkSync(file);
  }
  writeNew(file, Buffer.from(place.ignoreText));
}

/** Whether what hides the folder from git is ours, be it half written or of bytes that a power cut has lost. */
function isHidden(at: string): boolean {
  const bytes = readBytes(path.join(at, place.ignoreName), 4096);
  const ours = Buffer.from(place.ignoreText);
  return bytes !== null && !isRefused(bytes) && isTorn(bytes, ours, ours);
}

function removed(file: string, how: (file: string) => void): boolean {
  try {
    how(file);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** The refusal while another run is at work, or may be. */
export function heldBy(at: string, { name, identity, seconds, sure }: place.Held): Problem {
  if (sure) {
    const message = `\`${at}\` is there: process ${identity.pid} is at work in it`;
    return new Problem('locked', message, 'wait until it has ended, then run this again');
  }
  const message = `\`${at}\` is there: a run that cannot be seen from here may be at work in it`;
  const hint =
    `wait until it has ended; it counts as ended ${Math.ceil(seconds / 60)} min after it began. ` +
    `If you know that it has, delete \`${path.join(place.folderName, name)}\` there`;
  return new Problem('locked', message, hint);
}

/** The refusal where a run has left a journal that is not to be put back now. */
export function leftIn(at: string, project: string): Problem {
  const message = `\`${at}\` was left by a run in \`${project}\` that was killed half-way`;
  return new Problem('locked', message, 'run this again: it puts back first what that one had changed');
}
