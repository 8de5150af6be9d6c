import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyProject, verified } from './projects.mjs';

/**
 * A db entry that does harm: whatever it does, `verify` is not content, ends in time, prints one JSON object, says no
 * secret and leaves no process behind.
 */
const adapter = `import { postgres } from '@flue/postgres';
const rows = async () => [{ one: 1 }];
const runner = { query: rows, transaction: async (work) => work({ query: rows }), close: async () => {} };
`;
const fine = `${adapter}export default postgres(runner);\n`;

const secret = 'h0stile-w0rd';

const entries: Record<string, string> = {
  'leaves with 0 when it is imported': `process.exit(0);\n${fine}`,
  'leaves with 3 when it is imported, with last words': `console.error('no ${secret} today'); process.exit(3);\n${fine}`,
  'leaves while it is asked': `${adapter}runner.query = async () => process.exit(0);\nexport default postgres(runner);\n`,
  'never ends when it is imported': `for (;;);\n${fine}`,
  'waits for ever when it is imported': `await new Promise((resolve) => setInterval(() => {}, 1000));\n${fine}`,
  'waits for ever when it is asked': `${adapter}runner.query = () => new Promise(() => {});\nexport default postgres(runner);\n`,
  'keeps the thread busy when it is asked': `${adapter}runner.query = async () => { for (;;); };\nexport default postgres(runner);\n`,
  'prints without end': `for (;;) console.log('x'.repeat(10_000));\n${fine}`,
  'throws null': `throw null;\n${fine}`,
  'throws what cannot be read': `throw { get message() { throw new Error('trap'); }, get code() { throw new Error('trap'); } };\n${fine}`,
  'throws something endless': `throw new Error('${secret}'.repeat(500_000));\n${fine}`,
  'throws its address': `throw new Error('cannot reach ' + process.env.DATABASE_URL);\n${fine}`,
  'throws its address when it is asked': `${adapter}runner.query = async () => { throw new Error(process.env.DATABASE_URL); };\nexport default postgres(runner);\n`,
  'forgets its environment and throws what was in it': `const was = process.env.DATABASE_URL; process.env = {}; throw new Error(was);\n${fine}`,
  'exports nothing': `${adapter}postgres(runner);\nexport const nothing = 1;\n`,
  'exports a trap': `${adapter}postgres(runner);\nexport default new Proxy({}, { get() { throw new Error('trap'); } });\n`,
  'exports a promise': `${adapter}export default Promise.resolve(postgres(runner));\n`,
  'closes every descriptor': `import { closeSync } from 'node:fs';\nfor (let i = 0; i < 30; i += 1) try { closeSync(i); } catch {}\n${fine}`,
  'puts another file in the place of the channel': `import { closeSync, openSync } from 'node:fs';\ncloseSync(3); openSync('/dev/null', 'w');\n${fine}`,
  'writes on the channel that all is well': `import { writeSync } from 'node:fs';
const check = { code: 'server-answers', title: 't', ok: true, severity: 'error', because: null, remedy: null, ms: 1 };
for (const key of ['', process.env.FLUE_VERIFY_RUN, 'key']) for (const event of [{ event: 'check', check }, { event: 'ending' }])
  writeSync(3, JSON.stringify({ key, ...event }) + '\\n');
process.exit(0);\n${fine}`,
  'floods the channel': `import { writeSync } from 'node:fs';\nfor (let i = 0; i < 500; i += 1) writeSync(3, 'x'.repeat(100_000));\nprocess.exit(0);\n${fine}`,
  'stops itself': `process.kill(process.pid, 'SIGSTOP');\n${fine}`,
  'kills itself': `process.kill(process.pid, 'SIGKILL');\n${fine}`,
  aborts: `process.abort();\n${fine}`,
  'ignores every signal': `for (const one of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(one, () => {});\nfor (;;);\n${fine}`,
  'never ends when it ends': `process.on('exit', () => { for (;;); });\nprocess.exit(0);\n${fine}`,
  'starts a process that stays': `import { spawn } from 'node:child_process';
spawn('sleep', ['3000'], { stdio: 'inherit' });\nprocess.exit(0);\n${fine}`,
  'starts a process that leaves the group': `import { spawn } from 'node:child_process';
spawn('setsid', ['sleep', '3000'], { stdio: 'inherit', detached: true }).unref();\nawait new Promise((r) => setTimeout(r, 200));\nprocess.exit(0);\n${fine}`,
  'starts processes that start processes': `import { spawn } from 'node:child_process';
spawn('setsid', ['sh', '-c', 'while :; do sleep 1 & sleep 1; done'], { stdio: 'ignore', detached: true }).unref();
await new Promise((r) => setTimeout(r, 200));\nprocess.exit(0);\n${fine}`,
  'throws a moment later': `setTimeout(() => { throw new Error('later'); }, 10);\n${fine}`,
  'rejects a moment later': `setTimeout(() => Promise.reject(new Error('later')), 10);\n${fine}`,
  'takes the tools away': `JSON.stringify = () => '{"event":"ending"}'; Array.prototype.push = () => 0; globalThis.setTimeout = () => {};\n${fine}`,
  'swallows every error': `process.removeAllListeners(); process.on('uncaughtException', () => {});\nsetTimeout(() => { throw 1; }, 5);\n${adapter}runner.query = async () => [];\nexport default postgres(runner);\n`,
  'is no module': 'export default {{{\n',
  'is empty': '',
};

/** Every process whose environment says that it belongs to this run. */
function leftOf(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOSTILE_RUN=${mark}`);
      } catch {
        return false;
      }
    });
}

let runs = 0;
describe.concurrent.each(Object.entries(entries))('a db entry that %s', (_name, text) => {
  test('is not called fit', { timeout: 120_000 }, async () => {
    const folder = emptyProject();
    writeFileSync(path.join(folder, 'src/db.ts'), text);
    const mark = `${process.pid}-${++runs}`;
    const start = Date.now();
    const env = { DATABASE_URL: `postgres://app:${secret}@127.0.0.1:1/app`, HOSTILE_RUN: mark };
    const ran = await verified(folder, env, ['--timeout', '5', '--level', 'read']);
    expect(ran.code, ran.output).toBe(5);
    expect(ran.problem.code).toMatch(/^database-un(?:reachable|fit)$/);
    expect(Date.now() - start).toBeLessThan(60_000);
    expect(ran.output).not.toContain(secret);
    expect(ran.output.length).toBeLessThan(100_000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(leftOf(mark)).toEqual([]);
  });
});
