import { readFileSync } from 'node:fs';
import path from 'node:path';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** commander wants node:child_process (3.5 ms of a 22 ms start) for subcommands that are programs; ours are functions. */
const commanderWithoutPrograms = {
  name: 'commander-without-programs',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0nothing' : null,
  load: (id) => (id === '\0nothing' ? 'export default {}' : null),
};

/**
 * Babel hides the offset in the two positions of every node from who walks the tree, which is 30 % of what parsing
 * takes. Nothing of ours looks into positions.
 */
const positionsInSight = {
  name: 'positions-in-sight',
  transform(code, id) {
    if (!/[\\/]@babel[\\/]parser[\\/]lib[\\/]index\.js$/.test(id)) return null;
    const hiding = /^ *toUnenumerable\(node\.loc\.(?:start|end), "index"\);$/gm;
    if (code.match(hiding)?.length !== 2) throw new Error(`${id} does not hide positions as it did`);
    return code.replace(hiding, '');
  },
};

/** All of a chunk in ASCII: bin/load.js reads it as such, and V8 keeps it in half the memory. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
  },
};

/** Packages that are small enough to stand beside our own code. */
const smallPackages = /\/node_modules\/(?:jsonc-parser|resolve\.exports|diff)\//;

/** Modules of Node that are loaded before we begin, or nearly so. The others cost up to 4 ms, as they load streams. */
const smallNode = /^(?:node:)?(?:buffer|fs|module|os|path|process|tty|url|util)$/;

/** What only `verify` runs: a long command, which may load what it needs. */
const verifying = /\/src\/(?:.*\/)?verify(?:\/|\.ts$)/;

/** Whether loading a module loads nothing large: none such is reached by its imports, but for those with `import()`. */
function isLight(id, context, on = new Set()) {
  if (!path.isAbsolute(id)) return id.startsWith('\0') || smallNode.test(id);
  if (id.includes('/node_modules/')) return smallPackages.test(id);
  if (on.has(id)) return true;
  on.add(id);
  return context.getModuleInfo(id).importedIds.every((imported) => isLight(imported, context, on));
}

/** What modules of ours load with themselves: what they reach by imports, but for those with `import()`. */
function loadedBy(files, context) {
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    context.getModuleInfo(id)?.importedIds.forEach(visit);
  };
  for (const file of files) visit(path.resolve('src', file));
  return found;
}

/**
 * Our own code is three chunks, as opening a file costs half a millisecond: what the entry loads for every command, what
 * `add` and `remove` always load beside it, and what they load where there is something to read. Each large package is
 * its own, together with those of our modules that cannot do without.
 */
function chunkOf(id, context) {
  if (loadedBy(['main.ts'], context).has(id)) return 'every';
  if (id.startsWith('\0') || verifying.test(id) || !isLight(id, context)) return null;
  return loadedBy(['commands/add.ts', 'commands/remove.ts'], context).has(id) ? 'always' : 'late';
}

export default {
  input: { main: 'src/main.ts' },
  preserveEntrySignatures: 'allow-extension',
  transform: { define: { 'process.env.FLUE_VERSION': JSON.stringify(version) } },
  platform: 'node',
  plugins: [commanderWithoutPrograms, positionsInSight, inAscii],
  // What is imported late by one module may be always loaded by another.
  checks: { ineffectiveDynamicImport: false },
  // jsonc-parser's `main` is UMD, which requires its parts by computed names.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    dir: 'dist',
    format: 'cjs',
    cleanDir: true,
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    exports: 'named',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: 'ours', name: chunkOf }],
    },
  },
};

/** What `verify` starts in the project: a program of its own, with the module that stands in for the adapters beside it. */
export const verifyChild = {
  input: {
    child: 'src/verify/child/main.ts',
    adapters: 'src/verify/child/adapters.ts',
    empty: 'src/verify/child/empty.ts',
    guard: 'src/verify/throwaway/guard.ts',
  },
  platform: 'node',
  output: {
    dir: 'dist/verify',
    format: 'esm',
    minify: true,
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
  },
};
