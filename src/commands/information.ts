import { commandLine } from '../knowledge/hosts/flue/version.ts';
import type { Layout } from '../output/layout.ts';
import { openScreen } from '../output/screen.ts';
import { print } from '../output/stdout.ts';
import { currentFolder } from './current-folder.ts';
import { askFlue } from './forward.ts';
import { flueCommands } from './routes.ts';

/** The width that help is laid out for where there is no terminal, and that the build has it ready in. */
const usualWidth = 80;

/** `flue-db help [command]`, and of the whole program also what Flue's own command line says of itself. */
export async function showHelp(command: string | undefined): Promise<void> {
  const { helpOf } = await import('./help.ts');
  const { layout } = await openScreen(1);
  print(helpOf(command, layout.columns === null ? await plainLayout() : layout));
  if (command === undefined) await showFlueHelp();
}

async function plainLayout(): Promise<Layout> {
  const { wrapAnsi } = await import('fast-wrap-ansi');
  return { columns: usualWidth, colour: false, wrap: (text, columns) => wrapAnsi(text, columns, { hard: true }) };
}

/** Flue's own help below ours, where the project has its command line. */
export async function showFlueHelp(): Promise<void> {
  const flue = await askFlue(['--help']);
  if (!flue) return;
  const name = `${commandLine}${flue.version ? ` ${flue.version}` : ''}`;
  const screen = await openScreen(1);
  screen.blank();
  screen.say([['bold', `Flue's own commands, from ${name} of this project`]]);
  screen.blank();
  if (!flue.failed) screen.say(flue.text);
  else screen.say(`${name} did not answer: ${flue.text.split('\n')[0]}. It has ${flueCommands.join(', ')}.`);
}

/** `flue-db --version`: ours, and Flue's own where the project has it. */
export async function showVersion(): Promise<void> {
  const { inspectCli } = await import('../knowledge/hosts/flue/cli.ts');
  const { addCommandIn } = await import('../knowledge/package-managers/inspect.ts');
  const { openProject } = await import('../knowledge/package-managers/open.ts');
  const ours = process.env.FLUE_VERSION ?? 'unbuilt';
  const cli = inspectCli(currentFolder(), { openProject, addCommandIn });
  if ('hint' in cli) print(`${ours}\n`);
  else print(`flue-db ${ours}\n${commandLine} ${cli.version ?? '(in the map of Yarn)'}\n`);
}

/** `flue-db completion <shell>` */
export async function showCompletion(shell: string | undefined): Promise<undefined> {
  const { completionFor } = await import('./completion.ts');
  print(completionFor(shell));
  return undefined;
}
