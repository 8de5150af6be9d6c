import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { type Identity, lifeOf, ownIdentity } from './processes.ts';

/** The folder in a project, or in the root of a workspace, that is there only while a run is at work. */
export const folderName = '.flue-add';

/** The file in it that remembers what a run may change (journal.ts). */
export const journalName = 'journal.json';

/** The same once its run has ended well: there is nothing to put back. */
export const doneName = 'done.json';

/** In a claim on a folder that is shared: the folder of the project whose run it is, relative to that one. */
const projectName = 'project';

/** Git does not see the folder while it is there. */
const ignoreFile = { name: '.gitignore', text: '*\n' };

/**
 * A claim is a folder in `.flue-add` whose name says whose it is: making it is one step, so that it is never seen half made. Who makes one
 * holds the lock if, looking afterwards, he sees no other of a process that may be alive; two who make theirs at once both see the
 * other's, and both step back. A claim of a process that has ended locks nothing, and so does anything that is no claim.
 */
export interface Claim {
  /** The folder that it locks. */
  folder: string;
  /** That folder's `.flue-add`. */
  place: string;
  /** Where this run keeps what it needs, and nobody else looks. */
  own: string;
}

/** What stands in a folder's `.flue-add`: the claims by what is known of their processes, and whether there is a journal. */
export interface Leftovers {
  place: string;
  held: { name: string; identity: Identity; seconds: number; sure: boolean }[];
  ended: string[];
  journal: boolean;
}

/** Looks without changing anything; null where there is no such folder. Raises `locked` where it is none that this user's run makes. */
export function lookAt(folder: string, now = Date.now()): Leftovers | null {
  const place = path.join(folder, folderName);
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (!stat) return null;
  const user = process.geteuid?.();
  if (!stat.isDirectory()) throw odd(place, 'it is no folder');
  if (user !== undefined && stat.uid !== user && !isOwnedAlike(place, stat.uid)) throw ofOther(place, stat.uid);
  const own = ownIdentity();
  const found: Leftovers = { place, held: [], ended: [], journal: false };
  for (const name of readdirSync(place)) {
    if (name === journalName) found.journal = true;
    const claim = readClaim(name);
    if (!claim || !lstatSync(path.join(place, name), { throwIfNoEntry: false })?.isDirectory()) continue;
    const life = lifeOf(claim.identity, own);
    const age = (now - (lstatSync(path.join(place, name), { throwIfNoEntry: false })?.mtimeMs ?? 0)) / 1000;
    // Of a process that cannot be seen from here it is only known how long it can be at work.
    const ended = life === 'ended' || (life === 'unknown' && Math.abs(age) > claim.seconds);
    if (ended) found.ended.push(name);
    else found.held.push({ name, ...claim, sure: life === 'alive' });
  }
  return found;
}
