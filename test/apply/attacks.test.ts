import { describe, expect, test } from 'vitest';
import { all, kinds, scenarios, undisturbed } from './attacks.mjs';
import { inMemory } from './in-memory.ts';

/**
 * Is it whole or not at all, whatever ends it, and whatever fails? Real processes, at some of their calls:
 * `FLUE_ATTACKS` says at how many of each kind, and `node test/apply/attack.mjs` tries every one. Kills at all of them
 * are in power.test.ts, without a process each.
 */
const count = Number(process.env.FLUE_ATTACKS ?? 2);

inMemory();

describe.each(['add', 'add with an install', 'replace', 'remove'])('%s', (name) => {
  const known = undisturbed(scenarios[name]!);

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    '%s',
    async (kind) => {
      const attacks = await kinds[kind](scenarios[name]!, await known, 'one');
      expect(attacks.length).toBeGreaterThan(2);
      expect(await all(spread(attacks))).toEqual([]);
    },
    Math.max(60_000, count * 10_000),
  );
});

/** As many as are wanted, from the first to the last, as far apart as they can be. */
function spread<T>(attacks: readonly T[]): T[] {
  const step = Math.max(1, (attacks.length - 1) / Math.max(1, count - 1));
  return attacks.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
