// Leaves beside the build what V8 compiles of it while it does what it is mostly asked for; bin/load.js loads the build
// with that. It is of this machine and of this Node, and not in the package. Runs as a process without flags, as V8
// takes what it has compiled under the same flags only.
import fs, { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';

const root = path.join(import.meta.dirname, '..');
const { chunks, compiled, load } = createRequire(import.meta.url)('../bin/load.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'flue-db-compile-'));
process.env.XDG_STATE_HOME = path.join(scratch, 'state');
const { main } = load('main.cjs');
const { writeSync } = fs;

/** Gives a project a module that checks the environment, as many have one. @param {string} folder */
function checkEnvironment(folder) {
  const file = path.join(folder, 'package.json');
  const { dependencies, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies: { ...dependencies, zod: '^4.0.0' } }, null, 2));
  const checked = 'export const env = z.object({ PORT: z.coerce.number() }).parse(process.env);';
  writeFileSync(path.join(folder, 'src/env.ts'), `import { z } from 'zod';\n\n${checked}\n`);
}

/** Runs a command line of ours, and prints nothing of what it says. @param {string[]} words */
async function run(...words) {
  fs.writeSync = (/** @type {number} */ descriptor, /** @type {any[]} */ ...rest) =>
    descriptor < 3 ? rest[0].length : writeSync(descriptor, ...rest);
  await main(['node', 'flue-db', ...words], 'flue-db');
  fs.writeSync = writeSync;
  if (process.exitCode) throw new Error(`\`${words.join(' ')}\` has ended with ${process.exitCode}`);
}

try {
  // What has run once would be forgotten by the next collection of garbage.
  v8.setFlagsFromString('--no-flush-bytecode');
  await run('list');
  for (const sample of ['shop', 'two', 'beta']) {
    const folder = path.join(scratch, sample);
    cpSync(path.join(root, 'examples', sample), folder, { recursive: true });
    if (sample === 'shop') checkEnvironment(folder);
    const here = ['--no-install', '--cwd', folder];
    await run('inspect', '--json', '--cwd', folder);
    await run('add', 'postgres', '--dry-run', ...here);
    await run('add', 'postgres', '--yes', ...here);
    await run('add', 'postgres', '--json', ...here);
    await run('remove', 'database', '--yes', ...here);
  }
  v8.setFlagsFromString('--flush-bytecode');
  mkdirSync(compiled, { recursive: true });
  for (const [name, { script }] of chunks) writeFileSync(path.join(compiled, `${name}.bin`), script.createCachedData());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
