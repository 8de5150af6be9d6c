import { fstatSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { Problem } from '../problem.ts';

/**
 * Writes to a standard stream by its descriptor: whole, at once and in order, also where the reader is slow. Node's own
 * stream objects cost 3 ms to load. A reader that has gone (`flue-db list | head`) is no error. What cannot be written
 * to stderr is lost, so that a full disk behind a log never decides what becomes of a project. Raises
 * `operation-failed` where stdout, which is data, cannot be written.
 */
export function write(descriptor: 1 | 2, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE' || (code !== 'EAGAIN' && descriptor === 2)) return;
      if (code !== 'EAGAIN') throw lost(code);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function lost(code: string | undefined): Problem {
  const hint = 'make room, or send the output elsewhere; then run this again';
  return new Problem('operation-failed', `stdout cannot be written (${code ?? 'unknown error'})`, hint);
}

/**
 * Whether the stream is a terminal. Pipes, files and the null device are ruled out before node:tty is loaded (3 ms).
 */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isCharacterDevice() || stat.rdev === statSync(devNull).rdev) return false;
  } catch {
    return false;
  }
  return require('node:tty').isatty(descriptor);
}

/**
 * The width of the terminal behind the stream, at most 100, beyond which prose is hard to read; null where it is no
 * terminal.
 */
export function columnsOf(descriptor: 1 | 2): number | null {
  if (!isTerminal(descriptor)) return null;
  const { columns } = descriptor === 1 ? process.stdout : process.stderr;
  return Math.min(columns || 80, 100);
}

/** Whether the stream shows colours: a terminal that knows them, and nobody asked for none (https://no-color.org). */
export function hasColour(descriptor: 1 | 2): boolean {
  return isTerminal(descriptor) && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
