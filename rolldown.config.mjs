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
 * Our own modules that every `add` loads: those that `commands/add` reaches by static imports. What is imported with `await import()`
 * is a chunk of its own, loaded by the runs that need it.
 */
function loadedByAdd() {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm,
    ))
      visit(path.resolve(path.dirname(file), specifier));
  };
  visit(path.resolve('src/commands/add.ts'));
  // What the entry loads for every command stands with the entry.
  for (const file of [
    'problem.ts',
    'commands/flags.ts',
    'commands/routes.ts',
    'types/choice.ts',
    'types/facts.ts',
    'types/verify.ts',
  ])
    found.delete(path.resolve('src', file));
  return found;
}

const ours = loadedByAdd();

// Our own code is one chunk (opening a file costs half a millisecond); each heavy library is its own, required only by the run that needs it.
export default {
  input: { main: 'src/main.ts' },
  preserveEntrySignatures: 'allow-extension',
  transform: { define: { 'process.env.FLUE_VERSION': JSON.stringify(version) } },
  platform: 'node',
  plugins: [commanderWithoutPrograms],
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
      groups: [{ name: 'flue', test: (id) => ours.has(id) || id.includes('/node_modules/jsonc-parser/') }],
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
