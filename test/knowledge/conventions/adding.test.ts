import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { AddFlags } from '../../../src/commands/add.ts';
import type { Report } from '../../../src/output/json.ts';
import { projectFrom, root } from '../../flue.ts';

/**
 * The row of AGENTS.md for a new env convention, followed to the letter in a copy of the program: its file, its line and its row are all it takes.
 */
test('a convention is its file, its line in index.ts and its row in docs/env-conventions.md', async () => {
  expect(readFileSync(path.join(root, 'AGENTS.md'), 'utf8')).toContain(
    '| an env convention | its file in src/knowledge/conventions, its line in conventions/index.ts, its row in docs/env-conventions.md |',
  );
  const copy = mkdtempSync(path.join(process.env.FLUE_TEST_TEMPLATES!, 'copy-'));
  for (const part of ['src', 'blueprints', 'package.json'])
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  const conventions = path.join(copy, 'src/knowledge/conventions');
  writeFileSync(path.join(conventions, 'superstruct.ts'), superstruct);
  const index = path.join(conventions, 'index.ts');
  const list = readFileSync(index, 'utf8');
  writeFileSync(
    index,
    `import { superstruct } from './superstruct.ts';\n${list.replace('\n  zod,\n', '\n  superstruct,\n  zod,\n')}`,
  );

  const { add } = (await import(path.join(copy, 'src/commands/add.ts'))) as {
    add: (kind: string, name: string, flags: AddFlags) => Promise<Report>;
  };
  const project = projectFrom(path.join(root, 'fixtures/env-docs/yup/before'));
  const manifest = path.join(project, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"yup": "^1.7.0"', '"superstruct": "^2.0.0"'));
  mkdirSync(path.join(project, 'src'), { recursive: true });
  writeFileSync(path.join(project, 'src/env.ts'), checked);
  const flags = { cwd: project, var: [], install: false, json: true, yes: true };
  const { facts, plan } = await add('database', 'postgres', flags);
  // Found, read and reported …
  expect(facts!.envDocs).toMatchObject([
    {
      path: 'src/env.ts',
      kind: 'superstruct',
      variables: [{ name: 'API_KEY' }, { name: 'PORT' }],
      because: 'it checks the environment (superstruct)',
      leftAlone: null,
    },
  ]);
  // … and edited, in its own form, with what has to be imported.
  const written = plan!.operations.find((one) => one.kind === 'write' && one.path === 'src/env.ts');
  expect(written).toMatchObject({ before: checked });
  expect(readFileSync(path.join(project, 'src/env.ts'), 'utf8')).toBe(
    checked
      .replace('  PORT: string(),\n', '  PORT: string(),\n  DATABASE_URL: optional(string()),\n')
      .replace('string }', 'string, optional }'),
  );
});

const checked = `import { create, object, string } from 'superstruct';

const Env = object({
  API_KEY: string(),
  PORT: string(),
});

export const env = create(process.env, Env);
`;

const superstruct = `import { schemaConvention } from './schema/definition.ts';

const packages = ['superstruct'];

/** \`create(process.env, object({…}))\`. */
export const superstruct = schemaConvention({
  name: 'superstruct',
  packages,
  schemasIn: (module, { callsTo, argumentOf, schemaAt }) =>
    callsTo(module, packages, ['create']).map((call) => schemaAt(module, call, argumentOf(call, 1)!, { holds: true })),
  validators: [
    {
      imports: /^superstruct$/,
      initializer: ({ required }, { call }) =>
        required
          ? { text: \`\${call('string')}()\`, needs: ['string'] }
          : { text: \`\${call('optional')}(\${call('string')}())\`, needs: ['optional', 'string'] },
    },
  ],
});
`;
