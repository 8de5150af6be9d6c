import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { templateFiles } from '../../../src/knowledge/conventions/template-files.ts';
import { openProject } from '../../../src/project/project.ts';
import { scratch } from '../../flue.ts';

/** Copies that stand beside a template are nobody's documentation. */
const leftovers = ['bak', 'orig', 'rej', 'old', 'swp', 'tmp', 'flue-1.tmp', 'flue-kept', 'flue-kept-2'];

test.each([...leftovers.map((end) => `.env.example.${end}`), '.env.example~'])('%s is no template', (name) => {
  const folder = scratch('leftover');
  for (const file of ['.env.example', name]) writeFileSync(path.join(folder, file), 'PORT=1\n');
  writeFileSync(path.join(folder, 'package.json'), '{}\n');
  expect(templateFiles(openProject(folder), ['.']).map((one) => one.name)).toEqual(['.env.example']);
});

test.each([
  ...['example.env', 'template.env', 'dist.env', 'dotenv.example', 'dotenv-sample', 'my-app.env.example'],
  ...['.env.EXAMPLE', 'env.example.txt', '.env.local.example', 'app.env.tmpl', '.env.in'],
])('%s is a template', (name) => expect(namesOf(name)).toEqual([name]));

test.each(['default.env', 'my.env', 'dotenv.ts', 'environment.example', 'example.environment', 'my-env.example'])(
  '%s is none',
  (name) => expect(namesOf(name)).toEqual([]),
);

function namesOf(name: string): string[] {
  const folder = scratch('template');
  writeFileSync(path.join(folder, name), 'PORT=1\n');
  writeFileSync(path.join(folder, 'package.json'), '{}\n');
  return templateFiles(openProject(folder), ['.']).map((one) => one.name);
}
