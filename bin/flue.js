#!/usr/bin/env node
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: flue needs Node 20.19 or newer, and this is ${process.versions.node}`);
  console.error('hint: install a current Node, then run it again');
  process.exitCode = 1;
} else {
  // Node 22 and newer keep compiled code between runs.
  require('node:module').enableCompileCache?.();
  require('../dist/main.cjs').main(process.argv, require('../package.json').version);
}
