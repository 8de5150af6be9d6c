import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { engineNamed } from '../../src/knowledge/engines/index.ts';
import { allBlueprints } from '../../src/knowledge/hosts/index.ts';
import { exitCodes } from '../../src/problem.ts';
import { projectFrom, root, scratch } from '../flue.ts';
import { build, type Change, changesIn, copyOfProgram, runCopy } from './copy.ts';

/**
 * AGENTS.md says what to touch to add a thing. Each row is followed to the letter in a copy of the program: exactly what
 * it names is touched, the copy is built and run on a project, and the new thing works there.
 */
const read = (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8');
const page = (name: string) => changesIn(read('test/adding', name));
const rows = read('AGENTS.md').split('\n');

/** Holds that a row names what the changes touch, and nothing else is touched. */
function expectRow(row: string, changes: readonly Change[], files: readonly string[]): void {
  expect(rows).toContain(row);
  expect(changes.map(({ file }) => file)).toEqual(files);
}

/** A small project with an env template, and files laid over it. */
function project(files: Record<string, string> = {}, from = 'dotenv/quoted'): string {
  const folder = projectFrom(path.join(root, 'fixtures', from, 'before'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

const manifestWith = (dependencies: Record<string, string>) =>
  JSON.stringify({ type: 'module', dependencies: { '@flue/runtime': '2.0.3', ...dependencies } });

/** What a copy says to one command line under `--json`. */
async function ask(copy: string, cwd: string, ...words: string[]) {
  return JSON.parse(
    (await runCopy(copy, cwd, ...words, '--json', ...(words[0] === 'add' ? ['--verbose'] : []))).stdout,
  );
}

test('an env convention: the worked example of CONTRIBUTING.md', async () => {
  const changes = changesIn(read('CONTRIBUTING.md'));
  expectRow(
    '| an env convention | its file in src/knowledge/conventions, its line in conventions/index.ts, its row in docs/env-conventions.md |',
    changes,
    ['src/knowledge/conventions/superstruct.ts', 'src/knowledge/conventions/index.ts', 'docs/env-conventions.md'],
  );
  const copy = copyOfProgram(changes);
  await build(copy);
  const cwd = project({ 'package.json': manifestWith({ superstruct: '^2.0.0' }), 'src/env.ts': checked });
  rmSync(path.join(cwd, '.env.example'));
  const { facts, changed } = await ask(copy, cwd, 'add', 'postgres', '--no-install', '--yes');
  expect(facts.envDocs).toMatchObject([
    { path: 'src/env.ts', kind: 'superstruct', variables: [{ name: 'API_KEY' }, { name: 'PORT' }], leftAlone: null },
  ]);
  expect(changed).toContain('src/env.ts');
  expect(readFileSync(path.join(cwd, 'src/env.ts'), 'utf8')).toBe(
    checked
      .replace('  PORT: string(),\n', '  PORT: string(),\n  DATABASE_URL: optional(string()),\n')
      .replace('string }', 'string, optional }'),
  );
});

const checked = `import { create, object, string } from 'superstruct';

const Env = object({
  API_KEY: string(),
  PORT: string(),
});

export const env = create(process.env, Env);
`;

describe('a package manager', () => {
  let copy: string;
  beforeAll(async () => {
    const changes = page('package-manager.md');
    expectRow(
      '| a package manager | its file in src/knowledge/package-managers, its line in package-managers/index.ts |',
      changes,
      ['src/knowledge/package-managers/oro.ts', 'src/knowledge/package-managers/index.ts'],
    );
    copy = copyOfProgram(changes);
    await build(copy);
  });

  /** Locked to a version that package.json alone does not say. */
  const lockfile = 'lockfile-version 1\npkg "@flue/runtime" {\n    version "2.0.3"\n}\n';

  test('is recognised by its lockfile, which is read, and installs', async () => {
    const cwd = project({
      'package.json': manifestWith({ '@flue/runtime': '^2.0.0' }),
      'package-lock.kdl': lockfile,
    });
    rmSync(path.join(cwd, 'package-lock.json'));
    const programs = scratch('programs');
    writeFileSync(path.join(programs, 'oro'), program, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${programs}:${before}`;
    const { applied, facts, plan } = await ask(copy, cwd, 'add', 'postgres', '--yes').finally(() => {
      process.env.PATH = before;
    });
    expect(facts.packageManager).toMatchObject({ value: { name: 'oro' }, because: 'package-lock.kdl' });
    expect(plan.operations).toContainEqual(expect.objectContaining({ kind: 'run', command: ['oro', 'apply'] }));
    expect(applied).toBe(true);
    expect(readFileSync(path.join(cwd, 'package.json'), 'utf8')).toContain('"@flue/postgres":"2.0.3"');
    expect(readFileSync(path.join(cwd, 'package-lock.kdl'), 'utf8')).toContain('pkg "pg" {');
  });

  test('is a value of the flag, in help and completion', async () => {
    const cwd = project();
    expect((await runCopy(copy, cwd, 'add', '--help')).stdout).toContain('oro');
    expect((await runCopy(copy, cwd, 'completion', 'bash')).stdout).toMatch(/--package-manager\).*\boro\b/);
    const { facts } = await ask(copy, cwd, 'add', 'postgres', '--package-manager', 'oro', '--dry-run');
    expect(facts.packageManager.value.install).toEqual(['oro', 'apply']);
  });
});

/** What `oro apply` leaves of a package.json: its lockfile and a `node_modules`. */
const program = `#!${process.execPath}
const fs = require('node:fs');
const { dependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
const names = Object.keys(dependencies);
fs.writeFileSync('package-lock.kdl', 'lockfile-version 1\\n' + names.map((name) => \`pkg "\${name}" {\\n    version "2.0.3"\\n}\\n\`).join(''));
for (const name of names) {
  fs.mkdirSync('node_modules/' + name, { recursive: true });
  fs.writeFileSync('node_modules/' + name + '/package.json', JSON.stringify({ name, version: '2.0.3' }));
}
`;

test('a database engine is proven by its driver, and its variable is left to it', async () => {
  const changes = page('engine.md');
  expectRow(
    '| a database engine | its file in src/knowledge/engines, its line in engines/index.ts; for `verify` its probes in engines/verify, and their line in its index.ts |',
    changes,
    ['src/knowledge/engines/clickhouse.ts', 'src/knowledge/engines/index.ts'],
  );
  const copy = copyOfProgram(changes);
  await build(copy);
  const cwd = project({
    'package.json': manifestWith({ '@clickhouse/client': '^1.12.0' }),
    '.env.example': 'DATABASE_URL=""\n',
    'src/analytics.ts': `import { createClient } from '@clickhouse/client';\nexport const analytics = createClient({ url: process.env.DATABASE_URL });\n`,
  });
  const { facts, choice } = await ask(copy, cwd, 'add', 'postgres', '--no-install', '--yes');
  expect(facts.source.uses).toMatchObject([{ name: 'DATABASE_URL', engine: 'clickhouse' }]);
  expect(choice.names.DATABASE_URL).toMatchObject({
    value: 'FLUE_DATABASE_URL',
    because: '`DATABASE_URL` points at another engine',
  });
});

test('every blueprint is of an engine that is known', () => {
  for (const { name, engine } of allBlueprints()) expect(engineNamed(engine), name).toBeDefined();
});

describe('on the shelf', () => {
  let plain: string;
  beforeAll(async () => {
    plain = copyOfProgram();
    await build(plain);
  });
  /** A copy that shares the build: blueprints are read where they stand. */
  const shelf = (changes: readonly Change[] = []) => {
    const copy = copyOfProgram(changes);
    cpSync(path.join(plain, 'dist'), path.join(copy, 'dist'), { recursive: true });
    return copy;
  };

  test('a driver is chosen by its package, and by its name', async () => {
    const changes = page('driver.md');
    expectRow(
      '| a driver | one template and one entry in blueprint.json; another template for a client that the project makes |',
      changes,
      ['blueprints/database/postgres@1/pg-promise.ts', 'blueprints/database/postgres@1/blueprint.json'],
    );
    const copy = shelf(changes);
    const cwd = project({ 'package.json': manifestWith({ 'pg-promise': '^12.1.0' }) });
    const { choice } = await ask(copy, cwd, 'add', 'postgres', '--no-install', '--yes');
    expect(choice.driver.value.package).toBe('pg-promise');
    expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toBe(changes[0]!.text);
    const named = await ask(copy, project(), 'add', 'pg-promise', '--dry-run');
    expect(named.choice.driver.value.package).toBe('pg-promise');
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
    expect((await runCopy(copy, cwd, 'completion', 'fish')).stdout).toContain(' greenplum ');
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
  });
});

function rewrite(folder: string, from: string, to: string): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }
}

test('a command stands in help and completion, and runs', async () => {
  const changes = page('command.md');
  expectRow(
    '| a command | its file in src/commands, its entry in commands/flags.ts, its line in `actions` of main.ts; help, completion and the parser are made from the entry |',
    changes,
    ['src/commands/root.ts', 'src/commands/flags.ts', 'src/main.ts'],
  );
  const copy = copyOfProgram(changes);
  await build(copy);
  const cwd = project();
  const below = path.join(cwd, 'src');
  expect((await runCopy(copy, cwd, '--help')).stdout).toMatch(/^ +root +the folder that is the project$/m);
  expect((await runCopy(copy, cwd, 'help', 'root')).stdout).toContain('Usage: flue-db root [flags]');
  for (const shell of ['bash', 'zsh', 'fish'])
    expect((await runCopy(copy, cwd, 'completion', shell)).stdout).toMatch(/\broot\b/);
  expect(await runCopy(copy, cwd, 'root')).toEqual({ code: 0, stdout: `${cwd}\n` });
  expect(await ask(copy, below, 'root', '--cwd', cwd)).toEqual({ ok: true, command: 'root' });
  expect((await runCopy(copy, cwd, 'root', '--nothing')).code).toBe(2);
});

test('a refusal ends with the exit code of its line', async () => {
  const changes = page('refusal.md');
  expectRow(
    '| a refusal | one line in problem.ts, its code in the table of README; `npx vitest run test/output/schema.test.ts -u` writes it into the schema of --json |',
    changes,
    ['src/problem.ts', 'README.md'],
  );
  // What raises it: the reason to add one.
  const raised: Change = {
    file: 'src/blueprints/shelf.ts',
    kind: 'diff',
    text: `-  return new Problem('unknown-blueprint', \`there is no database blueprint named \\\`\${name}\\\`\`, hint);
+  return new Problem('misspelt', \`there is no database blueprint named \\\`\${name}\\\`\`, hint);
`,
  };
  const copy = copyOfProgram([...changes, raised]);
  await build(copy);
  const { code, stdout } = await runCopy(copy, project(), 'add', 'postgers', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, problem: { code: 'misspelt' } });
});

test('the table of README has every code of a refusal with its exit code', () => {
  const table = read('README.md').matchAll(/^\| (\d+) \| [^|]+ \| ((?:`[\w-]+` ?)+) \|$/gm);
  const said = [...table].flatMap(([, exit, codes]) =>
    [...codes!.matchAll(/`([\w-]+)`/g)].map(([, code]) => [code, Number(exit)]),
  );
  const { bug, ...others } = Object.fromEntries(said);
  expect(bug).toBe(1);
  expect(others).toEqual(exitCodes);
});
