import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { flue, type Outcome, projectFrom, root, scratch } from '../flue.ts';
import { atTerminal, keys } from '../terminal.ts';

/** Nothing of Flue is hidden by a program of the same name, and nothing is said of Flue that is not so. */
const sample = () => projectFrom(path.join(root, 'fixtures/package-managers/npm/before'));

/** A stand-in for @flue/cli: what counts is what reaches it, and what we make of its answer. */
function withCli(script?: string): string {
  const project = sample();
  const at = path.join(project, 'node_modules/@flue/cli');
  mkdirSync(path.join(at, 'bin'), { recursive: true });
  const manifest = { version: '2.0.3', bin: { flue: 'bin/cli.mjs' }, type: 'module' };
  writeFileSync(path.join(at, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(at, 'bin/cli.mjs'), script ?? cli);
  return project;
}

const cli = `const [command, kind] = process.argv.slice(2);
if (command === '--help') console.log('run <path>  Run one agent');
else if (command === 'add' && !kind) console.error('flue add channel slack');
else if (['add', 'update', 'run', 'docs'].includes(command)) console.log('theirs: ' + process.argv.slice(2).join(' '));
else { console.error('Error: Unknown command'); process.exitCode = 1; }`;

const run = (args: string[], cwd = withCli(), program: 'flue' | 'flue-db' = 'flue'): Promise<Outcome> =>
  flue(args, { cwd, program });

describe('what is Flue’s is shown beside ours', () => {
  test.each([[[]], [['--help']], [['help']]])('help %j', async (args) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Adds a database/);
    expect(stdout).toContain(
      "Flue's own commands, from @flue/cli 2.0.3 of this project\n\nrun <path>  Run one agent\n",
    );
  });

  test('help of one command of ours is ours alone, and the build has it ready', async () => {
    const ready = await run(['help', 'add']);
    expect(ready.stdout).toBe((await run(['add', '--help'])).stdout);
    expect(ready.stdout).toContain('postgres  pg, postgres, @neondatabase/serverless');
    expect(ready.stdout).not.toContain('run <path>');
    expect(ready.stdout).not.toContain('default: []');
  });

  test('add without words lists both', async () => {
    const { code, stderr } = await run(['add']);
    expect(code).toBe(0);
    expect(stderr).toContain('postgres');
    expect(stderr).toContain('flue add channel slack');
  });

  test.each([['-v'], ['-V'], ['--version']])('%s names both', async (flag) => {
    expect((await run([flag])).stdout).toMatch(/^flue-db \d+\.\d+\.\d+\n@flue\/cli 2\.0\.3\n$/);
    expect((await run([flag], sample())).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('a command line of Flue’s that cannot answer is said to be there', async () => {
    const { code, stdout } = await run(
      ['--help'],
      withCli("console.error('Node 20 is too old'); process.exitCode = 1;"),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('did not answer: Node 20 is too old. It has add, docs, init, run');
  });
});

describe('every form that Flue documents is passed on', () => {
  test.each([
    ['add database https://clickhouse.com'],
    ['add database https://clickhouse.com --print'],
    ['add channel slack --print'],
    ['add tooling sentry'],
    ['update database mysql --print'],
    ['update channel slack'],
    ['run src/agents/a.ts -m hi'],
    ['docs search durable'],
  ])('flue %s', async (words) => {
    expect(await run(words.split(' '))).toEqual({ code: 0, stdout: `theirs: ${words}\n`, stderr: '' });
  });

  test.each([
    ['add https://clickhouse.com', 'add database https://clickhouse.com'],
    ['update mysql --print', 'update database mysql --print'],
    ['add channel slack', 'add channel slack'],
    ['docs', 'docs'],
  ])('flue-db %s', async (words, theirs) => {
    expect((await run(words.split(' '), withCli(), 'flue-db')).stdout).toBe(`theirs: ${theirs}\n`);
  });

  test('what is reserved and not there yet is said to be so', async () => {
    for (const [words, program] of [
      ['update database', 'flue'],
      ['update', 'flue-db'],
    ] as const) {
      const { code, stderr } = await run(words.split(' '), withCli(), program);
      expect(code).toBe(2);
      expect(stderr).toContain('there is no `update database` without a name yet');
    }
  });
});

describe('a word that neither knows', () => {
  test.each([
    ['docter', 'flue-db verify'],
    ['dcos', 'flue docs'],
    ['lst', 'flue-db list'],
    ['rm database', 'flue-db remove'],
    ['uninstall postgres', 'flue-db remove postgres'],
    ['doctor', 'flue-db verify'],
    ['postgres', 'flue-db add postgres'],
    ['add datbase postgres', 'flue add database postgres'],
    ['add db postgres', 'flue add database postgres'],
  ])('flue %s: did you mean %s', async (words, meant) => {
    const without = await run(words.split(' '), sample());
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(`did you mean \`${meant}`);
    expect(without.stderr).not.toContain("Flue's own, and");
    expect(without.stderr).not.toContain('npm install');
  });

  test('is passed on all the same where Flue may know it, and the word is told when it did not', async () => {
    const { code, stderr } = await run(['lst']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Error: Unknown command\nhint: did you mean `flue-db list`?\n',
    });
  });

  test.each([
    [['help', 'foo'], 'there is no command `foo`'],
    [['version'], 'did you mean `flue-db --version`?'],
    [['add', 'databse', 'postgres'], 'hint: `flue-db add postgres`\n'],
  ])('%j has a next step', async (words, said) => {
    expect((await run(words, sample(), 'flue-db')).stderr).toContain(said);
  });

  test('of flue-db is never Flue’s', async () => {
    const { code, stderr } = await run(['nonsense'], withCli(), 'flue-db');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no command `nonsense`');
  });

  test.each(['postgres', 'channel slack', ''])('remove %s is answered here', async (words) => {
    const { code, stderr } = await run(['remove', ...words.split(' ').filter(Boolean)]);
    expect(code).toBe(2);
    expect(stderr).toContain('`flue remove database`');
  });
});

describe('flue-db needs no kind', () => {
  test.each([
    [
      ['add', 'postgres', '--dry-run', '--json'],
      ['add', 'database', 'postgres', '--dry-run', '--json'],
    ],
    [
      ['add', '--json', '--dry-run', 'postgres'],
      ['add', 'database', 'postgres', '--dry-run', '--json'],
    ],
    [
      ['add', 'database', 'postgres', '--dry-run', '--json'],
      ['add', 'database', 'postgres', '--dry-run', '--json'],
    ],
    [
      ['remove', '--json'],
      ['remove', 'database', '--json'],
    ],
    [['list'], ['list']],
  ])('flue-db %j', async (ours, same) => {
    const project = sample();
    expect(await run(ours, project, 'flue-db')).toEqual(await run(same, project, 'flue'));
  });

  test('one at a time', async () => {
    expect((await run(['add', 'postgres', 'redis'], sample(), 'flue-db')).stderr).toContain('one database at a time');
  });
});

describe('the word typed counts', () => {
  test.each([
    ['ioredis', 'redis', 'ioredis'],
    ['postgres.js', 'postgres', 'postgres'],
    ['neon', 'postgres', '@neondatabase/serverless'],
    ['pg', 'postgres', 'pg'],
    ['iovalkey', 'valkey', 'iovalkey'],
    ['glide', 'valkey', '@valkey/valkey-glide'],
    ['mysql2', 'mysql', 'mysql2'],
    ['@libsql/client', 'libsql', '@libsql/client'],
    ['PG', 'postgres', 'pg'],
    ['postgres', 'postgres', 'pg'],
  ])('%s is %s with %s', async (word, database, driver) => {
    const { stdout } = await run(['add', 'database', word, '--dry-run', '--json'], sample());
    expect(JSON.parse(stdout)).toMatchObject({
      blueprint: `database/${database}@1`,
      choice: { driver: { value: { package: driver } } },
    });
  });

  test('a driver and another one by its flag contradict each other', async () => {
    const { code, stderr } = await run(['add', 'database', 'neon', '--driver', 'pg'], sample());
    expect(code).toBe(2);
    expect(stderr).toContain('leave out one of the two');
  });

  test.each([
    'upstash',
    'prisma',
    'drizzle',
    'mongoose',
    'cockroachdb',
    'better-sqlite3',
    'd1',
    'dynamodb',
    'mariadb',
    '@prisma/client',
  ])('%s: why not, and what instead', async (word) => {
    const { code, stdout } = await run(['add', 'database', word, '--json'], sample());
    expect(code).toBe(2);
    const { problem } = JSON.parse(stdout);
    expect(problem.code).toBe('unknown-blueprint');
    expect(problem.message).toMatch(/^`.+` cannot (?:be added|carry Flue's state): .{20,}/);
    expect(problem.hint).toMatch(/`[a-z]+/);
  });
});

describe('completion', () => {
  /** What bash would offer for a line, the last word of which is being typed. */
  async function offered(line: string): Promise<string[]> {
    // bash takes `=` for a word of its own.
    const words = line.split(/ |(?==)|(?<==)(?!$)/);
    const { stdout: script } = await run(['completion', 'bash'], scratch('completion'));
    const { execFileSync } = await import('node:child_process');
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const code = `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _flue_db; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', code], { encoding: 'utf8' }).split('\n').filter(Boolean);
  }

  test.each([
    ['flue-db ', ['add', 'remove', 'verify', 'list', 'inspect', 'completion', 'help']],
    ['flue-db add po', ['postgres']],
    ['flue add ', ['database']],
    ['flue add database va', ['valkey']],
    ['flue-db add postgres --on-existing ', ['keep', 'replace', 'elsewhere']],
    ['flue-db add postgres --package-manager p', ['pnpm']],
    ['flue-db remove --no', ['--no-install']],
    ['flue-db add --target=', ['node', 'cloudflare']],
    ['flue-db add --target=c', ['cloudflare']],
    ['flue-db completion ', ['bash', 'zsh', 'fish']],
    ['flue-db help ins', ['inspect']],
  ])('%s', async (line, expected) => expect(await offered(line)).toEqual(expected));

  test.each(['zsh', 'fish'])('%s has every command and flag of the table', async (shell) => {
    const { stdout } = await run(['completion', shell], scratch('completion'));
    for (const word of ['add', 'remove', 'inspect', 'on-existing', 'package-manager', 'postgres', 'flue-db'])
      expect(stdout).toContain(word);
  });

  test('of a shell that it does not know', async () => {
    expect(await run(['completion', 'tcsh'], scratch('completion'))).toMatchObject({ code: 2 });
  });
});

test('at the keyboard, add without words asks, and the name may be left to the prompt', async () => {
  const { text, code } = await atTerminal(['add', '--dry-run'], {
    cwd: sample(),
    typed: [['Which database?', keys.enter]],
  });
  expect(code).toBe(0);
  expect(text).toContain('Add Postgres');
});
