'use strict';

// Loads the build together with what V8 compiled of it when it was built here (build/compile.mjs), as compiling is half
// of what a short run takes. V8 itself refuses what another version of it, or other flags, have compiled.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const dist = path.join(__dirname, '../dist');
/** Where this V8 has left what it compiled. A packed program has no such folder. */
const compiled = path.join(dist, 'compiled', `${process.versions.v8}-${process.arch}`);
/** The chunks of the build that are loaded, by the names of their files. */
const chunks = new Map();

/** What a chunk exports, as `require` gives it. `name`: of its file in `dist`. */
function load(name) {
  const loaded = chunks.get(name);
  if (loaded) return loaded.module.exports;
  const filename = path.join(dist, name);
  // The build writes nothing but ASCII.
  const script = new vm.Script(Module.wrap(fs.readFileSync(filename, 'latin1')), {
    filename,
    cachedData: compiledOf(filename),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: {} };
  chunks.set(name, { script, module });
  script.runInThisContext().call(module.exports, module.exports, requireFromBuild, module, filename, dist);
  return module.exports;
}

/** `require` of a chunk: of another one, or of a module of Node. */
const requireFromBuild = Object.assign(
  (specifier) => (specifier.startsWith('./') ? load(specifier.slice(2)) : require(specifier)),
  require,
);

/** What was compiled of a chunk, if it is no older than the chunk: V8 looks at the length of the text alone. */
function compiledOf(filename) {
  const file = path.join(compiled, `${path.basename(filename)}.bin`);
  const written = fs.statSync(file, { throwIfNoEntry: false });
  return written && written.mtimeMs >= fs.statSync(filename).mtimeMs ? fs.readFileSync(file) : undefined;
}

module.exports = { chunks, compiled, load };
