import { listBlueprints, takeTyped } from '../blueprints/shelf.ts';
import { frame } from '../output/ask.ts';
import { audienceOf } from '../output/audience.ts';
import type { Report } from '../output/json.ts';
import { planAdd } from '../plan/add.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice, EntryPolicy } from '../types/choice.ts';
import type { Facts, PackageManagerName, Target } from '../types/facts.ts';
import { replayOf, settle } from './answers.ts';
import { ourCommand } from './command-line.ts';
import type { Program } from './routes.ts';
import { type ChangeFlags, type Conversation, carryOut, converse } from './run-plan.ts';
import { variablesOf } from './variables.ts';

/** The flags of `flue add database`, as typed. */
export interface AddFlags extends ChangeFlags {
  driver?: string;
  client?: string;
  var: string[];
  target?: Target;
  packageManager?: PackageManagerName;
  flue?: string;
  onExisting?: EntryPolicy;
  install: boolean;
  print?: boolean;
}

/** The words behind `add`: `database <name>`, of which `flue-db` does without the first. Raises `bad-request` for others. */
export function addTyped(words: readonly string[], flags: AddFlags, program: Program): Promise<Report> {
  const [kind, name, ...more] = program === 'flue-db' && words[0] !== 'database' ? ['database', ...words] : words;
  if (kind !== undefined && kind !== 'database')
    throw new Problem('bad-request', 'flags stand before the kind', `\`flue add ${kind}\` first, then its flags`);
  if (more.length > 0) {
    const hint = `\`flue-db add ${name}\` adds one; run it once for each`;
    throw new Problem('bad-request', `what is \`${more.join(' ')}\`? one database at a time`, hint);
  }
  return add(words.length === 0 ? undefined : kind, name, flags);
}

/** `flue add [database] [name]`: look, decide, write down what would happen, then do it. */
export async function add(kind: string | undefined, name: string | undefined, flags: AddFlags): Promise<Report> {
  const asked = await askedFor(kind, name, flags);
  if (asked === null) return (await import('./pick-database.ts')).bareAdd(flags);
  const { conversation, shelved, driver } = asked;
  const settled = await settle(shelved, { ...flags, ...driver }, conversation.audience);
  const { facts, choice } = settled;
  const plan = await planAdd(facts, choice, shelved, { install: flags.install });
  const { restored } = conversation;
  const variables = variablesOf(facts, choice, shelved.blueprint);
  const report: Report = {
    command: 'add',
    blueprint: choice.blueprint,
    applied: false,
    restored,
    variables,
    facts,
    choice,
    plan,
  };
  if (flags.print && !flags.json) {
    const { printGuide } = await import('../output/guide.ts');
    printGuide(facts, choice, plan, shelved.blueprint, listBlueprints());
    return report;
  }
  const applied = await carryOut(
    conversation,
    plan,
    facts,
    { ...flags, dryRun: flags.dryRun || flags.print || false },
    choice,
  );
  if (conversation.audience.somebody) await sayGoodbye(conversation, facts, choice, settled.answers);
  return { ...report, applied };
}

interface Asked {
  conversation: Conversation;
  shelved: Shelved;
  /** The driver that the word stands for, as the flag that was not typed. */
  driver: { driver?: string };
}

/** What is to be added, by its name or by a prompt; null for the bare `flue add` with nobody there, which lists what there is. */
async function askedFor(kind: string | undefined, name: string | undefined, flags: AddFlags): Promise<Asked | null> {
  // A name that nobody knows is refused before anything is looked at.
  const typed = name === undefined ? null : takeTyped(name);
  if (typed?.driver && flags.driver && flags.driver !== typed.driver) {
    const why = `\`${name}\` is the driver \`${typed.driver}\`, and \`--driver\` says \`${flags.driver}\``;
    throw new Problem('bad-request', why, 'leave out one of the two');
  }
  const { somebody } = audienceOf(flags);
  if (!typed && !somebody && kind === undefined) return null;
  if (!typed && !somebody) throw (await import('./pick-database.ts')).needsName();
  const conversation = await converse(flags, Boolean(flags.dryRun || flags.print));
  if (somebody && !flags.print) await frame('begin', `flue-db add ${name ?? ''}`.trim());
  const { shelved, driver } = typed ?? takeTyped(await (await import('./pick-database.ts')).pickDatabase(flags.cwd));
  return { conversation, shelved, driver: driver ? { driver } : {} };
}

/** The last words to somebody at the keyboard: the line that would have done it without a question. */
async function sayGoodbye(
  { screen }: Conversation,
  facts: Facts,
  choice: Choice,
  answers: readonly string[],
): Promise<void> {
  const { value: command } = ourCommand(facts);
  screen.blank();
  screen.say(['Without questions: ', ['cyan', replayOf(command, choice, answers)]]);
  await frame('end', 'Undo it with `flue-db remove`.');
}
