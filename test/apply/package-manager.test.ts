import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { noteName } from '../../src/project/failed-install.ts';
import { bin, difference, type Place, place, run, scenarios, stateOf } from './scenarios.mjs';

/**
 * What a package manager does besides its work: all of it has ended, and all of its traces are gone, before a run says
 * that everything is back.
 */
const install = scenarios['add with an install']!;

/** A project whose package manager is that script, and what it is like before. */
async function projectWith(script: string): Promise<{ at: Place; before: Record<string, string> }> {
  const at = await place(install);
  writeFileSync(path.join(path.dirname(at.tree), 'bin/npm'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { at, before: stateOf(at.tree) };
}

const isAtWork = (pid: string) => {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid.trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe.skipIf(process.platform !== 'linux')('what it starts', () => {
  test.each([
    [
      'goes on when it has failed',
      '(sleep 1; echo late > package-lock.json) >/dev/null 2>&1 &\necho $! > ../child\nexit 1',
      {},
    ],
    [
      'takes no notice of being asked to end',
      "(trap '' TERM; while :; do sleep 0.2; echo late > package-lock.json; done) >/dev/null 2>&1 &\necho $! > ../child\nsleep 60",
      { FLUE_INSTALL_TIMEOUT: '1' },
    ],
    [
      'is in a session of its own',
      "setsid sh -c 'echo $$ > ../child; sleep 1; echo late > package-lock.json' >/dev/null 2>&1 &\nsleep 0.3\nexit 1",
      {},
    ],
  ])(
    '%s',
    async (_what, script, env) => {
      const { at, before } = await projectWith(script);
      const { code, said } = await run({ ...at, env: { ...at.env, ...env } });
      expect(code, said).toBe(4);
      expect(isAtWork(readFileSync(path.join(at.tree, '../child'), 'utf8'))).toBe(false);
      expect(difference(stateOf(at.tree), before)).toEqual([]);
    },
    30_000,
  );
});

/**
 * `omit=dev`, `modules-dir` and Yarn's PnP leave packages elsewhere, or not at all: the lockfile has them in any case.
 */
test.each([
  ['of some the lockfile has, and no folder', '{ "packages": { "node_modules/pg": {} } }', 0],
  ['of which neither has one', '{ "packages": { "node_modules/pg-types": {} } }', 4],
])('what it should bring, %s: exit %s', async (_what, lockfile, expected) => {
  const { at } = await projectWith(`printf '${lockfile}' > package-lock.json`);
  const { code, said } = await run(at);
  expect(code, said).toBe(expected);
  if (expected === 4) expect(said).toContain('ended well, but @flue/postgres, pg, @types/pg is not there');
});

test('an install that ends well and leaves nothing to see is said to be unproven', async () => {
  const { at } = await projectWith('rm -f package-lock.json');
  const { code, said } = await run(at);
  expect(code, said).toBe(0);
  expect(said).toContain('ended well, but nothing here shows that @flue/postgres is installed');
});

describe('what it leaves, and fails', () => {
  const elsewhere = (at: Place) => path.join(path.dirname(at.tree), 'elsewhere');

  test('a lockfile that is a symlink now is not written through', async () => {
    const { at, before } = await projectWith(
      'echo theirs > ../elsewhere\nrm -f package-lock.json\nln -s ../elsewhere package-lock.json\nexit 1',
    );
    const { code, said } = await run(at);
    expect(code, said).toBe(4);
    expect(readFileSync(elsewhere(at), 'utf8')).toBe('theirs\n');
    expect(difference(stateOf(at.tree), before)).toEqual([]);
  });

  test('packages are no evidence for the next plan', async () => {
    const { at, before } = await projectWith(
      'mkdir -p node_modules/mysql2 node_modules/@types/pg\necho \'{"version":"1.0.0"}\' > node_modules/@types/pg/package.json\nexit 1',
    );
    expect((await run(at)).code).toBe(4);
    expect(difference(stateOf(at.tree), before)).toEqual([]);
  });

  test('what it wrote over is noted, until an install goes well', async () => {
    const { at } = await projectWith(
      '[ -e ../good ] && exec ../good\necho "{}" > node_modules/other/package.json\nexit 1',
    );
    const other = path.join(at.tree, 'node_modules/other');
    mkdirSync(other, { recursive: true });
    writeFileSync(path.join(other, 'package.json'), '{ "version": "1.0.0" }');
    const note = path.join(at.tree, 'node_modules', noteName);
    expect((await run(at)).code).toBe(4);
    expect(Object.keys(JSON.parse(readFileSync(note, 'utf8')).packages)).toEqual(['other']);
    const good = '#!/bin/sh\nmkdir -p node_modules/pg\necho "{}" > node_modules/pg/package.json\n';
    writeFileSync(path.join(path.dirname(at.tree), 'good'), good, { mode: 0o755 });
    const { code, said } = await run(at);
    expect(code, said).toBe(0);
    expect(existsSync(note)).toBe(false);
  });

  test('a folder in the place of its lockfile: what is not back is named, with how to finish', async () => {
    const { at, before } = await projectWith(
      'rm -f package-lock.json\nmkdir package-lock.json\ntouch package-lock.json/x\nexit 1',
    );
    const { code, said } = await run(at);
    expect(code, said).toBe(6);
    expect(said).toContain('package-lock.json');
    expect(said).toContain('journal.json');
    // The way to finish is as it was said.
    rmSync(path.join(at.tree, 'package-lock.json'), { recursive: true });
    const next = await run({ ...at, args: [...at.args, '--no-install', '--driver', 'nope'] });
    expect(next.said).toContain('put back');
    expect(difference(stateOf(at.tree), before)).toEqual([]);
  });
});

test('what a person edits meanwhile is kept beside, and said', async () => {
  const { at, before } = await projectWith(`printf '{ "name": "mine" }' > package.json\nsleep 0.1\nexit 1`);
  const { code, said } = await run(at);
  expect(code, said).toBe(4);
  expect(said).toContain('package.json.flue-kept');
  expect(readFileSync(path.join(at.tree, 'package.json.flue-kept'), 'utf8')).toBe('{ "name": "mine" }');
  expect(difference(stateOf(at.tree), before)).toEqual(['package.json.flue-kept']);
});

test('it may print any amount, and a line of any length; none of it is a secret or speaks to the terminal', async () => {
  const { at } = await projectWith(
    "head -c 120000000 /dev/zero | tr '\\0' x\necho\nprintf 'npm ERR! https://me:hunter2-hunter2@h/x \\033]0;owned\\007\\n' >&2\nexit 1",
  );
  const { code, said } = await run(at);
  expect(code).toBe(4);
  expect(said.length).toBeLessThan(10_000);
  expect(said).not.toContain('hunter2');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
  expect(said).not.toMatch(/[\u001b\u0007]/);
}, 30_000);

test('one that is killed while its install is at work: the next run waits for it, and then puts back', async () => {
  const { at, before } = await projectWith(
    'echo $$ > ../child\nwhile [ ! -e ../go ]; do sleep 0.1; done\necho late > package-lock.json',
  );
  const child = spawn(process.execPath, [bin, ...at.args], { cwd: at.project, env: at.env, stdio: 'ignore' });
  while (!existsSync(path.join(at.tree, '../child'))) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGKILL');
  const second = await run({ ...at, args: [...at.args, '--no-install'] });
  expect(second.code, second.said).toBe(3);
  expect(second.said).toContain('still at work');
  expect(second.said).not.toMatch(/\bend (?:it|process)|\bkill\b/);
  writeFileSync(path.join(at.tree, '../go'), '');
  while (isAtWork(readFileSync(path.join(at.tree, '../child'), 'utf8')))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const third = await run({ ...at, args: [...at.args, '--no-install', '--driver', 'nope'] });
  expect(third.said).toContain('put back');
  expect(difference(stateOf(at.tree), before)).toEqual([]);
}, 30_000);
