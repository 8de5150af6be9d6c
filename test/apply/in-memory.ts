import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';

/**
 * Has the tests of a file, or of a `describe`, lay their projects in a file system in memory, where there is one: there
 * nothing waits for a disk. What is flushed, and when, is known from the calls.
 */
export function inMemory(): void {
  const memory = '/dev/shm';
  const disk = process.env.TMPDIR;
  let folder: string | null = null;
  beforeAll(() => {
    if (existsSync(memory)) folder = mkdtempSync(`${memory}/flue-tests-`);
    if (folder) process.env.TMPDIR = folder;
  });
  afterAll(() => {
    process.env.TMPDIR = disk;
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}
