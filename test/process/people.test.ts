import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFrom, root, scratch, treeOf } from '../flue.ts';
import { atTerminal, keys } from '../terminal.ts';

/** Who is there, and what is asked of them: in a pseudo terminal, with the built program. */
const sample = (name = 'package-managers/npm') => projectFrom(path.join(root, 'fixtures', name, 'before'));
const add = ['add', 'database', 'postgres'];
const offline = [...add, '--no-install'];

describe('somebody is there when stdin and stderr are terminals', () => {
  test('a person is asked, and nothing happens before the answer', async () => {
    const project = sample();
    const { code, text } = await atTerminal(offline, {
      cwd: project,
      typed: [['Do this?', `${keys.down}${keys.enter}`]],
    });
    expect(code).toBe(130);
    expect(text).toContain('Nothing was changed.');
    expect(text).not.toContain('error');
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });

  test('also where stdout goes elsewhere', async () => {
    const project = sample();
    const shell = `"${process.execPath}" "$BIN" ${offline.join(' ')} | cat > log`;
    await atTerminal([], { cwd: project, shell, typed: [['Do this?', `${keys.down}${keys.enter}`]] });
    expect({ ...treeOf(project), log: '' }).toEqual({ ...treeOf(sample()), log: '' });
    expect(readFileSync(path.join(project, 'log'), 'utf8')).toBe('');
  });

  test('no question is put where nobody could read it', async () => {
    const project = sample('drivers/both');
    const shell = `"${process.execPath}" "$BIN" ${offline.join(' ')} 2> log; echo "code $?"`;
    const { text } = await atTerminal([], { cwd: project, shell });
    expect(text).toBe('code 3');
    expect(readFileSync(path.join(project, 'log'), 'utf8')).toContain('answer with `--driver pg`');
  });

  test.each([
    { CI: 'true' },
    { CI: '1' },
    { TERM: 'dumb' },
    { CLAUDECODE: '1' },
    { CURSOR_AGENT: '1' },
    { CODEX_SANDBOX: 'seatbelt' },
    { CODEX_THREAD_ID: 'x' },
    { GEMINI_CLI: '1' },
    { AI_AGENT: 'some-agent' },
    { AIDER: '1' },
    { AGENT: 'goose' },
  ])('nobody is there with %j', async (env) => {
    const { code, text, raw } = await atTerminal(offline, { cwd: sample('drivers/both'), env });
    expect(code, text).toBe(3);
    expect(text.replace(/\s+/g, ' ')).toContain('answer with `--driver pg` or `--driver postgres`');
    if (env.TERM === 'dumb') expect(raw).not.toContain('\u001b');
  });

  test.each([{ CI: 'false' }, { CI: '' }, { AIDER_MODEL: 'x' }, { CURSOR_TRACE_ID: 'x' }])(
    'somebody is with %j',
    async (env) => {
      const { code } = await atTerminal(offline, { cwd: sample(), env, typed: [['Do this?', keys.interrupt]] });
      expect(code).toBe(130);
    },
  );

  test('--yes asks nothing, --json neither', async () => {
    for (const flag of ['--yes', '--json'])
      expect((await atTerminal([...offline, flag], { cwd: sample() })).code).toBe(0);
  });

  test('the tables are data: they reach what reads stdout', async () => {
    const project = sample();
    const run = (words: string) => `"${process.execPath}" "$BIN" ${words}`;
    const { text } = await atTerminal([], {
      cwd: project,
      shell: `${run('list')} | grep -c redis; ${run('inspect')} | head -1`,
    });
    expect(text.split('\n')[0]).toBe('4');
    expect(text.replace(/\n/g, '')).toContain(project);
  });
});

describe('questions in words', () => {
  test('the likeliest database is offered first, with the evidence', async () => {
    const { text } = await atTerminal(['add', '--no-install'], {
      cwd: sample('databases/redis-ioredis-5'),
      typed: [
        ['Which database?', keys.enter],
        ['Do this?', keys.interrupt],
      ],
    });
    expect(text).toContain('`ioredis` is in package.json');
    expect(text).toContain('Add Redis (database/redis@1) with ioredis');
  });

  test('a variable: what each answer means, which is recommended, and another name', async () => {
    const project = sample('variables/reuse-drizzle-push');
    const { text, code } = await atTerminal(offline, {
      cwd: project,
      columns: 100,
      typed: [
        ['Another name', `${keys.down}${keys.down}${keys.enter}`],
        ['Another name', `VITE_URL${keys.enter}`],
        ['is shipped to browsers', `${'\u007f'.repeat(8)}SHOP_URL${keys.enter}`],
        ['Do this?', keys.enter],
      ],
    });
    expect(code).toBe(0);
    expect(text).toContain('variable  SHOP_URL, because you chose it');
    expect(text).toContain('flue-db add postgres --var DATABASE_URL=SHOP_URL --yes');
    expect(readFileSync(path.join(project, 'src/db.ts'), 'utf8')).toContain('process.env.SHOP_URL');
  });

  test('the rows of that question', async () => {
    const { raw } = await atTerminal(offline, {
      cwd: sample('variables/reuse-drizzle-push'),
      columns: 120,
      env: { NO_COLOR: '1' },
      typed: [['Another name', keys.interrupt]],
    });
    expect(raw).toContain('FLUE_DATABASE_URL  a database or schema of its own  (recommended)');
    expect(raw).toContain("DATABASE_URL  share it; drizzle-kit push may drop Flue's tables");
  });

  test('against the advice: the reason says so', async () => {
    const { text } = await atTerminal(offline, {
      cwd: sample('variables/reuse-drizzle-push'),
      columns: 120,
      typed: [
        ['Another name', `${keys.down}${keys.enter}`],
        ['Do this?', keys.interrupt],
      ],
    });
    expect(text.replace(/[\s│]+/g, ' ')).toContain(
      'DATABASE_URL, because you chose it, although `drizzle.config.ts` lets',
    );
  });

  test('keep is an answer, and no error', async () => {
    const project = sample('db-entries/foreign');
    const { code, text } = await atTerminal(offline, { cwd: project, typed: [['Replace it', keys.enter]] });
    expect(code).toBe(3);
    expect(text).toMatch(/Nothing was changed: `src\/db\.ts` is kept/);
    expect(text).not.toContain('error');
    expect(treeOf(project)).toEqual(treeOf(sample('db-entries/foreign')));
  });

  test('a version is checked as it is typed', async () => {
    const { code, text } = await atTerminal(offline, {
      cwd: sample('versions/latest-open'),
      typed: [
        ['Which version', `banana${keys.enter}`],
        ['one exact version, such as 2.0.3', `${'\u007f'.repeat(6)}2.0.3${keys.enter}`],
        ['Do this?', keys.enter],
      ],
    });
    expect(code).toBe(0);
    expect(text).toContain('flue-db add postgres --flue 2.0.3 --yes');
  });

  test("the project's own client is a question", async () => {
    const project = sample('clients/offered');
    const { code } = await atTerminal(offline, {
      cwd: project,
      columns: 100,
      typed: [
        ['Which client should', `${keys.down}${keys.enter}`],
        ['Do this?', keys.enter],
      ],
    });
    expect(code).toBe(0);
    expect(readFileSync(path.join(project, 'src/db.ts'), 'utf8')).toMatch(
      /import \{ pool as client \} from '\.\/lib\/pool/,
    );
  });

  test('the diff can be seen before the answer', async () => {
    const { text, styled } = await atTerminal(offline, {
      cwd: sample(),
      typed: [
        ['Do this?', `${keys.down}${keys.down}${keys.enter}`],
        ['Do this?', keys.interrupt],
      ],
    });
    expect(text).toContain('+    "@flue/postgres": "2.0.3",');
    expect(styled).toContain('{green}+    "@flue/postgres": "2.0.3",');
  });

  test.each(['interrupt', 'escape'] as const)('%s at a question changes nothing', async (key) => {
    const project = sample('drivers/both');
    const { code, text } = await atTerminal(offline, { cwd: project, typed: [['Which driver', keys[key]]] });
    expect(code).toBe(130);
    expect(text).toContain('Nothing was changed.');
    expect(treeOf(project)).toEqual(treeOf(sample('drivers/both')));
  });
});

/** A package manager of our making, named as a stand-in: it does what the script says. */
function standIn(script: string): Record<string, string> {
  const folder = path.join(scratch('stand-in'), 'bin');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'npm'), 0o755);
  return { PATH: `${folder}:${process.env.PATH}` };
}

const installs =
  'for p in @flue/postgres pg @types/pg; do mkdir -p node_modules/$p; echo "{}" > node_modules/$p/package.json; done';

describe('while packages are installed', () => {
  test('the time and the current step are shown, and go away', async () => {
    const env = standIn(`sleep 1; echo "http fetch GET pg"; sleep 1.5; ${installs}`);
    const { code, raw, text } = await atTerminal(add, { cwd: sample(), env, typed: [['Do this?', keys.enter]] });
    expect(code).toBe(0);
    expect(raw).toMatch(/npm install --no-audit --no-fund · 2 s · http fetch GET pg/);
    expect(text).not.toContain('http fetch');
  });

  test('a missing package manager is found before the question', async () => {
    const { code, text } = await atTerminal(add, { cwd: sample(), env: { PATH: '/nowhere' } });
    expect(code).toBe(4);
    expect(text).toContain('error: `npm` is not installed');
    expect(text).not.toContain('Do this?');
  });

  test('a registry that cannot be reached is said before the question', async () => {
    const env = {
      npm_config_registry: 'http://127.0.0.1:9/',
      HTTPS_PROXY: '',
      HTTP_PROXY: '',
      https_proxy: '',
      http_proxy: '',
    };
    const { text } = await atTerminal(add, { cwd: sample(), env, typed: [['Do this?', keys.interrupt]] });
    expect(text.replace(/[\s│]+/g, ' ')).toContain('the registry 127.0.0.1:9 cannot be reached');
  });

  test('what failed is said, and that everything is back', async () => {
    const project = sample();
    const env = standIn(
      'echo "npm error code ETARGET"; printf "\\033]0;owned\\007 https://me:s3cret@registry.example/x\\n"; exit 1',
    );
    const { code, text, raw } = await atTerminal(add, {
      cwd: project,
      env,
      columns: 100,
      typed: [['Do this?', keys.enter]],
    });
    expect(code).toBe(4);
    expect(text).toContain('npm error code ETARGET');
    expect(text).toContain('Everything is as it was');
    for (const secret of ['\u001b]0;owned', 's3cret']) expect(raw).not.toContain(secret);
    expect(text).toContain('https://***@registry.example/x');
    expect(treeOf(project)).toEqual(treeOf(sample()));
  });
});
