import { expect, test } from 'vitest';
import { hostNamed } from '../../src/knowledge/hosts/index.ts';
import type { Site } from '../../src/types/verify.ts';
import { isLocal } from '../../src/verify/child/sockets.ts';
import { levelFor } from '../../src/verify/level.ts';
import { newScratchId, scratchFor } from '../../src/verify/scratch.ts';

const site = (changes: Partial<Site>): Site => ({
  engine: 'postgres',
  loadedBy: 'vite 8',
  server: 'Postgres 18',
  address: 'db.example.com:5432/app',
  local: false,
  production: false,
  holds: { flue: false, others: false },
  unwritable: null,
  sharedFile: false,
  ...changes,
});
const nothing = { flue: false, others: false };
const flue = { flue: true, others: false };
const others = { flue: false, others: true };

test.each([
  ['this machine', { local: true, holds: { flue: true, others: true } }, 'write'],
  ['elsewhere, empty', { holds: nothing }, 'write'],
  ['elsewhere, with tables of others', { holds: others }, 'asked'],
  ["elsewhere, with Flue's state", { holds: flue }, 'only by hand'],
  ["this machine, with Flue's state, in production", { local: true, production: true, holds: flue }, 'only by hand'],
  ['this machine, empty, in production', { local: true, production: true, holds: nothing }, 'write'],
  ['elsewhere, empty, in production', { production: true, holds: nothing }, 'only by hand'],
] as const)('%s: %s', (_name, changes, expected) => {
  const level = levelFor(site(changes), { host: hostNamed('flue') });
  if (expected === 'write') return expect(level).toBe('write');
  expect(level).toMatchObject({ flag: '--level' });
  // `--yes` takes the recommended answer: there is none where it looks like production.
  const recommended = typeof level === 'object' && level.answers.some((one) => one.recommended);
  expect(recommended).toBe(expected === 'asked');
});

test.each([
  ['127.0.0.1', true],
  ['localhost', true],
  ['::1', true],
  ['10.0.0.7', true],
  ['192.168.1.4', true],
  ['172.20.0.2', true],
  ['fd00::5', true],
  ['postgres', true],
  ['host.docker.internal', true],
  ['nas.local', true],
  ['172.32.0.1', false],
  ['8.8.8.8', false],
  ['db.example.com', false],
  ['postgres.railway.internal', false],
  ['my-app.internal', false],
  ['aws-0-eu-central-1.pooler.supabase.com', false],
])('%s is local: %s', (host, local) => {
  expect(isLocal({ host, port: 5432 })).toBe(local);
});

test('scratch names say when and by whom, and never begin like those of Flue', () => {
  const id = newScratchId();
  const { table, key, isLeft } = scratchFor(id);
  expect(table).toMatch(/^verify_[0-9a-z]{8}_[0-9a-f]{6}_[0-9a-f]+$/);
  expect(key('kept')).toBe(`verify:${id}:kept`);
  const [, machine] = id.split('_');
  const long = (Date.now() - 11 * 60_000).toString(36);
  const now = Date.now().toString(36);
  const dead = (2 ** 22 + 1).toString(16);
  expect(isLeft(id)).toBe(false);
  expect(isLeft(`${now}_${machine}_${dead}`), 'a process that is gone').toBe(true);
  expect(isLeft(`${now}_${machine}_${process.ppid.toString(16)}`), 'a process that is there').toBe(false);
  expect(isLeft(`${now}_000000_${dead}`), 'another machine, just now').toBe(false);
  expect(isLeft(`${long}_000000_${dead}`), 'another machine, long ago').toBe(true);
  for (const other of ['', 'users', 'mc3k2j1a', `${long}_xyz`, `${now}_${machine}_zz`])
    expect(isLeft(other)).toBe(false);
});
