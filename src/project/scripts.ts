import path from 'node:path';
import type { Manifest } from './manifest.ts';

/** One command of a script in package.json, as a shell splits it. */
export interface Command {
  /** The script's name. */
  script: string;
  /** The folder it runs in, from the package: `.`, or where `cd` and the like have led. */
  cwd: string;
  /** The variables set for it: `NAME=value` before the program, also behind `cross-env`. */
  env: Record<string, string>;
  /** The program and its arguments; a wrapper (`npx`, `dotenv -e .env --`) stands in front. */
  words: string[];
}

/**
 * The most that is read, in characters: of a line what the command prompt of Windows takes, and of all lines far more
 * than people write. A script that is longer, or comes later, is passed over.
 */
const limits = { line: 8191, all: 100_000 };

/**
 * Every command of every script, in order; one that is quoted inside another (`concurrently "vite"`), too.
 * Nothing is expanded or run.
 * @param managers the programs of package managers, which are told a folder by a flag
 */
export function commandsOf({ scripts = {} }: Manifest, managers: readonly string[]): Command[] {
  let read = 0;
  return Object.entries(scripts).flatMap(([script, line]) => {
    if (typeof line !== 'string' || line.length > limits.line) return [];
    read += line.length;
    return read > limits.all ? [] : commandsIn({ script, managers }, line, '.');
  });
}

/** A script that a command starts, and its line with what the command adds to it. */
export interface StartedScript {
  name: string;
  line: string;
}

/** With these a package manager takes the scripts of other packages. */
const elsewhere = /^(?:-w|-F|-r|--(?:filter|filter-prod|workspaces?|workspace-root|recursive)(?:=.*)?)$/;

/**
 * The script of the same package.json that a command starts by name (`npm run build`, `yarn build`); null where it does
 * something else. What stands behind the name goes to the end of the script's line, as package managers do it.
 */
export function scriptStarted(
  { words, cwd }: Command,
  { scripts = {} }: Manifest,
  managers: readonly string[],
): StartedScript | null {
  const at = words.findIndex((word) => managers.includes(programOf(word)));
  if (at < 0 || cwd.startsWith('..')) return null;
  const named = words.findIndex(
    (word, index) => index > at && !word.startsWith('-') && !/^(?:run|run-script|task)$/.test(word),
  );
  const name = words[named] ?? '';
  if (!Object.hasOwn(scripts, name) || words.slice(at, named).some((word) => elsewhere.test(word))) return null;
  const behind = words.slice(named + 1);
  const added = behind[0] === '--' ? behind.slice(1) : behind;
  return { name, line: [scripts[name], ...added.map(quoted)].join(' ') };
}

function quoted(word: string): string {
  return /^[\w./:@=+,-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * The name of a program, however it is reached: `vite`, `node_modules/vite/bin/vite.js` and `vite.cmd` are all `vite`.
 */
export function programOf(word: string): string {
  return path.posix.basename(word.replaceAll('\\', '/')).replace(/\.(?:[mc]?[jt]s|cmd|exe)$/, '');
}

/** The value of a flag (`--env x`, `--env=x`); null where it is not given. */
export function flagIn(words: readonly string[], ...names: string[]): string | null {
  return flagsIn(words, ...names)[0] ?? null;
}

/** The values of a flag that may be given several times, in order. */
export function flagsIn(words: readonly string[], ...names: string[]): string[] {
  return words.flatMap((word, index) => {
    const name = names.find((one) => word === one || word.startsWith(`${one}=`));
    if (name === undefined) return [];
    const value = word === name ? words[index + 1] : word.slice(name.length + 1);
    return value ? [value] : [];
  });
}

/** Lines nested deeper than this are no one's script. */
const depth = 3;

/** How many words a command may have that is looked into for a wrapper behind another. */
const mostWrapped = 200;

/** The script that is read, and the programs of package managers. */
interface ScriptContext {
  script: string;
  managers: readonly string[];
}

function commandsIn(reading: ScriptContext, line: string, from: string, level = 0): Command[] {
  const found: Command[] = [];
  const outer: string[] = [];
  let cwd = from;
  for (const words of simpleCommands(line)) {
    if (words[0] === '(') outer.push(cwd);
    if (words[0] === ')') cwd = outer.pop() ?? cwd;
    if (words[0] === '(' || words[0] === ')') continue;
    const command = commandOf(reading, cwd, words);
    const [program, folder] = command.words;
    if (program === 'cd' || program === 'pushd') cwd = joined(cwd, folder ?? '.');
    if (['cd', 'pushd', undefined].includes(program)) continue;
    found.push(command, ...commandsInside(reading, command, level));
  }
  return found;
}

/** The commands that stand in the quotes of another (`concurrently "vite"`). */
function commandsInside(reading: ScriptContext, { words, cwd }: Command, level: number): Command[] {
  if (level >= depth) return [];
  return words.filter((word) => /\S\s+\S/.test(word)).flatMap((word) => commandsIn(reading, word, cwd, level + 1));
}

function commandOf(reading: ScriptContext, cwd: string, all: readonly string[]): Command {
  const isAssignment = (word: string) => /^[A-Za-z_]\w*=/.test(word);
  const wrapped = /^(?:cross-env(?:-shell)?|env)$/.test(programOf(all[0] ?? '')) ? all.slice(1) : all;
  const first = wrapped.findIndex((word) => !isAssignment(word));
  const words = first < 0 ? [] : wrapped.slice(first);
  const env = Object.fromEntries(
    wrapped.slice(0, first < 0 ? undefined : first).map((word) => {
      const at = word.indexOf('=');
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  // `cross-env` and `env` may also stand behind another wrapper.
  const isWrapper = (word: string) => /^(?:cross-env(?:-shell)?|env)$/.test(programOf(word));
  const inner = words.length > mostWrapped ? -1 : words.findIndex((word, index) => index > 0 && isWrapper(word));
  if (inner > 0) {
    const rest = commandOf(reading, cwd, words.slice(inner));
    return { ...rest, env: { ...env, ...rest.env }, words: [...words.slice(0, inner), ...rest.words] };
  }
  const isManager = reading.managers.includes(programOf(words[0] ?? ''));
  const folder = isManager ? flagIn(words, '-C', '--dir', '--cwd', '--prefix') : null;
  return { script: reading.script, cwd: folder ? joined(cwd, folder) : cwd, env, words };
}

function joined(cwd: string, folder: string): string {
  if (path.posix.isAbsolute(folder) || /[$~*`]/.test(folder)) return cwd;
  return path.posix.normalize(path.posix.join(cwd, folder.replaceAll('\\', '/'))).replace(/(?<=.)\/$/, '');
}

/**
 * A line as its commands, each as its words: split at `&&`, `||`, `;`, `|`, `&` and parentheses outside quotes, the
 * quotes taken off. A parenthesis is a command of its own.
 */
function simpleCommands(line: string): string[][] {
  const commands: string[][] = [];
  const token = /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|(&&|\|\||[;|&()\n])|(\s+)|([^\s"'\\;|&()]+)/gs;
  let words: string[] = [];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  for (const [, double, single, escaped, operator, space, plain] of line.matchAll(token)) {
    if (operator !== undefined) {
      endWord();
      commands.push(words, operator === '(' || operator === ')' ? [operator] : []);
      words = [];
    } else if (space !== undefined) endWord();
    else word = (word ?? '') + (double?.replace(/\\(["\\])/g, '$1') ?? single ?? escaped ?? plain ?? '');
  }
  endWord();
  commands.push(words);
  return commands.filter((one) => one.length > 0);
}
