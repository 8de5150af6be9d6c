import { listBlueprints } from '../blueprints/shelf.ts';
import { commandLine } from '../knowledge/hosts/flue/version.ts';
import { hosts } from '../knowledge/hosts/index.ts';
import { type Layout, paragraph, rows, type TableRow } from '../output/layout.ts';
import type { Blueprint } from '../types/blueprint.ts';
import { type CommandEntry, commandNamed, commands, exitMeanings, type Flag } from './flags.ts';

/** The help of one command, or of the whole program, as it is printed: from the table of commands and the shelf. */
export function helpOf(name: string | undefined, layout: Layout): string {
  const command = commandNamed(name);
  const lines = command ? commandHelp(command, layout) : programHelp(layout);
  return `${lines.join('\n')}\n`;
}

function programHelp(layout: Layout): string[] {
  return [
    ...paragraph(
      layout,
      `Adds a database to an existing ${hosts.map(({ title }) => title).join(' or ')} project, ` +
        'and takes it back: whole, or not at all.',
    ),
    '',
    'Usage: flue-db <command> [name] [flags]',
    '       flue <command> database [name] [flags]',
    '',
    ...paragraph(layout, 'Both are the same program; `flue-db` is a name that nobody else has.'),
    ...section('Commands', rows(layout, [...commands.map(commandRow), ['help <command>', 'its flags and examples']])),
    ...section('Databases', databaseRows(layout)),
    ...section('Examples', exampleRows(layout, commandNamed('add')!)),
    ...section('Exit codes', exitRows(layout)),
    '',
    ...paragraph(
      layout,
      'With nobody at the keyboard it goes ahead, unless a question is open: then it changes nothing, ' +
        'exits with 3 and names the flag that answers it, ' +
        'in words or as JSON (`problem.question`: `flag`, `answers`; `problem.further`: what is asked next).',
    ),
    '',
    ...paragraph(layout, `Every other command of \`flue\` goes to the project's own ${commandLine}, unchanged.`),
  ];
}

function commandHelp(command: CommandEntry, layout: Layout): string[] {
  const { name, kind, argument, help, flags, examples } = command;
  const word = wordOf(argument);
  const end = flags.length > 0 ? ' [flags]' : '';
  const usage = [`Usage: flue-db ${name}${word}${end}`, `       flue ${name}${kind ? ' database' : ''}${word}${end}`];
  return [
    ...paragraph(layout, `${name}: ${help}`),
    '',
    ...usage,
    ...argumentsOf(command, layout),
    ...(flags.length > 0 ? section('Flags', rows(layout, [...flags.map(flagRow), helpRow])) : []),
    ...(examples.length > 0 ? section('Examples', exampleRows(layout, command)) : []),
    ...(kind ? section('Exit codes', exitRows(layout)) : []),
    ...(name === 'add'
      ? [
          '',
          ...paragraph(
            layout,
            '`flue add` knows the kind `database`. Other kinds (channel, sandbox, tooling) ' +
              `and a URL go to the project's own ${commandLine}, unchanged.`,
          ),
        ]
      : []),
  ];
}

const helpRow: TableRow = ['-h, --help', 'show this'];

function argumentsOf({ argument }: CommandEntry, layout: Layout): string[] {
  if (!argument) return [];
  const { values } = argument;
  if (values === 'databases') {
    const intro = paragraph(
      layout,
      `[name]: ${argument.help}. Drivers: the first is used where the project has none.`,
      '  ',
    );
    return section('Arguments', [...intro, '', ...databaseRows(layout)]);
  }
  const list = typeof values === 'string' ? '' : values.join(', ');
  return section('Arguments', rows(layout, [[`<${argument.name}>`, `${argument.help}: ${list}`]]));
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', title, ...lines];
}

/** The argument of a command as it stands in a line: ` [name]`, or nothing. */
function wordOf(argument: CommandEntry['argument']): string {
  if (!argument) return '';
  return argument.values === 'databases' ? ' [name]' : ` <${argument.name}>`;
}

function commandRow({ name, argument, help }: CommandEntry): TableRow {
  const word = wordOf(argument);
  return [`${name}${word}`, help];
}

function databaseRows(layout: Layout): string[] {
  const [first, ...others] = hosts.map(({ title, shelf }) => ({ title, blueprints: listBlueprints(shelf) }));
  const table = (blueprints: readonly Blueprint[]) =>
    rows(
      layout,
      blueprints.map((one): TableRow => [one.name, driversOf(one)]),
    );
  return [
    ...table(first!.blueprints),
    ...others.flatMap(({ title, blueprints }) => ['', `  In a ${title} project:`, '', ...table(blueprints)]),
  ];
}

/** Its driver packages, each once; none where Flue has it built in. */
function driversOf({ drivers, adapter }: Blueprint): string {
  const names = [...new Set(drivers.map((one) => one.package))].filter((name) => name !== adapter);
  return names.join(', ') || 'built into Flue';
}

function flagRow({ name, short, argument, values, repeatable, help }: Flag): TableRow {
  const takes = argument ? ` ${values ? `<${values.join('|')}>` : argument}` : '';
  const whose = hosts.find(({ flags }) => flags.includes(name));
  const said = whose ? `${whose.title}: ${help}` : help;
  return [`${short ? `${short}, ` : ''}${name}${takes}`, `${said}${repeatable ? ' (repeatable)' : ''}`];
}

function exampleRows(layout: Layout, { examples }: CommandEntry): string[] {
  return rows(
    layout,
    examples.map(([words, purpose]): TableRow => [`flue-db ${words}`, purpose]),
  );
}

function exitRows(layout: Layout): string[] {
  return rows(
    layout,
    exitMeanings.map(([code, meaning]): TableRow => [String(code), meaning]),
  );
}
