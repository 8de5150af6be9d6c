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
    // Another one may look into it at this moment.
    rmSync(lock, { recursive: true, force: true, maxRetries: 5 });
  }
  return folder;
}

/**
 * Whether the lock is ours now; one whose process is gone is cleared away. It appears signed: made aside, then renamed.
 * @param {string} lock
 */
function taken(lock) {
  const own = `${lock}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'pid'), String(process.pid));
  try {
    renameSync(own, lock);
    return true;
  } catch {
    rmSync(own, { recursive: true, force: true });
    // Only one of those who find it abandoned succeeds in renaming it.
    if (abandoned(lock)) {
      try {
        renameSync(lock, own);
        rmSync(own, { recursive: true, force: true });
      } catch {
        // Somebody else did.
      }
    }
    return false;
  }
}

/** Nobody fetches for longer than this. */
const limit = 15 * 60_000;

/** @param {string} lock */
function abandoned(lock) {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return false;
  if (Date.now() - made > limit) return true;
  try {
    const pid = Number(readFileSync(path.join(lock, 'pid'), 'utf8'));
    if (!(pid > 0)) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}

/** @param {number} ms */
function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
