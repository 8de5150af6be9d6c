import { expect, test } from 'vitest';
import { docsToEdit } from '../../src/plan/docs-to-edit.ts';
import type { EnvDoc } from '../../src/types/env-docs.ts';

/** Which of the docs take a new variable. */
const doc = (path: string, names: string, more: Partial<EnvDoc> = {}) =>
  ({
    path,
    kind: 'dotenv',
    because: '',
    variables: names.split(' ').flatMap((name) => (name ? [{ name, live: true, scheme: null }] : [])),
    leftAlone: null,
    text: '',
    ...more,
  }) as EnvDoc;
const edited = (...docs: EnvDoc[]) => docsToEdit(docs, (name) => name.endsWith('DATABASE_URL')).map(({ path }) => path);
const alone: Partial<EnvDoc> = { leftAlone: { code: 'deployment', message: 'it is deployed' }, text: null };
const outOfReach = { schema: { reachable: false } } as Partial<EnvDoc>;

test('never one that is left alone, though it has the family', () => {
  expect(edited(doc('.env.example', 'A'), doc('.env.prod.example', 'DATABASE_URL', alone))).toEqual(['.env.example']);
});

test('the templates that have the family, else the main one and those with the same variables', () => {
  expect(edited(doc('.env.example', 'A'), doc('.env.db.example', 'A DATABASE_URL'))).toEqual(['.env.db.example']);
  expect(edited(doc('.env.test.example', 'B'), doc('.env.example', 'A'), doc('.env.ci.example', 'A'))).toEqual([
    '.env.example',
    '.env.ci.example',
  ]);
});

test('a doc out of reach only where it has the family', () => {
  const schema = (names: string) => doc('src/env.ts', names, { kind: 'zod', ...outOfReach });
  expect(edited(doc('.env.example', 'A'), schema('A'))).toEqual(['.env.example']);
  expect(edited(doc('.env.example', 'A'), schema('DATABASE_URL'))).toEqual(['.env.example', 'src/env.ts']);
});
