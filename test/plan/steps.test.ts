import { expect, test } from 'vitest';
import { planInstall, savedAs } from '../../src/plan/install.ts';
import { orderedSteps } from '../../src/plan/steps.ts';
import type { Found, Obstacle, PackageManagerFacts } from '../../src/types/facts.ts';
import type { Step } from '../../src/types/plan.ts';

/** What a person is told to do, and what an install is planned as. */
const step = (kind: Step['kind'], text: string): Step => ({ kind, text });
const all = {
  set: [step('set', 'A'), step('set', 'B')],
  edit: [step('edit', 'config')],
  install: [step('run', 'install')],
  run: [step('run', 'start'), step('run', 'build')],
};

test('of many actions four stay, those that the others wait for, and the rest is only known', () => {
  expect(orderedSteps(all, [step('know', 'stored')])).toEqual([
    step('set', 'A'),
    step('set', 'B'),
    step('run', 'install'),
    step('run', 'start'),
    step('know', 'config'),
    step('know', 'build'),
    step('know', 'stored'),
  ]);
});

test('as many as there is room for stand in the order in which they are done', () => {
  const few = { ...all, set: [step('set', 'A')], run: [step('run', 'start')] };
  expect(orderedSteps(few, []).map(({ text }) => text)).toEqual(['A', 'config', 'install', 'start']);
});

const manager = (obstacle: Obstacle | null): Found<PackageManagerFacts> => ({
  because: 'a lockfile',
  value: {
    name: 'npm',
    version: null,
    exec: 'npx',
    run: 'npm run',
    lockRoot: '.',
    savePrefix: '^',
    overrides: {},
    install: ['npm', 'install'],
    touches: ['package-lock.json'],
    harmlessErrors: [],
    obstacle,
  },
});
const obstacle = (code: Obstacle['code']): Obstacle => ({ code, path: 'x', because: 'it is frozen', hint: 'thaw it' });

test('an install is planned where it can reach the package, refused where it would fail, and left to who does it', () => {
  expect(planInstall(manager(null), ['pg'])).toMatchObject({ command: ['npm', 'install'], brings: ['pg'] });
  for (const code of ['frozen', 'not-a-member'] as const)
    expect(() => planInstall(manager(obstacle(code)), [])).toThrow('it is frozen');
  expect(planInstall(manager(obstacle('by-hand')), [])).toBeNull();
});

test('an install knows which scripts of the project it runs that others do not', () => {
  const { because, value } = manager(null);
  const run = (name: string) => planInstall({ because, value: { ...value, name } }, []);
  expect(run('pnpm')?.ownScripts).toEqual(['pnpm:devPreinstall']);
  expect(run('npm')).not.toHaveProperty('ownScripts');
});

test('a range is written with the prefix of the project, if that is all that it says', () => {
  const saved = (savePrefix: string, range: string) => savedAs({ savePrefix }, range);
  expect(saved('~', '^8.21.0')).toBe('~8.21.0');
  expect(saved('', '^1.0.0-beta.9')).toBe('1.0.0-beta.9');
  for (const range of ['^6.0.0 || ^7.0.0', '8.21.0', '^8', '>=8']) expect(saved('~', range)).toBe(range);
});
