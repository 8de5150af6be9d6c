import { hasBlueprint, listBlueprints, takeTyped } from '../blueprints/shelf.ts';
import { inspectHosts } from '../inspect/hosts.ts';
import { type Host, hosts } from '../knowledge/hosts/index.ts';
import { openProject } from '../knowledge/package-managers/open.ts';
import { audienceOf } from '../output/audience.ts';
import type { Report } from '../output/json.ts';
import { planAdd } from '../plan/add.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { EntryPolicy } from '../types/choice.ts';
import type { PackageManagerName, Target } from '../types/facts.ts';
import { replayOf, settleChoice } from './answers.ts';
import { aboutNames, ourCommand, stepToVerify } from './command-line.ts';
import { type OpenProject, open } from './open.ts';
import type { Program } from './routes.ts';
import { type ChangeFlags, type Conversation, carryOut, converse, inFrame, lastLine } from './run-plan.ts';
import { reportedVariables } from './variables.ts';

/** The flags of `flue add database`, as typed. */
export interface AddFlags extends ChangeFlags {
  host?: string;
  driver?: string;
  client?: string;
  var: string[];
  target?: Target;
  packageManager?: PackageManagerName;
  flue?: string;
  onExisting?: EntryPolicy;
  services?: string;
  install: boolean;
  print?: boolean;
}

/**
 * The words behind `add`: `database <name>`, of which `flue-db` does without the first. Raises `bad-request` for
 * others.
 */
export function addTyped(words: readonly string[], flags: AddFlags, program: Program): Promise<Report> {
  const [kind, name, ...more] = program === 'flue-db' && words[0] !== 'database' ? ['database', ...words] : words;
  if (kind !== undefined && kind !== 'database')
    throw new Problem('bad-request', 'flags stand before the kind', `\`flue add ${kind}\` first, then its flags`);
  if (more.length > 0) throw tooMany([name!, ...more]);
  return add(words.length === 0 ? undefined : kind, name, flags);
}

function tooMany(words: readonly string[]): Problem {
  const isDatabase = (word: string) => hosts.some(({ shelf }) => hasBlueprint(word, shelf));
  const [first = words[0]!, ...others] = words.filter(isDatabase);
  const what = words.find((word) => !isDatabase(word) && word !== first) ?? words.slice(1).join(' ');
  const each = others.length > 0 ? ' adds one; run it once for each' : '';
  return new Problem('bad-request', `what is \`${what}\`? one database at a time`, `\`flue-db add ${first}\`${each}`);
}

/** `flue add [database] [name]`: look, decide, write down what would happen, then do it. */
export async function add(kind: string | undefined, name: string | undefined, flags: AddFlags): Promise<Report> {
  if (name !== undefined) await refuseUnknown(name, flags);
  const audience = audienceOf(flags);
  if (name === undefined && !audience.somebody) {
    const { bareAdd, needsName } = await import('./pick-database.ts');
    if (kind === undefined) return bareAdd(flags);
    throw needsName();
  }
  const conversation = await converse(flags, audience, Boolean(flags.dryRun || flags.print));
  return inFrame(conversation, `flue-db add ${name ?? ''}`.trim(), async () => {
    const opened = await open(flags.cwd, flags.host, audience);
    const word = name ?? (await (await import('./pick-database.ts')).pickDatabase(opened));
    const { shelved, driver } = takeTyped(word, opened.host.shelf);
    return addTo(conversation, opened, shelved, driver ? { ...flags, driver } : flags);
  });
}

/**
 * A name that nobody knows needs no project to be refused; where there is one, its host says why. Raises
 * `unknown-blueprint`, and `bad-request` where the name is one driver and `--driver` another.
 */
async function refuseUnknown(name: string, { driver, cwd, host }: AddFlags): Promise<void> {
  const known = hosts.find((one) => hasBlueprint(name, one.shelf));
  const speaking = known ?? (await likeliestHost(cwd, host));
  const typed = takeTyped(name, speaking.shelf);
  if (!typed.driver || !driver || driver === typed.driver) return;
  const why = `\`${name}\` is the driver \`${typed.driver}\`, and \`--driver\` says \`${driver}\``;
  throw new Problem('bad-request', why, 'leave out one of the two');
}

/** The host that is asked for, else the only one that the project is of, else the first. */
async function likeliestHost(cwd: string, asked: string | undefined): Promise<Host> {
  const [first] = hosts;
  if (asked !== undefined) return hosts.find(({ name }) => name === asked) ?? first!;
  try {
    const found = await inspectHosts(openProject(cwd));
    return found.length === 1 ? found[0]!.value : first!;
  } catch (error) {
    // Without a project nothing is lost but whose words they are.
    if (error instanceof Problem) return first!;
    throw error;
  }
}

/** Adds one database; gives what to report, and the last line to somebody at the keyboard. */
async function addTo(
  conversation: Conversation,
  opened: OpenProject,
  shelved: Shelved,
  flags: AddFlags,
): Promise<{ result: Report; last: string }> {
  const { facts, choice, answers } = await settleChoice(opened, shelved, flags, conversation.audience);
  const planned = await planAdd(facts, choice, shelved, { install: flags.install });
  const command = ourCommand(opened.project, facts);
  const verify = planned.operations.length > 0 ? [stepToVerify(command, opened.host.entryTitle)] : [];
  const plan = { ...planned, next: [...planned.next, ...verify, ...aboutNames(command)] };
  const variables = reportedVariables(facts, choice, shelved.blueprint);
  const { restored } = conversation;
  const { blueprint } = choice;
  const report: Report = { command: 'add', blueprint, applied: false, restored, variables, facts, choice, plan };
  if (flags.print && !flags.json) {
    const { printGuide } = await import('../output/guide.ts');
    const { host } = opened;
    const all = listBlueprints(host.shelf);
    printGuide({ facts, choice, plan, blueprint: shelved.blueprint, host: host.guide, all });
    return { result: report, last: 'Nothing was changed.' };
  }
  const dryRun = Boolean(flags.dryRun || flags.print);
  const applied = await carryOut(conversation, plan, { facts, choice }, { ...flags, dryRun });
  if (applied && conversation.audience.somebody) sayReplay(conversation, replayOf(command.value, choice, answers));
  return { result: { ...report, applied }, last: lastLine(plan, applied, 'Undo it with `flue-db remove`.') };
}

/** To somebody at the keyboard: the line that would have done it without a question. */
function sayReplay({ screen }: Conversation, line: string): void {
  screen.blank();
  screen.say(['Without questions: ', ['cyan', line]]);
}
