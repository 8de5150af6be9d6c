import { rmSync, writeFileSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyProject, verified } from './projects.mjs';

/**
 * A db entry whose adapter none of Flue's packages made: what can be looked at is, it is said that its database was
 * not, and it is called right only as far as that goes.
 */
const stores = 'submissionStore: {}, conversationStreamStore: {}, attachmentStore: {}';
const own = (body: string) => `let started = false;\nexport default { ${body} };\n`;
const whole = own(`async migrate() { started = true; },
  connect() { if (!started) throw new Error('not started'); return { ${stores} }; }, async close() {}`);

const unchecked = { failed: [], warned: ['database-checked'] };
const cases: [what: string, text: string, args: string[], expected: object][] = [
  ['is not started where only reading is allowed', whole, ['--level', 'read'], { code: 0, ...unchecked }],
  ['is not enough under --strict', whole, ['--strict'], { code: 5, problem: 'database-unreachable', ...unchecked }],
  ['is started where writing is allowed', whole, ['--level', 'write', '--strict'], { code: 0, failed: [], warned: [] }],
  [
    'cannot reach its server',
    own(
      "async migrate() { throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' }); }, connect() { return started; }",
    ),
    ['--level', 'write'],
    { code: 5, problem: 'database-unreachable', failed: ['starts'] },
  ],
  [
    'lacks a store',
    own('connect: async () => ({ submissionStore: {}, conversationStreamStore: {} })'),
    ['--level', 'write'],
    { code: 5, problem: 'database-unfit', failed: ['gives-stores'] },
  ],
  [
    'connects when it is imported',
    `import { connect } from 'node:net';\nconnect(1, '127.0.0.1').on('error', () => {});\n${whole}`,
    [],
    { code: 0, failed: [], warned: ['import-connects-nothing', 'database-checked'] },
  ],
];

describe.concurrent('an adapter of its own that', () => {
  test.each(cases)('%s', { timeout: 60_000 }, async (_, text, args, expected) => {
    const folder = emptyProject();
    writeFileSync(path.join(folder, 'src/db.ts'), text);
    const { problem, ...ran } = await verified(folder, {}, args);
    expect({ ...ran, problem: problem?.code }, ran.output).toMatchObject(expected);
    expect(ran.checks.find(({ code }) => code === 'adapter-known')).toMatchObject({ ok: null });
  });

  test('nothing here can load as Flue does', { timeout: 60_000 }, async () => {
    const folder = emptyProject({ javascript: true });
    writeFileSync(path.join(folder, 'src/db.js'), whole);
    rmSync(path.join(folder, 'node_modules/vite'));
    const ran = await verified(folder, {});
    const hasHooks = 'registerHooks' in module;
    expect([ran.code, ran.failed], ran.output).toEqual(hasHooks ? [0, []] : [5, ['loads']]);
  });
});
