import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AddFlags, add } from '../../src/commands/add.ts';
import { remove } from '../../src/commands/remove.ts';
import type { Problem } from '../../src/problem.ts';
import { root, scratch, treeOf } from '../flue.ts';

/** What a person does between adding and removing: nothing that he wrote or needs goes with it. */
function project(fixture: string): string {
  const folder = scratch('remove');
  cpSync(path.join(root, 'fixtures', fixture, 'before'), folder, { recursive: true });
  return folder;
}

const put = (folder: string, files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
};
const read = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');
const manifest = (folder: string) => JSON.parse(read(folder, 'package.json'));

async function added(fixture: string, name = 'postgres', flags: Partial<AddFlags> = {}): Promise<string> {
  const folder = project(fixture);
  await add('database', name, { cwd: folder, var: [], install: false, json: true, yes: true, ...flags });
  return folder;
}

async function removed(folder: string, cwd = folder): Promise<string> {
  const { plan } = await remove(undefined, { cwd, install: false, json: true });
  return plan!.next.join('\n');
}

const refused = (folder: string, name?: string) =>
  remove(name, { cwd: folder, install: false, json: true }).then(
    () => expect.fail('it should have been refused'),
    (error: Problem) => error,
  );

describe('packages stay while anything names them', () => {
  test.each<[string, Record<string, string>]>([
    ['a test', { 'test/pool.test.ts': "import { Pool } from 'pg';\n" }],
    ['a script in a folder that builds', { 'src/build/report.ts': "const { Pool } = require('pg');\n" }],
    ['a workflow', { '.github/scripts/check.mjs': "await import('pg');\n" }],
    [
      'a script with a package.json of its own',
      { 'scripts/package.json': '{"type":"commonjs"}', 'scripts/a.js': "require('pg')\n" },
    ],
    ['a mock', { 'test/a.test.ts': "vi.mock('pg');\n" }],
    ['a shell script', { 'seed.sh': 'node -e \'require("pg")\'\n' }],
    ['types', { 'src/types.d.ts': "import 'pg';\n" }],
  ])('%s', async (_name, files) => {
    const folder = await added('package-managers/npm');
    put(folder, files);
    expect(await removed(folder)).toMatch(/`pg` stays: `.+` names it\n`@types\/pg` stays: its package stays/);
    expect(manifest(folder).dependencies).toMatchObject({ pg: '^8.21.0' });
  });

  test.each<[string, object, string]>([
    ['a script', { scripts: { seed: 'node -r pg seed.js' } }, 'a script names it'],
    ['an alias', { imports: { '#pg': 'pg' } }, '`package.json` names it elsewhere'],
    ['what may stand on it', { optionalDependencies: { 'pg-boss': '^10.0.0' } }, '`pg-boss` may stand on it'],
  ])('%s', async (_name, more, reason) => {
    const folder = await added('package-managers/npm');
    put(folder, { 'package.json': JSON.stringify({ ...manifest(folder), ...more }, null, 2) });
    expect(await removed(folder)).toContain(`\`pg\` stays: ${reason}`);
  });

  test('a version of the project’s own', async () => {
    const folder = await added('drivers/pg');
    expect(await removed(folder)).toContain('`pg` stays: by its version it may be your own');
  });

  test('an env module that imports it, and one that needs Node', async () => {
    const folder = await added('env-docs/zod');
    const file = Object.keys(treeOf(folder)).find((name) => /env\.ts$/.test(name))!;
    put(folder, {
      [file]: `import type { PoolConfig } from 'pg';\nexport type P = PoolConfig;\n${read(folder, file)}`,
    });
    expect(await removed(folder)).toContain(`\`pg\` stays: \`${file}\` names it`);
    const other = await added('databases/redis-none', 'redis');
    put(other, { 'src/a.ts': "import { readFileSync } from 'fs';\nreadFileSync('a');\n" });
    expect(await removed(other)).toContain('`@types/node` stays: `src/a.ts` is code for Node');
  });

  test('a driver of another engine does not', async () => {
    const folder = await added('package-managers/npm', 'redis');
    put(folder, {
      'package.json': JSON.stringify({ ...manifest(folder), devDependencies: { pg: '^8.0.0' } }, null, 2),
    });
    await removed(folder);
    expect(manifest(folder).dependencies).not.toHaveProperty('redis');
  });
});

describe('lines in docs stay while anything names the variable', () => {
  test.each<[string, Record<string, string>]>([
    ['code', { 'src/a.ts': 'export const url = process.env.DATABASE_URL;\n' }],
    ['a Compose file', { 'compose.yaml': 'x: $DATABASE_URL\n' }],
    ['a server in Python', { 'server/app.py': "os.environ['DATABASE_URL']\n" }],
  ])('%s', async (_name, files) => {
    const folder = await added('dotenv/crlf');
    put(folder, files);
    expect(await removed(folder)).toContain('the docs keep `DATABASE_URL`: `');
    expect(read(folder, '.env.example')).toContain('DATABASE_URL=');
  });

  test('another package of the workspace, where the doc is shared', async () => {
    const folder = project('dotenv/workspace-root');
    const cwd = path.join(folder, 'apps/agents');
    await add('database', 'postgres', { cwd, var: [], install: false, json: true, yes: true });
    const doc = Object.keys(treeOf(folder)).find((name) => name.endsWith('.env.example'))!;
    expect(read(folder, doc)).toContain('DATABASE_URL');
    put(folder, { 'apps/web/package.json': '{ "name": "web" }', 'apps/web/src/a.ts': 'process.env.DATABASE_URL;\n' });
    expect(await removed(folder, cwd)).toMatch(/the docs keep `DATABASE_URL`: `.*apps\/web\/src\/a\.ts` names it/);
    expect(read(folder, doc)).toContain('DATABASE_URL');
  });

  test('what people changed in between stays as they left it', async () => {
    const valued = await added('dotenv/crlf');
    put(valued, {
      '.env.example': read(valued, '.env.example').replace('DATABASE_URL=', 'DATABASE_URL=postgres://here'),
    });
    expect(await removed(valued)).toContain('`.env.example` still has `DATABASE_URL`, written otherwise');
    const commented = await added('package-managers/npm');
    put(commented, { '.env.example': 'PORT=\n\n# the big one, ask Ann\nDATABASE_URL=\n' });
    await removed(commented);
    expect(read(commented, '.env.example')).toContain('# the big one, ask Ann\nDATABASE_URL=\n');
    const appended = await added('dotenv/crlf');
    put(appended, { '.env.example': `${read(appended, '.env.example')}ZED=1\r\n` });
    await removed(appended);
    expect(read(appended, '.env.example')).toMatch(/ZED=1\r\n$/);
    expect(read(appended, '.env.example')).not.toContain('DATABASE_URL');
  });

  test('a long README that names it in its prose loses only the row, soon', { timeout: 20_000 }, async () => {
    const folder = await added('env-docs/readme-table');
    const prose = '\n## Step\n\nSet `DATABASE_URL` there\n'.repeat(3) + '\nA short paragraph\n'.repeat(400);
    put(folder, { 'README.md': read(folder, 'README.md') + prose });
    await removed(folder);
    expect(read(folder, 'README.md').split('DATABASE_URL').length).toBe(4);
    expect(read(folder, 'README.md')).not.toMatch(/\| `DATABASE_URL`/);
  });
});

describe('the db entry', () => {
  test('one that code imports is not taken away', async () => {
    const folder = await added('package-managers/npm');
    put(folder, { 'src/app.ts': "import db from './db.js';\nexport default db;\n" });
    const before = treeOf(folder);
    expect(await refused(folder)).toMatchObject({
      code: 'adapter-exists',
      message: expect.stringContaining('`src/app.ts` imports'),
    });
    expect(treeOf(folder)).toEqual(before);
  });

  test.each<[string, string, string]>([
    ['edited', '// flue-blueprint: database/postgres@1\nexport default {};\n', 'is not as it was written'],
    ['of a newer version', '// flue-blueprint: database/postgres@9\nexport default {};\n', 'does not know'],
    ['not ours', 'export default {};\n', 'is not one of ours'],
  ])('%s: refused', async (_name, text, reason) => {
    const folder = project('package-managers/npm');
    put(folder, { 'src/db.ts': text });
    expect((await refused(folder)).message).toContain(reason);
    expect(read(folder, 'src/db.ts')).toBe(text);
  });

  test('another database than the one that is named', async () => {
    const folder = await added('package-managers/npm');
    expect(await refused(folder, 'redis')).toMatchObject({ code: 'bad-request' });
    await remove('pg', { cwd: folder, install: false, json: true });
    expect(existsSync(path.join(folder, 'src/db.ts'))).toBe(false);
  });

  test('none, or what `flue init` wrote: nothing to do', async () => {
    for (const fixture of ['package-managers/npm', 'db-entries/scaffold']) {
      const folder = project(fixture);
      const before = treeOf(folder);
      expect((await remove(undefined, { cwd: folder, install: true, json: true })).plan?.operations).toEqual([]);
      expect(treeOf(folder)).toEqual(before);
    }
  });

  test('what `flue init` began has its default again, whichever database it was', async () => {
    for (const name of ['postgres', 'sqlite']) {
      const folder = await added('db-entries/scaffold-of-init', name);
      const scaffold = readFileSync(path.join(root, 'blueprints/flue-init/db.ts'), 'utf8');
      expect(read(folder, 'src/db.ts')).not.toBe(scaffold);
      await removed(folder);
      expect(read(folder, 'src/db.ts')).toBe(scaffold);
    }
  });

  test('the packages of what comes back stay', async () => {
    const folder = project('package-managers/npm');
    const own =
      "import { Pool } from 'pg';\nimport { postgres } from '@flue/postgres';\nexport default postgres(new Pool());\n";
    put(folder, { 'src/db.ts': own });
    await add('database', 'postgres', { cwd: folder, var: [], install: false, json: true, onExisting: 'replace' });
    await removed(folder);
    expect(read(folder, 'src/db.ts')).toBe(own);
    expect(Object.keys(manifest(folder).dependencies)).toEqual(expect.arrayContaining(['@flue/postgres', 'pg']));
  });

  test('of several databases, the ones before are named', async () => {
    const folder = await added('package-managers/npm');
    await add('database', 'redis', { cwd: folder, var: [], install: false, json: true, yes: true });
    expect(await removed(folder)).toContain('`@flue/postgres` is still in `package.json`');
  });
});
