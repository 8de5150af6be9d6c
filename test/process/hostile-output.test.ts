import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, flue, projectFrom, root, treeOf } from '../flue.ts';

/**
 * What comes from a project cannot speak to the terminal, no secret is shown, and a full disk behind the output decides
 * nothing.
 */
const sample = (name = 'package-managers/npm') => projectFrom(path.join(root, 'fixtures', name, 'before'));
const add = ['add', 'database', 'postgres'];
const sequence = '\u001b]0;owned\u0007';

/** Control characters but tab and the end of a line, and those that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const obeyed = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/;

const put = (project: string, file: string, text: string) => {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
};
const manifest = (more: object) => JSON.stringify({ dependencies: { '@flue/runtime': '2.0.3', ...more } });

describe('no escape sequence gets through', () => {
  test.each<[string, string[], (project: string) => void]>([
    ['a package.json that does not parse', add, (at) => put(at, 'package.json', `{ "${sequence}": `)],
    ['a specifier of Flue', add, (at) => put(at, 'package.json', manifest({ '@flue/runtime': `2.0.3-${sequence}` }))],
    ['a specifier in inspect', ['inspect'], (at) => put(at, 'package.json', manifest({ pg: sequence }))],
    ['a target', add, (at) => put(at, 'flue.config.ts', `export default { target: '${sequence}' };`)],
    [
      'the place of the db entry',
      add,
      (at) => put(at, 'flue.config.ts', `export default { target: 'node', db: './${sequence}.ts' };`),
    ],
    ['a comment in a diff', [...add, '--dry-run'], (at) => put(at, '.env.example', `# ${sequence} \u202e\nA=\n`)],
    ['a name for a variable', [...add, '--var', `DATABASE_URL=${sequence}`], () => {}],
    ['a client', [...add, '--client', `${sequence}#x`], () => {}],
    ['a database', ['add', 'database', sequence], () => {}],
    ['a kind', ['add', sequence], () => {}],
    ['a command', [sequence], () => {}],
    ['a flag', [...add, `--${sequence}`], () => {}],
    ['a folder', [...add, '--cwd', `/nowhere/${sequence}`], () => {}],
    [
      'the texts in JSON',
      [...add, '--dry-run', '--json', '--verbose'],
      (at) => put(at, '.env.example', `# ${sequence} \u202e \u009b31m \u{e0041}\nA=\n`),
    ],
    [
      'a guide',
      [...add, '--print'],
      (at) => put(at, 'flue.config.ts', `export default { target: 'node', db: './${sequence}.ts' };`),
    ],
  ])('%s', async (_name, args, change) => {
    const project = sample();
    change(project);
    const { stdout, stderr } = await flue(
      [...args, '--no-install'].filter((one) => args[0] === 'add' || one !== '--no-install'),
      { cwd: project },
    );
    expect(stdout + stderr).not.toBe('');
    expect(obeyed.exec(stdout + stderr)).toBeNull();
  });

  test('a newline in a name forges no line', async () => {
    const { stderr } = await flue(['add', 'database', 'x\nerror: forged\nhint: forged'], { cwd: sample() });
    for (const line of stderr.split('\n')) expect(line).not.toMatch(/^(?:error|hint): forged/);
  });
});

describe('no value of a doc is shown, and every byte of it stays', () => {
  const secret = 'hunter2-hunter2';
  const docs = {
    '.env.example': `A=${secret}\nB="${secret}"\nC="x\n${secret}\n"\nURL=https://me:${secret}@h/\n`,
    'README.md': `# App\n\n\`\`\`sh\nA=${secret}\n\`\`\`\n`,
  };

  test.each([
    [[...add, '--dry-run']],
    [[...add, '--json', '--verbose', '--dry-run']],
    [[...add, '--json', '--no-install']],
    [[...add, '--print']],
    [['inspect']],
    [['inspect', '--json']],
  ])('%j', async (args) => {
    const project = sample();
    for (const [file, text] of Object.entries(docs)) put(project, file, text);
    const { code, stdout, stderr } = await flue(args, { cwd: project });
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain('hunter2');
    for (const [file, text] of Object.entries(docs)) {
      const now = readFileSync(path.join(project, file), 'utf8').split('\n');
      for (const line of text.split('\n')) expect(now).toContain(line);
    }
  });

  test('nor the password in a specifier, in words or as JSON', async () => {
    const project = sample();
    put(project, 'package.json', manifest({ '@flue/runtime': `git+https://me:${secret}@example.com/x` }));
    for (const flags of [[], ['--json']]) {
      const { stdout, stderr } = await flue([...add, ...flags], { cwd: project });
      expect(stdout + stderr).toContain('***@example.com');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });
});

/** Runs it with stdout or stderr on a full disk. */
function full(args: string[], cwd: string, redirect: string): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    const line = `"${process.execPath}" "${bin}" ${args.join(' ')} ${redirect}`;
    execFile(
      '/bin/sh',
      ['-c', line],
      { cwd, env: { ...process.env, NODE_EXTRA_CA_CERTS: '' } },
      (error, _stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stderr }),
    ).stdin?.end();
  });
}

describe.skipIf(process.platform !== 'linux')('a full disk behind the output', () => {
  test.each([
    [['list']],
    [['list', '--json']],
    [['inspect']],
    [['--version']],
    [['--help']],
    [['help', 'add']],
    [['completion', 'bash']],
    [[...add, '--dry-run']],
    [[...add, '--print']],
  ])('data that cannot be written is a failure, and nothing changes: %j', async (args) => {
    const project = sample();
    const { code, stderr } = await full(args, project, '> /dev/full');
    expect(code, stderr).toBe(4);
    expect(stderr).toContain('stdout cannot be written (ENOSPC)');
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });

  test('a change that is made is reported as made, whatever becomes of the report', async () => {
    const project = sample();
    const { code, stderr } = await full([...add, '--no-install', '--json'], project, '> /dev/full');
    expect(code).toBe(0);
    expect(stderr).toContain('the change was made, but its report is lost');
    expect(Object.keys(treeOf(project))).toContain('src/db.ts');
  });

  test.each([
    [[...add, '--no-install'], 0],
    [['add', 'database', 'nope'], 2],
  ])('what is said may be lost: %j', async (args, code) => {
    expect(await full(args, sample(), '2> /dev/full')).toEqual({ code, stderr: '' });
  });

  test('a state folder in which nothing can be made is not used, nor waited for', async () => {
    const project = sample();
    expect(await flue([...add, '--no-install'], { cwd: project, env: { XDG_STATE_HOME: '/proc' } })).toMatchObject({
      code: 0,
    });
  }, 60_000);

  test('a current folder that has been deleted is a refusal', async () => {
    const project = sample();
    mkdirSync(path.join(project, 'gone'));
    const there = `cd gone; rmdir ../gone; "${process.execPath}" "${bin}" add database postgres`;
    const code = await new Promise((resolve) => {
      execFile('/bin/sh', ['-c', there], { cwd: project }, (error) => resolve(error?.code)).stdin?.end();
    });
    expect(code).toBe(3);
  });
});
