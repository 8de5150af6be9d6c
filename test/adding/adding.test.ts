import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { conventions } from '../../src/knowledge/conventions/index.ts';
import { engines } from '../../src/knowledge/engines/index.ts';
import { formatters } from '../../src/knowledge/formatters/index.ts';
import { hosts } from '../../src/knowledge/hosts/index.ts';
import { packageManagers } from '../../src/knowledge/package-managers/index.ts';
import { schemaOwners } from '../../src/knowledge/schema-owners/index.ts';
import { exitCodes } from '../../src/problem.ts';
import type { Check } from '../../src/types/verify.ts';
import { build, buildVerify, type Change, changed, changesIn, copyOfProgram, runCopy } from '../copy.ts';
import { root, scratch } from '../flue.ts';
import { emptyProject } from '../verify/projects.mjs';
import { ask, expectRow, manifestWith, page, project, read, rows } from './rows.ts';

/**
 * AGENTS.md says what to touch to add a thing. Each row is followed to the letter: exactly what it names is touched,
 * the copy of the program with it is built and run on a project, and the new thing works there. One copy has them all,
 * since building is what takes time; test/adding/fixture.test.ts has those whose last step is a test.
 */
const pages = {
  convention: changesIn(read('CONTRIBUTING.md')),
  manager: page('package-manager.md'),
  engine: page('engine.md'),
  owner: page('schema-owner.md'),
  formatter: page('formatter.md'),
  // Before the flag, which changes a line that its hunk shows.
  command: page('command.md'),
  flag: page('flag.md'),
  refusal: page('refusal.md'),
};
/** What raises the refusal: the reason to add one. */
const raised: Change = {
  file: 'src/blueprints/shelf.ts',
  kind: 'diff',
  text: `-  return new Problem('unknown-blueprint', \`there is no database blueprint named \\\`\${name}\\\`\`, hint);
+  return new Problem('misspelt', \`there is no database blueprint named \\\`\${name}\\\`\`, hint);
`,
};
let copy: string;
beforeAll(async () => {
  copy = copyOfProgram([...Object.values(pages).flat(), raised]);
  await build(copy);
});

test('an env convention: the worked example of CONTRIBUTING.md', async () => {
  expectRow(
    '| an env convention | its file in src/knowledge/conventions, its line in conventions/index.ts, its row in docs/env-conventions.md |',
    pages.convention,
    ['src/knowledge/conventions/superstruct.ts', 'src/knowledge/conventions/index.ts', 'docs/env-conventions.md'],
  );
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
  test('is its file and its line', () =>
    expectRow(
      '| a package manager | its file in src/knowledge/package-managers, its line in package-managers/index.ts |',
      pages.manager,
      ['src/knowledge/package-managers/oro.ts', 'src/knowledge/package-managers/index.ts'],
    ));

  /** Locked to a version that package.json alone does not say. */
  const lockfile = 'lockfile-version 1\npkg "@flue/runtime" {\n    version "2.0.3"\n}\n';

  test('is recognised by its lockfile, which is read, and installs', async () => {
    const cwd = project({
      'package.json': manifestWith(
        { '@flue/runtime': '^2.0.0', pg: '^8.20.0' },
        { scripts: { 'db:push': 'oro db:push' } },
      ),
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
    // It starts a script, and is no tool that pushes a schema.
    expect(facts.source.owners).toEqual([]);
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

describe('a database engine', () => {
  test('is its files and their lines', () =>
    expectRow(
      '| a database engine | its file in src/knowledge/engines, its line in engines/index.ts; for `verify` its probes in engines/verify, their line in its index.ts, and its adapter in verify/child/adapters.ts |',
      pages.engine,
      [
        'src/knowledge/engines/clickhouse.ts',
        'src/knowledge/engines/index.ts',
        'src/knowledge/engines/verify/clickhouse.ts',
        'src/knowledge/engines/verify/index.ts',
        'src/verify/child/adapters.ts',
      ],
    ));

  test('is proven by its driver, and its variable is left to it', async () => {
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

  test('is asked by verify, by its own probes', async () => {
    await buildVerify(copy);
    const cwd = emptyProject();
    writeFileSync(path.join(cwd, 'src/db.ts'), analytics);
    const { checks } = await ask(copy, cwd, 'verify', '--level', 'read');
    const said = (checks as Check[]).map(({ code, ok, because }) => [code, ok, because]);
    expect(JSON.stringify(said)).toContain('ClickHouse 25.8');
    expect(said).toContainEqual(['writable', false, 'the user may only read']);
  });
});

/** A runner that answers as ClickHouse does where its user may only read. */
const analytics = `import { clickhouse } from '@flue/clickhouse';

const answers = { 'SELECT 1': 1, 'SELECT version()': '25.8', 'SELECT readonly': 1 };
export default clickhouse({ query: async (text) => [answers[text]], close: async () => {} });
`;

test('a tool that owns a schema is a danger to what it would drop', async () => {
  expectRow(
    '| a tool that owns a schema | its file in src/knowledge/schema-owners, its line in schema-owners/index.ts |',
    pages.owner,
    ['src/knowledge/schema-owners/ridgepole.ts', 'src/knowledge/schema-owners/index.ts'],
  );
  const scripts = { schema: 'ridgepole --config database.yml --apply' };
  const cwd = project({
    'package.json': manifestWith({ pg: '^8.20.0' }, { scripts }),
    '.env.example': 'DATABASE_URL=\n',
    'src/pool.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL });\n`,
  });
  const { problem } = await ask(copy, cwd, 'add', 'postgres', '--no-install');
  expect(problem).toMatchObject({ code: 'needs-answer', question: { flag: '--var' } });
  expect(problem.message).toContain('ridgepole');
});

test('a formatter says how db.ts is written', async () => {
  expectRow(
    '| a formatter | its file in src/knowledge/formatters, its line in formatters/index.ts |',
    pages.formatter,
    ['src/knowledge/formatters/rome.ts', 'src/knowledge/formatters/index.ts'],
  );
  const cwd = project({ 'rome.json': '{ "formatter": { "indentStyle": "tab" } }' });
  const { facts } = await ask(copy, cwd, 'add', 'postgres', '--no-install', '--yes');
  expect(facts.formatter).toMatchObject({ value: { style: { useTabs: true } }, because: 'rome.json' });
  expect(readFileSync(path.join(cwd, 'src/db.ts'), 'utf8')).toMatch(/\n\tif \(pool\) return pool;\n/);
});

test('a flag is parsed, checked, explained and completed', async () => {
  expectRow(
    '| a flag | its entry in commands/flags.ts, its row in docs/flags.md; parser, help, completion and the check of its values are made from the entry |',
    pages.flag,
    ['src/commands/flags.ts', 'docs/flags.md'],
  );
  const cwd = project();
  expect((await runCopy(copy, cwd, 'help', 'list')).stdout).toMatch(/--order <name\|driver> +what stands first/);
  expect((await runCopy(copy, cwd, 'completion', 'bash')).stdout).toContain(
    "--order) COMPREPLY=($(compgen -W 'name driver'",
  );
  expect(await ask(copy, cwd, 'list', '--order', 'driver')).toMatchObject({ ok: true });
  expect(await ask(copy, cwd, 'list', '--order', 'size')).toMatchObject({ problem: { code: 'bad-request' } });
});

test('a command stands in help and completion, and runs', async () => {
  expectRow(
    '| a command | its file in src/commands, its entry in commands/flags.ts, its line in `actions` of main.ts, its flags in docs/flags.md; help, completion and the parser are made from the entry |',
    pages.command,
    ['src/commands/root.ts', 'src/commands/flags.ts', 'src/main.ts', 'docs/flags.md'],
  );
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
  expectRow(
    '| a refusal | one line in problem.ts, its code in the table of README; `npx vitest run test/output/schema.test.ts -u` writes it into the schema of --json |',
    pages.refusal,
    ['src/problem.ts', 'README.md'],
  );
  const { code, stdout } = await runCopy(copy, project(), 'add', 'postgers', '--json');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, problem: { code: 'misspelt' } });
});

test('what is added compiles', () => {
  cpSync(path.join(root, 'tsconfig.json'), path.join(copy, 'tsconfig.json'));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', copy], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}, 180_000);

test.each(Object.entries(pages))('%s stands on nothing that another row adds', (_row, changes) => {
  const own = changes.map(({ file }) => file);
  for (const { file, kind, text } of changes) {
    if (kind === 'diff') expect(changed(read(file), text, file)).not.toBe(read(file));
    const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, one]) => path.join(path.dirname(file), one!));
    expect(imported.filter((one) => !own.includes(one) && !existsSync(path.join(root, one)))).toEqual([]);
  }
});

test.each(Object.entries({ conventions, engines, formatters, hosts, packageManagers, schemaOwners }))(
  'no two of the %s have one name, of which the second would not be found',
  (_list, things) => {
    const names = things.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  },
);

test('every row of the table is followed', () => {
  const from = rows.indexOf('| to add | touch |') + 2;
  const table = rows.slice(from, rows.indexOf('', from));
  expect(table.length).toBeGreaterThan(10);
  const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const texts = tests.map((name) => read('test/adding', name)).join('');
  expect(table.filter((row) => !texts.includes(row))).toEqual([]);
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
