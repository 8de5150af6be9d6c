import { listBlueprints, takeMarked, takeScaffold } from '../blueprints/shelf.ts';
import { chooseRemoval } from '../choose/removal.ts';
import { inspect } from '../inspect/index.ts';
import { inspectNeeds } from '../inspect/needs.ts';
import { type Audience, ask } from '../output/ask.ts';
import type { Report } from '../output/json.ts';
import { planRemove } from '../plan/remove.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, PackageManagerName } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
import { audienceOf, type ChangeFlags, carryOut, putBackLeftovers } from './run-plan.ts';

/** The flags of `flue remove database`, as typed. */
export interface RemoveFlags extends ChangeFlags {
  packageManager?: PackageManagerName;
  install: boolean;
}

/** `flue remove database [name]`: takes back what adding brought, as far as nothing else needs it. */
export async function remove(name: string | undefined, flags: RemoveFlags): Promise<Report> {
  const audience = audienceOf(flags);
  putBackLeftovers(flags.cwd, flags.dryRun ?? false);
  const { facts, removal } = await settle(name, flags, audience);
  const plan = removal ? await planOf(facts, removal, flags) : nothing;
  const applied = await carryOut(plan, facts, flags, audience);
  return { command: 'remove', ...(removal && { blueprint: removal.blueprint }), applied, facts, plan };
}

const nothing: Plan = { title: 'Remove a database', operations: [], next: [] };

/** Looks until no question is open. An answer is a flag that was not typed. */
async function settle(
  name: string | undefined,
  flags: RemoveFlags,
  audience: Audience,
): Promise<{ facts: Facts; removal: Removal | null }> {
  const installs = flags.install && !flags.dryRun;
  const facts = await inspect(flags.cwd, listBlueprints(), { packageManager: flags.packageManager, installs });
  const removal = await chooseRemoval(facts, name);
  if (!removal || !('flag' in removal)) return { facts, removal };
  const packageManager = (await ask(removal, audience)) as PackageManagerName;
  return settle(name, { ...flags, packageManager }, audience);
}

async function planOf(facts: Facts, removal: Removal, { install }: RemoveFlags): Promise<Plan> {
  const shelved = takeMarked(removal.blueprint)!;
  const { drivers, refused } = shelved.blueprint;
  const { driver, names, packages } = removal;
  const needs = inspectNeeds(facts, {
    driver: driver.package,
    engine: shelved.blueprint.engine,
    packages,
    apart: [...refused, ...drivers].map((one) => one.package),
    variables: Object.values(names),
  });
  return planRemove(facts, removal, shelved, needs, { install, scaffold: takeScaffold() });
}
