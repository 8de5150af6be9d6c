import { chownSync, mkdirSync, renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Plan } from '../types/plan.ts';
import { sharedFolders, spotOf } from './boundary.ts';
import { flush } from './durable.ts';
import { endJournal, type Memory, writeJournal } from './journal.ts';
import { type Claim, claim, pathsToSync as claimPaths, leftIn, release, stands } from './lock.ts';
import { forgetFailed } from './node-modules.ts';
import { isThere, journalName } from './place.ts';
import { changeablePaths, checkBefore, type Prepared, prepare, readPlanned, type WriteTarget } from './prepare.ts';
import { ownIdentity } from './processes.ts';
import { nothingRestored, type Restored, restore } from './restore.ts';
import { dropOthers, dropToken, makeToken, type Token } from './token.ts';
import { attributesIn, overwrite, put, stage } from './write.ts';

/** A run that has its locks, and whose way back is on the disk. */
export interface Transaction {
  memory: Memory;
  prepared: Prepared;
  /** Of the shared folders, topmost first, and last of the project. */
  claims: Claim[];
  /** The project's claim. */
  own: Claim;
  token: Token | null;
  /** Of each target whether its staged file has its owner. */
  kept: boolean[];
  /** The paths that it has begun to write. */
  written: Set<string>;
  /** What has to be on the disk before the run can have ended. */
  flushed: Set<string>;
}

/**
 * Locks the project and whatever the plan changes beside it, checks the plan against the disk, and puts on the disk
 * what every file was like and what it is to become. Nothing of the project has changed when this ends, or raises what
 * `claim` and `prepare` do.
 */
export async function begin(project: string, plan: Plan, seconds: number): Promise<Transaction> {
  const shared = sharedFolders(changeablePaths(plan));
  const claims: Claim[] = [];
  let token: Token | null = null;
  let journal = false;
  try {
    for (const folder of [...shared.map((one) => path.join(project, one)), project])
      claims.push(claim(folder, { seconds, project }));
    const own = claims.at(-1)!;
    // Of a run that began and was killed since leftovers were looked for.
    if (isThere(own.place, journalName)) throw leftIn(own.place, project);
    const prepared = prepare(project, plan);
    dropOthers(project);
    token = makeToken(project);
    const run = path.basename(own.own);
    const memory = { ...prepared.memory, run, since: ownIdentity().start, token: token?.name ?? null, shared };
    const kept = prepared.targets.map((target) => stageTarget(own, target));
    journal = true;
    await writeJournal(own, memory, token);
    await flush([...claims.flatMap(claimPaths), ...prepared.targets.map((target) => stagedAt(own, target))]);
    return { memory, prepared, claims, own, token, kept, written: new Set(), flushed: new Set() };
  } catch (error) {
    // What is left of the journal would put back what has not changed.
    if (journal) attempt(() => endJournal(claims.at(-1)!.place));
    dropToken(token);
    for (const one of claims.toReversed()) attempt(() => release(one));
    throw error;
  }
}

/**
 * Does one write. Raises `project-changed`, `cannot-parse` and `locked` where something else has come in between, and
 * the system's error.
 */
export function write(transaction: Transaction, { path: relative }: { path: string }): void {
  const { memory, prepared, own, kept, flushed } = transaction;
  if (!stands(own)) throw overtaken(own);
  const target = prepared.targets.find((one) => one.operation.path === relative)!;
  const { operation, form, index } = target;
  const spot = spotOf(memory.project, prepared.boundary, relative);
  const after = operation.after === null ? null : Buffer.from(operation.after);
  // Two names of one file: it has been written under the other.
  if (after && isShared(target) && readPlanned(spot.file, relative)?.equals(after)) return;
  checkBefore(spot, operation, 'while the packages were installed');
  transaction.written.add(relative);
  if (after === null || !form) {
    takeAway(spot.at, path.join(own.own, `held-${index}`));
    flushed.add(path.dirname(spot.at));
    (operation.folders ?? []).every((one) => takeEmpty(transaction, one));
    return;
  }
  const folders = memory.folders.filter((one) => relative.startsWith(`${one}/`));
  for (const folder of folders) makeFolder(path.join(memory.project, folder), flushed);
  const staged = stagedAt(own, target);
  if (isShared(target)) overwrite(spot.file, after);
  const inPlace =
    isShared(target) || put({ staged, file: spot.file, bytes: after, form, stat: spot.stat, kept: kept[index]! });
  for (const one of [spot.at, spot.file]) flushed.add(path.dirname(one));
  if (inPlace) flushed.add(spot.file);
}

/** Makes the run's end: from here on nothing is put back. Returns what is worth a word although all went well. */
export async function commit({ memory, own, claims, token, flushed }: Transaction): Promise<string[]> {
  // A package manager leaves that to the system.
  const touched = memory.files.filter((one) => one.touched).map((one) => path.join(memory.project, one.path));
  await flush([...flushed, ...touched, ...touched.map((one) => path.dirname(one))]);
  endJournal(own.place);
  forgetFailed(memory.project, memory.installed);
  return closed({ own, claims, token });
}

/** Puts back what was changed. Where that is not all, the journal stays for the next run. */
export async function rollBack({ memory, own, claims, token, written }: Transaction): Promise<Restored> {
  // Another run has put everything back, and may have begun its own work.
  if (!stands(own)) return nothingRestored();
  const restored = await restore(memory, own.own, written);
  if (restored.failed.length === 0) {
    try {
      endJournal(own.place);
    } catch (error) {
      const { message, code = null } = error as NodeJS.ErrnoException;
      return { ...restored, failed: [{ path: journalName, why: message, code }] };
    }
    restored.warnings.push(...(await closed({ own, claims, token })));
  }
  return restored;
}

/** After the journal has ended: puts that on the disk, and gives back the locks. */
export async function closed({ own, claims, token }: Pick<Transaction, 'own' | 'claims' | 'token'>): Promise<string[]> {
  const warnings: string[] = [];
  const flushPlace = () => flush([own.place]);
  await flushPlace()
    .catch(flushPlace)
    .catch((error: Error) => {
      warnings.push(`it is not certain that the end of this run outlives a power cut: ${error.message}`);
    });
  const stuck = dropToken(token) ? [] : [path.join(token!.folder, token!.name)];
  for (const one of claims.toReversed()) {
    try {
      stuck.push(...release(one));
    } catch (error) {
      stuck.push(`${one.place} (${(error as Error).message})`);
    }
  }
  if (stuck.length > 0)
    warnings.push(`what this run needed could not be taken away, and means nothing: ${stuck.join(', ')}`);
  return warnings;
}

function stageTarget(own: Claim, target: WriteTarget): boolean {
  const { operation, form } = target;
  if (operation.after === null || !form || isShared(target)) return true;
  return stage(stagedAt(own, target), Buffer.from(operation.after), form);
}

function stagedAt(own: Claim, { index }: WriteTarget): string {
  return path.join(own.own, `write-${index}`);
}

/** Whether other names lead to the same file, and are to lead to it still. */
function isShared({ spot }: WriteTarget): boolean {
  return (spot.stat?.nlink ?? 1) > 1;
}

/** Keeps what is taken away until the run has ended, so that it can come back as the same file. */
function takeAway(at: string, held: string): void {
  try {
    renameSync(at, held);
  } catch {
    unlinkSync(at);
  }
}

/** Takes a folder away if nothing is left in it; returns whether it has. */
function takeEmpty({ memory, flushed }: Transaction, relative: string): boolean {
  if (!memory.emptied.some((one) => one.path === relative)) return false;
  const folder = path.join(memory.project, relative);
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
  flushed.add(path.dirname(folder));
  return true;
}

function makeFolder(folder: string, flushed: Set<string>): void {
  if (statSync(folder, { throwIfNoEntry: false })) return;
  flushed.add(path.dirname(folder));
  const { mode, uid, gid } = attributesIn(statSync(path.dirname(folder)), 0o777);
  mkdirSync(folder, { mode });
  if (uid !== null || gid !== null)
    attempt(() => chownSync(folder, uid ?? process.geteuid!(), gid ?? process.getegid!()));
}

function overtaken({ place }: Claim): Problem {
  const message = `this run was stopped for so long that another has taken it for ended, and has put everything back`;
  return new Problem('locked', message, `see that no other run is at work in \`${place}\`, then run this again`);
}

function attempt(how: () => unknown): void {
  try {
    how();
  } catch {
    // What led here is told; this is only tidying.
  }
}
