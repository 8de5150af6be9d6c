import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@libsql/client';
import { describe, expect, test, vi } from 'vitest';
import type { Check } from '../../src/types/verify.ts';
import { VerificationRun } from '../../src/verify/index.ts';
import type { Subject } from '../../src/verify/subject.ts';
import { TimeLimit } from '../../src/verify/time.ts';
import { flue } from '../flue.ts';
import { edit, emptyProject, link, project, verified } from './projects.mjs';

/** Checks that fail for none of the faulty templates, each seen to fail here. */

const refusing = `const refuse = async () => { throw new Error('no server'); };
const runner = { query: refuse, transaction: refuse, command: refuse, eval: refuse, close: async () => {} };\n`;

/** One that failed, as far as it is the same each time. */
function failing(checks: readonly Check[], code: string): Partial<Check> | undefined {
  const found = checks.find((one) => one.code === code && one.ok === false);
  return found && { severity: found.severity, because: found.because, remedy: found.remedy };
}

describe.concurrent('fails', () => {
  test('adapter-installed, installed-in-production', { timeout: 60_000 }, async () => {
    const folder = emptyProject();
    const runtime = path.join(folder, 'node_modules/@flue/runtime');
    mkdirSync(runtime, { recursive: true });
    writeFileSync(path.join(runtime, 'package.json'), '{ "name": "@flue/runtime", "exports": { "./x": "./x.js" } }');
    link(folder, 'ioredis', 'ioredis');
    const manifest = { dependencies: { '@flue/runtime': '2.0.3' }, devDependencies: { ioredis: '^5.0.0' } };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module', ...manifest }));
    const text = `import { redis } from '@flue/redis';\nimport 'ioredis';\n${refusing}export default redis(runner);\n`;
    writeFileSync(path.join(folder, 'src/db.ts'), text);
    const { checks, output } = await verified(folder, {}, ['--level', 'read']);
    expect(failing(checks, 'adapter-installed'), output).toEqual({
      severity: 'warning',
      because: '`@flue/redis` is not installed: no build and no server can be made',
      remedy: 'install the project',
    });
    expect(failing(checks, 'installed-in-production'), output).toEqual({
      severity: 'warning',
      because: '`ioredis` stands in `devDependencies`, and a production install leaves it out',
      remedy: 'move it to `dependencies`',
    });
  });

  test('closes', { timeout: 60_000 }, async () => {
    const folder = emptyProject();
    const stores = 'submissionStore: {}, conversationStreamStore: {}, attachmentStore: {}';
    const close = "close() { throw new Error('two transactions are open'); }";
    writeFileSync(path.join(folder, 'src/db.ts'), `export default { connect: () => ({ ${stores} }), ${close} };\n`);
    const { checks, output, code } = await verified(folder, {}, ['--level', 'write']);
    expect(failing(checks, 'closes'), output).toEqual({
      severity: 'warning',
      because: 'two transactions are open',
      remedy: 'Flue calls it when the server stops: let it end, whatever is open',
    });
    expect(code).toBe(0);
  });

  test('shared-file, where a transaction is none', { timeout: 60_000 }, async () => {
    const folder = await project({ database: 'libsql', driver: '@libsql/client' });
    mkdirSync(path.join(folder, 'data'));
    edit(folder, (text) =>
      text.replace(/transaction: \(work\) =>[\s\S]*?\n {4}\}\),/, 'transaction: (work) => work({ query }),'),
    );
    const { checks, output } = await verified(folder, { LIBSQL_URL: 'file:data/flue.db' }, ['--level', 'write']);
    expect(failing(checks, 'shared-file'), output).toEqual({
      severity: 'error',
      because: expect.stringMatching(/^of 20 additions \d+ are there$/),
      remedy: "transactions that take the write lock when they begin: `transaction('write')`",
    });
  });

  test('file-writable, for a user who may only read', { timeout: 60_000 }, async () => {
    const folder = emptyProject();
    link(folder, '@libsql/client', '@libsql/client');
    mkdirSync(path.join(folder, 'data'));
    const file = path.join(folder, 'data/flue.db');
    const client = createClient({ url: `file:${file}` });
    await client.execute('CREATE TABLE own (id INTEGER)');
    client.close();
    const text = `import { libsql } from '@flue/libsql';\nimport { createClient } from '@libsql/client';
let client;
const on = () => (client ??= createClient({ url: process.env.LIBSQL_URL }));
const query = async (sql, args = []) => (await on().execute({ sql, args })).rows.map((row) => ({ ...row }));
export default libsql({ query, transaction: (work) => work({ query }), close: async () => client?.close() });\n`;
    writeFileSync(path.join(folder, 'src/db.ts'), text);
    chmodSync(folder, 0o755);
    chmodSync(path.join(folder, 'data'), 0o555);
    chmodSync(file, 0o444);
    // Root may write everywhere.
    const user = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const env = { LIBSQL_URL: 'file:data/flue.db', NODE_ENV: '' };
    const { stdout } = await flue(['verify', 'database', '--json', '--level', 'read'], { cwd: folder, env, ...user });
    expect(failing(JSON.parse(stdout).checks, 'file-writable'), stdout).toEqual({
      severity: 'error',
      because: `${file} or its folder is not writable for this user`,
      remedy: 'make both writable',
    });
  });
});

describe('the time for all of it', () => {
  test('in-time fails where there is none left', async () => {
    const host = { verification: { reached: () => ({ title: 'it is found', ok: true }), contract: 'the contract' } };
    const subject = { host, facts: { packages: [] }, entry: 'src/db.ts', packages: [] } as unknown as Subject;
    const decide = () => Promise.reject(new Error('nothing was looked at'));
    const asked = { level: null, limit: 0, decide, check: () => {}, begins: () => {} };
    expect(failing(await new VerificationRun(subject, asked).run(), 'in-time')).toEqual({
      severity: 'error',
      because: 'no end within 0 s',
      remedy: '`--timeout <s>` gives it longer',
    });
  });

  test('does not run while a person decides', async () => {
    vi.useFakeTimers();
    try {
      const time = new TimeLimit(60_000);
      vi.advanceTimersByTime(10_000);
      const deciding = time.outside(new Promise((resolve) => setTimeout(() => resolve('write'), 300_000)));
      await vi.advanceTimersByTimeAsync(300_000);
      expect(await deciding).toBe('write');
      expect(time.left()).toBe(50_000);
    } finally {
      vi.useRealTimers();
    }
  });
});
