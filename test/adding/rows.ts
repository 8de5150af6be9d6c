import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Change, changesIn, runCopy } from '../copy.ts';
import { projectFrom, root } from '../flue.ts';

/** A file of the tree, by the parts of its path. */
export const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8');
/** What a page beside this file says to do. */
export const page = (name: string) => changesIn(read('test/adding', name));
/** The lines of AGENTS.md, its table among them. */
export const rows = read('AGENTS.md').split('\n');

/** Holds that a row names what the changes touch, and nothing else is touched. */
export function expectRow(row: string, changes: readonly Change[], files: readonly string[]): void {
  expect(rows).toContain(row);
  expect(changes.map(({ file }) => file)).toEqual(files);
}

/** A small project with an env template, and files laid over it. */
export function project(files: Record<string, string> = {}, from = 'dotenv/quoted'): string {
  const folder = projectFrom(path.join(root, 'fixtures', from, 'before'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

/** A package.json of Flue 2 with further dependencies. */
export const manifestWith = (dependencies: Record<string, string>, others = {}) =>
  JSON.stringify({ type: 'module', dependencies: { '@flue/runtime': '2.0.3', ...dependencies }, ...others });

/** What a copy says to one command line under `--json`. */
export async function ask(copy: string, cwd: string, ...words: string[]) {
  return JSON.parse(
    (await runCopy(copy, cwd, ...words, '--json', ...(words[0] === 'add' ? ['--verbose'] : []))).stdout,
  );
}
