// The package as its users get it: packed by `npm pack` in a copy of this repository, whose own build others run at the
// same time.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './process.mjs';

const root = path.join(import.meta.dirname, '../..');
const left = new Set(['.git', '.cache', 'node_modules', 'dist', 'fixtures', 'test']);

/** Packs it and gives the tarball. @returns {string} */
export function packedTarball() {
  const copy = path.join(temporaryFolder('package'), 'checkout');
  mkdirSync(copy);
  for (const name of readdirSync(root))
    if (!left.has(name) && !name.endsWith('.tgz'))
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const args = ['pack', '--silent', '--pack-destination', path.dirname(copy)];
  const name = execFileSync('npm', args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return path.join(path.dirname(copy), name.trim().split('\n').at(-1) ?? '');
}
