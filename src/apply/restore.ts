import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import { isRefused, machineLimit, readBytes } from '../project/door.ts';
import { boundaryOf, placeOf } from './boundary.ts';
import { flush } from './durable.ts';
import { bytesOf, type Memory, type Remembered } from './journal.ts';
import { clearInstalled } from './node-modules.ts';
import { folderName, namesIn } from './place.ts';
import { type Form, formOf, isTorn, overwrite, put, reform, stage } from './write.ts';

/** What came of putting back. Paths as in `Facts`. */
export interface Restored {
  /** Files that had changed and are as they were. */
  paths: string[];
  /** Where a package.json is kept that somebody edited while the run was at work. */
  kept: string[];
  /** What could not be put back, and why, with the system's error code. */
  failed: { path: string; why: string; code: string | null }[];
}

/**
 * Puts back what a run has changed, as far as it has: what it had not yet changed, and what somebody else has put there meanwhile, stays as it
 * is. All that can be put back is, and is on the disk when this ends. `own`: the claim of who does it. Raises nothing.
 */
export async function restore(memory: Memory, own: string): Promise<Restored> {
  const { project, files, folders } = memory;
  const done: Restored = { paths: [], kept: [], failed: [] };
  const attempt = async (what: string, how: () => Promise<void> | void) => {
    try {
      await how();
    } catch (error) {
      const { message, code = null } = error as NodeJS.ErrnoException;
      done.failed.push({ path: what, why: message, code });
    }
  };
  // What was to be written takes room, and is not needed any more.
  for (const name of namesIn(own)) if (name.startsWith('write-')) discard(path.join(own, name));
  const boundary = boundaryOf(
    project,
    files.map((one) => one.path),
  );
  const flushed = new Set<string>();
  for (const one of memory.emptied) {
    await attempt(one.path, () => {
      const folder = placeOf(project, boundary, one.path);
      if (look(folder)) return;
      mkdirSync(folder);
      if (process.platform !== 'win32') reform(folder, one);
      flushed.add(path.dirname(folder));
    });
  }
  for (const [i, file] of files.entries()) {
    await attempt(file.path, async () => {
      const held = path.join(project, folderName, memory.run, `held-${i}`);
      const at = placeOf(project, boundary, file.path);
      const changed = await restoreOne(
        { at, boundary, held, staged: path.join(own, `write-${i}`), done },
        memory,
        file,
      );
      if (!changed) return;
      done.paths.push(file.path);
      for (const one of [at, path.dirname(at), ...(file.link ? [path.join(project, file.link.file)] : [])])
        flushed.add(one);
    });
  }
  for (const folder of folders.toReversed()) {
    removeEmpty(path.join(project, folder));
    flushed.add(path.dirname(path.join(project, folder)));
  }
  await attempt('node_modules', () => {
    const { stuck, notes } = clearInstalled(project, memory.installed);
    for (const note of notes) flushed.add(note);
    if (stuck.length > 0)
      throw new Error(`what a failed install has put there cannot be taken away: ${stuck.join(', ')}`);
  });
  await attempt('.', () => flush(flushed));
  return done;
}

interface Way {
  at: string;
  boundary: string;
  /** Where the run may have put what it took away. */
  held: string;
  /** Where to make a file before it is put in its place. */
  staged: string;
  done: Restored;
}

/** Returns whether anything had to be done. */
async function restoreOne(way: Way, memory: Memory, file: Remembered): Promise<boolean> {
  const { at, boundary, held, done } = way;
  const { before, link, touched, after } = file;
  const now = look(at);
  if (link && now && isLinkTo(at, now, link.to)) {
    // The file that it leads to is what the run writes, unless it takes the link itself away.
    const target = placeOf(memory.project, boundary, link.file);
    return after === null ? false : restoreFile({ ...way, at: target }, look(target), file);
  }
  if (!now && after === null && (before || link) && wasHeld(held, file)) {
    renameSync(held, at);
    return true;
  }
  if (!link) return restoreFile(way, now, file);
  if (!touched && !(after === null && !now)) return false;
  if (now) remove(at, now);
  symlinkSync(link.to, at);
  const target = placeOf(memory.project, boundary, link.file);
  await restoreFile({ ...way, at: target, done }, look(target), file);
  return true;
}

async function restoreFile(way: Way, now: Stats | null, file: Remembered): Promise<boolean> {
  const { at, staged, done } = way;
  const { before, touched, after } = file;
  const bytes = before && bytesOf(before);
  const found = now?.isFile() ? readBytes(at, machineLimit) : null;
  const current = isRefused(found) ? null : found;
  if (bytes && before && current?.equals(bytes)) return touched && now ? reformed(at, now, before) : false;
  if (!before && !now) return false;
  if (!touched && !isOurs(now, current, bytes, after)) return false;
  if (!bytes || !before) {
    remove(at, now!);
    return true;
  }
  if (current && isEdited(at, current, bytes, after)) done.kept.push(await keepBeside(way, file.path, current, now!));
  if (now && !now.isFile()) remove(at, now);
  const stat = now?.isFile() ? now : null;
  await replace({ staged, file: at, bytes, form: before, stat });
  return true;
}

/** Whether what stands there now, or does not, is what only the run can have left. */
function isOurs(now: Stats | null, current: Buffer | null, before: Buffer | null, after: Remembered['after']): boolean {
  if (after === undefined) return false;
  if (!now) return after === null;
  if (!current || after === null) return false;
  return isTorn(current, before ?? Buffer.alloc(0), Buffer.from(after));
}

/** Whether a person has been at a package.json: it is one, and says something else than before and than what was written. */
function isEdited(at: string, current: Buffer, before: Buffer, after: Remembered['after']): boolean {
  if (path.basename(at) !== 'package.json') return false;
  const value = jsonIn(current);
  return value !== null && value !== jsonIn(before) && value !== jsonIn(Buffer.from(after ?? ''));
}

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
    const known = look(file)?.isFile() ? readBytes(file) : null;
    const same = known && !isRefused(known) && known.equals(bytes);
    if (!same && look(file)) continue;
    if (!same) await replace({ staged: `${staged}0`, file, bytes, form: formOf(stat), stat: null });
    return path.posix.join(path.posix.dirname(relative), name);
  }
}

/** Where there is no room for a second file, the first is written over: the journal has what it is to hold. */
async function replace(one: {
  staged: string;
  file: string;
  bytes: Buffer;
  form: Form;
  stat: Stats | null;
}): Promise<void> {
  let kept: boolean;
  try {
    kept = stage(one.staged, one.bytes, { ...one.form, mode: one.form.mode & 0o7777 });
    await flush([one.staged]);
  } catch (error) {
    discard(one.staged);
    if (!one.stat) throw error;
    overwrite(one.file, one.bytes);
    return;
  }
  put({ ...one, kept });
}

function reformed(at: string, now: Stats, form: Form): boolean {
  const is = formOf(now);
  if (is.mode === (form.mode & 0o7777) && is.uid === form.uid && is.gid === form.gid) return false;
  reform(at, { ...form, mode: form.mode & 0o7777 });
  return true;
}

function isLinkTo(at: string, now: Stats, to: string): boolean {
  return now.isSymbolicLink() && readlinkSync(at) === to;
}

/** Whether the run has put there what it took away: the same file, or link, as the journal remembers. */
function wasHeld(held: string, { before, link }: Remembered): boolean {
  const stat = look(held);
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

function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It goes with the claim that it is in.
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It is not there yet, or somebody has put something into it.
  }
}

function look(place: string): Stats | null {
  return lstatSync(place, { throwIfNoEntry: false }) ?? null;
}
