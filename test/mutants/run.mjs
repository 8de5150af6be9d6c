// `npm run mutants [word …]`: breaks one proof, guard, order or limit of src at a time, in a copy of the tree, and runs
// the tests that have to notice. One that passes them is a hole in the tests. Words choose those whose file or
// description holds one of them. Ends with 1 where one survives, is not found exactly once, or the tests fail without
// it.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mutants } from './list.mjs';

/** @typedef {import('./list.mjs').Mutant} Mutant */

const root = path.join(import.meta.dirname, '../..');
const words = process.argv.slice(2);
const chosen = mutants.filter(
  ({ file, what }) => words.length === 0 || words.some((word) => `${file} ${what}`.includes(word)),
);
const vitest = 'node_modules/vitest/vitest.mjs';
/** As many as there are cores in the smallest machine that runs this. */
const atOnce = Math.min(2, chosen.length);

/** A copy of what tests need, with the installed packages linked. */
function copyOfTree() {
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-mutants-'));
  const left = ['node_modules', '.git', '.cache'];
  cpSync(root, folder, { recursive: true, filter: (from) => !left.includes(path.relative(root, from)) });
  for (const name of ['node_modules', '.cache']) symlinkSync(path.join(root, name), path.join(folder, name));
  return folder;
}

/**
 * Whether a program of Node ends well, and what it printed.
 * @param {string} folder @param {string[]} args @returns {Promise<{ well: boolean, text: string }>}
 */
function run(folder, args) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ well: !error, text: stdout + stderr }),
    );
  });
}

/**
 * Whether tests pass. @param {string} folder @param {Pick<Mutant, 'tests' | 'only' | 'build'>} what
 * @returns {Promise<{ well: boolean, text: string }>}
 */
async function pass(folder, { tests, only, build }) {
  const built = build ? await run(folder, ['build/build.mjs']) : null;
  if (built && !built.well) throw new Error(`it does not build: ${built.text}`);
  return run(folder, [vitest, 'run', ...tests, ...(only ? ['-t', only] : []), '--bail', '1', '--maxWorkers', '1']);
}

/** @param {string} folder @param {Mutant} mutant */
async function attempt(folder, mutant) {
  const at = path.join(folder, mutant.file);
  const text = readFileSync(at, 'utf8');
  if (text.split(mutant.from).length !== 2) return 'not found';
  writeFileSync(
    at,
    text.replace(mutant.from, () => mutant.to),
  );
  const { well } = await pass(folder, mutant);
  writeFileSync(at, text);
  return well ? 'SURVIVED' : 'killed';
}

/** What all of them have to pass: a test that fails anyway kills nothing. @param {string} folder */
async function passUnbroken(folder) {
  const groups = new Map();
  for (const { tests, only, build } of chosen) {
    const key = `${only ?? ''}${build ?? ''}`;
    groups.set(key, { only, build, tests: [...new Set([...(groups.get(key)?.tests ?? []), ...tests])] });
  }
  for (const group of groups.values()) {
    const { well, text } = await pass(folder, group);
    if (!well) throw new Error(`without any mutant they fail:\n${text}`);
  }
}

const queue = [...chosen];
let bad = 0;
async function work() {
  const folder = copyOfTree();
  try {
    unbroken ??= passUnbroken(folder);
    await unbroken;
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      const outcome = await attempt(folder, mutant);
      console.log(`${outcome.padEnd(9)} ${mutant.file}: ${mutant.what}`);
      if (outcome !== 'killed') bad += 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
/** @type {Promise<void> | undefined} */
let unbroken;
const began = Date.now();
await Promise.all(Array.from({ length: atOnce }, work));
console.log(
  `${chosen.length - bad} of ${chosen.length} mutants killed in ${Math.round((Date.now() - began) / 1000)} s`,
);
process.exitCode = bad > 0 || chosen.length === 0 ? 1 : 0;
