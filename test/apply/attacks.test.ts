import { describe, expect, test } from 'vitest';
import { all, kinds, scenarios, undisturbed } from './attacks.mjs';

/** Is it whole or not at all, whatever ends it, and whatever fails? Every call of these runs; `node test/apply/attack.mjs` does the rest. */
describe.each(['add', 'add with an install', 'replace', 'remove'])('%s', (name) => {
  const known = undisturbed(scenarios[name]!);

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    '%s, at every call',
    async (kind) => {
      const attacks = await kinds[kind](scenarios[name]!, await known, 'one');
      expect(attacks.length).toBeGreaterThan(4);
      expect(await all(attacks)).toEqual([]);
    },
    300_000,
  );
});
