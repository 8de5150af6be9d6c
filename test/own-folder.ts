import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll } from 'vitest';

/**
 * Each test file has a temporary folder of its own, removed when its last test has ended: nothing is left to remove at
 * the end.
 */
const whole = process.env.FLUE_TESTS_FOLDER!;
const own = mkdtempSync(path.join(whole, 'file-'));
// Servers that refuse to run as root run as `nobody`, who has to get in.
chmodSync(own, 0o755);
process.env.TMPDIR = own;
// What runs keep in their user's own folder stands there, too.
process.env.XDG_STATE_HOME = path.join(own, 'state');

afterAll(async () => {
  process.env.TMPDIR = whole;
  await rm(own, { recursive: true, force: true, maxRetries: 5 });
}, 120_000);
