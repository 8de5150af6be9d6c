import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { isRefused, readBytes } from '../project/door.ts';
import { type Identity, lifeOf, ownIdentity } from './processes.ts';

/** The folder in a project, or in the root of a workspace, that is there only while a run is at work. */
export const folderName = '.flue-add';

/** What that folder holds besides claims (lock.ts): the journal (journal.ts). */
export const journalName = 'journal.json';
/** There, too: the journal of a run that has ended well. */
export const doneName = 'done.json';
/** There, too: the file that hides the folder from git. */
export const ignoreName = '.gitignore';
/** What that file holds. */
export const ignoreText = '*\n';

/** In a claim on a shared folder: the project whose run it is, relative to that folder. */
export const projectName = 'project';

/** The claim of a process that is, or may be, at work. */
export interface Held {
  name: string;
  identity: Identity;
  /** How long such a run can take. */
  seconds: number;
  /** Whether it is known, not only possible, that its process is at work. */
  sure: boolean;
}

/** What stands in a `.flue-add`. */
export interface Leftovers {
  place: string;
  held: Held[];
  /** Claims of processes that have ended. */
  ended: string[];
  /**
   * Absolute folders of the projects whose journals were left: this one, or members of the workspace that it is the
   * root of.
   */
  journals: string[];
}

/**
 * Looks without changing anything; null where there is no `.flue-add`. Raises `locked` where it is not as this user's
 * runs make it.
 */
export function lookAt(folder: string, now = Date.now()): Leftovers | null {
  const place = path.join(folder, folderName);
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (!stat) return null;
  if (!stat.isDirectory()) throw odd(place, 'it is no folder');
  if (!isOwn(place, stat.uid)) throw ofAnother(place, stat.uid);
  const claims = claimsIn(place, now);
  const pointed = claims.ended.flatMap((name) => pointedTo(folder, path.join(place, name, projectName)));
  return { place, ...claims, journals: [...(isThere(place, journalName) ? [folder] : []), ...pointed] };
}

/** The claims in a `.flue-add`, by what is known of their processes. `now`: by the clock of that file system, in ms. */
export function claimsIn(place: string, now = Date.now()): Pick<Leftovers, 'held' | 'ended'> {
  const own = ownIdentity();
  const found: Pick<Leftovers, 'held' | 'ended'> = { held: [], ended: [] };
  for (const name of listOwnFolder(place)) {
    const claim = readClaim(name);
    const made = claim && lstatSync(path.join(place, name), { throwIfNoEntry: false });
    if (!claim || !made?.isDirectory()) continue;
    const life = lifeOf(claim.identity, own);
    // Of a process that cannot be seen from here only that is known, how long it can be at work.
    const over = Math.abs(now - made.mtimeMs) > claim.seconds * 1000;
    if (life === 'alive' || (life === 'unknown' && !over)) found.held.push({ name, ...claim, sure: life === 'alive' });
    else found.ended.push(name);
  }
  return found;
}

/** The beginning of a claim's name, to which six random characters come. */
export function claimName({ pid, start, space, boot, machine }: Identity, seconds: number): string {
  return `run-${pid}-${start}-${space}-${boot}-${machine}-${seconds}-`;
}

/** Whether that is a name that `claimName` begins. */
export function isClaim(name: string): boolean {
  return readClaim(name) !== null;
}

function readClaim(name: string): { identity: Identity; seconds: number } | null {
  const match = /^run-([1-9]\d*)-(\d+|-)-(\d+|-)-(\w+|-)-(\w+)-(\d+)-\w{6}$/.exec(name);
  if (!match) return null;
  const [, pid, start, space, boot, machine, seconds] = match as unknown as [string, ...string[]];
  const identity = { pid: Number(pid), start: start!, space: space!, boot: boot!, machine: machine! };
  return { identity, seconds: Number(seconds) };
}

/** The project that a claim on a shared folder names, where it lies in that folder and has a journal. */
function pointedTo(folder: string, file: string): string[] {
  const bytes = readBytes(file, 4096);
  if (bytes === null || isRefused(bytes)) return [];
  try {
    const project = realpathSync(path.join(folder, bytes.toString('utf8')));
    const inside = path.relative(realpathSync(folder), project);
    if (inside.startsWith('..') || path.isAbsolute(inside)) return [];
    return isThere(path.join(project, folderName), journalName) ? [project] : [];
  } catch {
    return [];
  }
}

/** On some file systems everything belongs to another, as on a share: then what is made there does, too. */
function isOwn(place: string, owner: number): boolean {
  const user = process.geteuid?.();
  if (user === undefined || user === owner) return true;
  try {
    const probe = mkdtempSync(path.join(place, 'owner-'));
    const made = lstatSync(probe).uid;
    rmdirSync(probe);
    return made === owner;
  } catch {
    return false;
  }
}

/** Whether a folder holds anything of that name. */
export function isThere(folder: string, name: string): boolean {
  return lstatSync(path.join(folder, name), { throwIfNoEntry: false }) !== undefined;
}

/** What a folder of ours holds; nothing where it cannot be looked into. */
export function listOwnFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A `.flue-add` that no run of this user makes; `why` is the second half of a sentence. */
export function odd(place: string, why: string): Problem {
  const hint = 'see what it is, then delete it; flue makes that folder anew and takes it away when it has ended';
  return new Problem('locked', `\`${place}\` is not as flue makes it: ${why}. Nothing was changed`, hint);
}

function ofAnother(place: string, owner: number): Problem {
  const message = `\`${place}\` belongs to another user (${owner}): a run of theirs is at work, or was killed`;
  const hint = 'run this as that user, which puts back what was left; or see what it holds, then delete it';
  return new Problem('locked', message, hint);
}
