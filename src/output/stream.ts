import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { Problem } from '../problem.ts';

/**
 * Writes to a standard stream by its descriptor: whole, at once and in order, also where the reader is slow. Node's own stream
 * objects cost 3 ms to load. A reader that has gone (`flue list | head`) is no error, and neither is a stderr that takes nothing: there is
 * nobody to tell. Raises `operation-failed` where stdout takes nothing, as on a full disk.
 */
export function write(descriptor: 1 | 2, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE' || (descriptor === 2 && code !== 'EAGAIN')) return;
      if (code !== 'EAGAIN') throw unwritten(error as Error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function unwritten({ message }: Error): Problem {
  const hint = 'see where stdout leads: what was to be printed there is not, or not all of it';
  return new Problem('operation-failed', `stdout cannot be written to: ${message}`, hint);
}

/** Whether the stream is a terminal. Pipes, files and the null device are ruled out before node:tty is loaded (3 ms). */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev === statSync(devNull).rdev) return false;
  } catch {
    return false;
  }
  return require('node:tty').isatty(descriptor);
}
