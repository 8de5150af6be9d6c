import { Command, CommanderError, Option } from 'commander';
import { answers } from './commands/answers.ts';
import type { Report } from './output/json.ts';
import { exitCodes, Problem } from './problem.ts';

/** Runs the command line: the only catch and the only place that sets the exit code. `argv` as in `process.argv`; the build puts the version in. */
export async function main(argv: string[]): Promise<void> {
  const json = argv.includes('--json');
  const command = argv.slice(2).find((word) => !word.startsWith('-')) ?? 'flue';
  const report = async (result: Report): Promise<void> => {
    if (json) (await import('./output/json.ts')).printReport(result);
  };
  try {
    if (isTheirs(argv.slice(2))) process.exitCode = await passOn(argv);
    else await program(report).parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    const problem = error instanceof CommanderError ? badRequest(error) : error;
    process.exitCode = problem instanceof Problem ? exitCodes[problem.code] : 1;
    if (json) (await import('./output/json.ts')).printProblem(command, problem);
    else (await import('./output/human.ts')).sayFailure(problem);
  }
}

const ours = ['add', 'remove', 'list', 'inspect'];

/** Whether a command, or a kind of thing to add, is one that Flue's own command line knows and we do not. */
function isTheirs([command = '-', kind = '-']: string[]): boolean {
  const isWord = (one: string) => !one.startsWith('-');
  if (command === 'help') return isWord(kind) && !ours.includes(kind);
  const withKind = command === 'add' || command === 'remove';
  return withKind ? isWord(kind) && kind !== 'database' : isWord(command) && !ours.includes(command);
}

async function passOn(argv: string[]): Promise<number> {
  return (await import('./commands/forward.ts')).passOn(argv.slice(2));
}

function program(report: (result: Report) => Promise<void>): Command {
  const cwd = () => new Option('--cwd <dir>', 'the project').default(process.cwd(), 'this folder');
  const asJson = () => new Option('--json', 'print one JSON object on stdout, ask nothing');
  const flue = new Command('flue')
    .description('Adds a database to an existing Flue project.')
    .version(process.env.FLUE_VERSION ?? 'unbuilt')
    .addHelpText('after', "\nEvery other command goes to the project's own @flue/cli, unchanged.")
    .exitOverride()
    .configureOutput({ writeErr: () => {} });

  flue
    .command('add [kind] [name]')
    .description('add a database: adapter, driver, db.ts and env docs')
    .addOption(cwd())
    .option('--driver <package>', 'the driver db.ts is written for')
    .option('--client <file#export>', "the project's own pool or client, for db.ts to use instead of making one")
    .option('--var <CANONICAL=NAME>', 'what the project calls a variable (repeatable)', collect, [])
    .addOption(new Option('--target <target>', 'what the project builds for').choices(['node', 'cloudflare']))
    .addOption(new Option('--package-manager <name>', 'what installs').choices(answers.packageManagers))
    .addOption(
      new Option('--flue <version>', 'the version of @flue/runtime, where the project does not tell').argParser(
        exactVersion,
      ),
    )
    .addOption(new Option('--on-existing <policy>', 'a db entry that is not ours').choices(['keep', 'replace']))
    .option('--no-install', 'everything but the package manager; works offline')
    .option('--dry-run', 'show the diff and the commands, change nothing')
    .option('--print', 'print a guide to all of it as Markdown, change nothing')
    .addOption(asJson())
    .option('-y, --yes', 'take the recommended answers, ask nothing')
    .action(async (kind, name, flags) => {
      if (kind !== undefined && kind !== 'database') {
        throw new Problem('bad-request', 'flags stand before the kind', `\`flue add ${kind}\` first, then its flags`);
      }
      await report(await (await import('./commands/add.ts')).add(kind, name, flags));
    });
  flue
    .command('remove [kind] [name]')
    .description('take a database back: what adding it brought and nothing else needs')
    .addOption(cwd())
    .addOption(new Option('--package-manager <name>', 'what installs').choices(answers.packageManagers))
    .option('--no-install', 'everything but the package manager; works offline')
    .option('--dry-run', 'show the diff and the commands, change nothing')
    .addOption(asJson())
    .option('-y, --yes', 'ask nothing')
    .action(async (kind, name, flags) => {
      if (kind !== 'database') {
        throw new Problem('bad-request', 'what is to be removed?', '`flue remove database`, then its flags');
      }
      await report(await (await import('./commands/remove.ts')).remove(name, flags));
    });
  flue
    .command('list')
    .description('what can be added')
    .addOption(asJson())
    .action(async (flags) => report(await (await import('./commands/list.ts')).list(flags)));
  flue
    .command('inspect')
    .description('what a project says of itself, with the evidence')
    .addOption(cwd())
    .addOption(asJson())
    .action(async (flags) => report(await (await import('./commands/inspect.ts')).inspect(flags)));
  return flue;
}

function exactVersion(value: string): string {
  if (/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(value)) return value;
  throw new Problem('bad-request', `\`--flue ${value}\` is not one exact version`, 'for example `--flue 2.0.3`');
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function badRequest(error: CommanderError): Problem {
  const message = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  return new Problem('bad-request', message || 'no command was given', '`flue --help` lists commands and flags');
}
