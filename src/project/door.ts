import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

/** Why a file is not read. */
export type Reason = 'not-regular' | 'too-large' | 'link-loop' | 'unreadable';

/** A file that is not read. `detail`: what is there instead, the limit in bytes, or the system's error code. */
export interface ReadRefusal {
  reason: Reason;
  detail: string;
}

/**
 * What is known of an entry: its kind, links followed, and for one that cannot be looked at the system's error code.
 */
type Kind = 'file' | 'folder' | 'other' | 'none' | { code: string };

/** The most that is read of a text that people write: nobody writes 4 MB by hand. */
export const textLimit = 4 * 1024 * 1024;

/** The most that is read of what machines write: lockfiles, Yarn's map, git's index. */
export const machineLimit = 256 * 1024 * 1024;

/** The most entries that are listed of one folder. */
const entryLimit = 100_000;

/** A lockfile has that in its name, whoever writes it; Yarn's map, and git's index. */
const machineWritten =
  /(?:-lock\.(?:json|ya?ml|toml|kdl)|-shrinkwrap\.json|\.lockb?)$|^(?:\.pnp\.cjs|\.pnp\.data\.json|index)$/;

/** How many bytes are read of a file of that name. */
export function limitFor(file: string): number {
  return machineWritten.test(path.basename(file)) ? machineLimit : textLimit;
}

/**
 * The bytes of a regular file, links followed; null where there is none. Anything that is not one (FIFO, socket,
 * device, folder), that is larger than `limit` bytes, or that the system does not hand out is refused, and never waited
 * for.
 */
export function readBytes(file: string, limit = limitFor(file)): Buffer | ReadRefusal | null {
  const kind = kindOf(file);
  if (kind === 'none') return null;
  if (typeof kind === 'object') return refusalFor(kind.code);
  // A device may act when it is opened, so what is no file is not.
  if (kind !== 'file') return { reason: 'not-regular', detail: kind };
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { reason: 'not-regular', detail: 'other' };
    return stat.size > limit ? tooLarge(limit) : readWhole(descriptor, stat.size, limit);
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : refusalFor(code);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether what `readBytes` and `listFolder` gave is a refusal. */
export function isRefused<T extends object>(given: T | ReadRefusal | null): given is ReadRefusal {
  return given !== null && 'reason' in given;
}

/** Why a file is not read, as the second half of a sentence. */
export function reasonOf({ reason, detail }: ReadRefusal): string {
  switch (reason) {
    case 'not-regular':
      return detail === 'folder' ? 'it is a folder' : 'it is not a regular file';
    case 'too-large':
      return `it is larger than ${Number(detail) / (1024 * 1024)} MB`;
    case 'link-loop':
      return 'it is a symlink that leads to itself';
    case 'unreadable':
      return `it cannot be read (${detail})`;
  }
}

/**
 * What a path leads to, links followed. Never throws: a path that the system cannot have, as one with a NUL in it, is
 * `none`.
 */
export function kindOf(file: string): Kind {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return 'none';
    if (stat.isFile()) return 'file';
    return stat.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = codeOf(error);
    return nowhere.has(code) ? 'none' : { code };
  }
}

/** Whether there is anything at a path, be it a link that leads nowhere. Never throws. */
export function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return !nowhere.has(codeOf(error));
  }
}

/** Errors that say that a path cannot exist. */
const nowhere = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

/** An entry of a folder as it stands there: links are not followed. */
export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'symlink' | 'other';
}

/**
 * What a folder holds, up to `entryLimit` entries, and whether that is all; nothing where it is no folder or cannot be
 * listed.
 */
export function listFolder(folder: string): { entries: FolderEntry[]; complete: boolean } {
  const entries: FolderEntry[] = [];
  try {
    const opened = opendirSync(folder, { bufferSize: 256 });
    try {
      for (let one = opened.readSync(); one; one = opened.readSync()) {
        if (entries.length >= entryLimit) return { entries, complete: false };
        entries.push({ name: one.name, kind: entryKind(one) });
      }
    } finally {
      opened.closeSync();
    }
  } catch {
    // No folder, or none of ours to look into: there is nothing to be seen.
  }
  return { entries, complete: true };
}

function entryKind(entry: Dirent): FolderEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

/** Reads to the end, whatever size the file gave: one that grows is read up to the limit. */
function readWhole(descriptor: number, size: number, limit: number): Buffer | ReadRefusal {
  const first = readPart(descriptor, size + 1);
  // There was room for more, so that is its end.
  if (first.length === size) return first;
  const parts = [first];
  for (let total = first.length; total <= limit; ) {
    const part = readPart(descriptor, 64 * 1024);
    if (part.length === 0) return Buffer.concat(parts, total);
    total += part.length;
    parts.push(part);
  }
  return tooLarge(limit);
}

function readPart(descriptor: number, room: number): Buffer {
  const part = Buffer.allocUnsafe(room);
  return part.subarray(0, readSync(descriptor, part, 0, room, null));
}

function tooLarge(limit: number): ReadRefusal {
  return { reason: 'too-large', detail: String(limit) };
}

function refusalFor(code: string): ReadRefusal {
  return code === 'ELOOP' ? { reason: 'link-loop', detail: code } : { reason: 'unreadable', detail: code };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
