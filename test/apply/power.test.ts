import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { recover } from '../../src/apply/index.ts';
import { scenarios, undisturbed } from './attacks.mjs';
import type { Call } from './disk.mjs';
import { inMemory } from './in-memory.ts';
import { record, recordRecovery, stopEverywhere } from './power.mjs';
import { difference, type Place, stateOf } from './scenarios.mjs';

/** Is it on the disk before anything is built on it? */

/** The calls with what they are about, relative to the project. */
function storyOf(calls: Call[], project: string): string[] {
  const short = (file: string) => {
    const relative = path.relative(project, file).replace(/run-[\w-]+/, 'run');
    return relative === '' ? '.' : relative.replace(/^.*\/flue\/.*$|^\.\.\/state\/flue$/, 'token');
  };
  return calls.flatMap(({ name, args = [], given, synced }) => {
    if (synced) return [`flushed ${short(synced)}`];
    if (given) return [`made ${short(given)}`];
    return name
      ? [
          `${name} ${args
            .slice(0, 2)
            .filter((one) => path.isAbsolute(String(one)))
            .map(short)
            .join(' ')}`,
        ]
      : [];
  });
}

describe('the order of writing', () => {
  test.each(['add', 'replace', 'add below new folders', 'add with an install'])('%s', async (name) => {
    const { calls, at } = await record(scenarios[name]!);
    const story = storyOf(calls, at.project);
    const at1 = (line: string) => story.indexOf(line);
    const last = (line: string) => story.lastIndexOf(line);
    const named = at1('renameSync .flue-add/run/journal.json .flue-add/journal.json');
    const done = at1('renameSync .flue-add/journal.json .flue-add/done.json');
    const puts = story.flatMap((line, i) => (/^renameSync \.flue-add\/run\/write-\d+ /.test(line) ? [i] : []));
    expect(puts.length).toBeGreaterThan(1);

    // The journal has its bytes and its token before it has its name, and its name, and all that is to come, before
    // anything changes.
    expect(last('writeSync .flue-add/run/journal.json')).toBeLessThan(at1('flushed .flue-add/run/journal.json'));
    for (const line of ['flushed .flue-add/run/journal.json', 'flushed token']) {
      expect(at1(line), line).toBeGreaterThan(-1);
      expect(at1(line), line).toBeLessThan(named);
    }
    const firm = ['flushed .', 'flushed .flue-add', ...puts.map((i) => `flushed ${story[i]!.split(' ')[1]}`)];
    for (const line of firm) {
      const when = story.findIndex((one, i) => one === line && i > (line.endsWith('.flue-add') ? named : 0));
      expect(when, line).toBeGreaterThan(-1);
      expect(when, line).toBeLessThan(puts[0]!);
    }

    // All that has changed is firm before the journal has ended, and that is before the locks go.
    const folders = puts.map((i) => path.posix.dirname(story[i]!.split(' ')[2]!));
    const made = story.flatMap((line, i) => (i > named && line.startsWith('mkdirSync') ? [line.split(' ')[1]!] : []));
    for (const folder of [...folders, ...made.map((one) => path.posix.dirname(one))]) {
      const when = last(`flushed ${folder}`);
      const changed = Math.max(...puts.filter((i) => path.posix.dirname(story[i]!.split(' ')[2]!) === folder), -1);
      expect(when, folder).toBeGreaterThan(changed);
      expect(story.slice(changed + 1, done), folder).toContain(`flushed ${folder}`);
    }
    if (name.includes('install')) expect(story.slice(puts.at(-1)!, done)).toContain('flushed package-lock.json');
    const firmEnd = story.findIndex((line, i) => line === 'flushed .flue-add' && i > done);
    expect(firmEnd).toBeGreaterThan(done);
    expect(at1('unlinkSync .flue-add/done.json')).toBeGreaterThan(firmEnd);
  });
});

describe('a kill, or a power cut, after each call', () => {
  const losses = ['nothing', 'strict', 'ordered', 'random'] as const;
  inMemory();

  // What a package manager writes is not among the calls of the run: installs that work are for the tests with real
  // processes.
  test.each([
    'add with an install that fails',
    'add below new folders',
    'add beside links',
    'replace',
    'remove what replaced',
  ])(
    '%s',
    async (name) => {
      const { tried, wrong } = await stopEverywhere(await record(scenarios[name]!), losses, recovered);
      expect(tried).toBeGreaterThan(100);
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  test.each(['add beside links', 'remove what replaced'])(
    'of the run that puts back: %s',
    async (name) => {
      const scenario = scenarios[name]!;
      const { calls } = await undisturbed(scenario);
      const last = calls.find(({ args }) => String(args[1]).endsWith('done.json'))!;
      const { tried, wrong } = await stopEverywhere(await recordRecovery(scenario, last.n), losses, recovered);
      expect(tried).toBeGreaterThan(80);
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  test('what is known of a run is all that it does', async () => {
    for (const scenario of [scenarios.add!, scenarios['remove what replaced']!]) {
      const { at, origin, calls, after } = await record(scenario);
      for (const call of calls) origin.take(call);
      origin.restart('nothing', Math.random);
      expect(difference(stateOf(at.tree), after)).toEqual([]);
    }
  });
});

/** Puts back as the next run does first of all, here and not in a process of its own. Gives what went wrong. */
async function recovered(at: Place): Promise<string | null> {
  const ours = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = at.state;
  try {
    await recover(at.project, true);
    return null;
  } catch (error) {
    return String(error);
  } finally {
    process.env.XDG_STATE_HOME = ours;
  }
}
