import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageManagers } from '../../src/knowledge/package-managers/index.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { searchTexts } from '../../src/project/search.ts';
import { scratch } from '../flue.ts';

test('what a package manager writes says nothing of what the project uses', () => {
  const folder = scratch();
  const names = [
    'package.json',
    'package-lock.json',
    'pnpm-lock.yaml',
    '.pnp.cjs',
    '.pnp.data.json',
    '.pnp.loader.mjs',
  ];
  for (const name of [...names, 'use.js', '.env.example', 'other.js'])
    writeFileSync(path.join(folder, name), name === 'other.js' ? '' : '{ "ioredis": 1 }');
  const hits: string[] = [];
  const passing = packageManagers.flatMap(({ lockfiles, makes }) => [...lockfiles, ...makes]);
  searchTexts(openProject(folder), { base: '.', words: ['ioredis'], except: [], passing }, ({ file }) =>
    hits.push(file),
  );
  expect(hits).toEqual(['use.js']);
});
