import { writeSync } from 'node:fs';
import type { Message } from '../../types/verify.ts';
import { plain } from './words.ts';

const descriptor = 3;
const { stringify } = JSON;

/** Says a message to the parent: whole and at once, without a secret in it. */
export type Say = (message: Message) => void;

/**
 * The way to the parent. `key` stays in here: what the project's own code writes to the descriptor lacks it. `clean`:
 * what takes the secrets out of a text.
 */
export function openChannel(key: string, clean: (text: string) => string): Say {
  return (message) => write(Buffer.from(`${stringify({ key, ...cleaned(message, clean) })}\n`));
}

/** A message as it may leave the process: every text in it `clean`ed and in one line. */
export function cleaned<T>(value: T, clean: (text: string) => string): T {
  const inside = (one: unknown): unknown => {
    if (typeof one === 'string') return plain(clean(one), 600);
    if (Array.isArray(one)) return one.map(inside);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).map(([name, inner]) => [name, fixed.has(name) ? inner : inside(inner)]),
    );
  };
  return inside(value) as T;
}

/** Fields that hold words of ours only. */
const fixed = new Set(['event', 'code', 'title', 'severity']);

function write(bytes: Buffer): void {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // Nobody listens any more: the parent has ended, and so will this process.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
