/**
 * What is needed to read an index: the length of the repository's hashes in bytes, and the index that a split one adds
 * to, by its hash.
 */
interface IndexOptions {
  hash: 20 | 32;
  shared: (name: string) => Buffer | null;
}

/**
 * Whether git's index has a path, from the repository's root. Reads formats 2, 3 and 4 (paths shortened by what they
 * share with the one before), also where it is split in two; false where the index is of another format, cut off, or
 * knows the path's folder only as a whole (a sparse index). Sources: gitformat-index(5), and ewah/ewok_rlw.h for the
 * bitmaps of a split one.
 */
export function hasInIndex(index: Buffer, path: string, options: IndexOptions): boolean {
  try {
    const wanted = Buffer.from(path);
    const own = entriesIn(index, options.hash);
    if (own.paths.some((one) => one.equals(wanted))) return true;
    const link = extensionIn(index, own.end, options.hash);
    const name = link?.subarray(0, options.hash).toString('hex');
    if (!link || !name || /^0*$/.test(name)) return false;
    const base = options.shared(name);
    if (!base) return false;
    const position = entriesIn(base, options.hash).paths.findIndex((one) => one.equals(wanted));
    return position >= 0 && !isSet(link.subarray(options.hash), position);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The paths of an index, in order, and where they end. Raises a RangeError where the bytes end too early. */
function entriesIn(index: Buffer, hash: number): { paths: Buffer[]; end: number } {
  const version = index.readUInt32BE(4);
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4) throw new RangeError('no index');
  const paths: Buffer[] = [];
  let at = 12;
  let before = Buffer.alloc(0);
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    const flags = index.readUInt16BE(at + 40 + hash);
    const start = at + 42 + hash + (version > 2 && flags & 0x4000 ? 2 : 0);
    if (version === 4) {
      const { value: dropped, next } = variableInteger(index, start);
      const end = endOfName(index, next);
      before = Buffer.concat([before.subarray(0, Math.max(0, before.length - dropped)), index.subarray(next, end)]);
      paths.push(before);
      at = end + 1;
    } else {
      const end = endOfName(index, start);
      paths.push(index.subarray(start, end));
      at += Math.floor((end - at + 8) / 8) * 8;
    }
  }
  return { paths, end: at };
}

function endOfName(index: Buffer, start: number): number {
  const end = index.indexOf(0, start);
  if (end < 0) throw new RangeError('cut off');
  return end;
}

/** Seven bits a byte, the highest first, each further byte one more than its bits say (varint.c). */
function variableInteger(index: Buffer, start: number): { value: number; next: number } {
  let at = start;
  let byte = index.readUInt8(at++);
  let value = byte & 127;
  while (byte & 128) {
    byte = index.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, next: at };
}

/** The extension that names the shared index; null where there is none. */
function extensionIn(index: Buffer, start: number, hash: number): Buffer | null {
  for (let at = start; at + 8 <= index.length - hash; ) {
    const size = index.readUInt32BE(at + 4);
    if (index.toString('latin1', at, at + 4) === 'link') return index.subarray(at + 8, at + 8 + size);
    at += 8 + size;
  }
  return null;
}

/** Whether a bit is set in a compressed bitmap: runs of equal words, then words as they are. */
function isSet(bitmap: Buffer, bit: number): boolean {
  if (bitmap.length < 8 || bit >= bitmap.readUInt32BE(0)) return false;
  const words = bitmap.readUInt32BE(4);
  const wanted = Math.floor(bit / 64);
  let word = 0;
  for (let i = 0; i < words; ) {
    const marker = bitmap.readBigUInt64BE(8 + i * 8);
    const run = Number((marker >> 1n) & 0xffffffffn);
    const literals = Number(marker >> 33n);
    if (wanted < word + run) return (marker & 1n) === 1n;
    word += run;
    if (wanted < word + literals) {
      const value = bitmap.readBigUInt64BE(8 + (i + 1 + wanted - word) * 8);
      return ((value >> BigInt(bit % 64)) & 1n) === 1n;
    }
    word += literals;
    i += 1 + literals;
  }
  return false;
}
