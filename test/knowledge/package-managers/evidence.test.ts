import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { evidenceIn } from '../../../src/knowledge/package-managers/evidence.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { scratch } from '../../flue.ts';

/** What speaks for a package manager, the strongest first: each of these outdoes all that stand below it. */
const evidence: [what: string, says: string, files: Record<string, string>, manifest: object][] = [
  ['what package.json declares', 'pnpm', {}, { packageManager: 'pnpm@10.0.0' }],
  ['a tool that installs for the repository', 'rush', { 'rush.json': '{}' }, {}],
  ['a lockfile', 'yarn', { 'yarn.lock': '' }, {}],
  ['a file that only one reads', 'bun', { 'bunfig.toml': '' }, {}],
  ['what a script allows', 'deno', {}, { scripts: { preinstall: 'npx only-allow deno' } }],
  ['what an install left', 'npm', { 'node_modules/.package-lock.json': '{}' }, {}],
];

test.each(evidence)('%s', (_what, says, files, manifest) => {
  const weaker = evidence.slice(evidence.findIndex(([, one]) => one === says) + 1);
  const folder = scratch('evidence');
  const all = Object.assign({}, ...weaker.map(([, , others]) => others), files);
  const whole = Object.assign({}, ...weaker.map(([, , , others]) => others), manifest);
  for (const [file, text] of Object.entries({ ...all, 'package.json': JSON.stringify(whole) })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text as string);
  }
  const found = evidenceIn(openProject(folder), null);
  expect(found && ('manager' in found ? found.manager.name : 'foreign' in found && found.foreign.name)).toBe(says);
});
