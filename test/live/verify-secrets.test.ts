import { neonConfig } from '@neondatabase/serverless';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { cleaned } from '../../src/verify/child/channel.ts';
import { redact } from '../../src/verify/child/secrets.ts';
import { project, verified } from '../verify/projects.mjs';
import { checksOf, hearUncaught } from '../verify/template.ts';
import { everyTemplate } from '../verify/templates.ts';

/**
 * Addresses as people get them wrong, over every driver there is: whatever becomes of it, nothing of the password is
 * said.
 */
const word = 'kl4rT3xt';
const broken: Record<string, (scheme: string) => string> = {
  refused: (scheme) => `${scheme}://app:${word}@127.0.0.1:1/shop`,
  'percent-encoded': (scheme) => `${scheme}://app:a%26${word}@127.0.0.1:1/shop`,
  'a slash': (scheme) => `${scheme}://app:a/${word}@127.0.0.1:1/shop`,
  'an at': (scheme) => `${scheme}://app:a@${word}@127.0.0.1:1/shop`,
  'a hash': (scheme) => `${scheme}://app:${word}#b@127.0.0.1:1/shop`,
  'a question mark': (scheme) => `${scheme}://app:${word}?b@127.0.0.1:1/shop`,
  'a percent sign': (scheme) => `${scheme}://app:100%${word}@127.0.0.1:1/shop`,
  brackets: (scheme) => `${scheme}://app:[${word}]@127.0.0.1:1/shop`,
  quoted: (scheme) => `"${scheme}://app:${word}@127.0.0.1:1/shop"`,
  'spaces around': (scheme) => ` ${scheme}://app:${word}@127.0.0.1:1/shop \n`,
  'a line break inside': (scheme) => `${scheme}://app:${word}\n@127.0.0.1:1/shop`,
  'no scheme': () => `app:${word}@127.0.0.1:1/shop`,
  'another scheme': () => `ftp://app:${word}@127.0.0.1:1/shop`,
  'no host': (scheme) => `${scheme}://app:${word}@`,
  'no such port': (scheme) => `${scheme}://app:${word}@127.0.0.1:99999/shop`,
  'no such host': (scheme) => `${scheme}://app:${word}@nowhere.invalid/shop`,
  'a parameter': (scheme) => `${scheme}://127.0.0.1:1/shop?password=${word}&authToken=${word}`,
  words: () => `host=127.0.0.1 port=1 user=app password=${word} dbname=shop`,
  'only a password': (scheme) => `${scheme}://:${word}@127.0.0.1:1`,
  'the password alone': () => word,
};
const schemes: Record<string, string> = {
  postgres: 'postgresql',
  supabase: 'postgresql',
  mysql: 'mysql',
  libsql: 'libsql',
  turso: 'libsql',
};

/** Every template once; those of Supabase, and two of Valkey, are those of others. */
const others = /^(?:supabase|turso|sqlite|mongodb)@|^valkey@1\/(?:redis|ioredis)/;
const drivers = everyTemplate().filter(
  ({ template }, index, all) => !others.test(template) && all.findIndex((one) => one.template === template) === index,
);

let hearAgain: () => void;
beforeAll(() => {
  hearAgain = hearUncaught();
  const settings = { useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false as const };
  Object.assign(neonConfig, { ...settings, webSocketConstructor: WebSocket, wsProxy: () => '127.0.0.1:1/' });
});
afterAll(() => hearAgain());

test.each(drivers.map((one) => [one.name, one] as const))('%s', { timeout: 60_000 }, async (_, one) => {
  const [name = ''] = one.template.split('@');
  for (const [what, address] of Object.entries(broken)) {
    const before = { ...process.env };
    process.env[one.variable] = address(schemes[name] ?? 'redis');
    const checks = await checksOf({ ...one, limit: 300 }, ['look']);
    const said = JSON.stringify(cleaned(checks, (text) => redact(text, before, process.env)));
    expect(said, what).not.toMatch(new RegExp(word, 'i'));
    expect(
      checks.some(({ ok }) => ok === false),
      `${what}: ${said}`,
    ).toBe(true);
  }
});

test.each([
  ['pg', { database: 'postgres', driver: 'pg' }, 'DATABASE_URL', 'postgresql'],
  ['libsql', { database: 'libsql', driver: '@libsql/client' }, 'LIBSQL_URL', 'libsql'],
] as const)(
  '%s, the whole program: on neither stream, in no form',
  { timeout: 120_000 },
  async (_, sample, variable, scheme) => {
    const folder = await project(sample);
    for (const address of [broken.refused!(scheme), broken['a slash']!(scheme)]) {
      const ran = await verified(folder, { [variable]: address }, ['--level', 'read', '--timeout', '10']);
      expect([ran.code, ran.problem.code], ran.output).toEqual([5, 'database-unreachable']);
      expect(ran.output).not.toContain(word);
    }
  },
);
