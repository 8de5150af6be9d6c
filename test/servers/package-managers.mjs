// Real package managers, from npm, each version in a folder of its own below `.cache`.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The folder that holds the binary of, say, `pnpm@10`. @param {string} version */
export function packageManager(version) {
  const folder = path.join(import.meta.dirname, '../../.cache', version.replaceAll('/', '-'));
  const bin = path.join(folder, 'node_modules/.bin');
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', version], { cwd: folder, stdio: 'ignore' });
  }
  return bin;
}
