import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { nearest } from '../blueprints/nearest.ts';
import { home, otherNames } from '../blueprints/shelf.ts';
import { type Cli, inspectCli } from '../knowledge/hosts/flue/cli.ts';
import { commandLine } from '../knowledge/hosts/flue/version.ts';
import { allBlueprints } from '../knowledge/hosts/index.ts';
import { addCommandIn } from '../knowledge/package-managers/inspect.ts';
import { openProject } from '../knowledge/package-managers/open.ts';
import { withPnp } from '../knowledge/package-managers/pnp.ts';
import { openScreen } from '../output/screen.ts';
import { isTerminal } from '../output/stream.ts';
import { Problem } from '../problem.ts';
import { currentFolder } from './current-folder.ts';
import { commands } from './flags.ts';
import { flueCommands, flueKinds, type Program } from './routes.ts';

/**
 * A command or a kind that is not ours goes, unchanged and with its streams, signals and exit code, to the project's
 * own `@flue/cli`: one of this package's names is that program's, too, and must not stand in its way. Gives the exit
 * code. Raises `bad-request` where that is not installed, and for a word that nobody knows.
 */
export async function forward(words: readonly string[], program: Program): Promise<number> {
  const isKnown = isFlues(words);
  if (!isKnown && (program === 'flue-db' || isOurDatabase(words))) throw unknownWord(words, program);
  const cli = inspectCli(currentFolder(), { openProject, addCommandIn });
  if ('hint' in cli) throw isKnown ? notInstalled(words, cli.hint) : unknownWord(words, program);
  const code = await start(cli, words);
  // A word that it did not know either may have been meant for us.
  const meant = code !== 0 && !isKnown ? meantBy(words) : null;
  if (meant) (await openScreen(2)).say(`hint: did you mean \`${meant}\`?`);
  return code;
}

/** What Flue's own command line prints for these words, to be shown beside ours; null where it is not installed. */
export async function askFlue(
  words: readonly string[],
): Promise<{ version: string | null; text: string; failed: boolean } | null> {
  const cli = inspectCli(currentFolder(), { openProject, addCommandIn });
  if ('hint' in cli) return null;
  const { execFile } = await import('node:child_process');
  const [args, env] = commandOf(cli, words);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env, timeout: 10_000 }, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`.trim();
      resolve({ version: cli.version, text, failed: error !== null });
    });
    child.stdin?.end();
  });
}

/** Whether Flue's own command line knows the command, and of `add` and `update` the kind. */
function isFlues([command = '', kind = '']: readonly string[]): boolean {
  if (command === 'help') return flueCommands.includes(kind);
  if (command !== 'add' && command !== 'update') return flueCommands.includes(command);
  return kind === '' || kind.startsWith('-') || [...flueKinds, 'database'].includes(kind);
}

function isOurDatabase([command, kind = '']: readonly string[]): boolean {
  return command === 'add' && databaseNamed(kind);
}

function databaseNamed(word: string): boolean {
  return allBlueprints().some((one) => one.name === word || otherNames(one).includes(word));
}

function notInstalled([command, kind]: readonly string[], hint: string): Problem {
  const name = command === 'add' || command === 'update' ? `flue ${command} ${kind ?? ''}`.trim() : `flue ${command}`;
  const why = `\`${name}\` is a command of Flue's own, and \`${commandLine}\` is not installed here`;
  return new Problem('bad-request', why, `${hint}; ours are listed by \`flue-db --help\``);
}

function unknownWord(typed: readonly string[], program: Program): Problem {
  const words = typed[0] === 'help' ? typed.slice(1) : typed;
  const [command, kind] = words;
  const meant = meantBy(words);
  const ours = commands.map(({ name }) => `\`${name}\``).join(', ');
  const rest = `ours are ${ours}; Flue's own are ${flueCommands.map((one) => `\`${one}\``).join(', ')}`;
  const hint = meant ? `did you mean \`${meant}\`? ${rest}` : rest;
  const withKind = command === 'add' && kind !== undefined && program === 'flue';
  if (withKind && databaseNamed(kind)) {
    return new Problem('bad-request', `\`flue add ${kind}\` lacks the kind`, `\`flue add database ${kind}\``);
  }
  const what = withKind ? `there is no kind \`${kind}\`` : `there is no command \`${command}\``;
  const kinds = `the kinds are \`database\` and, of Flue's own, ${flueKinds.map((one) => `\`${one}\``).join(', ')}`;
  return new Problem('bad-request', what, withKind ? `${meant ? `did you mean \`${meant}\`? ` : ''}${kinds}` : hint);
}

/** Words of other tools for what our commands do. */
const synonyms: Record<string, string> = {
  rm: 'remove',
  uninstall: 'remove',
  delete: 'remove',
  ls: 'list',
  install: 'add',
  i: 'add',
  doctor: 'verify',
  check: 'verify',
  test: 'verify',
  info: 'inspect',
  status: 'inspect',
};

/** The command line that was probably meant. */
function meantBy([command = '', kind = '', ...rest]: readonly string[]): string | null {
  if (command === 'add') {
    const near = kind === 'db' ? 'database' : nearest(kind, ['database', ...flueKinds]);
    return near && `flue add ${[near, ...rest].join(' ')}`;
  }
  if (databaseNamed(command)) return `flue-db add ${command}`;
  if (command === 'version') return 'flue-db --version';
  const names = [...commands.map(({ name }) => name), ...flueCommands];
  const word = nearest(command, [...names, ...Object.keys(synonyms)]);
  if (!word) return null;
  const near = synonyms[word] ?? word;
  const ours = commands.find(({ name }) => name === near);
  if (!ours) return `flue ${near}`;
  const words = kind === '' || kind === 'database' ? rest : [kind, ...rest];
  return ['flue-db', near, ...(ours.argument ? words : [])].join(' ');
}

/** What starts Flue's own command line: the arguments of Node and the environment. */
function commandOf(cli: Exclude<Cli, { hint: string }>, words: readonly string[]): [string[], NodeJS.ProcessEnv] {
  if ('file' in cli) return [[cli.file, ...words], process.env];
  return [[path.join(home, 'bin/pnp.cjs'), ...words], withPnp(cli.pnp, process.env)];
}

function start(cli: Exclude<Cli, { hint: string }>, words: readonly string[]): Promise<number> {
  const [args, env] = commandOf(cli, words);
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to both of us, and a second one would cut its ending short.
  const both = ([0, 1, 2] as const).some(isTerminal);
  const pass = (signal: NodeJS.Signals) => (signal === 'SIGINT' && both ? undefined : child.kill(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
