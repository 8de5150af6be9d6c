import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from '@babel/parser';
import { expect, test } from 'vitest';
import { root } from '../flue.ts';
import { mutants } from './list.mjs';

/** The list of `npm run mutants` cannot rot: whoever changes such a place finds the mutant anew. */
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('each mutant has its place exactly once, and still parses there', () => {
  const wrong = mutants.flatMap(({ file, what, from, to }) => {
    const parts = read(file).split(from);
    if (parts.length !== 2) return [`${file}: ${what}: ${parts.length - 1} places`];
    const { errors } = parse(parts.join(to), { sourceType: 'module', plugins: ['typescript'], errorRecovery: true });
    return (errors ?? []).map(({ reasonCode }) => `${file}: ${what}: ${reasonCode}`);
  });
  expect(wrong).toEqual([]);
});

test('each changes something, is told from the others, and names tests that are there', () => {
  expect(new Set(mutants.map(({ file, from, to }) => JSON.stringify([file, from, to]))).size).toBe(mutants.length);
  expect(new Set(mutants.map(({ file, what }) => `${file} ${what}`)).size).toBe(mutants.length);
  expect(mutants.filter(({ from, to }) => from === to)).toEqual([]);
  const tests = new Set(mutants.flatMap((one) => one.tests));
  expect([...tests].filter((one) => !existsSync(path.join(root, one)))).toEqual([]);
});

test('the rooms whose proofs, guards, orders, limits and decisions matter have some', () => {
  const rooms = new Set(mutants.map(({ file }) => file.split('/')[1]));
  expect([...rooms].sort()).toEqual([
    'apply',
    'blueprints',
    'choose',
    'code',
    'commands',
    'edit',
    'knowledge',
    'output',
    'plan',
    'project',
    'verify',
  ]);
});
