import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import type { EnvDoc } from '../../src/types/env-docs.ts';
import { bin, flue, projectFrom, root, scratch, treeOf } from '../flue.ts';
import { startResident } from '../resident.ts';
import { nodeOf } from '../servers/flue.mjs';

/** Is it a good process: streams, exit codes, no terminal, signals, locks, what is left behind. */
const sample = (name = 'package-managers/npm') => projectFrom(path.join(root, 'fixtures', name, 'before'));
const add = ['add', 'database', 'postgres'];

/** A package manager of our making, named as a stand-in: it does what the script says. */
function standIn(project: string, script: string, program = 'npm'): NodeJS.ProcessEnv {
  const folder = path.join(scratch('stand-in'), 'bin');
  mkdirSync(folder);
  writeFileSync(path.join(folder, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH}`, PROJECT: project };
}

function start(
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  return { child, ended: new Promise((resolve) => child.on('exit', (code) => resolve({ code, said }))) };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 400) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('streams', () => {
  test('a dry run prints a diff that git can apply, and its words go to stderr', async () => {
    const project = sample();
    const { stdout, stderr } = await flue([...add, '--dry-run', '--no-install'], { cwd: project });
    expect(stdout).toMatch(/^--- a\/package\.json\n\+\+\+ b\/package\.json\n/);
    expect(stdout).toContain('--- /dev/null\n+++ b/src/db.ts\n');
    expect(stderr).toContain('Add Postgres');
    const patch = path.join(scratch(), 'patch');
    writeFileSync(patch, stdout);
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['init', '-q', project], { stdio: 'ignore' });
    execFileSync('git', ['apply', patch], { cwd: project });
    const real = sample();
    await flue([...add, '--no-install'], { cwd: real });
    expect(treeOf(project)).toEqual(treeOf(real));
  });

  test('help and version are asked-for data, on stdout; so is the list as JSON', async () => {
    const cwd = scratch();
    expect((await flue(['--help'], { cwd })).stdout).toBe((await flue(['help'], { cwd })).stdout);
    expect((await flue(['--version'], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const list = JSON.parse((await flue(['list', '--json'], { cwd })).stdout);
    expect(list).toMatchObject({ ok: true, command: 'list' });
    expect(list.blueprints.map(({ name }: { name: string }) => name)).toContain('postgres');
  });

  test('a reader that goes away is no error', async () => {
    const { execSync } = await import('node:child_process');
    expect(
      execSync(`"${process.execPath}" "${bin}" list --json | head -c 1`, { encoding: 'utf8', shell: '/bin/sh' }),
    ).toBe('{');
  });

  test('without a name: the list for `add`, a refusal for `add database`', async () => {
    const bare = await flue(['add'], { cwd: scratch() });
    expect(bare).toMatchObject({ code: 0, stdout: '' });
    expect(bare.stderr).toContain('postgres');
    expect(await flue(['add', 'database'], { cwd: scratch() })).toMatchObject({ code: 2 });
  });
});

describe('every refusal is one JSON object, with the exit code of its problem', () => {
  const program = startResident();
  afterAll(() => program.stop());

  test.each([
    ['bad-request', 2, [...add, '--nonsense']],
    ['bad-request', 2, ['nonsense']],
    ['bad-request', 2, [...add, '--target', 'deno']],
    ['bad-request', 2, [...add, '--var', 'DATABASE_URL']],
    ['bad-request', 2, [...add, '--var', 'DATABASE_URL=1X']],
    ['unknown-blueprint', 2, ['add', 'database', 'postgre']],
    ['unsupported-driver', 3, [...add, '--driver', 'left-pad']],
    ['wrong-target', 3, [...add, '--target', 'cloudflare']],
    ['not-a-project', 3, [...add, '--cwd', '/nowhere']],
  ])('%s, %i: %j', async (code, exit, args) => {
    const project = sample();
    const outcome = await flue([...args, '--json'], { cwd: project });
    expect(outcome.code).toBe(exit);
    const answer = JSON.parse(outcome.stdout);
    expect(answer).toMatchObject({ ok: false, problem: { code } });
    expect(answer.problem.hint).not.toBe('');
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });

  test.each<[what: string, message: string, args: string[]]>([
    ['a word behind list', 'what is `postgres`?', ['list', 'postgres']],
    ['a word behind the end of flags', 'what is `postgres`?', ['list', '--', 'postgres']],
    ['a word behind inspect', 'what is `database`?', ['inspect', 'database']],
    ['a word behind help', 'what is `extra`?', ['help', 'add', 'extra']],
    ['a word behind the version', 'what is `extra`?', ['--version', 'extra']],
    ['a second shell', 'what is `zsh`?', ['completion', 'bash', 'zsh']],
    ['an empty name', 'an empty word stands behind `remove`', ['remove', 'database', '']],
    ['an empty value', '`--driver` has no value', [...add, '--driver=']],
    ['an empty value of a variable of the shell', '`--cwd` has no value', [...add, '--cwd', '']],
    ['an empty value among known ones', '`--level` has no value', ['verify', 'database', '--level=']],
    ['a flag for a value', '`--driver` has no value: `--dry-run` is a flag', [...add, '--driver', '--dry-run']],
    ['a short flag for a value', '`--client` has no value: `-y` is a flag', [...add, '--client', '-y']],
    ['two values', '`--driver` is `pg`, and then `postgres`', [...add, '--driver', 'pg', '--driver=postgres']],
    ['two folders', '`--cwd` is `.`, and then `src`', ['inspect', '--cwd', '.', '--cwd', 'src']],
    [
      'a level at which a server of its own is of no use',
      '`--throwaway` writes, and `--level` is `read`',
      ['verify', 'database', '--throwaway', '--level', 'read'],
    ],
    [
      'two names of one variable',
      '`DATABASE_URL` is `A`, and then `B`',
      [...add, '--var', 'DATABASE_URL=A', '--var', 'DATABASE_URL=B'],
    ],
  ])('nothing that is typed is ignored: %s', async (_what, message, args) => {
    const { stderr, code } = await program.run(args, sample());
    expect(stderr).toContain(`error: ${message}\n`);
    expect(code).toBe(2);
  });

  test('the same value twice is no contradiction', async () => {
    const twice = ['--driver', 'pg', '--driver', 'pg', '--var', 'DATABASE_URL=A', '--var', 'DATABASE_URL=A'];
    expect(await program.run([...add, '--dry-run', ...twice], sample())).toMatchObject({ code: 0 });
  });

  test('an open question names its flag and its answers', async () => {
    const { code, stdout } = await flue([...add, '--json'], { cwd: sample('drivers/both') });
    expect(code).toBe(3);
    const { problem } = JSON.parse(stdout);
    expect(problem).toMatchObject({ code: 'needs-answer', question: { flag: '--driver' } });
    expect(problem.question.answers.map(({ value }: { value: string }) => value)).toEqual(['pg', 'postgres']);
  });
});

describe('the shapes that programs rely on', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(path.join(root, 'schema/output.schema.json'), 'utf8')),
  );

  test.each<[string, string[], string]>([
    ['list', ['list'], 'package-managers/npm'],
    ['inspect', ['inspect'], 'package-managers/npm'],
    ['a dry run', [...add, '--dry-run'], 'package-managers/npm'],
    ['a dry run with all there is to say', [...add, '--dry-run', '--verbose'], 'package-managers/npm'],
    ['a name that is missing', ['add', 'database'], 'package-managers/npm'],
    ['add without words', ['add'], 'package-managers/npm'],
    ['a real run', [...add, '--no-install'], 'dotenv/banners'],
    ['nothing to do', [...add, '--dry-run'], 'db-entries/ours-edited'],
    ['a question', add, 'drivers/both'],
    ['a refusal', add, 'targets/cloudflare'],
    ['a client of the project', [...add, '--client', 'src/lib/pool.ts#pool', '--dry-run'], 'clients/pg'],
    ['a removal', ['remove', 'database', '--no-install'], 'clients/kept'],
    ['nothing to remove', ['remove', 'database'], 'package-managers/npm'],
    ['a bad request', ['add', 'nonsense'], 'package-managers/npm'],
  ])('%s', async (_name, args, fixture) => {
    const { stdout } = await flue([...args, '--json'], { cwd: sample(fixture) });
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('the list has the nine, each with what a program wants to know', async () => {
    const { blueprints } = JSON.parse((await flue(['list', '--json'], { cwd: scratch() })).stdout);
    const names = ['libsql', 'mongodb', 'mysql', 'postgres', 'redis', 'sqlite', 'supabase', 'turso', 'valkey'];
    expect(blueprints.map(({ name }: { name: string }) => name)).toEqual(names);
    for (const one of blueprints) {
      expect(one).toMatchObject({
        title: expect.any(String),
        website: expect.stringMatching(/^https:/),
        aliases: expect.any(Array),
        variables: expect.any(Array),
      });
    }
  });
});

describe('the guide', () => {
  test.each(['postgres', 'supabase', 'mysql', 'mongodb', 'redis', 'valkey', 'libsql', 'turso', 'sqlite'])(
    '%s: complete, on stdout, and nothing changes',
    async (name) => {
      const project = sample('dotenv/quoted');
      const { code, stdout, stderr } = await flue(['add', 'database', name, '--print'], { cwd: project });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const titles = [
        'What is done',
        'Configure',
        'Isolation',
        'Migrations and stored data',
        'What to know',
        'Verify durability',
        'Which database',
        'db entry',
      ];
      for (const title of titles) expect(stdout).toContain(`\n## ${title}\n`);
      expect(stdout).toContain(`// flue-blueprint: database/${name}@1`);
      expect(stdout.split('## db entry')[0]).not.toMatch(/undefined|\[object/);
      expect(treeOf(project)).toEqual(treeOf(sample('dotenv/quoted')));
    },
  );
});

describe('what cannot be read or written', () => {
  const nobody = 65534;
  const asNobody = process.getuid?.() === 0 ? { uid: nobody } : {};

  test('an unreadable package.json is named, and nothing changes', async () => {
    const project = sample();
    chmodSync(path.join(project, 'package.json'), 0);
    chmodSync(project, 0o777);
    const { code, stdout } = await flue([...add, '--json'], { cwd: project, ...asNobody });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).problem).toMatchObject({
      code: 'cannot-parse',
      message: expect.stringContaining('package.json'),
    });
  });

  test.each(['.', 'src'])('a read-only folder (%s) is seen before anything is touched', async (folder) => {
    const project = sample('dotenv/quoted');
    const before = treeOf(project);
    chmodSync(project, folder === '.' ? 0o555 : 0o777);
    chmodSync(path.join(project, 'src'), 0o555);
    for (const file of ['package.json', '.env.example']) chmodSync(path.join(project, file), 0o666);
    const { code, stdout } = await flue([...add, '--no-install', '--json'], { cwd: project, ...asNobody });
    chmodSync(project, 0o755);
    expect(code, stdout).toBe(3);
    expect(JSON.parse(stdout).problem.code).toBe('locked');
    expect(treeOf(project)).toEqual(before);
  });

  test('a read-only file is not replaced behind its owner’s back', async () => {
    const project = sample('dotenv/quoted');
    const before = treeOf(project);
    for (const folder of [project, path.join(project, 'src')]) chmodSync(folder, 0o777);
    chmodSync(path.join(project, 'package.json'), 0o666);
    chmodSync(path.join(project, '.env.example'), 0o444);
    const { code, stdout } = await flue([...add, '--no-install', '--json'], { cwd: project, ...asNobody });
    expect(code, stdout).toBe(3);
    expect(JSON.parse(stdout).problem).toMatchObject({
      code: 'locked',
      message: expect.stringContaining('.env.example'),
    });
    expect(treeOf(project)).toEqual(before);
  });

  test.each(['src', 'package.json', 'src/db.ts'])('a symlink that leaves the project (%s) is refused', async (name) => {
    const project = sample();
    const outside = scratch('outside');
    if (name === 'src') mkdirSync(path.join(outside, 'src'));
    else
      writeFileSync(
        path.join(outside, path.basename(name)),
        name === 'package.json' ? readFileSync(path.join(project, name)) : '',
      );
    rmSync(path.join(project, name), { recursive: true, force: true });
    symlinkSync(path.join(outside, path.basename(name)), path.join(project, name));
    const before = [treeOf(project), treeOf(outside)];
    const { code, stdout } = await flue([...add, '--no-install', '--json'], { cwd: project });
    expect(code, stdout).toBe(3);
    expect(JSON.parse(stdout).problem.message).toContain('symlink');
    expect([treeOf(project), treeOf(outside)]).toEqual(before);
  });

  test('a disk that is full puts everything back', async () => {
    const { execFileSync } = await import('node:child_process');
    const limited = ['--fsize=1500', process.execPath, bin, ...add, '--no-install', '--json'];
    const project = sample();
    // A limit on the size of files makes writing db.ts fail as a full disk does, after package.json was written.
    const run = () =>
      execFileSync('prlimit', limited, {
        cwd: project,
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
      });
    let failure: { status?: number; stdout?: string } = {};
    try {
      run();
    } catch (error) {
      failure = error as typeof failure;
    }
    expect(failure.status).toBe(4);
    expect(JSON.parse(failure.stdout!).problem.code).toBe('operation-failed');
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });
});

test('of open files one that is left is enough; with less than that nothing is changed', async () => {
  const { spawnSync } = await import('node:child_process');
  const run = (limit: number, cwd: string) => {
    const args = [`--nofile=${limit}`, process.execPath, bin, ...add, '--no-install'];
    return spawnSync('prlimit', args, { cwd, encoding: 'utf8', env: { ...process.env, NODE_EXTRA_CA_CERTS: '' } });
  };
  // Node itself opens as many as its version needs, and cannot load the program with fewer.
  for (let limit = 18; ; limit += 1) {
    const project = sample();
    const { status, stderr } = run(limit, project);
    if (status === 0) return expect(existsSync(path.join(project, 'src/db.ts'))).toBe(true);
    expect(treeOf(project), stderr).toEqual(treeOf(sample()));
    expect(stderr, 'it had begun').not.toContain('Add Postgres');
    expect(limit).toBeLessThan(40);
  }
});

describe('what git says of env files', () => {
  const git = async (project: string, ...args: string[]) => {
    const { execFileSync } = await import('node:child_process');
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
    execFileSync('git', [...identity, ...args], { cwd: project, stdio: 'ignore' });
  };

  test('an ignored template is left alone, unless it is tracked all the same; a tracked .env is named, and never touched', async () => {
    const project = sample();
    rmSync(path.join(project, '.git'), { recursive: true });
    writeFileSync(path.join(project, '.gitignore'), 'node_modules\n.env*\n');
    writeFileSync(path.join(project, '.env.example'), 'API_KEY=\n');
    writeFileSync(path.join(project, '.env'), 'API_KEY=a-real-value\n');
    await git(project, 'init', '-q');
    const untracked = await flue(['inspect', '--json'], { cwd: project });
    expect(JSON.parse(untracked.stdout).facts.envDocs).toMatchObject([
      { path: '.env.example', kind: 'dotenv', leftAlone: { code: 'ignored', message: 'git ignores it' } },
    ]);
    await git(project, 'add', '-f', '.env.example', '.env');
    const { stdout } = await flue([...add, '--no-install', '--json', '--verbose'], { cwd: project });
    expect(stdout).not.toContain('a-real-value');
    expect(JSON.parse(stdout).facts.envDocs).toMatchObject([
      { path: '.env.example', leftAlone: null },
      { path: '.env', kind: 'values', because: 'it is committed' },
    ]);
    expect(readFileSync(path.join(project, '.env.example'), 'utf8')).toBe('API_KEY=\nDATABASE_URL=\n');
    expect(readFileSync(path.join(project, '.env'), 'utf8')).toBe('API_KEY=a-real-value\n');
  });

  test('a tracked .env.<mode> that the README has the reader copy is a template', async () => {
    const project = sample();
    rmSync(path.join(project, '.git'), { recursive: true });
    writeFileSync(path.join(project, 'README.md'), '# App\n\n```sh\ncp .env.dev .env\n```\n');
    writeFileSync(path.join(project, '.env.dev'), 'API_KEY=xxxx\nOTHER=xxxx\n');
    await git(project, 'init', '-q');
    expect(JSON.parse((await flue(['inspect', '--json'], { cwd: project })).stdout).facts.envDocs).toEqual([]);
    await git(project, 'add', '.env.dev');
    await flue([...add, '--no-install'], { cwd: project });
    expect(readFileSync(path.join(project, '.env.dev'), 'utf8')).toBe('API_KEY=xxxx\nOTHER=xxxx\nDATABASE_URL=xxxx\n');
  });

  test('a tracked .env.<mode> is one too where its secrets are placeholders, and is none where they are not', async () => {
    const project = sample();
    rmSync(path.join(project, '.git'), { recursive: true });
    writeFileSync(path.join(project, '.env.dev'), 'PORT=3000\nAPI_KEY=your-key\n');
    writeFileSync(path.join(project, '.env.e2e'), 'PORT=3000\nAPI_KEY=k-12345\n');
    await git(project, 'init', '-q');
    await git(project, 'add', '.env.dev', '.env.e2e');
    const { stdout } = await flue(['inspect', '--json'], { cwd: project });
    expect(JSON.parse(stdout).facts.envDocs).toMatchObject([{ path: '.env.dev', kind: 'dotenv', leftAlone: null }]);
  });
});

describe('inspect', () => {
  test('lists every doc with its convention, its variables and why it is left alone', async () => {
    const project = sample('env-docs/readme-table');
    for (const name of [
      'named-conventions/convict',
      'secret-managers/doppler',
      'env-docs/deployment',
      'env-docs/env-schema',
      'env-docs/t3-core-strict',
    ])
      cpSync(path.join(root, 'fixtures', name, 'before'), project, {
        recursive: true,
        filter: (from) => !from.endsWith('package.json'),
      });
    const manifest = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
    Object.assign(manifest.dependencies, { convict: '^6.0.0', '@t3-oss/env-core': '^0.13.0', zod: '^4.0.0' });
    writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
    const { stdout } = await flue(['inspect', '--json'], { cwd: project });
    const docs = JSON.parse(stdout).facts.envDocs.map(({ path: at, kind, leftAlone }: EnvDoc) => [
      at,
      kind,
      leftAlone?.code ?? null,
    ]);
    expect(docs).toEqual([
      ['.dev.vars.example', 'dotenv', 'cloudflare'],
      ['.env.docker.example', 'dotenv', 'deployment'],
      ['.env.production.example', 'dotenv', 'deployment'],
      ['.env.schema', 'env-schema', null],
      ['README.md', 'markdown', null],
      ['src/env.ts', 't3-env', null],
      ['doppler.yaml', 'doppler', 'store'],
      ['src/config.ts', 'convict', 'unreachable'],
    ]);
  });
});

describe('a package manager', () => {
  test('that is not there is named', async () => {
    const project = sample();
    const { code, stdout } = await flue([...add, '--json'], { cwd: project, env: { PATH: '/nowhere' } });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).problem).toMatchObject({
      message: '`npm` is not installed',
      hint: expect.stringContaining('--no-install'),
    });
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });

  test('that never ends is ended, with everything it started', async () => {
    const project = sample();
    const env = standIn(
      project,
      'echo scribble > package-lock.json; sleep 300 & echo $! > "$PROJECT/.git/child"; wait',
    );
    const { code, stdout } = await flue([...add, '--json'], {
      cwd: project,
      env: { ...env, FLUE_INSTALL_TIMEOUT: '1' },
    });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).problem.message).toContain('had not ended after 1 s');
    expect(treeOf(project)).toEqual(treeOf(sample()));
    const child = Number(readFileSync(path.join(project, '.git/child'), 'utf8'));
    await until(() => !alive(child));
  });

  test('that ends well without having installed anything is not believed', async () => {
    const project = sample();
    const { code, stdout } = await flue([...add, '--json'], { cwd: project, env: standIn(project, 'exit 0') });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).problem.message).toContain('is not there');
  });

  test.each([
    ['pnpm', 0],
    // Of any other it is no code of its own.
    ['npm', 4],
  ])('%s that exits 1 over unapproved build scripts, with everything there: %i', async (program, expected) => {
    const project = sample(`package-managers/${program}`);
    const there =
      'for p in @flue/postgres pg @types/pg; do mkdir -p node_modules/$p; echo "{}" > node_modules/$p/package.json; done';
    const script = `${there}; echo "ERR_PNPM_IGNORED_BUILDS  Ignored build scripts: esbuild"; exit 1`;
    const { code, stdout } = await flue([...add, '--json'], { cwd: project, env: standIn(project, script, program) });
    expect(code, stdout).toBe(expected);
  });

  test('has its stdin closed and its output kept for a failure', async () => {
    const project = sample();
    const env = standIn(project, 'cat; echo "line of output"; exit 7');
    const { code, stdout, stderr } = await flue([...add, '--json'], { cwd: project, env });
    expect(code).toBe(4);
    expect(JSON.parse(stdout).problem.message).toContain('line of output');
    expect(stderr).not.toContain('line of output');
  });
});

describe('interruptions', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s during the install ends it and puts everything back',
    async (signal) => {
      const project = sample();
      const env = standIn(
        project,
        'echo scribble >> package.json; echo scribble > package-lock.json; touch "$PROJECT/.git/began"; sleep 300',
      );
      const { child, ended } = start(add, project, env);
      await until(() => existsSync(path.join(project, '.git/began')));
      child.kill(signal);
      const { code, said } = await ended;
      expect(code, said).toBe(130);
      expect(treeOf(project)).toEqual(treeOf(sample()));
    },
  );

  test('kill -9: the next run puts back what was left, and then does its work', async () => {
    const project = sample();
    const env = standIn(project, 'echo scribble >> package.json; echo $$ > "$PROJECT/.git/installer"; exec sleep 300');
    const { child, ended } = start(add, project, env);
    const installer = path.join(project, '.git/installer');
    await until(() => existsSync(installer) && readFileSync(installer, 'utf8') !== '');
    child.kill('SIGKILL');
    await ended;

    const while_ = await flue([...add, '--no-install', '--json'], { cwd: project });
    expect(while_.code).toBe(3);
    expect(JSON.parse(while_.stdout).problem.code).toBe('locked');
    process.kill(Number(readFileSync(installer, 'utf8')), 'SIGKILL');
    await until(() => !alive(Number(readFileSync(installer, 'utf8'))));

    const dry = await flue([...add, '--dry-run', '--json'], { cwd: project });
    expect(JSON.parse(dry.stdout).problem.code).toBe('locked');
    expect(readFileSync(path.join(project, 'package.json'), 'utf8')).toContain('scribble');

    const next = await flue([...add, '--no-install'], { cwd: project });
    expect(next.code, next.stderr).toBe(0);
    expect(next.stderr).toContain('put back what a killed run had left');
    expect(treeOf(project)).toEqual({
      ...treeOf(sample()),
      ...treeOf(path.join(root, 'fixtures/package-managers/npm/after')),
    });
  });

  test('two runs at once: one works, the other is told', async () => {
    const project = sample();
    const env = standIn(project, 'touch "$PROJECT/.git/began"; sleep 2; exit 1');
    const { ended } = start(add, project, env);
    await until(() => existsSync(path.join(project, '.git/began')));
    const second = await flue([...add, '--no-install', '--json'], { cwd: project });
    expect(second.code).toBe(3);
    expect(JSON.parse(second.stdout).problem.code).toBe('locked');
    expect((await ended).code).toBe(4);
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });

  test('a file that changes while packages are installed is not overwritten', async () => {
    const project = sample('dotenv/quoted');
    const there =
      'for p in @flue/postgres pg @types/pg; do mkdir -p node_modules/$p; echo "{}" > node_modules/$p/package.json; done';
    const env = standIn(project, `${there}; echo MINE=1 >> .env.example`);
    const { code, stdout } = await flue([...add, '--json'], { cwd: project, env });
    expect(code, stdout).toBe(3);
    expect(JSON.parse(stdout).problem.code).toBe('project-changed');
    expect(readFileSync(path.join(project, '.env.example'), 'utf8')).toContain('MINE=1');
    expect(existsSync(path.join(project, 'src/db.ts'))).toBe(false);
  });
});

describe('what is not ours goes to the project’s own @flue/cli', () => {
  /**
   * A stand-in for @flue/cli, whose own code is not wanted here: what counts is what reaches it, and what comes back.
   */
  function withCli(script: string, folder = '.'): string {
    const project = sample();
    const at = path.join(project, folder, 'node_modules/@flue/cli');
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'package.json'), '{ "bin": { "flue": "bin/cli.mjs" }, "type": "module" }');
    mkdirSync(path.join(at, 'bin'));
    writeFileSync(path.join(at, 'bin/cli.mjs'), script);
    return project;
  }
  const echo = `import { readFileSync } from 'node:fs';
    console.log(JSON.stringify({ words: process.argv.slice(2), input: readFileSync(0, 'utf8') }));
    console.error('on stderr');
    process.exitCode = 7;`;

  test.each([
    ['dev', '--port', '39000', '--json'],
    ['build', '--target', 'node'],
    ['run', 'hello', '--input', '{"a": 1}'],
    ['add', 'sandbox', 'e2b', '--print'],
    ['add', 'channel'],
    ['docs'],
  ])('flue %s %s: words, streams and exit code', async (...words) => {
    const { code, stdout, stderr } = await flue(words, { cwd: withCli(echo) });
    expect({ code, stderr }).toEqual({ code: 7, stderr: 'on stderr\n' });
    expect(JSON.parse(stdout)).toEqual({ words, input: '' });
  });

  test('also from a folder below the package', async () => {
    const project = withCli(echo);
    expect((await flue(['dev'], { cwd: path.join(project, 'src') })).code).toBe(7);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s reaches it, and its exit code comes back', async (signal) => {
    const project = withCli(`
      import { writeFileSync } from 'node:fs';
      for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => { console.log(name); process.exit(9); });
      setInterval(() => {}, 1000);
      writeFileSync('up', '');`);
    const { child, ended } = start(['dev'], project, {});
    await until(() => existsSync(path.join(project, 'up')));
    child.kill(signal);
    expect(await ended).toEqual({ code: 9, said: `${signal}\n` });
  });

  test('one that a signal ends gives 128 and the number', async () => {
    const project = withCli("process.kill(process.pid, 'SIGKILL');");
    expect((await flue(['dev'], { cwd: project })).code).toBe(137);
  });

  test('not installed: a refusal with the line that installs it', async () => {
    const npm = await flue(['dev'], { cwd: sample() });
    expect(npm).toMatchObject({ code: 2, stdout: '' });
    expect(npm.stderr).toContain('`npm install --save-dev @flue/cli@');
    const pnpm = await flue(['build', '--json'], { cwd: sample('package-managers/pnpm') });
    expect(JSON.parse(pnpm.stdout).problem).toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('pnpm add -D'),
    });
  });

  test('installed above the repository, as Node finds it', async () => {
    const above = scratch('above');
    cpSync(path.join(withCli(echo), 'node_modules'), path.join(above, 'node_modules'), { recursive: true });
    const project = path.join(above, 'app');
    cpSync(sample(), project, { recursive: true });
    expect((await flue(['dev'], { cwd: project })).code).toBe(7);
  });

  test.each(['{', 'null', '[]', '{ "bin": 5 }', '{ "bin": { "flue": 5 } }'])(
    'with %s for its package.json it is not there',
    async (text) => {
      const project = withCli(echo);
      writeFileSync(path.join(project, 'node_modules/@flue/cli/package.json'), text);
      const { code, stderr } = await flue(['dev'], { cwd: project });
      expect(code).toBe(2);
      expect(stderr).toContain('is not installed here');
    },
  );

  test('outside of any package, and under PnP where nothing declares it, the hint is another', async () => {
    expect((await flue(['dev'], { cwd: scratch('empty') })).stderr).toContain('in the folder of a Flue project');
    const project = sample('package-managers/yarn');
    writeFileSync(path.join(project, '.pnp.cjs'), '');
    expect((await flue(['dev'], { cwd: project })).stderr).toContain('`yarn add -D @flue/cli');
  });

  test('help of a command that is not ours is not ours either', async () => {
    const { code, stdout } = await flue(['help', 'dev'], { cwd: withCli(echo) });
    expect({ code, words: JSON.parse(stdout).words }).toEqual({ code: 7, words: ['help', 'dev'] });
    expect(await flue([], { cwd: scratch('empty') })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: flue'),
    });
  });

  test('a database whose kind was left out is told, not handed on', async () => {
    const { code, stderr } = await flue(['add', 'postgresql'], { cwd: withCli(echo) });
    expect(code).toBe(2);
    expect(stderr).toContain('`flue add database postgresql`');
  });
});

describe('the Node it runs on', () => {
  test.each(['22', '24'])('%s does the same as this one', { timeout: 120_000 }, async (major) => {
    const project = sample();
    const { code, stderr } = await flue([...add, '--no-install'], { cwd: project, node: nodeOf(major) });
    expect(code, stderr).toBe(0);
    expect(treeOf(project)).toEqual({
      ...treeOf(sample()),
      ...treeOf(path.join(root, 'fixtures/package-managers/npm/after')),
    });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
