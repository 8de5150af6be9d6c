import { expect, test } from 'vitest';
import { applicationOf, manifest } from '../../bench/application.mjs';
import type { Module } from '../../src/code/module.ts';
import { inspectSource } from '../../src/inspect/source.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { codeOf } from '../source.ts';

/** What is found in an application of so many files, and which of them had to be parsed for it. */
async function inspected(count: number) {
  const code = await codeOf(applicationOf(count));
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
  const [small, large] = [await inspected(30), await inspected(600)];
  expect(small.uses).toContainEqual(
    expect.objectContaining({ name: 'DATABASE_URL', path: 'src/server/db.ts', engine: 'postgres' }),
  );
  expect(large.uses).toEqual(small.uses);
  expect(large.parsed).toEqual(small.parsed);
});
