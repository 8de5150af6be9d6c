import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { Project, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { eraseTypes } from '../../src/blueprints/erase-types.ts';
import { readMarker } from '../../src/blueprints/marker.ts';
import { readBack } from '../../src/blueprints/template.ts';
import type { Blueprint, Driver } from '../../src/types/blueprint.ts';
import { root } from '../flue.ts';

/** Is every folder on every shelf well made? */
const shelves = path.join(root, 'blueprints');
const shelf = path.join(shelves, 'database');
const folders = readdirSync(shelf);
const everyFolder = ['database', 'pikku'].flatMap((one) =>
  readdirSync(path.join(shelves, one)).map((folder) => `${one}/${folder}`),
);

/** The packages that hold a driver's majors: another than the usual one is installed as `<package>-<major>`. */
function installedAs({ package: name, majors }: Driver): string[] {
  if (name.startsWith('@flue/')) return [name];
  const packages = majors.map(
    (major) => [name, `${name}-${major}`].find((one) => majorOf(one) === major) ?? `${name}-${major}`,
  );
  return name === '@libsql/client' ? [name, 'libsql-18'] : packages;
}

function majorOf(name: string): number | null {
  const file = path.join(root, 'node_modules', name, 'package.json');
  return existsSync(file) ? Number(JSON.parse(readFileSync(file, 'utf8')).version.split('.')[0]) : null;
}

/** A template, or an application's client, as it is for a driver that is installed under another name. */
function fileFor(file: string, driver: string, installed: string): string {
  return installed === driver ? file : file.replace(/\.ts$/, `.${installed.replaceAll('/', '+')}.ts`);
}

/**
 * One program of all templates, each once for every major of its driver: the drivers' types are read once. The
 * adapters' types are the contracts as Flue publishes them (the adapters themselves are not in every registry).
 */
function programOfAll(): Project {
  const standIns = path.join(root, 'test/stand-ins');
  const names = readdirSync(standIns).filter((name) => !name.includes('.'));
  const adapters = names.map((name) => [`@flue/${name}`, [path.join(standIns, name, 'index.d.ts')]]);
  const paths = {
    '@flue/runtime/node': [path.join(standIns, 'runtime-node.d.ts')],
    ...Object.fromEntries(adapters),
    '@pikku/redis': [path.join(root, 'test/stand-ins/pikku-redis.d.ts')],
    '#clients/*': [path.join(root, 'test/clients/*.ts')],
  };
  const project = new Project({
    tsConfigFilePath: path.join(root, 'blueprints/tsconfig.json'),
    compilerOptions: { paths },
    skipFileDependencyResolution: true,
  });
  for (const folder of folders) {
    const { drivers }: Blueprint = JSON.parse(readFileSync(path.join(shelf, folder, 'blueprint.json'), 'utf8'));
    for (const driver of drivers) {
      for (const installed of installedAs(driver).filter((one) => one !== driver.package)) {
        addFor(project, driver, installed, path.join(shelf, folder));
      }
    }
  }
  return project;
}

/**
 * Adds a driver's templates, and the client they are for, as they are where the driver is installed under that name.
 */
function addFor(project: Project, driver: Driver, installed: string, at: string): void {
  const add = (file: string, change: (text: string) => string) =>
    project.createSourceFile(fileFor(file, driver.package, installed), change(readFileSync(file, 'utf8')), {
      overwrite: true,
    });
  const from = (text: string) => text.replace(new RegExp(`(?<= from ')${driver.package}(?=['/])`, 'g'), installed);
  add(path.join(at, driver.file), from);
  if (!driver.client) return;
  const client = path.join(at, driver.client.file);
  const [specifier, name] = /#clients\/([\w-]+)/.exec(readFileSync(client, 'utf8'))!;
  add(path.join(root, `test/clients/${name}.ts`), from);
  add(client, (text) =>
    from(text).replace(specifier, fileFor(`${specifier}.ts`, driver.package, installed).slice(0, -3)),
  );
}

// The first test that asks for types waits for all of them to be read.
const project = programOfAll();

describe.each(everyFolder)('%s', (folder) => {
  const at = path.join(shelves, folder);
  const manifest: Blueprint = JSON.parse(readFileSync(path.join(at, 'blueprint.json'), 'utf8'));
  const templates = readdirSync(at).filter((name) => name.endsWith('.ts'));
  const variables = manifest.variables.map(({ name }) => name);

  test('is named as its marker, and every template belongs to a driver', () => {
    expect(folder).toMatch(/^[a-z]+\/[a-z]+@[1-9]\d*$/);
    const files = manifest.drivers.flatMap(({ file, client }) => (client ? [file, client.file] : [file]));
    expect(templates.sort()).toEqual([...new Set(files)].sort());
  });

  describe.each(templates)('%s', (name) => {
    const text = readFileSync(path.join(at, name), 'utf8');
    const drivers = manifest.drivers.filter(({ file, client }) => file === name || client?.file === name);
    const shared = drivers.some(({ client }) => client?.file === name);
    const source = project.getSourceFileOrThrow(path.join(at, name));

    test('carries the marker of its folder', () => {
      expect(readMarker(text)).toBe(folder);
    });

    test.each(drivers.flatMap((driver) => installedAs(driver).map((as) => [as, driver.package])))(
      'typechecks under the strictest settings with %s',
      { timeout: 60_000 },
      (as, driver) => {
        const file = fileFor(path.join(at, name), driver, as);
        const problems = project.getSourceFileOrThrow(file).getPreEmitDiagnostics();
        expect(problems.map((one) => project.formatDiagnosticsWithColorAndContext([one]))).toEqual([]);
      },
    );

    test('imports the adapter, its driver and Node, and nothing else', () => {
      const allowed = [manifest.adapter, ...drivers.map((driver) => driver.package)];
      const imported = source.getImportDeclarations().map((one) => one.getModuleSpecifierValue());
      expect(
        imported.filter(
          (one) =>
            !one.startsWith('node:') &&
            !(shared && one.startsWith('#clients/')) &&
            !allowed.some((name) => one === name || one.startsWith(`${name}/`)),
        ),
      ).toEqual([]);
    });

    test(shared ? 'reads no variable of a connection' : 'reads exactly the variables it declares', () => {
      const read = source
        .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
        .filter((one) => one.getExpression().getText() === 'process.env')
        .map((one) => one.getName());
      const expected = shared ? variables.filter((one) => one.endsWith('_DATABASE')) : variables;
      expect([...new Set(read)].sort()).toEqual([...expected].sort());
      for (const variable of expected) expect(text).toMatch(new RegExp(`${variable} is not set|${variable}`));
    });

    test('is its own rendering, can be read back, and becomes JavaScript', () => {
      const named = variables.filter((one) => text.includes(one));
      expect(readBack(text, variables, text)).toEqual(Object.fromEntries(named.map((one) => [one, one])));
      expect(eraseTypes(text)).not.toMatch(/\bimport type\b|: Promise<|\bas unknown\b/);
    });

    test('fits a screen and tells no secret', () => {
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(140);
      expect(text).not.toMatch(/:\/\/[^/\s'"]*:[^/\s'"]*@/);
      expect(text).toMatch(/[^\n]\n$/);
    });
  });
});

describe('the shelf', () => {
  const read = (folder: string, file: string) => readFileSync(path.join(shelf, folder, file), 'utf8');

  test('every manifest keeps to the schema, and every name means one thing', () => {
    const validate = new Ajv({ allErrors: true, strict: true }).compile(schemaOf('blueprint'));
    for (const folder of everyFolder) {
      validate(JSON.parse(readFileSync(path.join(shelves, folder, 'blueprint.json'), 'utf8')));
      expect(validate.errors ?? [], folder).toEqual([]);
    }
    const manifests = folders.map((folder) => JSON.parse(read(folder, 'blueprint.json')));
    const names = manifests.flatMap((one, i) => [
      folders[i]!.split('@')[0],
      ...one.aliases,
      ...(one.notThis ?? []).flatMap(({ name, also = [] }: { name: string; also?: string[] }) => [name, ...also]),
      ...one.drivers.flatMap(({ names = [] }: { names?: string[] }) => names),
    ]);
    expect(names.length).toBe(new Set(names).size);
  });

  test('a copy for another name stays a copy: Supabase of Postgres, Valkey of Redis', () => {
    // A longer name may break a line that a shorter one does not.
    const unbroken = (text: string) => text.replaceAll(/\s+/g, ' ');
    const supabase = (text: string) =>
      text.replaceAll('DATABASE_URL', 'SUPABASE_DATABASE_URL').replace('database/postgres@1', 'database/supabase@1');
    for (const file of ['pg.ts', 'postgres.ts'])
      expect(unbroken(read('supabase@1', file))).toBe(unbroken(supabase(read('postgres@1', file))));
    const valkey = (text: string) =>
      text
        .replaceAll('REDIS_URL', 'VALKEY_URL')
        .replace('database/redis@1', 'database/valkey@1')
        .replaceAll(/(a |\] |'|to )Redis /g, '$1Valkey ')
        .replace('rediss?:', '(?:redis|valkey)s?:');
    const bare = (text: string) =>
      text
        .replace(/ *\/\/ The client knows Valkey's schemes.*\n/, '')
        .replace(/(url: )?url\.replace\(\/\^valkey\/i, 'redis'\)/, 'url');
    for (const file of ['redis.ts', 'ioredis.ts'])
      expect(unbroken(bare(read('valkey@1', file)))).toBe(unbroken(valkey(read('redis@1', file))));
    expect(unbroken(read('valkey@1', 'iovalkey.ts'))).toBe(
      unbroken(valkey(read('redis@1', 'ioredis.ts'))).replace("'ioredis'", "'iovalkey'"),
    );
    expect(read('postgres@1', 'neon.ts')).toBe(
      read('postgres@1', 'pg.ts')
        .replace("import { Pool } from 'pg'", "import { Pool, type PoolClient } from '@neondatabase/serverless'")
        .replace('(client) => client.on', '(client: PoolClient) => client.on'),
    );
  });

  test("a template of Pikku's opens its client as the one of Flue's does, and Valkey stays a copy of Redis", () => {
    const opening = (text: string) =>
      /async function open\(\)[\s\S]*?\n\}\n/.exec(text)![0].replace(/^.*(?:lock asked|server may have).*\n/m, '');
    const of = (file: string) => readFileSync(path.join(shelves, file), 'utf8');
    for (const name of ['redis@1', 'valkey@1'])
      expect(opening(of(`pikku/${name}/ioredis.ts`))).toBe(
        opening(of(`database/${name}/ioredis.ts`)).replace('[flue]', '[pikku]'),
      );
    const marked = of('pikku/redis@1/ioredis-client.ts').replace('pikku/redis@1', 'pikku/valkey@1');
    expect(of('pikku/valkey@1/ioredis-client.ts')).toBe(marked.replaceAll(/(a |\] |'|to )Redis /g, '$1Valkey '));
  });

  test('a template for a client of the project stays a copy for another name, too', () => {
    const named = (folder: string) => (text: string) => text.replace(/database\/\w+@1/, `database/${folder}`);
    for (const file of ['pg-client.ts', 'postgres-client.ts'])
      expect(read('supabase@1', file)).toBe(named('supabase@1')(read('postgres@1', file)));
    expect(read('postgres@1', 'neon-client.ts')).toBe(
      read('postgres@1', 'pg-client.ts').replace('#clients/pg', '#clients/neon'),
    );
    expect(read('turso@1', 'libsql-client.ts')).toBe(named('turso@1')(read('libsql@1', 'libsql-client.ts')));
    const valkey = (text: string) => named('valkey@1')(text).replaceAll(/(a |\] |'|to )Redis /g, '$1Valkey ');
    for (const file of ['redis-client.ts', 'ioredis-client.ts'])
      expect(read('valkey@1', file)).toBe(valkey(read('redis@1', file)));
    expect(read('valkey@1', 'iovalkey-client.ts')).toBe(
      read('valkey@1', 'ioredis-client.ts').replaceAll(/(?<=['/])ioredis/g, 'iovalkey'),
    );
  });

  test.each(folders)('%s: one template knows one driver, and reads each variable in one place', (folder) => {
    const manifest: Blueprint = JSON.parse(read(folder, 'blueprint.json'));
    for (const { file } of manifest.drivers) {
      const text = read(folder, file);
      for (const { name } of manifest.variables) expect(text.split(`process.env.${name}`).length - 1).toBe(1);
      expect(text.split('new URL(').length - 1).toBeLessThanOrEqual(1);
    }
  });
});

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(path.join(root, `schema/${name}.schema.json`), 'utf8'));
}
