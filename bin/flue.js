#!/usr/bin/env node
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: flue needs Node 20.19 or newer, and this is ${process.versions.node}`);
  console.error('hint: install a current Node, then run it again');
  process.exitCode = 1;
} else {
  start(process.argv);
}

function start(argv) {
  const fs = require('node:fs');
  const dist = `${__dirname}/../dist/`;
  // The bare help is the most asked question: the build has it ready, as commander writes it.
  const bare = argv.length === 2 || (argv.length === 3 && (argv[2] === '--help' || argv[2] === '-h'));
  if (bare && fs.existsSync(`${dist}help.txt`)) return fs.writeSync(1, fs.readFileSync(`${dist}help.txt`));
  // The build leaves its chunks compiled beside them, for the V8 that built them: that is a seventh of a run. Any other Node
  // compiles them itself, and 22 and newer keep what they compiled.
  const compiled = `${dist}compiled-${process.platform}-${process.arch}-${process.versions.v8}/`;
  if (process.env.FLUE_COMPILE_TO || fs.existsSync(compiled)) return load(fs, dist, compiled)('./main.cjs').main(argv);
  require('node:module').enableCompileCache?.();
  require('../dist/main.cjs').main(argv);
}

/** A `require` for the build's own chunks that takes their compiled form where there is one. */
function load(fs, dist, compiled) {
  const { Script } = require('node:vm');
  const path = require('node:path');
  const modules = new Map();
  return function requireChunk(id) {
    if (!id.startsWith('./')) return require(id);
    if (modules.has(id)) return modules.get(id).exports;
    const module = { exports: {} };
    modules.set(id, module);
    const file = path.join(dist, id);
    const code = `(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(file, 'utf8')}\n})`;
    const cache = `${compiled}${id.slice(2)}`;
    const cachedData = fs.existsSync(cache) ? fs.readFileSync(cache) : undefined;
    // What is compiled keeps this name, and a stack shows it: not the folder of whoever built it.
    const script = new Script(code, { filename: `flue/dist/${id.slice(2)}`, cachedData });
    const to = process.env.FLUE_COMPILE_TO;
    if (to) process.on('exit', () => fs.writeFileSync(`${to}/${id.slice(2)}`, script.createCachedData()));
    script.runInThisContext()(module.exports, requireChunk, module, file, path.dirname(file));
    return module.exports;
  };
}
