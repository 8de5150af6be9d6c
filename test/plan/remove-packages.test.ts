import { expect, test } from 'vitest';
import { dropPackages } from '../../src/plan/remove-packages.ts';
import type { Removal } from '../../src/types/choice.ts';
import type { Facts, Package } from '../../src/types/facts.ts';

/** What of package.json goes with a database, and what is the project's own. */
const driver = { package: 'pg', file: 'pg.ts', range: '^8.21.0', majors: [8], types: { '@types/pg': '^8.20.0' } };
const removal = {
  driver,
  packages: ['@flue/postgres', 'pg', '@types/pg'],
  packageManager: { value: { savePrefix: '^', overrides: {} }, because: '' },
} as unknown as Removal;

async function dropped(specifiers: Partial<Record<string, string>> = {}, needed: Record<string, string> = {}) {
  const written = { '@flue/postgres': '2.0.3', pg: '^8.21.0', '@types/pg': '^8.20.0', ...specifiers };
  const list = (name: string) => (name.startsWith('@types/') ? 'devDependencies' : 'dependencies');
  const packages = Object.entries(written).map(
    ([name, specifier]): Package => ({ name, specifier: specifier!, list: list(name), installed: null }),
  );
  const pairsIn = (one: string) => Object.entries(written).filter(([name]) => list(name) === one);
  const lists = Object.fromEntries(
    ['dependencies', 'devDependencies'].map((one) => [one, Object.fromEntries(pairsIn(one))]),
  );
  const facts = {
    host: { value: 'flue', because: '' },
    manifest: { path: 'package.json', text: JSON.stringify(lists, null, 2) },
    packages,
  } as unknown as Facts;
  const references = { packages: needed, variables: {}, catalogued: {}, importers: [] };
  const { operations, notes } = await dropPackages(facts, removal, references, false);
  const [write] = operations;
  const left = JSON.parse(write?.kind === 'write' ? write.after! : JSON.stringify(lists));
  return { left: Object.keys({ ...left.dependencies, ...left.devDependencies }), notes: notes.map(({ text }) => text) };
}

test('what adding brought goes', async () => {
  expect(await dropped()).toEqual({ left: [], notes: [] });
});

test('what is declared otherwise than adding does stays, but for the adapter', async () => {
  expect(await dropped({ pg: '^8.11.0', '@flue/postgres': '^2.0.0' })).toEqual({
    left: ['pg'],
    notes: ['`pg` stays: by its version it may be your own'],
  });
});

test('what something else needs stays, and its types with it', async () => {
  expect(await dropped({}, { pg: '`src/pool.ts` imports it' })).toEqual({
    left: ['pg', '@types/pg'],
    notes: ['`pg` stays: `src/pool.ts` imports it', '`@types/pg` stays: its package stays'],
  });
});

test('types that came with a driver which was there before go', async () => {
  expect((await dropped({ pg: '^8.11.0' }, { pg: '`src/pool.ts` imports it' })).left).toEqual(['pg']);
});
