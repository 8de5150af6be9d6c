import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One temporary folder for a whole run of the tests, removed when it ends, also where a test or a worker was killed. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-tests-'));
  // Servers that refuse to run as root run as `nobody`, who has to get in.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
