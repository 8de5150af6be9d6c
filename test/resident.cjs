// The built program, loaded once and run for one command line after another: `{ id, args, cwd }` comes in as a message,
// and `{ id, code, stdout, stderr }` goes out. It keeps nothing beyond a command line, which a test holds.
'use strict';
const fs = require('node:fs');
const { main } = require('../dist/main.cjs');

const said = { 1: '', 2: '' };
const { writeSync } = fs;
fs.writeSync = (descriptor, bytes, ...rest) => {
  if (!(descriptor in said)) return writeSync(descriptor, bytes, ...rest);
  said[descriptor] += bytes;
  return bytes.length;
};

async function run({ id, args, cwd }) {
  [said[1], said[2], process.exitCode] = ['', '', 0];
  process.chdir(cwd);
  await main(['node', 'flue', ...args], 'flue');
  process.send({ id, code: process.exitCode, stdout: said[1], stderr: said[2] });
  process.exitCode = 0;
}

let before = Promise.resolve();
process.on('message', (line) => {
  before = before.then(() => run(line));
});
