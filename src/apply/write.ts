import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** Whose a file is to be and who may do what with it. `null`: as the system makes it. */
export interface FileAttributes {
  mode: number;
  uid: number | null;
  gid: number | null;
}

/**
 * Errors of a rename that another way of writing gets round: another file system, a file that is mounted by itself, a
 * closed folder.
 */
const elsewhere = new Set(['EXDEV', 'EBUSY', 'EPERM', 'EACCES', 'ENOSPC', 'EDQUOT']);

/** Errors with which a file system says that its files have no owner or mode of their own. */
const formless = new Set(['EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** The form of a file that is there. */
export function attributesOf({ mode, uid, gid }: Stats): FileAttributes {
  return { mode: mode & 0o7777, uid, gid };
}

/**
 * The form of a new file or folder: what the user's mask leaves of `mode`; the owner of the folder it goes into where
 * root makes it; and the folder's group where the folder hands that on.
 */
export function attributesIn(folder: Stats, mode: number): FileAttributes {
  const root = process.geteuid?.() === 0;
  const handsOn = (folder.mode & 0o2000) !== 0 || process.platform === 'darwin';
  return {
    mode: mode & ~process.umask(),
    uid: root ? folder.uid : null,
    gid: root || handsOn ? folder.gid : null,
  };
}

/**
 * Makes a file of that form at a place where there is none, and which nobody else may read before it is whole. False:
 * owner or group are not this user's to give, so what stands there under that name has to be written in place.
 */
export function stage(file: string, bytes: Uint8Array, form: FileAttributes): boolean {
  const descriptor = openSync(file, 'wx', 0o600 & form.mode);
  try {
    writeAll(descriptor, bytes);
    const kept = own(descriptor, form);
    if ((fstatSync(descriptor).mode & 0o7777) !== form.mode) allowing(() => fchmodSync(descriptor, form.mode));
    return kept;
  } finally {
    closeSync(descriptor);
  }
}

/** What takes the place of a file, or comes where there is none. */
export interface Replacement {
  /** Where `stage` has put it. */
  staged: string;
  file: string;
  bytes: Uint8Array;
  form: FileAttributes;
  /** What stands there now; null: nothing. */
  stat: Stats | null;
  /** What `stage` gave. */
  kept: boolean;
}

/**
 * Puts a staged file in its place, in one step where it can be. Where that would part it from other names of the same
 * file, or from its owner, and where the file system does not have it so, the bytes are written over those that are
 * there. Returns whether they were.
 */
export function put({ staged, file, bytes, form, stat, kept }: Replacement): boolean {
  if (!stat || (stat.nlink === 1 && kept)) {
    try {
      renameSync(staged, file);
      return false;
    } catch (error) {
      if (!elsewhere.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  overwrite(file, bytes);
  if (!stat) reform(file, form);
  unlinkSync(staged);
  return true;
}

/** Writes over what a file holds, and only then takes off what is longer. A file that is not there is made. */
export function overwrite(file: string, bytes: Uint8Array): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const descriptor = openSync(file, flags, 0o666);
  try {
    writeAll(descriptor, bytes);
    ftruncateSync(descriptor, bytes.length);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives a file that is there its form again. */
export function reform(file: string, form: FileAttributes): void {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    own(descriptor, form);
    allowing(() => fchmodSync(descriptor, form.mode));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether bytes are what is left when writing `after` over `before` is cut off: each is of the one, of the other, or
 * was never written.
 */
export function isTorn(bytes: Uint8Array, before: Uint8Array, after: Uint8Array): boolean {
  if (bytes.length > Math.max(before.length, after.length)) return false;
  return bytes.every((byte, at) => byte === after[at] || byte === before[at] || byte === 0);
}

/** False: it could not be given to that owner or group. */
function own(descriptor: number, { uid, gid }: FileAttributes): boolean {
  const stat = fstatSync(descriptor);
  const wanted = { uid: uid ?? stat.uid, gid: gid ?? stat.gid };
  if (stat.uid === wanted.uid && stat.gid === wanted.gid) return true;
  return allowing(() => fchownSync(descriptor, wanted.uid, wanted.gid));
}

function allowing(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (!formless.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  }
}

/** Makes a file that nobody else may read, and that was not there. */
export function writeNew(file: string, bytes: Uint8Array): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeAll(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes all of it, however little the system takes at a time. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const written = writeSync(descriptor, bytes, at);
    if (written === 0) throw Object.assign(new Error('EIO: nothing could be written'), { code: 'EIO' });
    at += written;
  }
}
