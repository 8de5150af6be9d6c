import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkPrograms, warnings } from '../../src/commands/preflight.ts';
import { settle } from '../../src/commands/settle.ts';
import { Problem } from '../../src/problem.ts';
import type { Outcome, Question } from '../../src/types/choice.ts';
import type { Plan, Run } from '../../src/types/plan.ts';
import { scratch } from '../flue.ts';

test('a program that the plan runs has to be there, before anything is written', () => {
  const folder = scratch('programs');
  writeFileSync(path.join(folder, 'oro'), '#!/bin/sh\n', { mode: 0o755 });
  vi.stubEnv('PATH', folder);
  const run = (program: string): Run => ({
    kind: 'run',
    command: [program],
    cwd: '.',
    touches: [],
    brings: [],
    because: '',
  });
  const plan = (program: string): Plan => ({ title: '', operations: [run(program)], next: [] });
  expect(() => checkPrograms(plan('oro'))).not.toThrow();
  expect(() => checkPrograms(plan('npm'))).toThrow('`npm` is not installed');
  vi.unstubAllEnvs();
});

/** Questions in a row, each of which one answer leads on from. */
function asked(names: readonly string[], recommended: string | null) {
  const taken: string[] = [];
  const question = (name: string): Question => ({
    flag: `--${name}`,
    ask: name,
    answers: ['no', 'yes'].map((value) => ({ value, label: value, recommended: value === recommended })),
    because: name,
  });
  const questions = names.map(question);
  const choose = (): Outcome<string> => {
    if (taken.at(-1) === 'no') throw new Problem('adapter-exists', 'kept', 'nothing to add');
    const open = questions[taken.length];
    return open ? { question: open } : { choice: taken.join() };
  };
  const take = (_: Question, answer: string) => {
    if (taken.at(-1) === 'no') taken.pop();
    taken.push(answer);
  };
  return { choose, take };
}

const nobody = { somebody: false, yes: false };

test('where nobody is there the first question is refused, with what else would be asked', async () => {
  const refused = await settle(nobody, asked(['one', 'two', 'three'], null)).catch((error: Problem) => error);
  expect(refused).toMatchObject({ code: 'needs-answer', question: { flag: '--one' } });
  expect((refused as Problem).further?.map(({ flag }) => flag)).toEqual(['--two', '--three']);
});

test('of more questions than there can be only some are looked for', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `q${index}`);
  const refused = await settle(nobody, asked(names, null)).catch((error: Problem) => error);
  expect((refused as Problem).further?.length).toBe(10);
});

describe('a Node that is too old for the framework', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

  test.each<[string, readonly [number, number]]>([
    ['the next major version', [major + 1, 0]],
    ['the next minor version', [major, minor + 1]],
  ])('it wants %s: said', (_what, node) => {
    expect(warnings({ title: 'Flue', node })).toEqual([
      `this is Node ${process.versions.node}; Flue itself needs ${node[0]}.${node[1]} or newer to build and to run`,
    ]);
  });

  test.each<[string, readonly [number, number] | null]>([
    ['this version', [major, minor]],
    ['the major version before, of a higher minor one', [major - 1, minor + 1]],
    ['nothing', null],
  ])('it wants %s: nothing is said', (_what, node) => {
    expect(warnings({ title: 'Flue', node })).toEqual([]);
  });
});
