// Programs from npm, each version in a folder of its own below `.cache`: Node itself, and the package managers.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fetched } from './fetched.mjs';

/** The `node_modules` of a folder in which one package is installed. @param {string} version such as `pnpm@10` */
export function fetchedPackage(version) {
  return fetchedPackages(version.replaceAll('/', '-'), [version]);
}

/**
 * The `node_modules` of a folder in which several packages are installed side by side.
 * @param {string} name
 * @param {string[]} versions
 */
export function fetchedPackages(name, versions) {
  const folder = fetched(`npm/${name}`, (folder) => {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', ...versions], { cwd: folder, stdio: 'pipe' });
  });
  return path.join(folder, 'node_modules');
}

/** The folder that holds the binary of, say, `pnpm@10`. @param {string} version */
export function packageManager(version) {
  return path.join(fetchedPackage(version), '.bin');
}

/**
 * The `node_modules` with TypeScript's compilers of three lines, as `typescript-5`, `-6` and `-7`, which is written in
 * Go.
 */
export function compilers() {
  const lines = ['5', '6', '7'].map((line) => `typescript-${line}@npm:typescript@${line}`);
  return fetchedPackages('compilers-1', [...lines, '@tsconfig/strictest@2']);
}
