import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checksum } from '../../src/apply/checksum.ts';
import { stateOf } from '../apply/scenarios.mjs';
import { flue } from '../flue.ts';

/**
 * A repository that somebody made to harm whoever runs this in it. Whatever it holds: nothing of it is run, nothing
 * outside of it is read out or changed, nothing is waited for, and nothing of it speaks to the terminal.
 */
const secret = 'hunter2-hunter2';
const sequence = '\u001b]0;owned\u0007';

/** Control characters but tab and the end of a line, and those that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const obeyed = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const add = ['add', 'database', 'postgres', '--yes', '--no-install', '--package-manager', 'npm'];
const remove = ['remove', 'database', '--yes', '--no-install', '--package-manager', 'npm'];
const lookers = [['inspect'], ['inspect', '--json'], ['list'], ['list', '--json']];

let home: string;
let repository: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'flue-hostile-')));
  repository = path.join(home, 'repository');
  put('outside/precious', `precious ${secret}\n`);
  put('outside/env.ts', `export const url = process.env.DATABASE_URL; // ${secret}\n`);
  put('outside/README.md', `DATABASE_URL=${secret}\n`);
  mkdirSync(path.join(home, 'state'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function put(file: string, text: string, mode = 0o644): void {
  const at = path.join(home, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, text);
  chmodSync(at, mode);
}

/** A file of the repository. */
const lay = (file: string, text: string, mode?: number) => put(path.join('repository', file), text, mode);

const link = (file: string, to: string) => {
  mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
  symlinkSync(to, path.join(repository, file));
};

const run = (args: readonly string[]) =>
  flue(args, { cwd: repository, env: { HOME: home, XDG_STATE_HOME: path.join(home, 'state') } });

/** The repository as git brings it, with all that may lie in it beside. */
function layRepository(): void {
  const ran = path.join(home, 'ran');
  const program = `#!/bin/sh\necho "$0" >> '${ran}'\n`;
  const module = `require('node:fs').appendFileSync(${JSON.stringify(ran)}, __filename);\n`;
  const code = `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(ran)}, 'x');\n`;

  const scripts = Object.fromEntries(
    ['preinstall', 'install', 'postinstall', 'prepare', 'dev', sequence].map((name) => [name, `touch '${ran}'`]),
  );
  // As JSON, where `__proto__` is a key like any other.
  lay(
    'package.json',
    JSON.stringify({ name: sequence, type: 'module', scripts }).replace(
      /\}$/,
      `,"__proto__":{"dependencies":{"mysql2":"1"},"polluted":true},"constructor":{"prototype":{"polluted":true}},` +
        `"dependencies":{"@flue/runtime":"2.0.3","__proto__":"1","constructor":"1","toString":"1","pg":"git+https://me:${secret}@h/x"}}`,
    ),
  );
  // What git, npm, pnpm and Yarn would run, and what a bundler or a linter would.
  lay('.git/config', `[core]\n\tfsmonitor = ${ran}.sh\n\thooksPath = .hooks\n\tpager = touch ${ran}\n`);
  for (const name of ['post-checkout', 'post-commit', 'fsmonitor-watchman']) lay(`.git/hooks/${name}`, program, 0o755);
  put('ran.sh', program, 0o755);
  lay('.npmrc', `script-shell=./evil.sh\n//registry.npmjs.org/:_authToken=${secret}\n`);
  lay('evil.sh', program, 0o755);
  lay('.pnpmfile.cjs', module);
  lay('.pnp.cjs', module);
  lay('.yarnrc.yml', `yarnPath: ./evil.cjs\nnpmAuthToken: ${secret}\n`);
  lay('evil.cjs', module);
  for (const name of ['npm', 'git', 'node', 'sh', 'flue', 'yarn']) lay(`node_modules/.bin/${name}`, program, 0o755);
  lay(
    'node_modules/@flue/cli/package.json',
    '{"name":"@flue/cli","version":"2.0.3","bin":{"flue":"x.cjs"},"main":"x.cjs"}',
  );
  lay('node_modules/@flue/cli/x.cjs', module);
  lay('node_modules/@flue/runtime/package.json', '{"name":"@flue/runtime","version":"2.0.3","main":"x.cjs"}');
  lay('node_modules/@flue/runtime/x.cjs', module);
  for (const name of ['prettier.config.cjs', '.prettierrc.cjs', '.eslintrc.cjs', 'babel.config.cjs']) lay(name, module);
  lay('flue.config.ts', `${code}export default { target: 'node' };\n`);
  lay(
    'src/env.ts',
    `${code}import { z } from 'zod';\nexport const env = z.object({ A: z.string() }).parse(process.env);\n`,
  );
  lay('src/pool.ts', `${code}import pg from 'pg';\nexport const pool = new pg.Pool();\n`);
  // What speaks to a terminal.
  lay(`src/${sequence}.ts`, 'export const url = process.env.DATABASE_URL;\n');
  lay('.env.\u202eelpmaxe', `# ${sequence}\nDATABASE_URL=${secret}\n`);
  lay('.env.example', `# ${sequence} \u202e\nA=${secret}\n`);
  lay('.env', `DATABASE_URL=${secret}\n`);
  // What leads out, in circles, or nowhere; and what never ends.
  link('src/outside.ts', '../../outside/env.ts');
  link('docs', '../outside');
  link('README.md', '../outside/README.md');
  link('src/circle.ts', 'circle.ts');
  link('src/again', '..');
  link('src/endless.ts', '/dev/zero');
  execFileSync('mkfifo', [path.join(repository, 'src/fifo.ts')]);
}

/**
 * Runs it, and holds what is true of every run here; one that waits for what never ends is ended by the test's time
 * limit. Gives the exit code and what was said.
 */
async function held(args: readonly string[], codes: readonly number[]): Promise<{ code: number; said: string }> {
  const outside = stateOf(path.join(home, 'outside'));
  const { code, stdout, stderr } = await run(args);
  const said = stdout + stderr;
  const what = args.join(' ');
  expect(codes, `${what}: ${said}`).toContain(code);
  expect(obeyed.exec(said), what).toBeNull();
  expect(said, what).not.toContain(secret);
  expect(stateOf(path.join(home, 'outside')), what).toEqual(outside);
  expect(Object.keys(stateOf(home)), `${what}: something of the repository was run`).not.toContain('ran');
  return { code, said };
}

test('nothing of it is run, read out, waited for or obeyed, and a run leaves nothing of its own', {
  timeout: 120_000,
}, async () => {
  layRepository();
  const before = stateOf(repository);
  for (const args of [
    ...lookers,
    [...add, '--dry-run'],
    [...add, '--dry-run', '--json', '--verbose'],
    [...add, '--print'],
  ]) {
    await held(args, [0]);
    expect(stateOf(repository), args.join(' ')).toEqual(before);
  }
  await held(add, [0]);
  expect(stateOf(repository)['src/db.ts']).toContain('@flue/postgres');
  await held([...add, '--json'], [0]);
  await held([...remove, '--dry-run'], [0]);
  await held(remove, [0]);
  const after = stateOf(repository);
  expect(Object.keys(after).filter((name) => name.includes('.flue-'))).toEqual([]);
  for (const name of ['.git/config', '.npmrc', '.env', 'README.md', 'docs', 'src/outside.ts'])
    expect(after[name], name).toBe(before[name]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test.each(['package.json', '.gitignore', 'tsconfig.json', 'flue.config.ts', '.env.example', 'README.md', 'biome.json'])(
  'what never ends in the place of %s is not waited for',
  async (name) => {
    layRepository();
    for (const make of [() => execFileSync('mkfifo', [path.join(repository, name)]), () => link(name, '/dev/zero')]) {
      rmSync(path.join(repository, name), { force: true });
      make();
      const before = stateOf(repository);
      const { code } = await held(add, [0, 3]);
      if (code === 3) expect(stateOf(repository)).toEqual(before);
    }
  },
);

describe('a journal that came with it', () => {
  const victims = [
    { path: '../outside/precious', bytes: null, before: null, touched: true },
    { path: '.git/hooks/post-commit', bytes: 'eA==', mode: 33261, before: null, touched: true },
  ];
  const memory = () => ({
    project: repository,
    token: `${checksum(Buffer.from(repository))}-abcdef`,
    run: 'run-999999999-1-1-aaaa-bbbb-60-abcdef',
    since: '1',
    shared: [],
    files: victims,
    folders: [],
    emptied: [],
    installed: [],
  });
  const journal = (file: string, text: string) => lay(path.join('.flue-add', file), text);
  const sealed = (value: unknown) => {
    const text = JSON.stringify(value);
    return `{"format":1,"checksum":"${checksum(Buffer.from(text))}","memory":${text}}`;
  };
  const ways: [what: string, make: () => void][] = [
    [
      'of an older shape',
      () => journal('journal.json', JSON.stringify({ pid: 999999999, child: null, files: victims })),
    ],
    ['of our shape, with paths that no plan holds', () => journal('journal.json', sealed(memory()))],
    [
      'of our shape, for this project, with a token that nobody has',
      () =>
        journal('journal.json', sealed({ ...memory(), files: [{ path: 'src/env.ts', before: null, touched: true }] })),
    ],
    [
      'with a lock of a process that never ends',
      () => {
        journal('run-1-1-1-a-b-999999999-abcdef/write-0', 'x');
        journal('journal.json', '{}');
      },
    ],
    [
      'in a folder that is a link',
      () => {
        put('outside/elsewhere/journal.json', sealed(memory()));
        link('.flue-add', '../outside/elsewhere');
      },
    ],
    ['that is a link', () => link('.flue-add/journal.json', '../../outside/precious')],
    ['that is a folder', () => journal('journal.json/x', 'x')],
  ];

  test.each(ways)('%s', async (_what, make) => {
    lay('package.json', '{"dependencies":{"@flue/runtime":"2.0.3"}}');
    lay('src/env.ts', 'export const one = 1;\n');
    lay('.git/HEAD', '');
    make();
    const before = stateOf(repository);
    for (const args of lookers) await held(args, [0]);
    for (const args of [add, remove, [...add, '--dry-run'], [...remove, '--json']]) {
      const { said } = await held(args, [3]);
      expect(said).toContain('.flue-add');
      expect(stateOf(repository), args.join(' ')).toEqual(before);
    }
  });
});
