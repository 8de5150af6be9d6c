import path from 'node:path';
import { exports as resolveExports } from 'resolve.exports';
import { inFolder, type Project, readInstalled } from '../../project/project.ts';

/**
 * The file that a specifier (`@acme/config`, `@acme/config/base`) leads to in an installed package, by its `exports` or
 * `main`. Null where it is not installed or says nothing. Nothing of it is run.
 */
export function packagedFile(project: Project, specifier: string): string | null {
  const [, name, below = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(specifier) ?? [];
  if (!name || /^[.#]/.test(name)) return null;
  for (const folder of project.upward) {
    const at = inFolder(folder, `node_modules/${name}`);
    const manifest = readInstalled(path.join(project.root, folder), name);
    if (!manifest) continue;
    const files = waysIn(manifest, below).map((one) => path.posix.join(at, one));
    return files.find((file) => file.startsWith(`${at}/`) && project.has(file) && !project.isFolder(file)) ?? null;
  }
  return null;
}

/** What may be meant, the most certain first. */
function waysIn(manifest: Record<string, unknown>, below: string): string[] {
  const exported = exportedBy(manifest, below);
  if (below !== '') return [...exported, below, `${below}.json`];
  return [...exported, ...(typeof manifest.main === 'string' ? [manifest.main] : []), 'index.json', 'index.js'];
}

/** As a tool that loads it with `import()` or `require()` would find it. */
function exportedBy(manifest: Record<string, unknown>, below: string): string[] {
  const entry = below === '' ? '.' : `./${below}`;
  return [{}, { require: true }].flatMap((options) => {
    try {
      return resolveExports(manifest, entry, options) ?? [];
    } catch {
      return [];
    }
  });
}
