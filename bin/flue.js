#!/usr/bin/env node
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: flue needs Node 20.19 or newer, and this is ${process.versions.node}`);
  console.error('hint: install a current Node, then run it again');
  process.exitCode = 1;
} else {
  // Node 22 and newer keep compiled code between runs.
  if (major >= 22) require('node:module').enableCompileCache?.();
  start(process.argv);
}

/** The bare help is the most asked question: the build has it ready, as commander writes it. */
function start(argv) {
  const { existsSync, readFileSync, writeSync } = require('node:fs');
  const help = `${__dirname}/../dist/help.txt`;
  const bare = argv.length === 3 && (argv[2] === '--help' || argv[2] === '-h');
  if (bare && existsSync(help)) writeSync(1, readFileSync(help));
  else require('../dist/main.cjs').main(argv);
}
