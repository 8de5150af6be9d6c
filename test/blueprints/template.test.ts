import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eraseTypes } from '../../src/blueprints/erase-types.ts';
import {
  nameIn,
  packageImports,
  readBack,
  templateFor,
  withoutSettings,
  withReferences,
} from '../../src/blueprints/template.ts';
import { root } from '../flue.ts';

const template = `// flue-blueprint: database/x@1
import { type A, x } from 'x';

const url = process.env.DATABASE_URL;
if (!url) throw new Error('DATABASE_URL is not set in db.ts');
const MY_DATABASE_URL = 1;
export default x(url);
`;
const reference = (name: string) => `process.env.${name}`;

test('names are whole words, in code and in words', () => {
  const text = nameIn(template, { DATABASE_URL: 'POSTGRES_URL' }, reference);
  expect(text).toContain('process.env.POSTGRES_URL');
  expect(text).toContain("'POSTGRES_URL is not set");
  expect(text).toContain('MY_DATABASE_URL');
  expect(nameIn(template, { DATABASE_URL: 'DATABASE_URL' }, reference)).toBe(template);
  expect(nameIn(template, { DATABASE_URL: 'X' }, (name) => `env.${name}`)).toContain('const url = env.X;');
});

test('reading back is the other direction, and any other change is seen', () => {
  const text = nameIn(template, { DATABASE_URL: 'POSTGRES_URL' }, reference);
  expect(readBack(template, ['DATABASE_URL'], text)).toEqual({ DATABASE_URL: 'POSTGRES_URL' });
  expect(readBack(template, ['DATABASE_URL'], text.replaceAll('\n', '\r\n'))).toEqual({ DATABASE_URL: 'POSTGRES_URL' });
  expect(readBack(template, ['DATABASE_URL'], text.replace('x(url)', 'x(url, 1)'))).toBeNull();
  expect(
    readBack(template, ['DATABASE_URL'], text.replace('process.env.POSTGRES_URL', 'process.env.OTHER')),
  ).toBeNull();
});

test('the file speaks of itself by its own name', async () => {
  expect(await templateFor('db.mts', template)).toContain('not set in db.mts');
  expect(await templateFor('db.js', template)).toContain('not set in db.js');
});

test('JavaScript is the TypeScript without its types', () => {
  const before = `import { a, type B } from 'x';
import type { C } from 'y';
import d, { type E } from 'z';

type F = { g: string };
/** A comment of a type goes with it, */
type G = F;

/**
 * also a long one.
 */
interface H {
  i: number;
}

/** That of a value stays. */
let j: K | undefined;
const l = async <T>(m: T, n?: string): Promise<T> => (m as unknown as T)!;
function o(p: (q: number) => void = () => {}): void {}
const r = new Map<string, number>();
export default { s: d satisfies E };
`;
  expect(eraseTypes(before)).toBe(`import { a } from 'x';
import d from 'z';

/** That of a value stays. */
let j;
const l = async (m, n) => (m);
function o(p = () => {}) {}
const r = new Map();
export default { s: d };
`);
});

test('what a template imports that not every compiler finds is seen', () => {
  const shelf = path.join(root, 'blueprints/database');
  const templates = readdirSync(shelf, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = templates.map((file) => ({ file, ...packageImports(readFileSync(path.join(shelf, file), 'utf8')) }));
  const subpaths = new Set(found.flatMap((one) => one.subpaths));
  expect([...subpaths].sort()).toEqual(['@flue/runtime/node', 'mysql2/promise']);
  const whole = found.filter(({ defaults }) => defaults.length > 0).map(({ file, defaults }) => [file, ...defaults]);
  expect(whole.sort()).toEqual([
    ['postgres@1/postgres.ts', 'postgres'],
    ['supabase@1/postgres.ts', 'postgres'],
  ]);
});

test('references that it asks for are undone for who compares it', () => {
  for (const eol of ['\n', '\r\n']) {
    const plain = template.replaceAll('\n', eol);
    const asking = withReferences(template, ['types="node"', 'lib="es2022.error"']).replaceAll('\n', eol);
    expect(asking.split(eol)[2]).toBe('/// <reference lib="es2022.error" />');
    expect(withoutSettings(asking)).toBe(plain);
  }
});
