import { Command, CommanderError, Option } from 'commander';
import { currentFolder } from './commands/current-folder.ts';
import { type CommandEntry, commandNamed, type Flag } from './commands/flags.ts';
import { flueWords, type Program, routeOf } from './commands/routes.ts';
import { readerOf, refuseMore, refuseWords } from './commands/words.ts';
import type { Report } from './output/json.ts';
import { exitCodes, Problem } from './problem.ts';

/** For the build, which has the help of each ready. */
export { commands } from './commands/flags.ts';

/**
 * Runs the command line: the only catch and the only place that sets the exit code. `argv` as in `process.argv`;
 * `program`: the name it was started by.
 */
export async function main(argv: readonly string[], program: Program = 'flue'): Promise<void> {
  const words = argv.slice(2);
  const json = words.includes('--json');
  let report: Report | undefined;
  try {
    report = await run(words, program);
    if (json && report) (await import('./output/json.ts')).printReport(report, words.includes('--verbose'));
  } catch (error) {
    const problem = error instanceof CommanderError ? badRequest(error) : error;
    // The change is made; that nobody can be told so on stdout does not undo it.
    if (report?.applied) return (await import('./output/human.ts')).sayUnreported(problem);
    process.exitCode = problem instanceof Problem ? exitCodes[problem.code] : 1;
    await tell(problem, json && (words.find((word) => !word.startsWith('-')) ?? 'flue'));
  }
}

/** Says what went wrong, as JSON where the command is given; where stdout cannot be written, in words. */
async function tell(problem: unknown, command: string | false): Promise<void> {
  if (command) {
    try {
      return (await import('./output/json.ts')).printProblem(command, problem);
    } catch {
      // It is said on stderr, below.
    }
  }
  await (await import('./output/human.ts')).sayFailure(problem);
}

/** What help shows of Flue's own command line, for the bin, which has printed ours by then. */
export async function helpOfFlue(): Promise<void> {
  await (await import('./commands/information.ts')).showFlueHelp();
}

async function run(words: readonly string[], program: Program): Promise<Report | undefined> {
  const route = routeOf(words, program);
  if (route.to === 'version' || (route.to === 'help' && words[0] === 'help')) refuseMore(words);
  if (route.to === 'help') await (await import('./commands/information.ts')).showHelp(route.command);
  else if (route.to === 'version') await (await import('./commands/information.ts')).showVersion();
  else if (route.to === 'flue') await forward(words, program);
  else return dispatch(words, program);
  return undefined;
}

async function forward(words: readonly string[], program: Program): Promise<undefined> {
  const commands = await import('./commands/forward.ts');
  process.exitCode = await commands.forward(flueWords(words, program), program);
}

/** Parses the words of one of our commands by the table, and runs it. */
async function dispatch(words: readonly string[], program: Program): Promise<Report | undefined> {
  const entry = commandNamed(words[0]);
  if (!entry) throw reserved(words);
  let report: Report | undefined;
  const command = new Command(entry.name).argument('[words...]').helpOption(false).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  for (const flag of entry.flags) command.addOption(optionOf(entry, flag));
  command.action(async (given: string[], flags) => {
    refuseWords(entry, given);
    report = await actions[entry.name]!(given, flags, program);
  });
  await command.parseAsync(words.slice(1), { from: 'user' });
  return report;
}

/** A flag as the parser takes it. */
function optionOf(entry: CommandEntry, flag: Flag): Option {
  const { name, short, argument, values, repeatable, help } = flag;
  const option = new Option(`${short ? `${short}, ` : ''}${name}${argument ? ` ${argument}` : ''}`, help);
  if (!argument) return option;
  if (values) option.choices(values);
  if (name === '--cwd') option.default(currentFolder());
  if (repeatable) option.default([]);
  const read = readerOf(entry, flag);
  const parse = option.parseArg;
  return option.argParser((typed: string, previous: unknown) => {
    const value = read(typed);
    if (repeatable) return [...(previous as string[]), value];
    return parse ? parse(value, undefined) : value;
  });
}

/** What is kept for us and not there yet, and a line that begins with a flag. */
function reserved([first = '']: readonly string[]): Problem {
  if (first !== 'update')
    return new Problem(
      'bad-request',
      `\`${first}\` stands before the command`,
      'the command comes first: `flue-db --help` lists them',
    );
  const hint =
    '`flue-db add <name>` again writes what this version would write; ' +
    "`flue update database <name>` is Flue's own guide for a coding agent";
  return new Problem('bad-request', 'there is no `update database` without a name yet', hint);
}

// biome-ignore lint/suspicious/noExplicitAny: what the parser gives has the shape that the table says.
type Action = (words: string[], flags: any, program: Program) => Promise<Report | undefined>;

const actions: Record<string, Action> = {
  add: async (words, flags, program) => (await import('./commands/add.ts')).addTyped(words, flags, program),
  remove: async (words, flags, program) => (await import('./commands/remove.ts')).removeTyped(words, flags, program),
  verify: async (words, flags, program) => (await import('./commands/verify.ts')).verifyTyped(words, flags, program),
  list: async (_words, flags) => (await import('./commands/list.ts')).list(flags),
  inspect: async (_words, flags) => (await import('./commands/inspect.ts')).inspect(flags),
  completion: async ([shell]) => (await import('./commands/information.ts')).showCompletion(shell),
};

function badRequest(error: CommanderError): Problem {
  const message = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  return new Problem('bad-request', message || 'no command was given', '`flue-db --help` lists commands and flags');
}
