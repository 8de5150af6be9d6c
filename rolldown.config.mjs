import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** commander wants node:child_process (3.5 ms of a 22 ms start) for subcommands that are programs; ours are functions. */
const commanderWithoutPrograms = {
  name: 'commander-without-programs',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0nothing' : null,
  load: (id) => (id === '\0nothing' ? 'export default {}' : null),
};

/** What bin/flue.js finds ready beside the chunks: the bare help, and what a plain `add` runs through, compiled by this Node's V8. */
const readyMade = {
  name: 'ready-made',
  writeBundle: ({ dir }) => {
    const flue = (env, ...args) => execFileSync(process.execPath, ['bin/flue.js', ...args], { env, stdio: 'pipe' });
    writeFileSync(`${dir}/help.txt`, flue(process.env, 'help'));
    const compiled = `${dir}/compiled-${process.platform}-${process.arch}-${process.versions.v8}`;
    const project = mkdtempSync(path.join(tmpdir(), 'flue-build-'));
    cpSync('examples/two', project, { recursive: true });
    mkdirSync(path.join(project, '.git'));
    const env = { ...process.env, FLUE_COMPILE_TO: path.resolve(compiled) };
    const add = ['add', 'database', 'postgres', '--package-manager', 'npm', '--no-install', '--yes', '--cwd', project];
    mkdirSync(compiled);
    flue(env, ...add);
    rmSync(project, { recursive: true });
  },
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
  found.delete(path.resolve('src/problem.ts'));
  return found;
}

const ours = loadedByAdd();

// Our own code is one chunk (opening a file costs half a millisecond); each heavy library is its own, required only by the run that needs it.
const main = {
  input: { main: 'src/main.ts' },
  preserveEntrySignatures: 'allow-extension',
  transform: { define: { 'process.env.FLUE_VERSION': JSON.stringify(version) } },
  platform: 'node',
  plugins: [commanderWithoutPrograms, readyMade],
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
const verify = {
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

export default [main, verify];
