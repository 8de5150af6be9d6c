import { statSync } from 'node:fs';
import path from 'node:path';
import { isRefused, readBytes } from './door.ts';

/**
 * What an install that failed has changed in a `node_modules` that was there before it, and that cannot be put back: a
 * note in that folder. The packages it names are no evidence of what the project has, until somebody installs them
 * anew.
 */
export const noteName = '.flue-failed-install.json';

/** The names of the packages, each with the signature of its package.json when the install had failed. */
export interface FailedInstall {
  packages: Record<string, string>;
}

/**
 * What changes with a file whenever it is written or put in place, and cannot be set by a program; null where it is not
 * there.
 */
export function signatureOf(file: string): string | null {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat ? `${stat.ino}-${stat.ctimeMs}` : null;
  } catch {
    return null;
  }
}

/** The note in a `node_modules`, or null where there is none that can be read. */
export function readNote(place: string): FailedInstall | null {
  const bytes = readBytes(path.join(place, noteName));
  if (bytes === null || isRefused(bytes)) return null;
  try {
    const { packages } = JSON.parse(bytes.toString('utf8')) as Partial<FailedInstall>;
    return typeof packages === 'object' && packages !== null ? { packages } : null;
  } catch {
    return null;
  }
}

/** Whether a file is the package.json of an installed package that a failed install has left there. */
export function isDisbelieved(file: string): boolean {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0 || parts.at(-1) !== 'package.json') return false;
  const note = readNote(parts.slice(0, at + 1).join(path.sep));
  const signature = note?.packages[parts.slice(at + 1, -1).join('/')];
  return signature !== undefined && signature === signatureOf(file);
}
