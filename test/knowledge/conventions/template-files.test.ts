import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { templateFiles } from '../../../src/knowledge/conventions/template-files.ts';
import { openProject } from '../../../src/knowledge/package-managers/open.ts';
import { scratch } from '../../flue.ts';

/** Copies that stand beside a template are nobody's documentation. */
const leftovers = ['bak', 'orig', 'rej', 'old', 'swp', 'tmp', 'flue-1.tmp', 'flue-kept', 'flue-kept-2'];

test.each([...leftovers.map((end) => `.env.example.${end}`), '.env.example~'])('%s is no template', (name) => {
  const folder = scratch('leftover');
  for (const file of ['.env.example', name]) writeFileSync(path.join(folder, file), 'PORT=1\n');
  writeFileSync(path.join(folder, 'package.json'), '{}\n');
  expect(templateFiles(openProject(folder), ['.']).map((one) => one.name)).toEqual(['.env.example']);
});
