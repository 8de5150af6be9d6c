import { listBlueprints, takeMarked } from '../blueprints/shelf.ts';
import { takeAnswer } from '../choose/answers.ts';
import { chooseRemoval } from '../choose/removal.ts';
import { inspect } from '../inspect/index.ts';
import { inspectReferences } from '../inspect/references.ts';
import { type Audience, audienceOf } from '../output/audience.ts';
import type { Report } from '../output/json.ts';
import { planRemove } from '../plan/remove.ts';
import { Problem } from '../problem.ts';
import type { Removal } from '../types/choice.ts';
import type { Facts, PackageManagerName } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
import { type OpenProject, open } from './open.ts';
import type { Program } from './routes.ts';
import { type ChangeFlags, carryOut, converse, inFrame, lastLine } from './run-plan.ts';
import { settle } from './settle.ts';

/** The flags of `flue remove database`, as typed. */
export interface RemoveFlags extends ChangeFlags {
  host?: string;
  packageManager?: PackageManagerName;
  install: boolean;
}

/**
 * The words behind `remove`: `database [name]`, of which `flue-db` does without the first. Raises `bad-request` for
 * others.
 */
export function removeTyped(words: readonly string[], flags: RemoveFlags, program: Program): Promise<Report> {
  const [kind, name, ...more] = program === 'flue-db' && words[0] !== 'database' ? ['database', ...words] : words;
  if (kind !== 'database') {
    const why = kind === undefined ? 'what should be removed?' : `\`${kind}\` cannot be removed by this program`;
    throw new Problem('bad-request', why, '`flue remove database` takes back the database; it knows no other kind');
  }
  if (more.length > 0) throw new Problem('bad-request', `what is \`${more.join(' ')}\`?`, '`flue-db remove [name]`');
  return remove(name, flags);
}

/** `flue remove database [name]`: takes back what adding brought, as far as nothing else needs it. */
export async function remove(name: string | undefined, flags: RemoveFlags): Promise<Report> {
  const conversation = await converse(flags, audienceOf(flags), flags.dryRun ?? false);
  return inFrame(conversation, `flue-db remove ${name ?? ''}`.trim(), async () => {
    const opened = await open(flags.cwd, flags.host, conversation.audience);
    const { facts, removal } = await settleRemoval(opened, name, flags, conversation.audience);
    const plan = removal ? await planOf(opened, facts, removal, flags) : nothing;
    const { restored } = conversation;
    const applied = await carryOut(conversation, plan, { facts }, flags);
    const blueprint = removal ? { blueprint: removal.blueprint } : {};
    const result: Report = { command: 'remove', ...blueprint, applied, restored, facts, plan };
    return { result, last: lastLine(plan, applied, 'The data stays where it is.') };
  });
}

const nothing: Plan = { title: 'Remove a database', operations: [], next: [] };

/** Looks once and chooses until no question is open. */
async function settleRemoval(
  { project, host }: OpenProject,
  name: string | undefined,
  { packageManager, install, dryRun = false }: RemoveFlags,
  audience: Audience,
): Promise<{ facts: Facts; removal: Removal | null }> {
  let facts = await inspect(project, host, listBlueprints(host.shelf), {
    packageManager,
    installs: install && !dryRun,
    takesBack: true,
  });
  const removal = await settle(audience, {
    choose: () => chooseRemoval(facts, { name, install }),
    take: (question, answer) => {
      ({ facts } = takeAnswer({ facts, request: { names: {} } }, question, answer));
    },
  });
  return { facts, removal };
}

async function planOf(
  { project }: OpenProject,
  facts: Facts,
  removal: Removal,
  { install }: RemoveFlags,
): Promise<Plan> {
  const references = await inspectReferences(project, facts, removal);
  return planRemove(facts, removal, takeMarked(removal.blueprint)!, { references, install });
}
