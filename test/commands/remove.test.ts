import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { listBlueprints } from '../../src/blueprints/shelf.ts';
import { chooseRemoval } from '../../src/choose/removal.ts';
import { type AddFlags, add } from '../../src/commands/add.ts';
import { remove } from '../../src/commands/remove.ts';
import { inspect } from '../../src/inspect/index.ts';
import { inspectReferences } from '../../src/inspect/references.ts';
import { flue } from '../../src/knowledge/hosts/flue/index.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import type { Problem } from '../../src/problem.ts';
import type { Removal } from '../../src/types/choice.ts';
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
  return plan!.next.map(({ text }) => text).join('\n');
}

const refused = (folder: string, name?: string) =>
  remove(name, { cwd: folder, install: false, json: true }).then(
    () => expect.fail('it should have been refused'),
    (error: Problem) => error,
  );

test('what adding wrote does not name its packages under another name of its file either', async () => {
  const folder = project('package-managers/npm');
  renameSync(path.join(folder, 'src'), path.join(folder, 'code'));
  symlinkSync('code', path.join(folder, 'src'));
  mkdirSync(path.join(folder, 'config'));
  renameSync(path.join(folder, 'package.json'), path.join(folder, 'config/package.json5'));
  symlinkSync('config/package.json5', path.join(folder, 'package.json'));
  const before = treeOf(folder);
  await add('database', 'postgres', { cwd: folder, var: [], install: false, json: true, yes: true });
  expect(treeOf(folder)).not.toEqual(before);
  expect(await removed(folder)).not.toContain('stays:');
  expect(treeOf(folder)).toEqual(before);
});

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
    ['a reference', { overrides: { 'pg-boss': { pg: '$pg' } } }, '`package.json` names it elsewhere'],
  ])('%s', async (_name, more, reason) => {
    const folder = await added('package-managers/npm');
    put(folder, { 'package.json': JSON.stringify({ ...manifest(folder), ...more }, null, 2) });
    expect(await removed(folder)).toContain(`\`pg\` stays: ${reason}`);
  });

  test('but for what only tells of a package, and for a member that declares it itself', async () => {
    const folder = await added('package-managers/npm');
    put(folder, {
      'package.json': JSON.stringify({ ...manifest(folder), keywords: ['api', 'pg'], description: 'pg' }, null, 2),
      'tools/report/package.json': '{ "dependencies": { "pg": "^7.0.0" } }',
      'tools/report/lib/run.js': "require('pg');\n",
    });
    expect(await removed(folder)).not.toContain('stays:');
  });

  test('a version of the project’s own', async () => {
    const folder = await added('drivers/pg');
    expect(await removed(folder)).toContain('`pg` stays: by its version it may be your own');
  });

  test('what a catalog had before goes from package.json, and stays in the catalog', async () => {
    const folder = project('package-managers/pnpm');
    const catalog = "packages: ['.']\ncatalog:\n  pg: ^8.0.0\n  zod: ^4.0.0\n";
    put(folder, {
      'package.json': '{\n  "dependencies": { "//": ["pinned"], "@flue/runtime": "2.0.3", "zod": "catalog:" }\n}\n',
      'pnpm-workspace.yaml': catalog,
    });
    const before = treeOf(folder);
    await add('database', 'postgres', { cwd: folder, var: [], install: false, json: true, yes: true });
    expect(manifest(folder).dependencies).toMatchObject({ pg: 'catalog:' });
    expect(await removed(folder)).toContain('the version of `pg` stays in `pnpm-workspace.yaml`');
    expect(treeOf(folder)).toEqual(before);
  });

  /** A workspace of two packages whose versions stand in a catalog. `shop`: what the other one declares. */
  function workspaceWith(files: Record<string, string>, shop: object = {}): string {
    const folder = project('package-managers/npm');
    rmSync(path.join(folder, 'package-lock.json'), { force: true });
    const agents = path.join(folder, 'agents');
    mkdirSync(agents);
    for (const name of ['src', 'flue.config.ts']) {
      if (existsSync(path.join(folder, name))) renameSync(path.join(folder, name), path.join(agents, name));
    }
    const dependencies = { '@flue/runtime': 'catalog:', zod: 'catalog:' };
    put(folder, {
      'package.json': '{ "name": "all", "private": true }\n',
      'shop/package.json': `${JSON.stringify({ name: 'shop', ...shop })}\n`,
      'agents/package.json': `${JSON.stringify({ name: 'agents', dependencies }, null, 2)}\n`,
      ...files,
    });
    return agents;
  }
  const inCatalog = { '@flue/runtime': '2.0.3', zod: '^4.0.0' };
  const lines = Object.entries(inCatalog).map(([name, version]) => `  '${name}': ${version}\n`);
  const workspaces = { packages: ['agents', 'shop'], catalog: inCatalog };
  const catalogs: [name: string, files: Record<string, string>][] = [
    ['pnpm', { 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': `packages: [agents, shop]\ncatalog:\n${lines.join('')}` }],
    ['Bun', { 'bun.lock': '{}', 'package.json': `${JSON.stringify({ name: 'all', workspaces }, null, 2)}\n` }],
  ];
  test.each(catalogs)('what adding put into a catalog of %s goes from it, too', async (_name, files) => {
    const agents = workspaceWith(files);
    const before = treeOf(path.dirname(agents));
    await add('database', 'postgres', { cwd: agents, var: [], install: false, json: true, yes: true });
    expect(manifest(agents).dependencies).toMatchObject({ pg: 'catalog:', '@flue/postgres': 'catalog:' });
    expect(await removed(agents)).not.toContain('` stays');
    expect(treeOf(path.dirname(agents))).toEqual(before);
  });

  test('but for the version that another package takes from there by now', async () => {
    const agents = workspaceWith(catalogs[0]![1], { devDependencies: { pg: 'catalog:' } });
    await add('database', 'postgres', { cwd: agents, var: [], install: false, json: true, yes: true });
    expect(await removed(agents)).toContain(
      'the version of `pg` stays in `../pnpm-workspace.yaml`: `../shop/package.json` takes it from there',
    );
    expect(read(agents, '../pnpm-workspace.yaml').split('\n').slice(2, -1)).toEqual(
      [...lines.map((one) => one.trimEnd()), "  'pg': ^8.21.0"].sort(),
    );
  });

  test('what the project forces on everybody is what adding declares, and goes', async () => {
    const folder = project('package-managers/npm');
    const overrides = { pg: '8.11.0', '@types/pg': '8.11.4' };
    put(folder, { 'package.json': `${JSON.stringify({ ...manifest(folder), overrides }, null, 2)}\n` });
    const before = treeOf(folder);
    await add('database', 'postgres', { cwd: folder, var: [], install: false, json: true, yes: true });
    const { dependencies, devDependencies } = manifest(folder);
    expect({ ...dependencies, ...devDependencies }).toMatchObject(overrides);
    expect(await removed(folder)).not.toContain('` stays');
    expect(treeOf(folder)).toEqual(before);
  });

  test('types that a catalog has, as other code may need them', async () => {
    const folder = project('databases/redis-none');
    rmSync(path.join(folder, 'package-lock.json'), { force: true });
    const { dependencies } = manifest(folder);
    put(folder, {
      'package.json': JSON.stringify({ dependencies, devDependencies: { '@types/node': 'catalog:' } }),
      'pnpm-workspace.yaml': "packages: ['.']\ncatalog:\n  '@types/node': ^20.0.0\n",
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    });
    await add('database', 'redis', { cwd: folder, var: [], install: false, json: true, yes: true });
    await removed(folder);
    expect(manifest(folder).devDependencies).toEqual({ '@types/node': 'catalog:' });
  });

  test('an env module that imports it', async () => {
    const folder = await added('env-docs/zod');
    const file = Object.keys(treeOf(folder)).find((name) => /env\.ts$/.test(name))!;
    put(folder, {
      [file]: `import type { PoolConfig } from 'pg';\nexport type P = PoolConfig;\n${read(folder, file)}`,
    });
    expect(await removed(folder)).toContain(`\`pg\` stays: \`${file}\` names it`);
  });

  /**
   * Each way in which something that is locked or installed names the driver, beside something of a like name that does
   * not.
   */
  const cache = 'lru-cache';
  const store = 'pg-store';
  test.each<[string, Record<string, string>]>([
    [
      'package-lock.json',
      {
        'package-lock.json': JSON.stringify({
          lockfileVersion: 3,
          packages: {
            '': { dependencies: { pg: '^8.21.0' } },
            'node_modules/lru-cache': { version: '1.0.0' },
            'node_modules/pg-store': { version: '1.0.0', peerDependencies: { pg: '^8' } },
            'node_modules/pg': { dependencies: { 'pg-pool': '^3' } },
            'node_modules/pg-pool': { peerDependencies: { pg: '>=8' } },
          },
        }),
      },
    ],
    [
      'package-lock.json of version 1',
      { 'package-lock.json': JSON.stringify({ dependencies: { 'pg-store': { requires: { pg: '^8' } } } }) },
    ],
    [
      'pnpm-lock.yaml',
      {
        'pnpm-lock.yaml':
          "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      pg:\n        specifier: ^8.21.0\n        version: 8.21.0\n\npackages:\n\n  lru-cache@1.0.0:\n    resolution: {integrity: x}\n\n  pg-store@1.0.0:\n    resolution: {integrity: x}\n    peerDependencies:\n      pg: ^8\n\nsnapshots:\n\n  lru-cache@1.0.0: {}\n",
      },
    ],
    [
      'yarn.lock of yarn 4',
      {
        'yarn.lock':
          '__metadata:\n  version: 8\n\n"agents@workspace:.":\n  version: 0.0.0\n  dependencies:\n    pg: "npm:^8"\n\n"lru-cache@npm:^1":\n  version: 1.0.0\n\n"pg-store@npm:^1":\n  version: 1.0.0\n  peerDependencies:\n    pg: ^8\n',
      },
    ],
    [
      'bun.lock',
      {
        'bun.lock':
          '{\n  "packages": {\n    "lru-cache": ["lru-cache@1.0.0", "", {}, "sha512-x"],\n\n    "pg-store": ["pg-store@1.0.0", "", { "peerDependencies": { "pg": "^8" } }, "sha512-x"],\n  }\n}\n',
      },
    ],
    [
      'deno.lock',
      {
        'deno.lock': JSON.stringify({
          version: '5',
          npm: { 'lru-cache@1.0.0': {}, 'pg-store@1.0.0': { dependencies: ['pg@8.21.0'] } },
        }),
      },
    ],
    [
      'node_modules, where the lockfile has no peers',
      {
        'yarn.lock': '# yarn lockfile v1\n\npg-store@^1:\n  version "1.0.0"\n',
        'node_modules/lru-cache/package.json': '{ "version": "1.0.0" }',
        'node_modules/pg-store/package.json': '{ "version": "1.0.0", "peerDependencies": { "pg": "^8" } }',
      },
    ],
  ])('what is locked or installed and names it: %s', async (_name, files) => {
    for (const name of [cache, store]) {
      const folder = await added('package-managers/npm');
      rmSync(path.join(folder, 'package-lock.json'));
      const { dependencies } = manifest(folder);
      put(folder, {
        ...files,
        'package.json': JSON.stringify(
          { ...manifest(folder), dependencies: { ...dependencies, [name]: '^1' } },
          null,
          2,
        ),
      });
      const said = await removed(folder);
      expect(said.includes('`pg` stays: `pg-store` names it'), said).toBe(name === store);
      expect('pg' in manifest(folder).dependencies).toBe(name === store);
    }
  });

  test('types go when adding brought them, whoever else is code for Node', async () => {
    const node = await added('databases/redis-none', 'redis');
    put(node, { 'src/a.ts': "import { readFileSync } from 'fs';\nreadFileSync('a');\n" });
    await removed(node);
    expect(manifest(node).devDependencies).not.toHaveProperty('@types/node');
    const own = await added('drivers/pg');
    expect(manifest(own).devDependencies).toHaveProperty('@types/pg');
    await removed(own);
    expect(manifest(own).dependencies).toHaveProperty('pg');
    expect(manifest(own).devDependencies).not.toHaveProperty('@types/pg');
  });

  test.each<[string, Record<string, string>]>([
    ['lists it', { 'tsconfig.json': '{ "compilerOptions": { "types": ["node"] } }' }],
    ['refers to it', { 'src/env.d.ts': '/// <reference types="node" />\n' }],
  ])('types stay where something %s', async (how, files) => {
    const folder = await added('databases/redis-none', 'redis');
    put(folder, files);
    expect(await removed(folder)).toMatch(new RegExp(`\`@types/node\` stays: \`.+\` ${how}`));
  });

  test('types that a package above has, too, go although something lists them', async () => {
    const folder = await added('databases/redis-none', 'redis');
    const member = path.join(path.dirname(folder), `${path.basename(folder)}-root`);
    put(member, { 'package.json': '{ "private": true, "devDependencies": { "@types/node": "^22.0.0" } }\n' });
    mkdirSync(path.join(member, '.git'));
    cpSync(folder, path.join(member, 'apps/agents'), { recursive: true });
    const cwd = path.join(member, 'apps/agents');
    rmSync(path.join(cwd, '.git'), { recursive: true });
    put(cwd, { 'tsconfig.json': '{ "compilerOptions": { "types": ["node"] } }' });
    await removed(cwd);
    expect(manifest(cwd).devDependencies).not.toHaveProperty('@types/node');
  });

  test('a schema of Prisma names an engine and no driver', async () => {
    const folder = await added('package-managers/npm', 'mongodb');
    const schema = 'datasource db {\n  provider = "mongodb"\n  url      = env("APP_MONGO")\n}\n';
    put(folder, { 'prisma/schema.prisma': schema });
    await removed(folder);
    expect(manifest(folder).dependencies).not.toHaveProperty('mongodb');
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

describe('a large repository', () => {
  test('is searched whole', async () => {
    const folder = await added('package-managers/npm');
    const files = Array.from({ length: 2500 }, (_, i) => [`src/many/${i % 50}/${i}.ts`, `export const x = ${i};\n`]);
    put(folder, Object.fromEntries(files));
    await removed(folder);
    expect(manifest(folder).dependencies).not.toHaveProperty('pg');
    expect(existsSync(path.join(folder, 'src/db.ts'))).toBe(false);
  });

  test('what the time did not suffice for is said, and everything that may be named there stays', async () => {
    const folder = await added('package-managers/npm');
    const opened = openProject(folder);
    const facts = await inspect(opened, flue, listBlueprints('database'));
    const outcome = await chooseRemoval(facts, { name: undefined, install: false });
    const { choice } = outcome as { choice: Removal };
    const { packages } = await inspectReferences(opened, facts, choice, -1);
    expect(packages.pg).toBe('after 0 s not all was searched; `.` is left');
  });
});

describe('questions', () => {
  test('which package manager is no question where none is to run', async () => {
    const folder = await added('package-managers/npm');
    put(folder, { 'yarn.lock': '# yarn lockfile v1\n' });
    expect(await removed(folder)).toContain('install with your package manager');
    const other = await added('package-managers/npm');
    put(other, { 'yarn.lock': '# yarn lockfile v1\n' });
    const asked = await remove(undefined, { cwd: other, install: true, json: true }).catch((error: Problem) => error);
    expect(asked).toMatchObject({ code: 'needs-answer', question: { flag: '--package-manager' } });
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

  test.each([
    ['that is broken over several lines', 'astro-broken', 'redis'],
    ['with commas in it, in a line with others', 'astro-experimental', 'postgres'],
    ['with decorators above it', 'class-validator', 'postgres'],
  ])('an entry %s goes', async (_what, name, database) => {
    const before = treeOf(project(`env-docs/${name}`));
    const folder = await added(`env-docs/${name}`, database);
    expect(treeOf(folder)).not.toEqual(before);
    await removed(folder);
    expect(treeOf(folder)).toEqual(before);
  });

  test('what goes beside a connection that the application has', async () => {
    const folder = project('package-managers/npm');
    put(folder, {
      '.env.example': '# Database\nDATABASE_URL=mongodb://localhost/app\n\n# Mail\nSMTP_FROM=\n',
      'src/x.ts': "import mongoose from 'mongoose';\nawait mongoose.connect(process.env.DATABASE_URL!);\n",
      'package.json': JSON.stringify({ ...manifest(folder), devDependencies: { mongoose: '^8.0.0' } }, null, 2),
    });
    const before = treeOf(folder);
    await add('database', 'mongodb', { cwd: folder, var: [], install: false, json: true, yes: true });
    expect(read(folder, '.env.example')).toContain('DATABASE_URL=mongodb://localhost/app\nMONGODB_DATABASE=\n');
    await removed(folder);
    expect(treeOf(folder)).toEqual(before);
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

  test('a long README that names it in its prose loses only the row, soon', { timeout: 60_000 }, async () => {
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
    ['marked, over another text', '// flue-blueprint: database/postgres@1\nexport default {};\n', 'another text'],
    ['of a newer version', '// flue-blueprint: database/postgres@9\nexport default {};\n', 'does not know'],
    ['not ours', 'export default {};\n', 'is not one of ours'],
  ])('%s: refused', async (_name, text, reason) => {
    const folder = project('package-managers/npm');
    put(folder, { 'src/db.ts': text });
    expect((await refused(folder)).message).toContain(reason);
    expect(read(folder, 'src/db.ts')).toBe(text);
  });

  test('ours, and edited: refused', async () => {
    const folder = await added('package-managers/npm');
    put(folder, { 'src/db.ts': `${read(folder, 'src/db.ts')}console.log('mine');\n` });
    expect((await refused(folder)).message).toContain('is not as it was written');
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

  test('a folder that adding made goes with it; one that was there stays, and one that holds more', async () => {
    const folder = project('package-managers/npm');
    const config = "export default { target: 'node', db: './store/flue/db.ts' };\n";
    put(folder, { 'flue.config.ts': config });
    const words = { cwd: folder, var: [], install: false, json: true, yes: true };
    await add('database', 'postgres', words);
    expect(existsSync(path.join(folder, 'store/flue/db.ts'))).toBe(true);
    await removed(folder);
    expect(existsSync(path.join(folder, 'store'))).toBe(false);
    await add('database', 'postgres', words);
    put(folder, { 'store/note.txt': 'mine\n' });
    await removed(folder);
    expect([existsSync(path.join(folder, 'store/flue')), existsSync(path.join(folder, 'store'))]).toEqual([
      false,
      true,
    ]);

    const empty = project('package-managers/npm');
    rmSync(path.join(empty, 'src'), { recursive: true });
    mkdirSync(path.join(empty, 'src'));
    await add('database', 'postgres', { ...words, cwd: empty });
    await removed(empty);
    expect(existsSync(path.join(empty, 'src'))).toBe(true);
  });

  test.each([
    'beside-application',
    'beside-application-inline',
    'beside-application-empty',
    'beside-application-constant',
    'beside-application-new-config',
    'beside-application-root',
  ])('one beside the application’s own goes, and so does what names it: %s', async (fixture) => {
    const folder = project(`db-entries/${fixture}`);
    const before = treeOf(folder);
    await add('database', 'postgres', {
      cwd: folder,
      var: [],
      install: false,
      json: true,
      yes: true,
      onExisting: 'elsewhere',
    });
    await removed(folder);
    expect(treeOf(folder)).toEqual(before);
  });

  test('a name in the config that was changed since stays, and is said', async () => {
    const folder = await added('db-entries/beside-application', 'postgres', { onExisting: 'elsewhere' });
    const config = read(folder, 'flue.config.ts').replace("db: './src/flue-db.ts'", "db: './src/flue-db.ts' as string");
    put(folder, { 'flue.config.ts': config });
    expect(await removed(folder)).toContain('`db` in `flue.config.ts` points to it still');
    expect(read(folder, 'flue.config.ts')).toBe(config);
  });

  test('of several databases, the ones before are named', async () => {
    const folder = await added('package-managers/npm');
    await add('database', 'redis', { cwd: folder, var: [], install: false, json: true, yes: true });
    expect(await removed(folder)).toContain('`@flue/postgres` is still in `package.json`');
  });
});

describe('what another package has brought is declared so that it stays at its version, and known again', () => {
  const types = { name: '@types/pg', list: 'devDependencies' } as const;
  const driver = { name: 'pg', list: 'dependencies' } as const;

  test.each([
    { ...types, there: '8.25.1', npmrc: '', saved: '^8.20.0', goes: true },
    { ...types, there: '9.1.0', npmrc: '', saved: '>=8.20.0', goes: true },
    { ...types, there: '8.11.2', npmrc: '', saved: '^8.11.2', goes: false },
    { ...types, there: '9.1.0', npmrc: 'save-exact=true\n', saved: '9.1.0', goes: false },
    { ...driver, there: '8.30.0', npmrc: '', saved: '^8.21.0', goes: true },
    { ...driver, there: '8.11.0', npmrc: '', saved: '^8.11.0', goes: false },
    { ...driver, there: '7.1.0', npmrc: '', saved: '^8.21.0', goes: true },
  ])('$name@$there is saved as $saved ($npmrc)', async ({ name, list, there, npmrc, saved, goes }) => {
    const folder = project('dotenv/quoted');
    put(folder, { [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: there }), '.npmrc': npmrc });
    const before = read(folder, 'package.json');
    await add('database', 'postgres', { cwd: folder, var: [], install: false, json: true, yes: true });
    expect(manifest(folder)[list][name]).toBe(saved);
    await removed(folder);
    if (goes) expect(read(folder, 'package.json')).toBe(before);
    else expect(manifest(folder)[list]).toHaveProperty([name], saved);
  });
});
