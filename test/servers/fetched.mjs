// What the tests fetch is fetched once: two workers that need the same thing at the same moment wait for each other.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const cache = path.join(import.meta.dirname, '../../.cache');
const tries = 3;

/**
 * A folder of `.cache` that `make` fills: whole or not there, and filled by one process only.
 * @param {string} name such as `debian/redis` @param {(folder: string) => void} make is given an empty folder
 * @returns {string} the folder
 */
export function fetched(name, make) {
  const folder = path.join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(path.dirname(folder), { recursive: true });
  // One lock for everything: apt's lists are shared between its packages, and a download is no faster for being two.
  const lock = path.join(cache, 'lock');
  while (!taken(lock)) pause(100);
  try {
    for (let left = tries - 1; !existsSync(folder); left -= 1) {
      const work = `${folder}.${process.pid}`;
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work);
      try {
        make(work);
        renameSync(work, folder);
      } catch (error) {
        rmSync(work, { recursive: true, force: true });
        if (left === 0) throw error;
        pause(2000);
      }
    }
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
  return folder;
}

/** Whether the lock is ours now; one whose process is gone is cleared away. @param {string} lock */
function taken(lock) {
  try {
    mkdirSync(lock);
    writeFileSync(path.join(lock, 'pid'), String(process.pid));
    return true;
  } catch {
    if (abandoned(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** @param {string} lock */
function abandoned(lock) {
  try {
    process.kill(Number(readFileSync(path.join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ESRCH') return true;
    // Made a moment ago and not signed yet, or removed meanwhile.
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return code === 'ENOENT' && Date.now() - made > 10_000;
  }
}

/** @param {number} ms */
function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
