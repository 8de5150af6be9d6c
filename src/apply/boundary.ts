import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';

/** Where a path of a plan lies on the disk. */
export interface Spot {
  path: string;
  /** Absolute: the path itself, in its real folder. */
  at: string;
  /** Absolute: the file that is read and written, which is another one where `at` is a symlink. */
  file: string;
  /** What stands at `file`; null: nothing. */
  stat: Stats | null;
  /** Where `at` leads, if it is a symlink. */
  link: string | null;
}

/** What no plan of ours holds, at any depth: git's own, what packages are unpacked to, and what a run leaves. */
const closed = new Set(['.git', 'node_modules', '.flue-add']);

/**
 * The folder that nothing may be written outside of, links resolved: the root of the git repository that the project is
 * in, or else the highest of the folders that its plan names.
 */
export function boundaryOf(root: string, paths: readonly string[]): string {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (lstatSync(path.join(folder, '.git'), { throwIfNoEntry: false })) return realpathSync.native(folder);
    if (path.dirname(folder) === folder) break;
  }
  const steps = Math.max(0, ...paths.map((one) => stepsUp(one)));
  return realpathSync.native(path.resolve(root, '../'.repeat(steps)));
}

/** The folders, relative to the project, that paths of a plan lie in beside it: each is `..` once or more. */
export function sharedFolders(paths: readonly string[]): string[] {
  const steps = [...new Set(paths.map(stepsUp))].filter((one) => one > 0).sort((a, b) => b - a);
  return steps.map((one) => Array(one).fill('..').join('/'));
}

function stepsUp(one: string): number {
  return one.split('/').lastIndexOf('..') + 1;
}

/**
 * Finds a path of a plan on the disk. Raises `cannot-parse` where it is none that a plan can hold, leads out of the
 * boundary by a symlink, or is taken by something that is no regular file.
 */
export function spotOf(root: string, boundary: string, relative: string): Spot {
  const at = placeOf(root, boundary, relative);
  const stat = statWithin(at, relative);
  if (!stat?.isSymbolicLink()) {
    if (stat && !stat.isFile())
      throw refusal(relative, stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
    return { path: relative, at, file: at, stat, link: null };
  }
  const file = resolved(at, relative);
  if (!isInside(boundary, file)) throw refusal(relative, `it is a symlink to \`${file}\`, outside this project`);
  if (!isPlannable(wayTo(root, file))) throw refusal(relative, `it is a symlink to \`${file}\``);
  const target = statWithin(file, relative);
  if (!target?.isFile()) throw refusal(relative, 'it is a symlink to what is no regular file');
  return { path: relative, at, file, stat: target, link: readlinkSync(at) };
}

/**
 * Where a path of a plan lies: absolute, in its real folder, whatever stands there. Raises `cannot-parse` as `spotOf`
 * does for the folder.
 */
export function placeOf(root: string, boundary: string, relative: string): string {
  if (!isPlannable(relative)) throw refusal(relative, 'it is no path that is ever written to');
  const absolute = path.join(root, relative);
  const folder = realFolder(path.dirname(absolute), relative);
  if (!isInside(boundary, folder)) throw refusal(relative, `a symlink leads to \`${folder}\`, outside this project`);
  return path.join(folder, path.basename(absolute));
}

/** A path as `Facts` have them: normalized, with `/`, `..` only in front, and in no folder that is closed. */
export function isPlannable(relative: string): boolean {
  const parts = relative.split('/');
  const below = parts.slice(stepsUp(relative));
  return (
    below.length > 0 &&
    path.posix.normalize(relative) === relative &&
    !path.isAbsolute(relative) &&
    !relative.includes('\0') &&
    !(process.platform === 'win32' && /[\\:]/.test(relative)) &&
    below.every((part) => part !== '' && part !== '.' && !closed.has(part.toLowerCase()))
  );
}

/** `..` once or more: a folder above the project. */
export function isUpward(relative: string): boolean {
  return /^\.\.(?:\/\.\.)*$/.test(relative);
}

/** The way from the project to an absolute place, as paths of a plan are. */
export function wayTo(root: string, place: string): string {
  return path.relative(root, place).split(path.sep).join('/');
}

/** Whether a place, links resolved, is in a folder, links resolved, or is that folder. */
export function isInside(folder: string, place: string): boolean {
  const relative = path.relative(folder, place);
  return relative === '' || (!path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..');
}

/** A folder with its links resolved as far as it exists. */
function realFolder(folder: string, relative: string): string {
  const stat = statWithin(folder, relative);
  if (!stat) return path.join(realFolder(path.dirname(folder), relative), path.basename(folder));
  const real = resolved(folder, relative);
  if (!statWithin(real, relative)?.isDirectory()) throw refusal(relative, `\`${folder}\` is no folder`);
  return real;
}

function statWithin(place: string, relative: string): Stats | null {
  try {
    return lstatSync(place, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw unreachable(relative, error);
  }
}

function resolved(place: string, relative: string): string {
  try {
    return realpathSync.native(place);
  } catch (error) {
    throw unreachable(relative, error);
  }
}

function unreachable(relative: string, error: unknown): Problem {
  return refusal(relative, `it cannot be looked at (${(error as NodeJS.ErrnoException).code})`);
}

function refusal(relative: string, why: string): Problem {
  const hint = 'make it a regular file in this project, or take it away; nothing was changed';
  return new Problem('cannot-parse', `\`${relative}\` cannot be written: ${why}`, hint);
}
