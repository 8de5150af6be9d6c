import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';

/**
 * What a run remembers before its first byte, in a folder inside the project that exists only while the run does. It is the
 * lock (making it is atomic), the memory (the bytes of every file that may change) and, after `kill -9`, the way back.
 */
const folderName = '.flue-add';
const file = 'journal.json';

/** A file that may change. `after`: the text that only we put there; absent where a package manager writes what it likes. */
export interface Subject {
  path: string;
  after?: string | null;
}

/** A file as it was: its bytes (base64) and mode, or null where it was not there. */
interface Remembered extends Subject {
  bytes: string | null;
  mode: number | null;
}

interface Record {
  pid: number;
  /** The package manager's process, once it runs. */
  child: number | null;
  files: Remembered[];
}

export interface Journal {
  /** Notes the package manager's pid, so that a recovery does not race a run that outlived us. */
  running(child: number | null): void;
  /** Puts every remembered file back byte for byte and gives the lock back. What cannot be put back stays in the journal. */
  putBack(): void;
  /** All went well: forgets the bytes and gives the lock back. */
  forget(): void;
}

/** Opens the journal: takes the lock and remembers the files. Raises `locked`, and `operation-failed` where nothing can be written. */
export function openJournal(root: string, subjects: readonly Subject[]): Journal {
  const folder = path.join(root, folderName);
  take(folder, root);
  const record: Record = { pid: process.pid, child: null, files: [] };
  try {
    record.files = subjects.map((subject) => remember(root, subject));
    save(folder, record);
  } catch (error) {
    remove(folder);
    throw cannotWrite(folder, error);
  }
  return {
    running: (child) => {
      record.child = child;
      save(folder, record);
    },
    putBack: () => {
      putBack(root, record);
      remove(folder);
    },
    forget: () => remove(folder),
  };
}

/**
 * Puts back what a killed run left half done. Gives the paths, or null where there was nothing. Raises `locked` while that run,
 * or the package manager it started, is alive; and, with `mayWrite` false, for any run that was left.
 */
export function recover(root: string, mayWrite: boolean): string[] | null {
  const folder = path.join(root, folderName);
  if (!statSync(folder, { throwIfNoEntry: false })) return null;
  const record = load(folder);
  if (record && isAlive(record.pid)) throw locked(folder, `process ${record.pid} is at work in it`);
  if (record?.child && isAlive(record.child)) {
    throw locked(
      folder,
      `its run was killed, but the package manager that it had started (process ${record.child}) is still at work`,
    );
  }
  if (!record && Date.now() - statSync(folder).mtimeMs < 2000) throw locked(folder, 'another run has just begun');
  if (!mayWrite) {
    const hint = 'run it without `--dry-run`: it puts the files back first';
    throw new Problem('locked', `\`${folder}\` was left by a run that was killed half-way`, hint);
  }
  if (record) putBack(root, record);
  for (const one of record?.files ?? []) rmSync(temporaryOf(path.join(root, one.path), record!.pid), { force: true });
  remove(folder);
  return record?.files.map((file) => file.path) ?? [];
}

/** Only what we put there: a folder that holds anything else stays. */
function remove(folder: string): void {
  for (const name of [file, 'next.json']) if (existsSync(path.join(folder, name))) unlinkSync(path.join(folder, name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function take(folder: string, root: string): void {
  recover(root, true);
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw locked(folder, 'another run has just begun');
    throw cannotWrite(folder, error);
  }
}

function locked(folder: string, why: string): Problem {
  return new Problem(
    'locked',
    `\`${folder}\` is there: ${why}`,
    'wait until that process has ended, or end it; the next run then puts back what was left, which that folder holds',
  );
}

function cannotWrite(folder: string, error: unknown): Problem {
  const hint = 'make the project folder writable and see that the disk is not full; nothing was changed';
  return new Problem('operation-failed', `\`${folder}\` cannot be made: ${(error as Error).message}`, hint);
}

function remember(root: string, subject: Subject): Remembered {
  const absolute = path.join(root, subject.path);
  const stat = statSync(absolute, { throwIfNoEntry: false });
  if (!stat?.isFile()) return { ...subject, bytes: null, mode: null };
  return { ...subject, bytes: readFileSync(absolute).toString('base64'), mode: stat.mode };
}

function putBack(root: string, record: Record): void {
  let first: unknown = null;
  for (const one of record.files) {
    try {
      restore(path.join(root, one.path), one);
    } catch (error) {
      first ??= error;
    }
  }
  if (!first) return;
  const hint = `\`${folderName}/${file}\` holds every file as it was; free the way and run \`flue add\` again to put them back`;
  throw new Problem('operation-failed', `not everything could be put back: ${(first as Error).message}`, hint);
}

/** A file that only we write is put back only from what we wrote: what somebody else has put there meanwhile is theirs. */
function restore(absolute: string, { bytes, mode, after }: Remembered): void {
  const now = statSync(absolute, { throwIfNoEntry: false })?.isFile() ? readFileSync(absolute) : null;
  const before = bytes === null ? null : Buffer.from(bytes, 'base64');
  if (same(now, before)) return;
  if (after !== undefined && !same(now, after === null ? null : Buffer.from(after))) return;
  if (before) {
    // A folder that the file left empty may be gone as well.
    mkdirSync(path.dirname(absolute), { recursive: true });
    replaceFile(absolute, before, mode ?? 0o644);
  } else rmSync(absolute);
}

function same(a: Buffer | null, b: Buffer | null): boolean {
  return a === b || (a !== null && b !== null && a.equals(b));
}

/** Writes beside the file and renames over it, so that no reader ever sees half of it. A symlink's target is what is replaced. */
export function replaceFile(target: string, bytes: string | Uint8Array, mode: number): void {
  const absolute = existsSync(target) ? realpathSync(target) : target;
  const temporary = temporaryOf(absolute, process.pid);
  try {
    writeFileSync(temporary, bytes);
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, absolute);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function temporaryOf(absolute: string, pid: number): string {
  return `${absolute}.flue-${pid}.tmp`;
}

function save(folder: string, record: Record): void {
  const next = path.join(folder, 'next.json');
  writeFileSync(next, JSON.stringify(record), { mode: 0o600 });
  renameSync(next, path.join(folder, file));
}

function load(folder: string): Record | null {
  try {
    return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
