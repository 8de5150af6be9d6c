// `npm run release`: checks that a version can go out, runs every test, writes down which blueprints it has, and packs
// it. `--dry-run` writes nothing and leaves out the long tests. What it packs is published by hand: package.json is
// private.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { changesSinceRelease, listOf, withFolders } from './released.mjs';

/** What keeps a version from going out, as sentences; none where nothing does. @param {string} root */
export function obstaclesIn(root) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain');
  const log = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  const headings = [...log.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  const dated = headings.some((one) => one.startsWith(`${version} - `) && /^\S+ - \d{4}-\d\d-\d\d$/.test(one));
  return [
    ...(changed === '' ? [] : [`the tree is not clean:\n${changed}`]),
    ...(git('tag', '--list', `v${version}`) === '' ? [] : [`there is a tag v${version} already: raise \`version\``]),
    ...(dated ? [] : [`CHANGELOG.md has no \`## ${version} - <date>\`: what is below Unreleased goes there`]),
    ...changesSinceRelease(root),
  ];
}

/** @param {string} root @param {boolean} dry */
function release(root, dry) {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const obstacles = obstaclesIn(root);
  if (obstacles.length > 0) {
    for (const one of obstacles) console.error(`error: ${one}`);
    process.exitCode = 1;
    return;
  }
  const npm = (/** @type {string[]} */ ...args) => execFileSync('npm', args, { cwd: root, stdio: 'inherit' });
  // A test that cannot have its server fails: nothing goes out untried.
  if (!dry) process.env.FLUE_LIVE = 'required';
  npm(...(dry ? ['run', '-s', 'check'] : ['test']));
  if (!dry) writeFileSync(listOf(root), withFolders(root, version));
  npm('pack', ...(dry ? ['--dry-run'] : []));
  console.log(
    dry
      ? `${version} can be released, as far as is known without its tests`
      : `packed. Next: commit blueprints/released.json, \`git tag v${version}\`, push both`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  release(path.join(import.meta.dirname, '..'), process.argv.includes('--dry-run'));
