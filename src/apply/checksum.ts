/**
 * 64 bits over bytes as 16 hex digits: tells what a torn write, a bad block or a slip of the hand has changed. A single
 * changed word always shows. It is no seal against somebody who means harm, which the token in the user's own folder is
 * (token.ts); a cryptographic digest would be no better at this, and loading node:crypto takes a fifth of the time that
 * a run takes.
 */
export function checksum(bytes: Uint8Array): string {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  const words = new Int32Array(padded.buffer);
  let one = bytes.length;
  let two = ~bytes.length;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    one = Math.imul(one ^ word, 0x85ebca6b);
    one = (one << 13) | (one >>> 19);
    two = Math.imul(two ^ word, 0xc2b2ae35);
    two = (two << 17) | (two >>> 15);
  }
  return hex(mixed(one)) + hex(mixed(two));
}

/** Spreads what the last words have changed over all bits. */
function mixed(value: number): number {
  let word = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
