import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listBlueprints } from '../../src/blueprints/shelf.ts';
import { inspect } from '../../src/inspect/index.ts';
import { flue } from '../../src/knowledge/hosts/flue/index.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { subjectOf } from '../../src/verify/subject.ts';
import { scratch } from '../flue.ts';

/** By which variables a db entry learns where the database is. */
const postgres = (...names: string[]) =>
  `import { postgres } from '@flue/postgres';\nexport default postgres({ ${names.map((name) => `x: process.env.${name}`)} });\n`;

test.each<[string, string, string, string[]]>([
  ['that of the family', postgres('DATABASE_URL', 'PUBLIC_URL'), '', ['DATABASE_URL']],
  ['one of another name that may be an address', postgres('STORE_DSN', 'LOG_LEVEL'), 'DATABASE_URL=\n', ['STORE_DSN']],
  ['one whose sample is an address', postgres('STORE', 'LOG_LEVEL'), 'STORE=postgres://localhost/a\n', ['STORE']],
  ['those of the docs, where it names none', postgres('LOG_LEVEL'), 'DATABASE_URL=\nPORT=\n', ['DATABASE_URL']],
])('%s', async (_what, entry, template, variables) => {
  const folder = scratch('subject');
  const files = {
    'package.json': JSON.stringify({ dependencies: { '@flue/runtime': '2.0.3' } }),
    'package-lock.json': '{}',
    'flue.config.ts': "export default { target: 'node' };\n",
    '.env.example': template,
    'src/db.ts': entry,
  };
  mkdirSync(path.join(folder, 'src'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const project = openProject(folder);
  const blueprints = listBlueprints('database');
  const facts = await inspect(project, flue, blueprints);
  const subject = await subjectOf(project, flue, facts, { blueprints, env: undefined });
  expect(subject.variables).toEqual(variables);
});
