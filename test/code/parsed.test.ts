import { expect, test } from 'vitest';
import { applicationOf, manifest } from '../../bench/application.mjs';
import type { Module } from '../../src/code/module.ts';
import { inspectSource } from '../../src/inspect/source.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { codeOf } from '../source.ts';

/** What is found in an application, and which of its files had to be parsed for it. */
async function inspected(texts: Record<string, string>) {
  const code = await codeOf(texts);
  const parsed = new Set<string>();
  const counting = {
    ...code,
    module: (path: string): Module | null => {
      parsed.add(path);
      return code.module(path);
    },
  };
  const { files, complete, project } = code;
  const sources = { files, complete, code: async () => counting };
  const source = await inspectSource(openProject(project.root), manifest, sources, { entry: undefined, members: [] });
  return { uses: source.uses, parsed: [...parsed].toSorted() };
}

test('an application that grows has no more files parsed', async () => {
  const [small, large] = [await inspected(applicationOf(30)), await inspected(applicationOf(600))];
  expect(small.uses).toContainEqual(
    expect.objectContaining({ name: 'DATABASE_URL', path: 'src/server/db.ts', engine: 'postgres' }),
  );
  expect(large.uses).toEqual(small.uses);
  expect(large.parsed).toEqual(small.parsed);
});

test('what only names a package, and the classes that a client is handed, are not parsed', async () => {
  const { uses, parsed } = await inspected({
    'src/data.ts': `import { DataSource } from 'typeorm';
import { User } from './entities';
export const data = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities: [User] });
`,
    'src/entities/index.ts': "export * from './user';\n",
    'src/entities/user.ts': "import { Entity } from 'typeorm';\n@Entity()\nexport class User {}\n",
    'src/labels.ts': "export const labels = { postgres: 'PostgreSQL', client: pick('postgres') };\n",
    'src/migrations/first.js': "/** @param {import('knex').Knex} knex */\nexports.up = (knex) => knex.schema.drop();\n",
    'src/find.ts': "import { ILike } from 'typeorm';\nexport const like = (text: string) => ILike(text);\n",
  });
  expect(uses).toContainEqual(expect.objectContaining({ name: 'DATABASE_URL', path: 'src/data.ts' }));
  expect(parsed).toEqual(['src/data.ts']);
});
