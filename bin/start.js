'use strict';

const fs = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '../dist');

/** Checks Node, prints the help that the build has ready, or loads the build. Plain JS that any Node can read. */
module.exports = function start(program) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return refuse(
      `${program} needs Node 20.19 or newer, and this is ${process.versions.node}`,
      'install a current Node, then run it again',
    );
  if (!fs.existsSync(path.join(dist, 'main.cjs')))
    return refuse(`the checkout in \`${path.dirname(dist)}\` is not built`, '`npm run build` there, then run it again');
  const help = helpAsked(process.argv.slice(2));
  const ready = help && path.join(dist, 'help', `${help}.txt`);
  if (ready && fs.existsSync(ready) && !isNarrow() && isWritten(fs.readFileSync(ready))) {
    if (help !== 'flue-db' || !isInFlue()) return;
    build().helpOfFlue();
    return;
  }
  build().main(process.argv, program);
};

function refuse(message, hint) {
  console.error(`error: ${message}\nhint: ${hint}`);
  process.exitCode = 1;
}

/** What the build exports: with what was compiled when it was built, or as Node loads it. */
function build() {
  const { compiled, load } = require('./load.js');
  if (fs.existsSync(compiled)) return load('main.cjs');
  keepCompiled();
  return require('../dist/main.cjs');
}

/**
 * Node 22 and newer keep what they have compiled: in the user's own folder, as the temporary one may be open to
 * everybody.
 */
function keepCompiled() {
  const { enableCompileCache } = require('node:module');
  const { XDG_CACHE_HOME, HOME } = process.env;
  const home = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
  if (process.env.NODE_COMPILE_CACHE || process.platform === 'win32') enableCompileCache?.();
  else if (home) enableCompileCache?.(path.join(home, 'flue-db'));
}

/** Of what help is asked, the most asked question: `flue-db` for the whole, the name of a command, or null. */
function helpAsked(words) {
  const [first, second] = words;
  const isHelp = (word) => word === '--help' || word === '-h';
  if (first === undefined || (words.length === 1 && (isHelp(first) || first === 'help'))) return 'flue-db';
  if (words.length !== 2) return null;
  const flagged = isHelp(second) ? first : '';
  const command = first === 'help' ? second : flagged;
  return /^[a-z]+$/.test(command) ? command : null;
}

/** Whether the terminal has less room than the help was laid out for. */
function isNarrow() {
  try {
    const stat = fs.fstatSync(1);
    if (!stat.isCharacterDevice() || stat.rdev === fs.statSync(require('node:os').devNull).rdev) return false;
  } catch {
    return false;
  }
  return process.stdout.isTTY && process.stdout.columns < 80;
}

/** Writes to stdout. False where that cannot be done at once: the build waits for it, or says why not. */
function isWritten(bytes) {
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at);
    return true;
  } catch {
    return false;
  }
}

/** Whether the project has Flue's own command line, whose commands are listed, too. */
function isInFlue() {
  try {
    return hasFlue(process.cwd());
  } catch {
    // The current folder has been deleted.
    return false;
  }
}

function hasFlue(folder) {
  if (fs.existsSync(path.join(folder, 'node_modules/@flue/cli')) || fs.existsSync(path.join(folder, '.pnp.cjs')))
    return true;
  const above = path.dirname(folder);
  return above !== folder && hasFlue(above);
}
