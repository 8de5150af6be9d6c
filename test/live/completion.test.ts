import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { completionFor } from '../../src/commands/completion.ts';
import { scratch } from '../flue.ts';
import { program } from '../servers/debian.mjs';
import { atTerminal } from '../terminal.ts';

/** The completion scripts in zsh and fish. bash is everywhere: `test/process/beside-flue.test.ts` has it. */

/** A line, and what is offered for its last word, without descriptions. */
const lines: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['flue-db re', ['remove']],
  ['flue-db add po', ['postgres']],
  ['flue-db add --json my', []],
  ['flue-db add postgres ', []],
  ['flue-db add database val', ['valkey']],
  ['flue add ', ['database']],
  ['flue add database my', ['mysql']],
  ['./node_modules/.bin/flue add ', ['database']],
  ['flue verify ', ['database']],
  ['flue-db verify ', []],
  ['flue-db verify --str', ['--strict']],
  ['flue-db add --target ', ['cloudflare', 'node']],
  ['flue-db add --target=c', ['--target=cloudflare']],
  ['flue-db add --cwd /proc/self/ta', ['/proc/self/task/']],
  ['flue-db add --client pack', ['package.json']],
  ['flue-db list ', []],
  ['flue-db completion ', ['bash', 'fish', 'zsh']],
  ['flue-db help ins', ['inspect']],
];

test('fish', () => {
  const { command, root, env } = program('shells', 'fish');
  const cwd = scratch('fish');
  writeFileSync(path.join(cwd, 'package.json'), '{}');
  writeFileSync(path.join(cwd, 'flue.fish'), completionFor('fish'));
  const asks = lines.map(([line]) => `echo '> ${line}'; complete -C '${line}'`);
  const functions = `set fish_function_path '${path.join(root, 'usr/share/fish/functions')}'`;
  const script = [functions, 'source flue.fish', ...asks].join('\n');
  const surroundings = { ...process.env, ...env, HOME: cwd };
  const said = execFileSync(command, ['-c', script], { cwd, env: surroundings, encoding: 'utf8' });
  const answers = said.split(/^> .*\n/m).slice(1);
  const offered = answers.map((answer) => answer.split('\n').flatMap((one) => one.split('\t')[0] || []));
  expect(lines.map(([line], i) => [line, offered[i]?.sort()])).toEqual(lines);
});

test('zsh, where it is loaded by its first use', { timeout: 60_000 }, async () => {
  const { command, root, env } = program('shells', 'zsh');
  const cwd = scratch('zsh');
  mkdirSync(path.join(cwd, 'functions'));
  writeFileSync(path.join(cwd, 'functions/_flue-db'), completionFor('zsh'));
  writeFileSync(
    path.join(cwd, 'setup'),
    `module_path=('${root}'/usr/lib/*/zsh/*(/N))
fpath=('${root}'/usr/share/zsh/functions(/N) '${root}'/usr/share/zsh/functions/**/*(/N) '${cwd}/functions')
autoload -Uz compinit; compinit -u -d '${cwd}/dump'; unsetopt automenu; PS1='ready> '
`,
  );
  const clear = '\u0015';
  const { text } = await atTerminal([], {
    cwd,
    columns: 120,
    env: { ...env, HOME: cwd, PS1: 'first> ' } as Record<string, string>,
    shell: `'${command}' -f -i`,
    typed: [
      ['first>', '. ./setup\r'],
      ['ready>', 'flue-db \t'],
      ['inspect -- what a project says of itself', `${clear}flue-db add --target=\t`],
      ['cloudflare node', `${clear}flue add \t`],
      ['flue add database', '\t'],
      ['libsql mongodb mysql', `${clear}flue-db add po\t`],
      ['flue-db add postgres', `${clear}exit\r`],
    ],
  });
  expect(text).not.toMatch(/error|command not found|bad/);
});
