import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { apply } from '../../src/apply/index.ts';
import type { Plan } from '../../src/types/plan.ts';
import { scratch, treeOf } from '../flue.ts';

/** What a person changes while a run is at work is not written over. */
const plan: Plan = {
  title: 'x',
  operations: ['a.txt', 'b.txt'].map((one) => ({
    kind: 'write',
    path: one,
    before: 'old\n',
    after: 'new\n',
    because: '',
  })),
  next: [],
};

function project(): string {
  const folder = scratch('changed');
  for (const one of ['a.txt', 'b.txt']) writeFileSync(path.join(folder, one), 'old\n');
  return folder;
}

const progress = (starts: (what: string) => void) => ({
  starts: (one: Plan['operations'][number]) => starts(one.kind === 'write' ? one.path : ''),
  printed: () => {},
  stalled: () => {},
});

test('before it begins: nothing is changed', async () => {
  const folder = project();
  writeFileSync(path.join(folder, 'b.txt'), 'mine\n');
  const started: string[] = [];
  const noting = progress((what) => started.push(what));
  await expect(apply(folder, plan, noting)).rejects.toMatchObject({ code: 'project-changed' });
  expect(started).toEqual([]);
  expect(treeOf(folder)).toEqual({ 'a.txt': 'old\n', 'b.txt': 'mine\n' });
});

test('while it is at work: the others are put back', async () => {
  const folder = project();
  const change = (what: string) => what === 'b.txt' && writeFileSync(path.join(folder, 'b.txt'), 'mine\n');
  await expect(apply(folder, plan, progress(change))).rejects.toMatchObject({ code: 'project-changed' });
  expect(readFileSync(path.join(folder, 'a.txt'), 'utf8')).toBe('old\n');
  expect(readFileSync(path.join(folder, 'b.txt'), 'utf8')).toBe('mine\n');
});
