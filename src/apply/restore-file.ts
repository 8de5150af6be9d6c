import { lstatSync, readlinkSync, renameSync, rmdirSync, type Stats, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { isRefused, machineLimit, readBytes } from '../project/door.ts';
import { placeOf } from './boundary.ts';
import { flush } from './durable.ts';
import { bytesOf, type Memory, type Remembered } from './journal.ts';
import type { Restored } from './restore.ts';
import { attributesOf, isTorn, overwrite, put, type Replacement, reform, stage } from './write.ts';

/** Where one file is put back, and how. */
export interface Way {
  /** Absolute, in its real folder. */
  at: string;
  boundary: string;
  /** Where the run may have put what it took away. */
  held: string;
  /** Where to make a file before it is put in its place. */
  staged: string;
  /** Takes down what becomes of it. */
  done: Restored;
}

/**
 * Puts back one file, or the symlink and the file that it led to. Returns whether anything had to be done. Raises the
 * system's error.
 */
export async function restoreFile(way: Way, memory: Memory, file: Remembered): Promise<boolean> {
  const { at, boundary, held } = way;
  const { before, link, touched, after } = file;
  const now = statAt(at);
  if (link && now && isLinkTo(at, now, link.to)) {
    // The file that it leads to is what the run writes, unless it takes the link itself away.
    const target = placeOf(memory.project, boundary, link.file);
    return after === null ? false : restoreBytes({ ...way, at: target }, statAt(target), file);
  }
  if (!now && after === null && (before || link) && wasHeld(held, file)) {
    renameSync(held, at);
    return true;
  }
  if (!link) return restoreBytes(way, now, file);
  if (!touched && !(after === null && !now)) {
    way.done.left.push(file.path);
    return false;
  }
  if (now) remove(at, now);
  symlinkSync(link.to, at);
  const target = placeOf(memory.project, boundary, link.file);
  await restoreBytes({ ...way, at: target }, statAt(target), file);
  return true;
}

async function restoreBytes(way: Way, now: Stats | null, file: Remembered): Promise<boolean> {
  const { at, done } = way;
  const { before, touched, after } = file;
  const bytes = before && bytesOf(before);
  const found = now?.isFile() ? readBytes(at, machineLimit) : null;
  const current = isRefused(found) ? null : found;
  if (bytes && before && current?.equals(bytes)) return touched && now ? reformed(at, now, before) : false;
  if (!before && !now) return false;
  if (!touched && !isOurs(now, current, bytes, after)) {
    done.left.push(file.path);
    return false;
  }
  if (current && isEdited(file, current, bytes)) done.kept.push(await keepBeside(way, file.path, current, now!));
  await putBytes(way, now, before);
  return true;
}

/** Puts there what was before, in place of whatever there is. */
async function putBytes({ at, staged }: Way, now: Stats | null, before: Remembered['before']): Promise<void> {
  const stat = now?.isFile() ? now : null;
  if (now && !(stat && before)) remove(at, now);
  if (!before) return;
  const form = { ...before, mode: before.mode & 0o7777 };
  await replace({ staged, file: at, bytes: bytesOf(before), form, stat });
}

/** Whether what stands there now, or does not, is what only the run can have left. */
function isOurs(now: Stats | null, current: Buffer | null, before: Buffer | null, after: Remembered['after']): boolean {
  if (after === undefined) return false;
  if (!now) return after === null;
  if (!current || after === null) return false;
  return isTorn(current, before ?? Buffer.alloc(0), Buffer.from(after));
}

/**
 * Whether a person may have been at a file that people write and package managers do, too: it is neither what it was
 * nor what the run has made of it, cut off or not, and no other form of either.
 */
function isEdited({ path: relative, after }: Remembered, current: Buffer, before: Buffer | null): boolean {
  const isManifest = path.posix.basename(relative) === 'package.json';
  if (typeof after !== 'string' && !isManifest) return false;
  const known = [before, typeof after === 'string' ? Buffer.from(after) : null].filter((one) => one !== null);
  const [one = Buffer.alloc(0), other = one] = known;
  if (isTorn(current, one, other)) return false;
  const value = jsonIn(current);
  // No JSON is no manifest: a manager was ended while it wrote one of its own.
  if (value === null) return !isManifest;
  return !known.some((bytes) => jsonIn(bytes) === value);
}

/** What a JSON text says, however it is laid out; null where it is none. */
function jsonIn(bytes: Buffer): string | null {
  try {
    return JSON.stringify(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/** Keeps a file under a name beside its own; returns that, as a path like the one given. */
async function keepBeside({ at, staged }: Way, relative: string, bytes: Buffer, stat: Stats): Promise<string> {
  for (let i = 1; ; i += 1) {
    const name = `${path.basename(at)}.flue-kept${i === 1 ? '' : `-${i}`}`;
    const file = path.join(path.dirname(at), name);
    const known = statAt(file)?.isFile() ? readBytes(file, machineLimit) : null;
    const same = known && !isRefused(known) && known.equals(bytes);
    if (!same && statAt(file)) continue;
    if (!same) {
      await replace({ staged: `${staged}0`, file, bytes, form: attributesOf(stat), stat: null });
      await flush([path.dirname(file)]);
    }
    return path.posix.join(path.posix.dirname(relative), name);
  }
}

/** Where there is no room for a second file, the first is written over: the journal has what it is to hold. */
async function replace(one: Omit<Replacement, 'kept'>): Promise<void> {
  let kept: boolean;
  try {
    kept = stage(one.staged, one.bytes, one.form);
    await flush([one.staged]);
  } catch (error) {
    discard(one.staged);
    if (!one.stat) throw error;
    overwrite(one.file, one.bytes);
    return;
  }
  put({ ...one, kept });
}

function reformed(at: string, now: Stats, before: NonNullable<Remembered['before']>): boolean {
  const form = { ...before, mode: before.mode & 0o7777 };
  const is = attributesOf(now);
  if (is.mode === form.mode && is.uid === form.uid && is.gid === form.gid) return false;
  reform(at, form);
  return true;
}

function isLinkTo(at: string, now: Stats, to: string): boolean {
  return now.isSymbolicLink() && readlinkSync(at) === to;
}

/** Whether the run has put there what it took away: the same file, or link, as the journal remembers. */
function wasHeld(held: string, { before, link }: Remembered): boolean {
  const stat = statAt(held);
  if (!stat) return false;
  if (link) return isLinkTo(held, stat, link.to);
  const bytes = stat.isFile() && before ? readBytes(held, machineLimit) : null;
  return bytes !== null && !isRefused(bytes) && bytes.equals(bytesOf(before!));
}

/** Takes away what stands in the way of a file; a folder only when it is empty. */
function remove(at: string, now: Stats): void {
  if (now.isDirectory()) rmdirSync(at);
  else unlinkSync(at);
}

/** Takes a file away, if it is there. */
export function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It goes with the claim that it is in.
  }
}

/** What stands at a place, links not followed; null: nothing. */
export function statAt(place: string): Stats | null {
  return lstatSync(place, { throwIfNoEntry: false }) ?? null;
}
