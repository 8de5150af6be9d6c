import { apply, recover } from '../apply/index.ts';
import { type Audience, confirmPlan } from '../output/ask.ts';
import { say, sayDone, sayPlan } from '../output/human.ts';
import { isTerminal } from '../output/stream.ts';
import { Problem } from '../problem.ts';
import { packageFolder } from '../project/project.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';

/** The flags of every command that changes a project. */
export interface ChangeFlags {
  cwd: string;
  dryRun?: boolean;
  json?: boolean;
  yes?: boolean;
}

/** Who is there to answer a question. */
export function audienceOf({ json, yes }: Pick<ChangeFlags, 'json' | 'yes'>): Audience {
  const somebody = !json && !yes && isTerminal(0) && isTerminal(1);
  return { somebody, yes: yes ?? false };
}

/** Puts back what a killed run left half done, before anything is looked at; a dry run only says that it is there. */
export async function putBackLeftovers(cwd: string, dry: boolean): Promise<void> {
  const recovered = await recover(packageFolder(cwd), !dry);
  if (!recovered) return;
  const { paths, kept, left, warnings } = recovered;
  say(`put back what a killed run had left half done: ${paths.join(', ') || 'nothing had been changed yet'}`);
  for (const one of kept) say(`what somebody else has written there meanwhile is kept in ${one}`);
  for (const one of left) say(`${one} is not as that run has left it, and was not touched`);
  for (const line of warnings) say(`warning: ${line}`);
}

/** Shows the plan and, unless it is a dry run, does it. Gives whether anything was changed. Raises what `apply` does, and `interrupted`. */
export async function carryOut(
  plan: Plan,
  facts: Facts,
  flags: ChangeFlags,
  audience: Audience,
  choice?: Choice,
): Promise<boolean> {
  if (!flags.json) sayPlan(plan, choice);
  if (flags.dryRun) {
    if (!flags.json) (await import('../output/diff.ts')).printDiff(plan);
    return false;
  }
  if (plan.operations.length === 0) return false;
  if (audience.somebody && !(await confirmPlan())) throw new Problem('interrupted', 'cancelled', 'nothing was changed');
  const { applied, warnings } = await apply(facts.root, plan, {
    starts: (one) => one.kind === 'run' && say(`running ${one.command.join(' ')} …`),
    stalled: (_one, seconds) => say(`still running, nothing printed for ${seconds} s …`),
  });
  for (const line of warnings) say(`warning: ${line}`);
  if (!flags.json) sayDone(plan);
  return applied;
}
