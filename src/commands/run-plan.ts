import { apply, type Recovered, recover } from '../apply/index.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { confirmPlan, frame } from '../output/ask.ts';
import type { Audience } from '../output/audience.ts';
import { showDone, showPlan } from '../output/plan-screen.ts';
import { type Running, showRunning } from '../output/progress.ts';
import { openScreen, type Screen } from '../output/screen.ts';
import { Declined } from '../problem.ts';
import { packageFolder } from '../project/project.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
import { checkPrograms, warnings } from './preflight.ts';

/** The flags of every command that changes a project. */
export interface ChangeFlags {
  cwd: string;
  dryRun?: boolean;
  json?: boolean;
  verbose?: boolean;
  yes?: boolean;
}

/** One run of such a command: who is there, where it is said, and what was put back before it began. */
export interface Conversation {
  audience: Audience;
  screen: Screen;
  restored: readonly string[];
}

/**
 * Opens the conversation, and puts back what a killed run left half done before anything is looked at; a dry run only
 * says that it is there. Raises `locked` where that run is still at work.
 */
export async function converse(flags: ChangeFlags, audience: Audience, dry: boolean): Promise<Conversation> {
  const screen = await openScreen(2, audience.somebody);
  const recovered = await recover(packageFolder(flags.cwd), !dry);
  if (recovered && !flags.json) sayRecovered(screen, recovered);
  return { audience, screen, restored: recovered?.paths ?? [] };
}

function sayRecovered(screen: Screen, { paths, kept, left, warnings: told }: Recovered): void {
  screen.say(`put back what a killed run had left half done: ${paths.join(', ') || 'nothing had been changed yet'}`);
  for (const one of kept) screen.say(`what somebody else has written there meanwhile is kept in ${one}`);
  for (const one of left) screen.say(`${one} is not as that run has left it, and was not touched`);
  for (const line of told) screen.say(`warning: ${line}`);
}

/**
 * One conversation with somebody at the keyboard, from its first line to its last; with nobody there only the work.
 * `work` gives the last line.
 */
export async function inFrame<T>(
  { audience }: Pick<Conversation, 'audience'>,
  title: string,
  work: () => Promise<{ result: T; last: string }>,
): Promise<T> {
  if (!audience.somebody) return (await work()).result;
  await frame('begin', title);
  try {
    const { result, last } = await work();
    await frame('end', last);
    return result;
  } catch (error) {
    if (!(error instanceof Declined)) await frame('end', 'Not done.');
    throw error;
  }
}

/**
 * Shows the plan that was made from those facts and, unless it is a dry run, does it. Gives whether anything was
 * changed. Raises what `apply` does, `operation-failed` where a program is missing that the plan runs, and
 * `interrupted` where the person says No.
 */
export async function carryOut(
  conversation: Conversation,
  plan: Plan,
  { facts, choice }: { facts: Facts; choice?: Choice },
  flags: ChangeFlags,
): Promise<boolean> {
  const { audience, screen } = conversation;
  const real = !flags.dryRun && plan.operations.length > 0;
  if (real) checkPrograms(plan);
  if (audience.somebody) screen.blank();
  if (!flags.json) showPlan(screen, plan, choice);
  if (flags.dryRun) {
    if (!flags.json) await showDry(conversation, plan, facts);
    return false;
  }
  if (!real) return false;
  if (audience.somebody) await agree(screen, plan, facts);
  const { applied, warnings: told } = await applyShowing(screen, plan, facts, flags);
  for (const line of told) screen.say([['yellow', 'warning: '], line]);
  if (!flags.json) showDone(screen, plan);
  return applied;
}

/** Asks until it is Yes or No. Raises `interrupted` for No. */
async function agree(screen: Screen, plan: Plan, facts: Facts): Promise<void> {
  for (const warning of [...warnings(hostOf(facts)), ...(await aboutRegistry(plan, facts))]) {
    screen.blank();
    screen.say([['yellow', 'note: '], warning]);
  }
  for (;;) {
    const answer = await confirmPlan();
    if (answer === 'yes') return;
    if (answer === 'no') throw new Declined('interrupted', 'cancelled', 'nothing was changed');
    (await import('../output/diff.ts')).printDiff(plan, facts.envDocs, 2);
  }
}

async function aboutRegistry(plan: Plan, facts: Facts): Promise<string[]> {
  if (!plan.operations.some(({ kind }) => kind === 'run')) return [];
  const { unreachableRegistry } = await import('./registry.ts');
  const host = await unreachableRegistry(facts.root, facts.packageManager.value?.name ?? '');
  if (!host) return [];
  return [
    `the registry ${host} cannot be reached, so the install will fail; \`--no-install\` does the rest without it`,
  ];
}

async function showDry({ audience, screen }: Conversation, plan: Plan, facts: Facts): Promise<void> {
  if (plan.operations.length === 0) return;
  screen.blank();
  (await import('../output/diff.ts')).printDiff(plan, facts.envDocs);
  if (audience.somebody) return;
  screen.blank();
  screen.say(dryEnd);
}

/** The last line of a dry run. */
const dryEnd = 'Nothing was changed. Run it without `--dry-run` to do this.';

/** The last line of a conversation that went well. */
export function lastLine(plan: Plan, applied: boolean, done: string): string {
  if (plan.operations.length === 0) return 'Nothing to do.';
  return applied ? done : dryEnd;
}

async function applyShowing(screen: Screen, plan: Plan, facts: Facts, flags: ChangeFlags): ReturnType<typeof apply> {
  let running: Running | undefined;
  try {
    return await apply(facts.root, plan, {
      starts: (one) => {
        running?.stop();
        const shown = one.kind === 'run' && !flags.json;
        running = shown ? showRunning(screen, one.command.join(' '), flags.verbose ?? false) : undefined;
      },
      printed: (_one, text) => running?.printed(text),
      stalled: (_one, seconds) => running?.stalled(seconds),
    });
  } finally {
    running?.stop();
  }
}
