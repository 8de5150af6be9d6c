import { writeSync } from 'node:fs';
import type { Message } from '../../types/verify.ts';
import { plain } from './words.ts';

const descriptor = 3;
const { stringify } = JSON;

/** Says a message to the parent: whole and at once, without a secret in it. */
export type Say = (message: Message) => void;

/**
 * The way to the parent. `key` stays in here: what the project's own code writes to the descriptor lacks it. `clean`: what takes the secrets
 * out of a text.
 */
export function openChannel(key: string, clean: (text: string) => string): Say {
  const cleaned = (value: unknown): unknown => {
    if (typeof value === 'string') return plain(clean(value), 600);
    if (Array.isArray(value)) return value.map(cleaned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, fixed.has(name) ? inner : cleaned(inner)]),
    );
  };
  return (message) => write(Buffer.from(`${stringify({ key, ...(cleaned(message) as Message) })}\n`));
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
