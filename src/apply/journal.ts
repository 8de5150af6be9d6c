import { isUtf8 } from 'node:buffer';
import { lstatSync, renameSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import { isRefused, readBytes, reasonOf } from '../project/door.ts';
import { isPlannable, isUpward } from './boundary.ts';
import { checksum } from './checksum.ts';
import { flush } from './durable.ts';
import type { Installed } from './node-modules.ts';
import { doneName, folderName, isClaim, journalName } from './place.ts';
import { findToken, type Token } from './token.ts';
import { writeNew } from './write.ts';

/**
 * A regular file as it was. The bytes are `text` where they are UTF-8, so that a person can read them in the journal
 * too.
 */
export interface Bytes {
  text?: string;
  base64?: string;
  checksum: string;
}

/** A file that a run may change, as it was before. Paths as in `Facts`, relative to the project. */
export interface Remembered {
  path: string;
  /** null: it was not there. */
  before: (Bytes & { mode: number; uid: number; gid: number }) | null;
  /**
   * Where it was a symlink: where that led, as it stood there and as a path like `path`. `before` is what it led to.
   */
  link?: { to: string; file: string };
  /** What the run puts there, null for nothing; absent where it does not write. */
  after?: string | null;
  /** Whether a package manager may write there, too. */
  touched: boolean;
}

/** A folder that goes with the last file in it. */
export interface Emptied {
  path: string;
  mode: number;
  uid: number;
  gid: number;
}

/** What a run remembers before its first change. It is written once, and never altered. */
export interface Memory {
  /** Absolute, links resolved: a journal in a copy of the project is not that one's. */
  project: string;
  token: string | null;
  /** The name of the run's claim: its files may still be there. */
  run: string;
  /** When the run's process had started (processes.ts). */
  since: string;
  /** Folders that are locked besides the project, relative to it. */
  shared: string[];
  files: Remembered[];
  /** Folders that the run makes, topmost first. */
  folders: string[];
  /** Folders that the run takes away where nothing is left in them, topmost first. */
  emptied: Emptied[];
  /** What stood in the `node_modules` that an install may change. */
  installed: Installed[];
}

/** How the file begins; behind it come the memory as JSON and one more brace. */
const head = (sum: string) => `{"format":1,"checksum":"${sum}","memory":`;

/** The most that a journal may hold: lockfiles are among what it remembers. */
const limit = 512 * 1024 * 1024;

/** Bytes as the journal keeps them. */
export function keep(bytes: Buffer): Bytes {
  const sum = checksum(bytes);
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8'), checksum: sum }
    : { base64: bytes.toString('base64'), checksum: sum };
}

/** The bytes that were kept. */
export function bytesOf({ text, base64 }: Bytes): Buffer {
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
}

/**
 * Writes the journal in the run's own claim and, when it and its token are on the disk, gives it its name: under that
 * name it is never seen half written or without its token, not even after a power cut. That name is on the disk when
 * the folder has been flushed.
 */
export async function writeJournal(
  { place, own }: { place: string; own: string },
  memory: Memory,
  token: Token | null,
): Promise<void> {
  const text = Buffer.from(JSON.stringify(memory));
  const next = path.join(own, journalName);
  writeNew(next, Buffer.concat([Buffer.from(head(checksum(text))), text, Buffer.from('}')]));
  await flush([next, ...(token?.flushed ?? [])]);
  renameSync(next, path.join(place, journalName));
}

/** Marks the journal as one of a run that has ended: from when that is durable, nothing is put back any more. */
export function endJournal(place: string): void {
  const journal = path.join(place, journalName);
  try {
    renameSync(journal, path.join(place, doneName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    unlinkSync(journal);
  }
}

/**
 * The journal that a run left in a project, and the token that makes it ours. Raises `locked` where it is damaged or
 * not ours.
 */
export function readJournal(project: string): { memory: Memory; token: Token } {
  const place = path.join(project, folderName);
  const file = path.join(place, journalName);
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) throw damaged(place, stat.isDirectory() ? 'it is a folder' : 'it is no regular file');
  const bytes = readBytes(file, limit);
  if (bytes === null) throw damaged(place, 'it is not there any more');
  if (isRefused(bytes)) throw damaged(place, reasonOf(bytes));
  const memory = parse(bytes);
  if (!memory) throw damaged(place, bytes.length === 0 ? 'it is empty' : 'it is not as it was written');
  const token = memory.project === project && memory.token !== null ? findToken(project, memory.token) : null;
  if (!token) throw foreign(place);
  return { memory, token };
}

/** The memory, if every byte is as it was written. */
function parse(bytes: Buffer): Memory | null {
  const start = head('0'.repeat(16)).length;
  const body = bytes.subarray(start, -1);
  if (bytes.subarray(0, start).toString('latin1') !== head(checksum(body)) || bytes.at(-1) !== 0x7d) return null;
  try {
    const memory: unknown = JSON.parse(body.toString('utf8'));
    return isMemory(memory) ? memory : null;
  } catch {
    return null;
  }
}

/**
 * The shape, with paths that a plan can hold: where these lead is for boundary.ts to say, when something is to be put
 * there.
 */
function isMemory(value: unknown): value is Memory {
  if (!isRecord(value)) return false;
  const { project, token, run, since, shared, files, folders, emptied, installed } = value;
  return (
    [project, since].every(isString) &&
    isString(run) &&
    isClaim(run) &&
    (token === null || isString(token)) &&
    Array.isArray(shared) &&
    shared.every((one) => isString(one) && isUpward(one)) &&
    Array.isArray(folders) &&
    folders.every(isPath) &&
    Array.isArray(files) &&
    files.every(isRemembered) &&
    Array.isArray(emptied) &&
    emptied.every((one) => isRecord(one) && isPath(one.path) && hasForm(one)) &&
    Array.isArray(installed) &&
    installed.every(isInstalled)
  );
}

function isRemembered(value: unknown): value is Remembered {
  if (!isRecord(value) || !isPath(value.path) || typeof value.touched !== 'boolean') return false;
  const { before, link, after } = value;
  const isLink = link === undefined || (isRecord(link) && isString(link.to) && isPath(link.file));
  const isAfter = after === undefined || after === null || isString(after);
  if (before === null) return isLink && isAfter;
  if (!isRecord(before) || !hasForm(before)) return false;
  const bytes = before as unknown as Bytes;
  const kept = isString(bytes.text) || isString(bytes.base64);
  return isLink && isAfter && kept && checksum(bytesOf(bytes)) === bytes.checksum;
}

function isInstalled(value: unknown): value is Installed {
  if (!isRecord(value) || !isString(value.folder)) return false;
  const { folder, entries } = value;
  const isFolder = folder === '.' || isUpward(folder) || isPath(folder);
  return isFolder && (entries === null || (isRecord(entries) && Object.values(entries).every(isSignature)));
}

function isSignature(value: unknown): boolean {
  return value === null || isString(value);
}

function isPath(value: unknown): value is string {
  return isString(value) && isPlannable(value);
}

function hasForm({ mode, uid, gid }: Record<string, unknown>): boolean {
  return [mode, uid, gid].every(Number.isInteger);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function damaged(place: string, why: string): Problem {
  const file = path.join(place, journalName);
  const hint =
    'a run was killed here. `git status` shows what it had changed, and that file holds it as it was before, ' +
    `as far as it can be read. When all is as you want it, delete \`${place}\``;
  return new Problem('locked', `\`${file}\` cannot be put back: ${why}. Nothing was changed, and it is kept`, hint);
}

function foreign(place: string): Problem {
  const file = path.join(place, journalName);
  const message = `\`${file}\` was not left by a run of yours in this project on this machine. Nothing was changed`;
  const hint =
    `if it came with the repository, delete \`${place}\`. If a run of yours was killed here ` +
    '(in a container, as another user, before the project was moved), that file holds what it was about to change ' +
    'as it was before: compare, then delete it';
  return new Problem('locked', message, hint);
}
