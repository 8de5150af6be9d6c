import { lstatSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { wayTo } from './boundary.ts';
import { problemOf, restoreFailed } from './failure.ts';
import { readInstallNote } from './install-note.ts';
import { endJournal, type Memory, readJournal } from './journal.ts';
import { type Claim, claim, heldBy, release, withdraw } from './lock.ts';
import { folderName, isThere, journalName, type Leftovers, lookAt } from './place.ts';
import { type InstallProcesses, running } from './processes.ts';
import { nothingRestored, type Restored, restore } from './restore.ts';
import { dropOthers, type Token } from './token.ts';
import { closed } from './transaction.ts';

/** How long putting back may take, in seconds. */
const recoverySeconds = 600;

/** What a killed run had left, and what came of it; paths relative to the project. */
export type Recovered = Pick<Restored, 'paths' | 'kept' | 'left' | 'warnings'>;

/**
 * Puts back what killed runs have left half done: in this project, and in the folders above it as far as the repository
 * goes, since a workspace has files that all its members change. Returns null where nothing was left. Raises `locked`
 * while a run, or the package manager that a killed one has started, is at work, where what is there is not as we make
 * it, and, with `mayWrite` false, for a run that was left; and `restore-failed`.
 */
export async function recover(root: string, mayWrite: boolean): Promise<Recovered | null> {
  let recovered: Recovered | null = null;
  for (const folder of upward(root)) {
    const left = folder === root ? lookHere(folder) : lookAbove(folder);
    if (!left) continue;
    if (left.journals.length > 0 && !mayWrite) throw leftHalfDone(left.place);
    for (const project of left.journals) {
      recovered ??= { paths: [], kept: [], left: [], warnings: [] };
      takeDown(recovered, await recoverProject(project), wayTo(root, project));
    }
    if (left.journals.length === 0 && mayWrite) sweep(folder);
  }
  return recovered;
}

/** `way`: from the project that asks to the one that was put back. */
function takeDown(recovered: Recovered, { paths, kept, left, warnings }: Restored, way: string): void {
  const seen = (list: readonly string[]) => list.map((one) => path.posix.join(way, one));
  recovered.paths.push(...seen(paths));
  recovered.kept.push(...seen(kept));
  recovered.left.push(...seen(left));
  recovered.warnings.push(...warnings);
}

/** The project's folder and those above it, up to the one that holds `.git`. */
function upward(root: string): string[] {
  const folders = [root];
  while (!lstatSync(path.join(folders.at(-1)!, '.git'), { throwIfNoEntry: false })) {
    const parent = path.dirname(folders.at(-1)!);
    if (parent === folders.at(-1)) break;
    folders.push(parent);
  }
  return folders;
}

/** What is left in the project's own folder. Raises `locked` where that is not as we make it, or a run is at work. */
function lookHere(folder: string): Leftovers | null {
  const left = lookAt(folder);
  if (left?.held[0]) throw heldBy(left.place, left.held[0]);
  return left;
}

/** What is left in a folder above: who is at work there, or what is odd, matters only to a run that has to lock it. */
function lookAbove(folder: string): Leftovers | null {
  try {
    const left = lookAt(folder);
    return left && left.held.length === 0 ? left : null;
  } catch {
    return null;
  }
}

async function recoverProject(project: string): Promise<Restored> {
  const claims: Claim[] = [];
  refuseOdd(project);
  try {
    const own = lock(project, project);
    claims.push(own);
    // Another run may have been quicker.
    if (!isThere(own.place, journalName)) return finish(claims);
    const { memory, token } = readJournal(project);
    await refuseWhileAtWork(own, memory);
    for (const one of memory.shared) claims.push(lock(path.join(project, one), project));
    const restored = await restore(memory, own.own, null);
    if (restored.failed.length > 0) throw failed(own, restored);
    restored.warnings.push(...(await end(own, claims, token)));
    return restored;
  } catch (error) {
    for (const one of claims) withdraw(one);
    throw problemOf(error);
  }
}

/** What is not to be put back is seen before a lock is made beside it. Raises `locked`. */
function refuseOdd(project: string): void {
  try {
    readJournal(project);
  } catch (error) {
    // Another run may have put it back meanwhile.
    if (isThere(path.join(project, folderName), journalName)) throw error;
  }
}

function lock(folder: string, project: string): Claim {
  return claim(folder, { seconds: recoverySeconds, project });
}

function finish(claims: readonly Claim[]): Restored {
  for (const one of claims) release(one);
  return nothingRestored();
}

async function end(own: Claim, claims: Claim[], token: Token): Promise<string[]> {
  endJournal(own.place);
  const warnings = await closed({ own, claims, token });
  dropOthers(own.folder);
  return warnings;
}

/**
 * An install may go on although the run that had started it was killed, and it may be a moment before it has noticed.
 */
async function refuseWhileAtWork({ place, folder }: Claim, memory: Memory): Promise<void> {
  const processes = readInstallNote(path.join(folder, folderName, memory.run), memory.since);
  const left = processes ? await atWork(processes) : [];
  if (left.length === 0) return;
  const message =
    `\`${place}\` is there: its run was killed, but the install that it had started (process ${left.join(', ')}) is ` +
    'still at work';
  throw new Problem('locked', message, 'wait until that has ended; the next run then puts back what was left');
}

async function atWork(processes: InstallProcesses): Promise<number[]> {
  for (let tries = 1; ; tries += 1) {
    const left = running(processes);
    if (left.length === 0 || tries === 20) return left;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Takes away what a run that was killed before or after its work has left. */
function sweep(folder: string): void {
  try {
    release(lock(folder, folder));
    dropOthers(folder);
  } catch {
    // It locks nothing. A run that needs the folder says what is wrong with it.
  }
}

function failed({ place }: Claim, restored: Restored): Problem {
  const why = `a run that was killed has left \`${place}\``;
  return restoreFailed(why, restored, path.join(place, journalName));
}

function leftHalfDone(place: string): Problem {
  const hint = 'run it without `--dry-run`: it puts the files back first';
  return new Problem('locked', `\`${place}\` was left by a run that was killed half-way`, hint);
}
