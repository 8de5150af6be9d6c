import { close, constants, fsync, open } from 'node:fs';

/** Errors with which a file system says that it cannot do this, or the system that a folder cannot be opened for it. */
const unable = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EBADF', 'EACCES', 'EPERM']);

/**
 * Ends when files and folders are on the disk as they are now, so that a power cut afterwards does not take that back: of a file its bytes, of
 * a folder its names. All at once, which costs little more than one. What is not there any more is passed over. Raises the
 * system's error, as EIO.
 */
export async function flush(paths: Iterable<string>): Promise<void> {
  const failures = await Promise.all([...new Set(paths)].map(flushOne));
  const failure = failures.find((one) => one !== null);
  if (failure) throw failure;
}

function flushOne(path: string): Promise<NodeJS.ErrnoException | null> {
  // Windows flushes only what is open for writing, and no folders.
  const flags = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY | constants.O_NOFOLLOW;
  return new Promise((resolve) => {
    open(path, flags, (unopened, descriptor) => {
      if (unopened) resolve(isPassed(unopened) ? null : unopened);
      else fsync(descriptor, (failed) => close(descriptor, () => resolve(failed && !isPassed(failed) ? failed : null)));
    });
  });
}

function isPassed({ code = '' }: NodeJS.ErrnoException): boolean {
  return unable.has(code) || code === 'ENOENT' || code === 'ELOOP';
}
