// What a packed package.json does without: what only this repository runs. `npm pack` calls it before and after.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const kept = '.package-of-the-checkout.json';

if (process.argv[2] === 'strip') {
  // What an interrupted pack has left is the whole one.
  const whole = readFileSync(existsSync(kept) ? kept : 'package.json', 'utf8');
  const { scripts: _, devDependencies: __, overrides: ___, allowScripts: ____, ...packed } = JSON.parse(whole);
  writeFileSync(kept, whole);
  writeFileSync('package.json.new', `${JSON.stringify(packed, null, 2)}\n`);
  renameSync('package.json.new', 'package.json');
} else {
  writeFileSync('package.json.new', readFileSync(kept));
  renameSync('package.json.new', 'package.json');
  rmSync(kept);
}
