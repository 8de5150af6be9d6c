import { closeSync, constants, fsync, fsyncSync, openSync } from 'node:fs';

/** Errors with which a file system says that it cannot do this, or the system that a folder cannot be opened for it. */
const unable = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EBADF', 'EACCES', 'EPERM']);

/**
 * Ends when files and folders are on the disk as they are now, so that a power cut afterwards does not take that back:
 * of a file its bytes, of a folder its names. As many at once as the process may open, which costs little more than
 * one. What is not there any more is passed over. Raises the system's error, as EIO.
 */
export async function flush(paths: Iterable<string>): Promise<void> {
  const waiting = [...new Set(paths)].reverse();
  while (waiting.length > 0) await flushSome(waiting);
}

/** Takes from the end of a list what can be opened together, and flushes it. */
async function flushSome(waiting: string[]): Promise<void> {
  const descriptors: number[] = [];
  try {
    openSome(waiting, descriptors);
    // Handing one to another thread would only take longer.
    if (descriptors.length === 1) allowing(() => fsyncSync(descriptors[0]!));
    else for (const failure of await Promise.all(descriptors.map(synced))) if (failure) throw failure;
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

/** Opens them one by one, up to the limit of the process, or of the system. Raises that error where not one fits. */
function openSome(waiting: string[], descriptors: number[]): void {
  // Windows flushes only what is open for writing, and no folders.
  const flags = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY | constants.O_NOFOLLOW;
  for (let path = waiting.at(-1); path !== undefined; path = waiting.at(-1)) {
    try {
      descriptors.push(openSync(path, flags | (constants.O_NONBLOCK ?? 0)));
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      if (descriptors.length > 0 && (failure.code === 'EMFILE' || failure.code === 'ENFILE')) return;
      if (!isPassed(failure)) throw error;
    }
    waiting.pop();
  }
}

function synced(descriptor: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    fsync(descriptor, (failure) => resolve(failure && !isPassed(failure) ? failure : null));
  });
}

function allowing(how: () => unknown): void {
  try {
    how();
  } catch (error) {
    if (!isPassed(error as NodeJS.ErrnoException)) throw error;
  }
}

function isPassed({ code = '' }: NodeJS.ErrnoException): boolean {
  return unable.has(code) || code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO';
}
