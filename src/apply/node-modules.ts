import { lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type FailedInstall, noteName, readNote, signatureOf } from '../project/failed-install.ts';
import { placeOf } from './boundary.ts';
import { listOwnFolder } from './place.ts';
import { writeNew } from './write.ts';

/**
 * What stands in a `node_modules` before an install. An install that fails has written there what package.json and the
 * lockfile, put back, do not know, and the next plan would take it for what the project has. So what is new is taken
 * away again; and what was there and has been written anew, which nobody can put back, is noted, and is no evidence as
 * long as it stays so (project/failed-install.ts).
 */
export interface Installed {
  /** The folder that it stands in, relative to the project. */
  folder: string;
  /** null: there was none. Otherwise its packages and other entries, each with the signature of its package.json. */
  entries: Record<string, string | null> | null;
}

/** Looks at the `node_modules` of folders. One that is a symlink is somebody else's, and is left out. */
export function lookAtInstalled(root: string, folders: readonly string[]): Installed[] {
  return folders.flatMap((folder) => {
    const place = path.join(root, folder, 'node_modules');
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat && !stat.isDirectory()) return [];
    return [{ folder, entries: stat ? contentsOf(place) : null }];
  });
}

/**
 * Takes away what is new, and notes what is not as it was. Returns what could not be taken away, and the notes:
 * absolute paths.
 */
export function clearInstalled(
  root: string,
  boundary: string,
  before: readonly Installed[],
): { stuck: string[]; notes: string[] } {
  const stuck: string[] = [];
  const notes: string[] = [];
  for (const { folder, entries } of before) {
    const place = path.join(
      path.dirname(placeOf(root, boundary, path.posix.join(folder, 'package.json'))),
      'node_modules',
    );
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (!stat) continue;
    if (entries === null) {
      stuck.push(...remove(place));
      continue;
    }
    // A symlink leads to what is somebody else's.
    if (!stat.isDirectory()) continue;
    const now = contentsOf(place);
    const isNew = (name: string) => !Object.hasOwn(entries, name) && name !== noteName;
    for (const name of Object.keys(now).filter(isNew)) stuck.push(...remove(path.join(place, name)));
    const changed = Object.entries(contentsOf(place)).filter(([name, signature]) => {
      return signature !== null && signature !== entries[name] && name !== noteName;
    });
    if (changed.length > 0) notes.push(note(place, Object.fromEntries(changed) as Record<string, string>));
  }
  return { stuck, notes };
}

/** Takes the notes away after an install that went well: what its manager has now agreed to is evidence again. */
export function forgetFailed(root: string, before: readonly Installed[]): void {
  for (const { folder } of before) remove(path.join(root, folder, 'node_modules', noteName));
}

/** Together with what was noted before, which stands as long as the signatures do. */
function note(place: string, changed: Record<string, string>): string {
  const file = path.join(place, noteName);
  const noted: FailedInstall = { packages: { ...readNote(place)?.packages, ...changed } };
  rmSync(file, { force: true });
  writeNew(file, Buffer.from(`${JSON.stringify(noted)}\n`));
  return file;
}

/** The packages of a `node_modules`, those of a scope by their whole names, and whatever else it holds. */
function contentsOf(place: string): Record<string, string | null> {
  const names = readdirSync(place).flatMap((name) => {
    if (!name.startsWith('@')) return [name];
    return [name, ...listOwnFolder(path.join(place, name)).map((one) => `${name}/${one}`)];
  });
  return Object.fromEntries(names.map((name) => [name, signatureOf(path.join(place, name, 'package.json'))]));
}

function remove(place: string): string[] {
  try {
    rmSync(place, { recursive: true, force: true });
    return [];
  } catch {
    return [place];
  }
}
