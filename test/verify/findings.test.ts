import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { findings } from './findings.ts';
import { redisMutants } from './mutants-redis.ts';
import { sqlMutants } from './mutants-sql.ts';
import { emptyProject, verified } from './projects.mjs';

/** Each finding of the review is named by a check, and each check was seen to catch a fault of its kind. */

const silent = `const refuse = async () => { throw new Error('no server'); };
const runner = { query: refuse, transaction: refuse, command: refuse, eval: refuse, close: async () => {} };\n`;

/** Faults that need no server; the mutants of templates are run by test/live/verify.test.ts. */
const ownFaults: Record<string, { text: string; target?: string; env?: NodeJS.ProcessEnv }> = {
  'makes two adapters': {
    text: `import { postgres } from '@flue/postgres';\nimport { redis } from '@flue/redis';\n${silent}
const [first, second] = [redis(runner), postgres(runner)];
export default process.env.REDIS_URL ? first : second;\n`,
    env: { REDIS_URL: 'redis://127.0.0.1:1' },
  },
  'takes the first of two variables': {
    text: `import { redis } from '@flue/redis';\n${silent}
runner.command = async () => { throw new Error(process.env.VALKEY_URL ?? process.env.REDIS_URL); };
export default redis(runner);\n`,
    env: { VALKEY_URL: 'redis://:s3cret-one@127.0.0.1:1', REDIS_URL: 'redis://:s3cret-two@127.0.0.1:2' },
  },
  'imports a driver that is not there': {
    text: `import { redis } from '@flue/redis';\nimport { client } from 'valkey-of-nobody';\nexport default redis(client);\n`,
  },
  'stands in a project for Cloudflare': {
    text: `import { redis } from '@flue/redis';\n${silent}export default redis(runner);\n`,
    target: 'cloudflare',
  },
  'imports the adapter and makes none': {
    text: `import { redis } from '@flue/redis';\nexport const make = redis;\nexport default { connect() {}, migrate() {}, close() {} };\n`,
  },
};

/** The codes that failed in a project with that db entry. */
async function failedIn({ text, target, env = {} }: (typeof ownFaults)[string]): Promise<string[]> {
  const folder = emptyProject();
  writeFileSync(path.join(folder, 'src/db.ts'), text);
  if (target) writeFileSync(path.join(folder, 'flue.config.ts'), `export default { target: '${target}' };\n`);
  const ran = await verified(folder, env, ['--level', 'read']);
  expect(ran.output).not.toContain('s3cret');
  expect(ran.code).toBe(5);
  return [...ran.failed, ...ran.warned];
}

const mutants = [...sqlMutants, ...redisMutants];
const caught = new Map(
  mutants.map(({ template, name, expected }) => [`${template} ${name}`, 'caught' in expected ? expected.caught : '']),
);

describe('every finding', () => {
  const seen: Record<string, string[]> = {};
  beforeAll(async () => {
    for (const [name, fault] of Object.entries(ownFaults)) seen[name] = await failedIn(fault);
  }, 120_000);

  const rows = findings.flatMap(({ number, title, seenBy }) =>
    (seenBy ?? []).map(({ check, faults }) => [`${number} ${title}`, check, faults] as const),
  );
  test.each(rows)('%s: %s', (_, check, faults) => {
    for (const fault of faults) {
      if (fault in ownFaults) expect(seen[fault], fault).toContain(check);
      else expect(caught.get(fault), fault).toBe(check);
    }
    expect(faults.length).toBeGreaterThan(0);
  });

  test('all ten, each once, and no fault of this file for nothing', () => {
    expect(findings.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const used = findings.flatMap(({ seenBy }) => (seenBy ?? []).flatMap(({ faults }) => faults));
    expect(Object.keys(ownFaults).filter((name) => !used.includes(name))).toEqual([]);
  });

  test('docs/verify.md has the same table', () => {
    const table = findings.map(({ number, title, seenBy, because }) => {
      const checks = seenBy?.map(({ check }) => `\`${check}\``).join(', ');
      return `| ${number} | ${title} | ${checks ?? `none: ${because}`} |`;
    });
    expect(readFileSync(path.join(root, 'docs/verify.md'), 'utf8')).toContain(table.join('\n'));
  });
});

test('a choice between stores is none of that, where it is made', { timeout: 30_000 }, async () => {
  const text = `import { postgres } from '@flue/postgres';\nimport { redis } from '@flue/redis';\n${silent}
export default process.env.REDIS_URL ? redis(runner) : postgres(runner, { at: process.env.VALKEY_URL || process.env.DATABASE_URL });\n`;
  const failed = await failedIn({ text, env: { DATABASE_URL: 'postgres://127.0.0.1:1/x' } });
  expect(failed).toEqual(['server-answers']);
});
