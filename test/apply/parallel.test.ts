import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scenarios, undisturbed } from './attacks.mjs';
import { difference, place, putBack, run, stateOf } from './scenarios.mjs';

/** One at a time, for whatever is shared: of runs that start at once each has done its work or has touched nothing. */
const add = scenarios.add!;
const codesOf = async (runs: Promise<{ code: number | null; said: string }>[]) => {
  const outcomes = await Promise.all(runs);
  // 0: it has worked, or found nothing to do; 3: another was at work, or has just been.
  for (const { code, said } of outcomes) if (code !== 0 && code !== 3) throw new Error(`exit ${code}: ${said}`);
  return outcomes.map(({ code }) => code);
};
const together = (count: number, start: (i: number) => Promise<{ code: number | null; said: string }>) =>
  codesOf(Array.from({ length: count }, (_, i) => start(i)));

/** What comes of runs one after another. */
async function after(all: string[][]): Promise<Record<string, string>> {
  const at = await place(add);
  for (const args of all) await run({ ...at, args });
  return stateOf(at.tree);
}

test('8 at once add the same', async () => {
  const known = await undisturbed(add);
  const at = await place(add);
  const codes = await together(8, () => run(at));
  expect(codes).toContain(0);
  expect(difference(stateOf(at.tree), known.after)).toEqual([]);
}, 120_000);

test('9 at once add this, add that, and remove', async () => {
  const redis = add.args.map((one) => (one === 'postgres' ? 'redis' : one));
  const [one, other, remove] = [add.args, redis, scenarios.remove!.args];
  const at = await place(add);
  // Those that changed something have done so one after another, in the order in which they ended.
  const done: string[][] = [];
  await codesOf(
    Array.from({ length: 9 }, async (_, i) => {
      const args = [one, other, remove][i % 3]!;
      const outcome = await run({ ...at, args });
      if (outcome.said.includes('Done.')) done.push(args);
      return outcome;
    }),
  );
  expect(done.length).toBeGreaterThan(0);
  expect(difference(stateOf(at.tree), await after(done))).toEqual([]);
}, 120_000);

describe('over what a killed run has left', () => {
  test('6 at once put it back once', async () => {
    const { calls, after } = await undisturbed(add);
    const at = await place(add);
    await run(at, { kill: calls.find(({ args }) => String(args[1]).endsWith('done.json'))!.n });
    await together(6, () => run(at));
    await codesOf([run(at)]);
    expect(difference(stateOf(at.tree), after)).toEqual([]);
  }, 120_000);

  test('while one puts back slowly, another waits its turn', async () => {
    const { calls, before, after } = await undisturbed(add);
    const at = await place(add);
    await run(at, { kill: calls.find(({ args }) => String(args[1]).endsWith('done.json'))!.n });
    // Its ninth call is after its claim, and before anything is put back.
    const slow = putBack(at, { pause: 9, ms: 4000 });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const other = await run(at);
    expect(other.said).toContain('is at work in it');
    expect(other.code).toBe(3);
    expect((await slow).code).toBe(2);
    expect(difference(stateOf(at.tree), before)).toEqual([]);
    expect((await run(at)).code).toBe(0);
    expect(difference(stateOf(at.tree), after)).toEqual([]);
  }, 60_000);
});

describe('two members of one workspace', () => {
  const member = scenarios['add in a member']!;

  test('what one installs is not put back by the other', async () => {
    const at = await place({ ...member, beside: 'packages/other' });
    const [project, other] = ['packages/agents', 'packages/other'].map((one) => path.join(at.tree, one)) as [
      string,
      string,
    ];
    const slow = { ...at, project, env: { ...at.env, EXIT: '7', WAIT: '3' } };
    const first = run(slow);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = await run({ ...at, project: other });
    expect(second.code, second.said).toBe(3);
    expect(second.said).toContain('is at work in it');
    expect((await first).code).toBe(4);
    const third = await run({ ...at, project: other });
    expect(third.code, third.said).toBe(0);
    expect(readFileSync(path.join(at.tree, 'package-lock.json'), 'utf8')).toContain('node_modules/pg');
    expect(readFileSync(path.join(other, 'package.json'), 'utf8')).toContain('"pg"');
    expect(readFileSync(path.join(project, 'package.json'), 'utf8')).not.toContain('"pg"');
  }, 60_000);

  test('what one has left half done, another puts back before it begins', async () => {
    const known = await undisturbed(member);
    const scenario = { ...member, beside: 'packages/other' };
    const at = await place(scenario);
    const before = stateOf(at.tree);
    await run(at, { kill: known.calls.find(({ args }) => String(args[1]).endsWith('done.json'))!.n });
    const other = path.join(at.tree, 'packages/other');
    const next = await putBack({ ...at, project: other });
    expect(next.said).toContain('put back what a killed run had left half done');
    expect(difference(stateOf(at.tree), before)).toEqual([]);
  }, 60_000);
});
