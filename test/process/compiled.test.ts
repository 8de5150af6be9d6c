import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectFrom, root, scratch } from '../flue.ts';

/** A checkout that is built, as far as its bin needs it, and what V8 compiled there. */
function checkout(): { folder: string; compiled: string[] } {
  const folder = scratch('checkout');
  for (const part of ['bin', 'dist', 'blueprints', 'package.json'])
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true, preserveTimestamps: true });
  const home = path.join(folder, 'dist/compiled');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return { folder, compiled: files.filter((name) => name.endsWith('.bin')).map((name) => path.join(home, name)) };
}

/** What a dry run says, and for each chunk whether V8 took what it was given; null where it was given nothing. */
function dryRun(folder: string, ...flags: string[]): { said: string; taken: Record<string, boolean | null> } {
  const recorder = path.join(scratch('recorder'), 'recorder.cjs');
  const list = path.join(path.dirname(recorder), 'taken.json');
  writeFileSync(
    recorder,
    `process.on('exit', () => {
      const { chunks } = require(${JSON.stringify(path.join(folder, 'bin/load.js'))});
      const taken = [...chunks].map(([name, { script }]) => {
        const refused = script.cachedDataRejected;
        return [name, refused === undefined ? null : !refused];
      });
      require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.fromEntries(taken)));
    });`,
  );
  const project = projectFrom(path.join(root, 'fixtures/dotenv/quoted/before'));
  const words = [path.join(folder, 'bin/flue-db.js'), 'add', 'postgres', '--dry-run', '--json', '--cwd', project];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const said = execFileSync(process.execPath, [...flags, '--require', recorder, ...words], { encoding: 'utf8', env });
  return { said: said.replaceAll(project, ''), taken: JSON.parse(readFileSync(list, 'utf8')) };
}

const { said: expected, taken: asBuilt } = dryRun(root);

test('V8 takes what it compiled when the build was made, of every chunk of a plain run', () => {
  expect(JSON.parse(expected)).toMatchObject({ ok: true });
  expect(Object.keys(asBuilt).length).toBeGreaterThan(3);
  expect(Object.entries(asBuilt).filter(([, taken]) => taken !== true)).toEqual([]);
});

test.each<[string, (file: string) => void, boolean | null]>([
  ['empty', (file) => truncateSync(file, 0), false],
  ['cut off', (file) => truncateSync(file, statSync(file).size - 1000), false],
  ['of another version of V8', (file) => writeFileSync(file, readFileSync(file).fill(7, 0, 16)), false],
  ['older than the build', (file) => utimesSync(file, 1, 1), null],
  ['not there', (file) => rmSync(file), null],
])('where it is %s, the run is the same', (_what, spoil, taken) => {
  const { folder, compiled } = checkout();
  for (const file of compiled) spoil(file);
  const run = dryRun(folder);
  expect(run.said).toBe(expected);
  expect(new Set(Object.values(run.taken))).toEqual(new Set([taken]));
});

test('under other flags, and without the folder, the run is the same', () => {
  const { folder } = checkout();
  const flagged = dryRun(folder, '--no-opt');
  expect([flagged.said, flagged.taken['main.cjs']]).toEqual([expected, false]);
  rmSync(path.join(folder, 'dist/compiled'), { recursive: true });
  expect(dryRun(folder)).toEqual({ said: expected, taken: {} });
});
