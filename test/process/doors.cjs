// Runs command lines of a build in this one process, and notes which of its modules open a file, change the disk or
// start a program. `node doors.cjs <main.cjs> <command lines as JSON> <file for the notes>`
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { syncBuiltinESMExports } = require('node:module');

const [main, given, file] = process.argv.slice(2);
const { writeFileSync } = fs;
const home = path.dirname(main);
Error.stackTraceLimit = 60;

const opens = ['open', 'openAsBlob', 'readFile', 'readdir', 'opendir', 'createReadStream', 'read'];
const changes = [
  ['writeFile', 'appendFile', 'createWriteStream', 'truncate', 'copyFile', 'cp', 'rename', 'link', 'symlink'],
  ['mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'chmod', 'chown', 'lchown', 'utimes', 'lutimes'],
].flat();
const starts = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'];
const notes = new Set();

/** The module of the build that called, and the package between, if there is one; null for Node's own loader. */
function caller() {
  // Node's own functions call each other, through here.
  const frames = new Error().stack
    .split('\n')
    .slice(1)
    .filter((frame) => !frame.includes(__filename));
  const places = frames.map((frame) => /(?:\(|at (?:async )?)(?:file:\/\/)?(\/[^()]*):\d+:\d+\)?$/.exec(frame)?.[1]);
  const direct = frames.slice(0, places.findIndex(Boolean));
  if (direct.some((frame) => /node:internal\/(?:modules|process)/.test(frame))) return null;
  const ours = places.find((place) => place?.startsWith(home));
  const other = places
    .slice(0, ours ? places.indexOf(ours) : undefined)
    .find((place) => place?.includes('/node_modules/'));
  const name = other && /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(other)[1];
  const own = ours && path.relative(home, ours).replace(/\.cjs$/, '');
  return name ? `${name} of ${own ?? 'nobody'}` : (own ?? 'nobody');
}

function watch(of, names, what) {
  for (const name of names.flatMap((one) => [one, `${one}Sync`])) {
    const real = of[name];
    if (typeof real !== 'function') continue;
    of[name] = function (...args) {
      const who = caller();
      if (who !== null) notes.add(`${what}: ${who}`);
      return real.apply(this, args);
    };
  }
}
watch(fs, opens, 'opens');
watch(fs, changes, 'changes');
watch(fs.promises, opens, 'opens');
watch(fs.promises, changes, 'changes');
watch(require('node:child_process'), starts, 'starts');
syncBuiltinESMExports();

const run = async () => {
  const { main: start } = require(main);
  const ends = [];
  for (const words of JSON.parse(given)) {
    process.exitCode = 0;
    await start(['node', 'flue-db', ...words], 'flue-db');
    ends.push(process.exitCode);
  }
  process.exitCode = 0;
  writeFileSync(file, JSON.stringify({ ends, notes: [...notes].sort() }));
};
run();
