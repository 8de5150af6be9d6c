// What inspecting a grown application costs in CPU, as ratios to `node -e 0` measured in the same run. Prints; asserts
// nothing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applicationOf, manifest } from './application.mjs';

const rounds = Number(process.argv[2] ?? 9);
const bin = path.join(import.meta.dirname, '../bin/flue-db.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'flue-bench-'));

function project(count) {
  const root = path.join(scratch, String(count));
  const texts = { 'package.json': `${JSON.stringify(manifest, null, 2)}\n`, 'package-lock.json': '{}\n' };
  for (const [file, text] of Object.entries({ ...texts, ...applicationOf(count) })) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  mkdirSync(path.join(root, '.git'));
  return root;
}

/** The CPU that a program takes, in milliseconds: the last line of `times` is that of the shell's children. */
function cpu(...args) {
  const script = '"$0" "$@" >/dev/null 2>&1 || exit 1; times';
  const times = execFileSync('sh', ['-c', script, process.execPath, ...args], { encoding: 'utf8' });
  const spent = times
    .trim()
    .split('\n')
    .at(-1)
    .matchAll(/(\d+)m([\d.]+)s/g);
  return [...spent].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
}

const sizes = [10, 660, 1500, 3000];
const projects = sizes.map(project);
const runs = {
  'node -e 0': () => cpu('-e', '0'),
  ...Object.fromEntries(
    sizes.map((count, at) => [`inspect, ${count} files`, () => cpu(bin, 'inspect', '--json', '--cwd', projects[at])]),
  ),
};
const spent = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (let i = 0; i < rounds; i += 1) for (const [name, run] of Object.entries(runs)) spent[name].push(run());

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const floor = median(spent['node -e 0']);
for (const [name, list] of Object.entries(spent))
  console.log(
    `${name.padEnd(20)} ${(median(list) / floor).toFixed(1).padStart(5)}x   ${median(list).toFixed(0).padStart(5)} ms of CPU`,
  );
rmSync(scratch, { recursive: true });
