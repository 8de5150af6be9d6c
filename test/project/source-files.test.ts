import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { sourceFiles } from '../../src/project/source-files.ts';
import { scratch } from '../flue.ts';

/** Files of a package, and whether they are its own code. */
const files: [file: string, own: boolean][] = [
  ['index.ts', true],
  ['src/env.ts', true],
  ['src/templates/mail.tsx', true],
  ['lib/template/page.vue', true],
  // What a scaffolder makes projects from is theirs.
  ['template/extras/src/env.js', false],
  ['templates/basic/env.ts', false],
  ['__templates__/env.ts', false],
  // Another package, what is built, and types without code.
  ['packages/other/package.json', false],
  ['packages/other/env.ts', false],
  ['dist/index.js', false],
  ['src/types.d.ts', false],
];

test('the own code of a package', () => {
  const folder = scratch('own-code');
  for (const [file] of [['package.json'], ...files] as [string][]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '{}\n');
  }
  const found = sourceFiles(openProject(folder), 'src', []);
  expect(found.complete).toBe(true);
  expect(found.files.toSorted()).toEqual(files.flatMap(([file, own]) => (own ? file : [])).toSorted());
});

test('of more files than are read, those that are called as what reads the environment are among them', () => {
  const folder = scratch('many-files');
  const put = (file: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  };
  put('package.json');
  for (let i = 0; i < 1600; i += 1) put(`src/parts/part-${i}.ts`);
  const told = ['src/a/b/c/env.ts', 'src/a/b/db/index.ts', 'src/a/b/c/redis-client.ts'];
  for (const file of [...told, 'src/a/b/c/envelope.ts']) put(file);
  const found = sourceFiles(openProject(folder), 'src', []);
  expect(found.complete).toBe(false);
  expect(found.files.length).toBe(1500);
  expect(found.files.filter((file) => file.startsWith('src/a/')).toSorted()).toEqual(told.toSorted());
});
