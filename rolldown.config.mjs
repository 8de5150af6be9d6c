import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** commander wants node:child_process (3.5 ms of a 22 ms start) for subcommands that are programs; ours are functions. */
const commanderWithoutPrograms = {
  name: 'commander-without-programs',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0nothing' : null,
  load: (id) => (id === '\0nothing' ? 'export default {}' : null),
};

/** What is loaded by the runs that need it: a parser, the diff, the prompts, whatever a library brings. */
const alone = /[\\/]src[\\/](?:main|problem|edit[\\/]erase-types|say[\\/]diff)\.ts$/;

const ours = new RegExp(`^${import.meta.dirname}/src/|/node_modules/jsonc-parser/`);

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
      groups: [{ name: 'flue', test: (id) => ours.test(id) && !alone.test(id) }],
    },
  },
};
