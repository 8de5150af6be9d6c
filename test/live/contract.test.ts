import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, scratch } from '../flue.ts';
import { modernNode } from '../servers/flue.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { fetchedPackages } from '../servers/package-managers.mjs';

/**
 * Flue's own contract suites over our db.ts, with the real runtime and, for MySQL, the real adapter: what can be had of
 * them.
 */
const packages = ['@flue/runtime@2.1.0', '@flue/mysql@2.1.0', 'vitest@4', 'mysql2@3', '@types/node@22', 'typescript@5'];
const installed = fetchedPackages('flue-2.1.0', packages);
let server: Awaited<ReturnType<typeof startMysql>>;
beforeAll(async () => {
  server = await startMysql();
}, 120_000);
afterAll(() => server.stop());

/**
 * One instance of `db.ts` for each store, over a database of its own, which is emptied before each: its rows, as MySQL
 * takes long to make tables.
 */
const suites = (empty: string, formatKey: string) => `
import { afterAll, beforeEach } from 'vitest';
import {
  defineAttachmentStoreContractTests,
  defineConversationStreamStoreContractTests,
  defineStoreContractTests,
} from '@flue/runtime/test-utils';
import adapter from './db.ts';
${empty}
const stores = async () => {
  await empty();
  await adapter.migrate?.();
  return adapter.connect();
};
const cleanup = () => adapter.close?.();
defineStoreContractTests('${formatKey}', { create: async () => (await stores()).submissionStore, cleanup });
defineConversationStreamStoreContractTests('${formatKey}', {
  create: async () => {
    const { conversationStreamStore, submissionStore } = await stores();
    return { stream: conversationStreamStore, submissionStore };
  },
  cleanup,
});
defineAttachmentStoreContractTests('${formatKey}', { create: async () => (await stores()).attachmentStore, cleanup });
`;

const databases = {
  mysql: {
    template: 'mysql@1/mysql2.ts',
    empty: `
import { createConnection } from 'mysql2/promise';
const empty = async () => {
  const connection = await createConnection(process.env.MYSQL_URL);
  await connection.query('SET foreign_key_checks = 0');
  const [tables] = await connection.query('SHOW TABLES');
  const stores = tables.flatMap(Object.values).filter((name) => name !== 'flue_meta');
  for (const name of stores) await connection.query('DELETE FROM ' + name);
  await connection.end();
};`,
  },
  sqlite: {
    template: 'sqlite@1/sqlite.ts',
    empty: `
import { rm } from 'node:fs/promises';
const empty = () => rm('./data', { recursive: true, force: true });`,
  },
};

test.each(['mysql', 'sqlite'] as const)('%s keeps every contract of Flue 2.1.0', { timeout: 300_000 }, async (name) => {
  const { template, empty } = databases[name];
  const folder = scratch('contract');
  symlinkSync(installed, path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  mkdirSync(path.join(folder, 'data'));
  cpSync(path.join(root, 'blueprints/database', template), path.join(folder, 'db.ts'));
  writeFileSync(path.join(folder, 'contract.test.ts'), suites(empty, name));
  const env = { ...process.env, MYSQL_URL: server.url, VITEST: undefined, NODE_OPTIONS: undefined };
  const report = path.join(folder, 'report.json');
  const args = [
    path.join(installed, 'vitest/vitest.mjs'),
    'run',
    '--testTimeout=30000',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const ran = await promisify(execFile)(modernNode(), args, { cwd: folder, env: env as NodeJS.ProcessEnv }).catch(
    (error) => error,
  );
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = testResults.flatMap(
    (file: { message: string; assertionResults: { status: string; fullName: string }[] }) => [
      ...(file.message ? [file.message] : []),
      ...file.assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
    ],
  );
  expect(failed, ran.stderr).toEqual([]);
  expect(numFailedTests).toBe(0);
  console.log(`${name}: ${numPassedTests} contract tests of @flue/runtime 2.1.0`);
  expect(numPassedTests).toBeGreaterThan(90);
});
