import { describe, expect, test } from 'vitest';
import { takeBlueprint } from '../../../../src/blueprints/shelf.ts';
import { adapterVersion } from '../../../../src/knowledge/hosts/pikku/version.ts';
import type { Facts } from '../../../../src/types/facts.ts';

/** Which adapter goes with a core: pairs that npm takes, and that cannot be loaded, are refused. */
const { blueprint } = takeBlueprint('redis', 'pikku');
const versions = blueprint.versions!;
const [oldest, newest] = [versions[0]!, versions.at(-1)!];
const chosen = (version: string | null, packages: object[] = []) =>
  adapterVersion({ version: { value: version, because: 'installed' }, packages } as unknown as Facts, blueprint);

test('each end of each row has its adapter', () => {
  for (const { from, to, adapter } of versions)
    for (const version of [from, to]) expect(chosen(version)).toMatchObject({ choice: { value: adapter } });
});

test('a core that nothing tells, an older and a newer one are refused', () => {
  const next = (version: string, by: number) => version.replace(/\d+$/, (patch) => String(Number(patch) + by));
  expect(() => chosen(null)).toThrow('is not known');
  expect(() => chosen(next(newest.to, 1))).toThrow('is newer than');
  expect(() => chosen('0.11.9')).toThrow('has no service that lists runs');
});

describe('what package.json has already', () => {
  const adapter = (specifier: string) => [
    { name: blueprint.adapter, list: 'dependencies', specifier, installed: null },
  ];
  const driver = (specifier: string, installed: string | null) => [
    { name: 'ioredis', list: 'dependencies', specifier, installed },
  ];

  test('must be that adapter exactly', () => {
    expect(chosen(newest.to, adapter(newest.adapter))).toHaveProperty('choice');
    expect(chosen(newest.to, adapter('workspace:*'))).toHaveProperty('choice');
    expect(() => chosen(newest.to, adapter(`^${oldest.adapter}`))).toThrow('exactly');
  });

  test('must not be a driver of which the adapter would bring a copy of its own', () => {
    expect(chosen(newest.to, driver(`^${newest.driver}`, null))).toHaveProperty('choice');
    expect(chosen(newest.to, driver('^5.0.0', null))).toHaveProperty('choice');
    expect(() => chosen(newest.to, driver('^5.0.0', '5.0.0'))).toThrow('a copy of its own');
    expect(() => chosen(newest.to, driver('5.0.0', null))).toThrow('a copy of its own');
  });
});
