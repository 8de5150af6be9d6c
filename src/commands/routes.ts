import { commandNamed } from './flags.ts';

/** The two names of the program. `flue-db` is always ours; `flue` also is what Flue's own command line is called. */
export type Program = 'flue' | 'flue-db';

/** Where a command line goes: to a command of ours, to our help, or unchanged to Flue's own command line. */
type Route = { to: 'ours' } | { to: 'flue' } | { to: 'version' } | { to: 'help'; command: string | undefined };

/** What Flue's own command line knows: 1.0.0-beta.9 and 2.0.3 together. */
export const flueCommands = ['add', 'docs', 'init', 'run', 'update', 'dev', 'build'];

/** The kinds of things that Flue's `add` and `update` know beside `database`. */
export const flueKinds = ['channel', 'sandbox', 'tooling'];

/** Decides by the first words alone: what belongs to Flue's own command line is not parsed here. */
export function routeOf(words: readonly string[], program: Program): Route {
  const [first, second = ''] = words;
  if (first === undefined || isHelp(first)) return { to: 'help', command: undefined };
  if (['-v', '-V', '--version'].includes(first)) return { to: 'version' };
  if (first === 'help') return helpOn(second);
  if (isFlag(first)) return { to: 'ours' };
  // `flue update database <name>` is Flue's guide; without a name it is reserved for ours.
  if (first === 'update') return isReserved(words, program) ? { to: 'ours' } : { to: 'flue' };
  if (!commandNamed(first)) return { to: 'flue' };
  if (first === 'add' && second !== '' && !isFlag(second) && isFlues(words, program)) return { to: 'flue' };
  return words.slice(1).some(isHelp) ? { to: 'help', command: first } : { to: 'ours' };
}

/** Where `help <word>` goes. */
function helpOn(word: string): Route {
  if (word === '' || isFlag(word)) return { to: 'help', command: undefined };
  return commandNamed(word) ? { to: 'help', command: word } : { to: 'flue' };
}

/** Whether `add <words>` is Flue's: another kind than `database`, or a URL to build an adapter from. */
function isFlues([, second = '', third = '']: readonly string[], program: Program): boolean {
  if (second === 'database') return isUrl(third);
  return flueKinds.includes(second) || (program === 'flue' ? true : isUrl(second));
}

function isReserved([, second = '', third = '']: readonly string[], program: Program): boolean {
  if (second === 'database') return third === '' || isFlag(third);
  return program === 'flue-db' && (second === '' || isFlag(second));
}

/** The words as Flue's own command line takes them: it has the kind before the name. */
export function flueWords(words: readonly string[], program: Program): readonly string[] {
  const [command = '', second = '', ...rest] = words;
  const lacksKind = program === 'flue-db' && ['add', 'update'].includes(command) && second !== '' && !isFlag(second);
  return lacksKind && ![...flueKinds, 'database'].includes(second) ? [command, 'database', second, ...rest] : words;
}

/** A URL, of which Flue's own command line makes a guide for a coding agent. */
function isUrl(word: string): boolean {
  return /^https?:\/\//i.test(word);
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

function isFlag(word: string): boolean {
  return word.startsWith('-');
}
