import { listBlueprints, takeMarked } from '../blueprints/shelf.ts';
import { takeAnswer } from '../choose/answers.ts';
import { chooseRemoval } from '../choose/removal.ts';
import { inspect } from '../inspect/index.ts';
import { inspectReferences } from '../inspect/references.ts';
import type { Audience } from '../output/ask.ts';
import type { Report } from '../output/json.ts';
import { planRemove } from '../plan/remove.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, PackageManagerName } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
import { type Opened, open } from './open.ts';
import { audienceOf, type ChangeFlags, carryOut, putBackLeftovers } from './run-plan.ts';
import { settle } from './settle.ts';

/** The flags of `flue remove database`, as typed. */
export interface RemoveFlags extends ChangeFlags {
  host?: string;
  packageManager?: PackageManagerName;
  install: boolean;
}

/** `flue remove database [name]`: takes back what adding brought, as far as nothing else needs it. */
export async function remove(name: string | undefined, flags: RemoveFlags): Promise<Report> {
  const audience = audienceOf(flags);
  await putBackLeftovers(flags.cwd, flags.dryRun ?? false);
  const opened = await open(flags.cwd, flags.host, audience);
  const { facts, removal } = await settleRemoval(opened, name, flags, audience);
  const plan = removal ? await planOf(opened, facts, removal, flags) : nothing;
  const applied = await carryOut(plan, facts, flags, audience);
  return { command: 'remove', ...(removal && { blueprint: removal.blueprint }), applied, facts, plan };
}

const nothing: Plan = { title: 'Remove a database', operations: [], next: [] };

/** Looks once and chooses until no question is open. */
async function settleRemoval(
  { project, host }: Opened,
  name: string | undefined,
  { packageManager, install }: RemoveFlags,
  audience: Audience,
): Promise<{ facts: Facts; removal: Removal | null }> {
  let facts = await inspect(project, host, listBlueprints(host.shelf), { packageManager });
  const removal = await settle(
    audience,
    () => chooseRemoval(facts, { name, install }),
    (question, answer) => {
      ({ facts } = takeAnswer({ facts, request: { names: {} } }, question, answer));
    },
  );
  return { facts, removal };
}

async function planOf({ project }: Opened, facts: Facts, removal: Removal, { install }: RemoveFlags): Promise<Plan> {
  const references = inspectReferences(project, facts, removal);
  return planRemove(facts, removal, takeMarked(removal.blueprint)!, { references, install });
}
