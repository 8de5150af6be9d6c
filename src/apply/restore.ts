import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { boundaryOf, placeOf } from './boundary.ts';
import { flush } from './durable.ts';
import type { Memory } from './journal.ts';
import { clearInstalled } from './node-modules.ts';
import { folderName, listOwnFolder } from './place.ts';
import { discard, restoreFile, statAt } from './restore-file.ts';
import { reform } from './write.ts';

/** What came of putting back. Paths as in `Facts`. */
export interface Restored {
  /** Files that had changed and are as they were. */
  paths: string[];
  /** Where a file is kept that somebody edited while a package manager was at work on it. */
  kept: string[];
  /** Files that the run had changed, and that somebody has edited since: they are left as they are. */
  left: string[];
  /** What could not be put back, and why, with the system's error code. */
  failed: { path: string; why: string; code: string | null }[];
  /** What is worth a word although all was put back, as sentences. */
  warnings: string[];
}

/** Nothing was put back, and nothing had to be. */
export function nothingRestored(): Restored {
  return { paths: [], kept: [], left: [], failed: [], warnings: [] };
}

/**
 * Puts back what a run has changed, as far as it has: what it had not yet changed, and what somebody else has put there
 * meanwhile, stays as it is. All that can be put back is, and is on the disk when this ends. `own`: the claim of who
 * does it. `written`: the paths that the run has begun to write; null where that is not known. Raises nothing.
 */
export async function restore(memory: Memory, own: string, written: ReadonlySet<string> | null): Promise<Restored> {
  const done = nothingRestored();
  const { project, files } = memory;
  const paths = files.map((one) => one.path);
  const flushed = new Set<string>();
  const attempt = attempting(done);
  // What was to be written takes room, and is not needed any more.
  for (const name of listOwnFolder(own)) if (name.startsWith('write-')) discard(path.join(own, name));
  await attempt('.', async () => {
    const boundary = boundaryOf(project, paths);
    for (const one of memory.emptied) await attempt(one.path, () => bringBack(memory, boundary, one, flushed));
    for (const [i, file] of files.entries()) {
      if (written && !file.touched && !written.has(file.path)) continue;
      await attempt(file.path, async () => {
        const held = path.join(project, folderName, memory.run, `held-${i}`);
        const at = placeOf(project, boundary, file.path);
        const way = { at, boundary, held, staged: path.join(own, `write-${i}`), done };
        if (!(await restoreFile(way, memory, file))) return;
        done.paths.push(file.path);
        const target = file.link && placeOf(project, boundary, file.link.file);
        for (const one of [at, path.dirname(at), ...(target ? [target, path.dirname(target)] : [])]) flushed.add(one);
      });
    }
    for (const one of memory.folders.toReversed()) removeEmpty(placeOf(project, boundary, one), flushed);
    await attempt('node_modules', () => {
      const { stuck, notes } = clearInstalled(project, boundary, memory.installed);
      for (const note of notes) flushed.add(note);
      if (stuck.length > 0)
        throw new Error(`what a failed install has put there cannot be taken away: ${stuck.join(', ')}`);
    });
  });
  await attempt('.', () => flush(flushed));
  return done;
}

/** Takes down what fails, so that all the rest is still put back. */
function attempting(done: Restored): (what: string, how: () => Promise<void> | void) => Promise<void> {
  return async (what, how) => {
    try {
      await how();
    } catch (error) {
      const { message, code = null } = error as NodeJS.ErrnoException;
      done.failed.push({ path: what, why: message, code });
    }
  };
}

/** Makes a folder anew that went with the last file in it. */
function bringBack({ project }: Memory, boundary: string, one: Memory['emptied'][number], flushed: Set<string>): void {
  const folder = placeOf(project, boundary, one.path);
  if (statAt(folder)) return;
  mkdirSync(folder);
  if (process.platform !== 'win32') reform(folder, one);
  flushed.add(path.dirname(folder));
}

function removeEmpty(folder: string, flushed: Set<string>): void {
  flushed.add(path.dirname(folder));
  try {
    rmdirSync(folder);
  } catch {
    // It is not there yet, or somebody has put something into it.
  }
}
