import path from 'node:path';
import { inFolder, type Project, readInstalled } from '../../project/project.ts';

/**
 * The file that a specifier (`@acme/config`, `@acme/config/base`) leads to in an installed package, by its `exports` or `main`. Null where it is not
 * installed or says nothing. Nothing of it is run.
 */
export function packagedFile(project: Project, specifier: string): string | null {
  const [, name, below = ''] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(specifier) ?? [];
  if (!name || name.startsWith('.')) return null;
  for (const folder of project.upward) {
    const at = inFolder(folder, `node_modules/${name}`);
    const manifest = readInstalled(path.join(project.root, folder), name);
    if (!manifest) continue;
    const exported = targetOf(manifest.exports, below);
    const main = below === '' && typeof manifest.main === 'string' ? manifest.main : null;
    const ways = [
      exported,
      main,
      below,
      below && `${below}.json`,
      below ? null : 'index.json',
      below ? null : 'index.js',
    ];
    const files = ways.flatMap((one) => (one ? [path.posix.join(at, one)] : []));
    return files.find((file) => project.has(file) && !project.isFolder(file)) ?? null;
  }
  return null;
}

/** What `exports` gives for a place below the package, by the first condition that is a path. */
function targetOf(exports: unknown, below: string): string | null {
  const entry = typeof exports === 'string' && below === '' ? exports : objectOf(exports)[below ? `./${below}` : '.'];
  const conditions =
    entry ?? (below === '' && Object.keys(objectOf(exports)).every((key) => !key.startsWith('.')) ? exports : null);
  for (let one = conditions; ; ) {
    if (typeof one === 'string') return one;
    const next = Object.values(objectOf(one))[0];
    if (next === undefined) return null;
    one = next;
  }
}

/** An object as settings are; an empty one for anything else. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
