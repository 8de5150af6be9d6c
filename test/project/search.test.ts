import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { installNotes, namingFiles } from '../../src/knowledge/package-managers/index.ts';
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
    'pnpm-workspace.yaml',
    '.yarnrc.yml',
    '.deps/.modules.yaml',
    '.deps/pg/use.js',
  ];
  mkdirSync(path.join(folder, '.deps/pg'), { recursive: true });
  for (const name of [...names, 'use.js', '.env.example', 'other.js'])
    writeFileSync(path.join(folder, name), name === 'other.js' ? '' : '{ "ioredis": 1 }');
  const hits: string[] = [];
  const search = { base: '.', words: ['ioredis'], except: [], passing: namingFiles, installed: installNotes };
  searchTexts(openProject(folder), search, ({ file }) => hits.push(file));
  expect(hits).toEqual(['use.js']);
});
