import { describe, expect, test } from 'vitest';
import { takeBlueprint } from '../../src/blueprints/shelf.ts';
import { chooseClient } from '../../src/choose/client.ts';
import { chooseDriver } from '../../src/choose/driver.ts';
import { chooseEntry } from '../../src/choose/entry.ts';
import { chooseHost } from '../../src/choose/host.ts';
import { choosePackageManager } from '../../src/choose/package-manager.ts';
import { chooseRemoval } from '../../src/choose/removal.ts';
import { hostNamed } from '../../src/knowledge/hosts/index.ts';
import type { Facts } from '../../src/types/facts.ts';

/** What is decided by facts alone, what is asked, and what is refused. */
const factsOf = (facts: object) => ({ host: { value: 'flue', because: '' }, ...facts }) as Facts;
const found = (name: string) => ({ value: hostNamed(name), because: name });

describe('the host', () => {
  test('is the only one there is, and of two it is asked', () => {
    expect(chooseHost([found('pikku')], undefined)).toEqual({ choice: hostNamed('pikku') });
    expect(chooseHost([found('flue'), found('pikku')], undefined)).toMatchObject({ question: { flag: '--host' } });
    expect(chooseHost([found('flue'), found('pikku')], 'pikku')).toEqual({ choice: hostNamed('pikku') });
  });

  test('must be there to be named', () => {
    expect(() => chooseHost([found('flue')], 'pikku')).toThrow('Pikku is not used in this package');
  });
});

describe('the package manager', () => {
  const manager = (guess: boolean) =>
    factsOf({ packageManager: { value: { name: 'npm' }, because: 'nothing says another', ...(guess && { guess }) } });

  test('is what the evidence says; a guess is confirmed where somebody can', () => {
    expect(choosePackageManager(manager(false), true)).toMatchObject({ choice: { value: { name: 'npm' } } });
    expect(choosePackageManager(manager(true))).toMatchObject({ choice: { value: { name: 'npm' } } });
    const { question } = choosePackageManager(manager(true), true) as { question: { answers: object[] } };
    expect(question.answers).toContainEqual({ value: 'npm', label: 'npm', recommended: true });
  });
});

describe('an entry', () => {
  const place = { value: 'src/db.ts', because: 'the source root' };
  const shelved = takeBlueprint('postgres', 'database');
  const choose = (hidden: object | null) =>
    chooseEntry(factsOf({ place, entry: null, hidden }), shelved, { names: {} });

  test('is written where none is, unless that hid a module which is imported', async () => {
    expect(await choose(null)).toEqual({
      choice: { entry: { value: 'write', path: 'src/db.ts', because: place.because } },
    });
    const hidden = { value: 'src/db/index.ts', because: '`src/app.ts` imports `./db`' };
    await expect(choose(hidden)).rejects.toMatchObject({ code: 'adapter-exists' });
  });

  const removal = (marker: string | null, name: string | undefined) =>
    chooseRemoval(
      factsOf({ entry: { value: { path: 'src/db.ts', text: '', marker, handedOut: null }, because: '' } }),
      { name, install: false },
    );

  test('is only removed where it is ours, and of the database that is named', async () => {
    await expect(removal(null, undefined)).rejects.toThrow('`src/db.ts` is not one of ours');
    await expect(removal('database/postgres@1', 'redis')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(removal('database/postgres@99', 'postgres')).rejects.toThrow('this version does not know');
  });
});

test.each<[string, string, string, string]>([
  ['mongodb', 'mongoose', '^8.0.0', 'mongodb'],
  ['mongodb', 'mongoose', '^5.13.0', 'none yet'],
  ['redis', 'bullmq', '^5.0.0', 'ioredis'],
  ['redis', 'bull', '^3.0.0', 'none yet'],
])('%s: %s %s stands on %s', (name, by, specifier, driver) => {
  const packages = [{ name: by, list: 'dependencies', specifier, installed: null }];
  const { blueprint } = takeBlueprint(name, 'database');
  const chosen = chooseDriver(
    factsOf({ packages, source: null, packageManager: { value: null } }),
    blueprint,
    undefined,
    null,
  );
  const first = {
    value: { package: blueprint.drivers[0]!.package },
    because: expect.not.stringContaining('stands on'),
  };
  const stands = { value: { package: driver }, because: `\`${by}\` stands on it` };
  expect(chosen).toMatchObject({ choice: driver === 'none yet' ? first : stands });
});

test('a client of the project must be one that can carry the state', () => {
  const client = { package: 'pg', path: 'src/pool.ts', export: 'pool', unfit: 'it has `max: 1`' };
  const chosen = (unfit: string | null, driver?: string) =>
    chooseClient(factsOf({ clients: [{ ...client, unfit }] }), { names: {}, client: 'src/pool.ts#pool', driver }, null);
  expect(chosen(null)).toMatchObject({ value: { export: 'pool' }, because: '--client' });
  expect(() => chosen(client.unfit)).toThrow('it has `max: 1`');
  expect(() => chosen(null, 'postgres')).toThrow('is a client of `pg`');
});
