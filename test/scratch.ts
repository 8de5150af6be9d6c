import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Two temporary folders for a whole run of the tests, removed when it ends, also where a test or a worker was killed:
 * one for projects and servers, and one below the package, from where a template finds the drivers.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-tests-'));
  // Servers that refuse to run as root run as `nobody`, who has to get in.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.env.FLUE_TESTS_FOLDER = folder;
  const cache = path.join(import.meta.dirname, '../.cache');
  mkdirSync(cache, { recursive: true });
  const templates = mkdtempSync(path.join(cache, 'templates-'));
  process.env.FLUE_TEST_TEMPLATES = templates;
  return () => {
    for (const one of [folder, templates]) rmSync(one, { recursive: true, force: true, maxRetries: 5 });
  };
}
