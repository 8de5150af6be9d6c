import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { remedyFor } from '../../src/verify/child/remedies.ts';
import { scratch } from '../flue.ts';

/** What is said to do about an error: what cannot be right of a variable comes before what the code says. */
const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
const names = ['REMEDIES_TEST_URL', 'REMEDIES_TEST_OTHER'];
const asked = (variables: string[]) => remedyFor(refused, { variables, remedies: {} });

describe('a server that nobody answers at', () => {
  afterEach(() => {
    for (const name of names) delete process.env[name];
  });

  test('a variable that is not set is named: the driver went to a default of its own', () => {
    expect(asked(names.slice(0, 1))).toMatch(/^`REMEDIES_TEST_URL` is not set: .*--env/);
    expect(asked(names)).toMatch(/^none of `REMEDIES_TEST_URL`, `REMEDIES_TEST_OTHER` is set/);
  });

  test('a file that is there and not read by itself is named', () => {
    const before = process.cwd();
    process.chdir(scratch('remedies'));
    writeFileSync('.env.local', '');
    expect(asked(names)).toContain('`--env .env.local`');
    process.chdir(before);
  });

  test('one of them is enough; without any there is only the code', () => {
    process.env.REMEDIES_TEST_OTHER = 'postgres://127.0.0.1/x';
    expect(asked(names)).toContain('nothing listens there');
    expect(asked([])).toContain('nothing listens there');
  });

  test('the address of another engine, where none of them is of this one', () => {
    const of = (engine: string) => remedyFor(refused, { variables: names, remedies: {}, engine });
    process.env.REMEDIES_TEST_URL = 'redis://:kl4r@127.0.0.1/0';
    expect(of('postgres')).toBe(
      '`REMEDIES_TEST_URL` holds the address of redis, and db.ts speaks to postgres: see which is meant',
    );
    expect(of('redis')).toContain('nothing listens there');
    process.env.REMEDIES_TEST_OTHER = 'postgres://127.0.0.1/x';
    expect(of('postgres')).toContain('nothing listens there');
  });

  test('what it holds is looked at first, and is not said', () => {
    process.env.REMEDIES_TEST_URL = '"postgres://app:kl4r@127.0.0.1/x"';
    expect(asked(names)).toMatch(/^`REMEDIES_TEST_URL` has quotes/);
    expect(asked(names)).not.toContain('kl4r');
  });
});

test('a package that is missing is not missing for a variable, and what failed later neither', () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  expect(remedyFor(missing, { variables: names, remedies: {} })).toContain('install the project');
  expect(remedyFor(null, { variables: names, remedies: {}, answered: true })).toContain('it answered before');
  expect(remedyFor(refused, { variables: names, remedies: {}, answered: true })).toContain('nothing listens there');
  expect(remedyFor(null, { variables: [], remedies: {}, endless: 'see what it waits for' })).toBe(
    'see what it waits for',
  );
  const socket = Object.assign(new Error('no'), { code: 'ENOENT', syscall: 'connect' });
  expect(remedyFor(socket, { variables: [], remedies: {} })).toContain('no server listens at that path');
});
