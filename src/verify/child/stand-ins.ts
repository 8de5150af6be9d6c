import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { engineChecks } from '../../knowledge/engines/verify/index.ts';

/** The module that has Flue's embedded database, beside more of its runtime. */
const embedded = '@flue/runtime/node';

/** The adapters' packages whose whole is answered by our stand-in. */
export const adapters = Object.keys(engineChecks).filter((name) => name !== embedded);

/** Flue's own order of extensions. */
export const entryExtensions = ['.ts', '.mts', '.mjs', '.js', '.cjs', '.cts'];

/** Our stand-in, built beside this file. */
export const standIn = new URL('./adapters.mjs', import.meta.url);

/** Modules that raise when they are imported outside of a bundler that knows them. */
export const empty = new URL('./empty.mjs', import.meta.url);

const virtual = 'virtual:flue-verify-node';

/** Vite's aliases for what is stood in for. */
export function standIns(): { find: RegExp; replacement: string }[] {
  const file = fileURLToPath(standIn);
  return [
    ...adapters.map((name) => ({ find: new RegExp(`^${name}$`), replacement: file })),
    { find: new RegExp(`^${embedded}$`), replacement: virtual },
    { find: /^(?:server|client)-only$/, replacement: fileURLToPath(empty) },
  ];
}

/**
 * A plugin that answers `@flue/runtime/node` with the real module, where there is one that this Node can load, and our
 * `sqlite`.
 */
export function nodeModule(root: string): object {
  return {
    name: 'flue-verify-node',
    enforce: 'pre',
    resolveId: (id: string) => (id === virtual ? `\0${virtual}` : null),
    load: (id: string) => (id === `\0${virtual}` ? codeOfNode(root) : null),
  };
}

function codeOfNode(root: string): string {
  const real = realNode(root);
  const ours = `export { sqlite } from ${JSON.stringify(fileURLToPath(standIn))};`;
  return real ? `export * from ${JSON.stringify(pathToFileURL(real).href)};\n${ours}` : ours;
}

/** The package's `exports` by hand: Node's `require` does not see what is there for `import` alone. */
function realNode(root: string): string | null {
  try {
    createRequire(path.join(root, 'package.json'))('node:sqlite');
  } catch {
    return null;
  }
  for (let at = root; ; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules/@flue/runtime');
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        exports?: Record<string, { import?: string } | string>;
      };
      const entry = exports?.['./node'];
      const file = typeof entry === 'string' ? entry : entry?.import;
      return typeof file === 'string' ? path.join(realpathSync(folder), file) : null;
    }
    if (at === path.dirname(at)) return null;
  }
}
