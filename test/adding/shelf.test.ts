import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { engineNamed } from '../../src/knowledge/engines/index.ts';
import { engineOf } from '../../src/knowledge/engines/packages.ts';
import { allBlueprints, hosts } from '../../src/knowledge/hosts/index.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { readManifest } from '../../src/project/manifest.ts';
import { build, copyOfProgram, runCopy } from '../copy.ts';
import { projectFrom, root } from '../flue.ts';
import { ask, expectRow, manifestWith, page, project, rows } from './rows.ts';

/** The rows for what stands in blueprints/. */
let plain: string;
beforeAll(async () => {
  plain = copyOfProgram();
  await build(plain);
});
/** A copy that shares the build: blueprints are read where they stand. */
const shelf = () => copyOfProgram([], plain);

describe('a driver', () => {
  const changes = page('driver.md');
  const [template, clientTemplate] = changes.map(({ text }) => text);
  let copy: string;
  beforeAll(async () => {
    copy = copyOfProgram(changes);
    await build(copy);
  });
  const manifest = manifestWith({ 'postgres-pool': '^12.0.1' });

  test('is chosen by its package, and by its name', async () => {
    expectRow(
      '| a driver | one template and one entry in blueprint.json, its package in the file of its engine in src/knowledge/engines; another template for a client that the project makes |',
      changes,
      [
        ...['postgres-pool.ts', 'postgres-pool-client.ts', 'blueprint.json'].map(
          (file) => `blueprints/database/postgres@1/${file}`,
        ),
        'src/knowledge/engines/postgres.ts',
      ],
    );
    const cwd = project({ 'package.json': manifest });
    const { choice } = await ask(copy, cwd, 'add', 'postgres', '--no-install', '--yes');
    expect(choice.driver.value.package).toBe('postgres-pool');
    expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toBe(template);
    const named = await ask(copy, project(), 'add', 'postgres-pool', '--dry-run');
    expect(named.choice.driver.value.package).toBe('postgres-pool');
  });

  test('shares a client that the project makes, by its template for that', async () => {
    const pool =
      "import { Pool } from 'postgres-pool';\n\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n";
    const cwd = project({ 'package.json': manifest, 'src/pool.ts': pool });
    const flags = ['--client', 'src/pool.ts#pool', '--no-install', '--yes'];
    const { facts } = await ask(copy, cwd, 'add', 'postgres', ...flags);
    expect(facts.source.uses).toMatchObject([{ name: 'DATABASE_URL', engine: 'postgres' }]);
    expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toBe(
      clientTemplate!.replace("{ client } from '#clients/postgres-pool'", "{ pool as client } from './pool'"),
    );
  });
});

test('a database is its folder', async () => {
  expect(rows).toContain('| a database | one folder in blueprints/database, and fixture folders |');
  const copy = shelf();
  const folder = path.join(copy, 'blueprints/database/greenplum@1');
  cpSync(path.join(root, 'blueprints/database/postgres@1'), folder, { recursive: true });
  rewrite(folder, 'postgres@1', 'greenplum@1');
  const cwd = project();
  const { blueprints } = await ask(copy, cwd, 'list');
  expect(blueprints.map(({ name }: { name: string }) => name)).toContain('greenplum');
  expect((await runCopy(copy, cwd, 'completion', 'fish')).stdout).toMatch(/\bgreenplum\b/);
  await ask(copy, cwd, 'add', 'greenplum', '--no-install', '--yes');
  expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toMatch(/^\/\/ flue-blueprint: database\/greenplum@1\n/);
});

test('a new version is a copy of the folder: it is what is added, and the old one is known', async () => {
  expect(rows).toContain('| a new version | copy x@1 to x@2 and edit that; a released folder never changes |');
  const copy = shelf();
  const cwd = project();
  const flags = ['--no-install', '--yes'];
  await ask(copy, cwd, 'add', 'postgres', '--driver', 'postgres', '--var', 'DATABASE_URL=STATE_URL', ...flags);
  const folder = path.join(copy, 'blueprints/database/postgres@2');
  cpSync(path.join(copy, 'blueprints/database/postgres@1'), folder, { recursive: true });
  rewrite(folder, 'postgres@1', 'postgres@2');
  // With the driver and the variable that it has.
  const { blueprint, changed } = await ask(copy, cwd, 'add', 'postgres', ...flags);
  expect({ blueprint, changed }).toEqual({ blueprint: 'database/postgres@2', changed: ['src/db.ts'] });
  const tenth = path.join(copy, 'blueprints/database/postgres@10');
  cpSync(folder, tenth, { recursive: true });
  rewrite(tenth, 'postgres@2', 'postgres@10');
  expect((await ask(copy, cwd, 'add', 'postgres', ...flags)).blueprint).toBe('database/postgres@10');
});

test('a host is found by its evidence, and has its shelf', async () => {
  const changes = page('host.md');
  expectRow(
    '| a host | one folder in src/knowledge/hosts that makes a `Host`, its line in hosts/index.ts, a shelf in blueprints/, a sample in examples/ |',
    changes,
    [
      'examples/acme/acme.json',
      'examples/acme/package.json',
      'examples/acme/src/index.ts',
      'src/knowledge/hosts/acme/index.ts',
      'src/knowledge/hosts/index.ts',
    ],
  );
  const copy = copyOfProgram(changes);
  const folder = path.join(copy, 'blueprints/acme/postgres@1');
  cpSync(path.join(root, 'blueprints/database/postgres@1'), folder, { recursive: true });
  rewrite(folder, 'database/postgres@1', 'acme/postgres@1');
  await build(copy);
  const cwd = projectFrom(path.join(copy, 'examples/acme'));
  const { others } = await ask(copy, cwd, 'list');
  expect(others).toMatchObject([{ host: 'Pikku' }, { host: 'Acme', blueprints: [{ name: 'postgres' }] }]);
  const { problem } = await ask(copy, cwd, 'add', 'postgres', '--no-install');
  expect(problem.question).toMatchObject({ flag: '--host', answers: [{ value: 'flue' }, { value: 'acme' }] });
  const { facts } = await ask(copy, cwd, 'add', 'postgres', '--host', 'acme', '--no-install', '--yes');
  expect(facts.host).toEqual({ value: 'acme', because: 'acme.json' });
  expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toMatch(/^\/\/ flue-blueprint: acme\/postgres@1\n/);
});

function rewrite(folder: string, from: string, to: string): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }
}

test('every host has a sample, and every sample is of a host', () => {
  const samples = readdirSync(path.join(root, 'examples'), { withFileTypes: true }).filter((one) => one.isDirectory());
  const found = samples.map(({ name }) => {
    const project = openProject(path.join(root, 'examples', name));
    return hosts.find((host) => host.detect(project, readManifest(project, '.')!))?.name;
  });
  expect(new Set(found)).toEqual(new Set(hosts.map(({ name }) => name)));
});

test('every blueprint is of an engine that is known, of its family, and so are its drivers', () => {
  for (const { name, engine, family, drivers } of allBlueprints()) {
    expect(engineNamed(engine)?.family.name, name).toBe(family);
    const packages = drivers.map((one) => one.package).filter((one) => !hosts.some((host) => host.isOwnPackage(one)));
    expect(packages.filter((one) => engineOf(one)?.name !== engine)).toEqual([]);
  }
});
