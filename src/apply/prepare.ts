import { accessSync, constants, lstatSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { isRefused, readBytes, reasonOf } from '../project/door.ts';
import type { Plan, Write } from '../types/plan.ts';
import { boundaryOf, placeOf, type Spot, spotOf, wayTo } from './boundary.ts';
import { type Emptied, keep, type Memory, type Remembered } from './journal.ts';
import { lookAtInstalled } from './node-modules.ts';
import { attributesIn, attributesOf, type FileAttributes } from './write.ts';

/** A write of a plan with where it goes. */
export interface WriteTarget {
  /** Its place in the memory's files. */
  index: number;
  operation: Write;
  spot: Spot;
  /** Whose it is to be; null where the file is taken away. */
  form: FileAttributes | null;
}

/** A plan that was checked against the disk. */
export interface Prepared {
  boundary: string;
  targets: WriteTarget[];
  /** All but what only the run itself knows. */
  memory: Omit<Memory, 'run' | 'since' | 'token' | 'shared'>;
}

/** Every path that a plan may change, once. */
export function changeablePaths({ operations }: Plan): string[] {
  return [...new Set(operations.flatMap((one) => (one.kind === 'run' ? one.touches : [one.path])))];
}

/**
 * Checks a plan against the disk, and takes down what stands there. Nothing is written. Raises `project-changed` where
 * a file is not what the plan was made from, `cannot-parse` where it is none that can be written or lies outside the
 * project, and `locked` where it is closed to this user.
 */
export function prepare(project: string, plan: Plan): Prepared {
  const paths = changeablePaths(plan);
  const boundary = boundaryOf(project, paths);
  const writes = plan.operations.filter((one) => one.kind === 'write');
  const touched = new Set(plan.operations.flatMap((one) => (one.kind === 'run' ? one.touches : [])));
  const files: Remembered[] = [];
  const targets = writes.map((operation, index) => {
    const spot = spotOf(project, boundary, operation.path);
    checkWritable(spot, operation);
    const bytes = checkBefore(spot, operation, 'since it was looked at');
    files.push({
      ...remember(project, spot, bytes),
      after: operation.after,
      touched: touched.has(operation.path),
    });
    return { index, operation, spot, form: operation.after === null ? null : formFor(spot) };
  });
  const written = new Set(writes.map((one) => one.path));
  for (const one of touched) if (!written.has(one)) files.push(lookAtTouched(project, boundary, one));
  const folders = [...new Set(paths.flatMap((one) => missing(project, one)))];
  const installed = lookAtInstalled(project, [...new Set([...touched].map((one) => path.posix.dirname(one)))]);
  const emptied = writes.flatMap((one) => one.folders ?? []).flatMap((one) => emptiedOf(project, boundary, one));
  return { boundary, targets, memory: { project, files, folders, emptied: emptied.toReversed(), installed } };
}

/**
 * The bytes of a file, which must be what the plan was made from. `when`: for the sentence. Raises `project-changed`.
 */
export function checkBefore({ file, stat }: Spot, { path: relative, before }: Write, when: string): Buffer | null {
  const bytes = stat ? readPlanned(file, relative) : null;
  const expected = before === null ? null : Buffer.from(before);
  if (bytes && expected ? bytes.equals(expected) : bytes === expected) return bytes;
  throw new Problem('project-changed', `\`${relative}\` has changed ${when}`, 'nothing was changed; run it again');
}

/** A file that a package manager may write: as it is, whatever it is. */
function lookAtTouched(project: string, boundary: string, relative: string): Remembered {
  const at = placeOf(project, boundary, relative);
  const stat = lstatSync(at, { throwIfNoEntry: false });
  const none = { path: relative, before: null, touched: true };
  if (!stat) return none;
  if (!stat.isSymbolicLink()) {
    const spot = spotOf(project, boundary, relative);
    return { ...remember(project, spot, readPlanned(spot.file, relative)), touched: true };
  }
  const file = path.resolve(path.dirname(at), readlinkSync(at));
  const there = statSync(at, { throwIfNoEntry: false });
  // A link that leads nowhere is remembered as that.
  if (!there) return { ...none, link: { to: readlinkSync(at), file: wayTo(project, file) } };
  const spot = spotOf(project, boundary, relative);
  return { ...remember(project, spot, readPlanned(spot.file, relative)), touched: true };
}

function remember(project: string, { path: relative, file, stat, link }: Spot, bytes: Buffer | null): Remembered {
  const before = stat && bytes && { ...keep(bytes), mode: stat.mode, uid: stat.uid, gid: stat.gid };
  const led = link === null ? {} : { link: { to: link, file: wayTo(project, file) } };
  return { path: relative, before, ...led, touched: false };
}

/** The bytes of a file of the plan; null where it is not there. Raises `cannot-parse` where it cannot be read. */
export function readPlanned(file: string, relative: string): Buffer | null {
  const bytes = readBytes(file);
  if (!isRefused(bytes)) return bytes;
  const hint = 'see to that first; nothing was changed';
  throw new Problem('cannot-parse', `\`${relative}\`: ${reasonOf(bytes)}`, hint);
}

/** A folder as it is; nothing where it is a symlink, which is left. */
function emptiedOf(project: string, boundary: string, relative: string): Emptied[] {
  const stat = lstatSync(placeOf(project, boundary, relative), { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return [];
  return [{ path: relative, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid }];
}

function formFor({ file, stat }: Spot): FileAttributes {
  if (stat) return attributesOf(stat);
  return attributesIn(statSync(existing(path.dirname(file))), 0o666);
}

/** The folders that a file needs and that are not there, topmost first, as paths of a plan are. */
function missing(project: string, relative: string): string[] {
  const folders: string[] = [];
  for (let one = path.posix.dirname(relative); one !== '.'; one = path.posix.dirname(one)) {
    if (statSync(path.join(project, one), { throwIfNoEntry: false })) break;
    folders.unshift(one);
  }
  return folders;
}

/** The deepest folder on the way to a place that is there. */
function existing(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) ? folder : existing(path.dirname(folder));
}

/** Raises `locked` where a file cannot be written, or a new one not made, by this user. */
function checkWritable({ file, at, stat }: Spot, { path: relative, after }: Write): void {
  if (stat && after !== null) {
    checkAccess(file, constants.W_OK, relative);
    return;
  }
  checkAccess(existing(path.dirname(at)), constants.W_OK | constants.X_OK, relative);
}

function checkAccess(place: string, mode: number, relative: string): void {
  try {
    accessSync(place, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `\`${relative}\` is not to be written: \`${place}\` is closed to this user (${code})`;
    throw new Problem('locked', message, 'make it writable for this user, then run this again; nothing was changed');
  }
}
