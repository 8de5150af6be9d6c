import { hasBlueprint, listBlueprints, takeBlueprint } from '../blueprints/shelf.ts';
import { exactVersion, type Ground, nameIn, takeAnswer, withTarget } from '../choose/answers.ts';
import { choose } from '../choose/index.ts';
import { inspect } from '../inspect/index.ts';
import { allBlueprints, hosts } from '../knowledge/hosts/index.ts';
import { type Audience, pick } from '../output/ask.ts';
import { sayBlueprints } from '../output/human.ts';
import type { Report } from '../output/json.ts';
import { planAdd } from '../plan/add.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice, OnExisting } from '../types/choice.ts';
import type { Facts, PackageManagerName, Target } from '../types/facts.ts';
import { type Opened, open } from './open.ts';
import { audienceOf, type ChangeFlags, carryOut, putBackLeftovers } from './run-plan.ts';
import { settle } from './settle.ts';

/** The flags of `flue add database`, as typed. */
export interface AddFlags extends ChangeFlags {
  host?: string;
  driver?: string;
  client?: string;
  var: string[];
  target?: Target;
  packageManager?: PackageManagerName;
  flue?: string;
  onExisting?: OnExisting;
  install: boolean;
  print?: boolean;
}

/** `flue add [database] [name]`: look, decide, write down what would happen, then do it. */
export async function add(kind: string | undefined, name: string | undefined, flags: AddFlags): Promise<Report> {
  const audience = audienceOf(flags);
  const wanted = name ?? (await pickBlueprint(kind, audience));
  if (wanted === null) return { command: 'add', blueprints: allBlueprints() };
  refuseUnknown(wanted);
  await putBackLeftovers(flags.cwd, Boolean(flags.dryRun || flags.print));
  const opened = await open(flags.cwd, flags.host, audience);
  const shelved = takeBlueprint(wanted, opened.host.shelf);
  const { facts, choice } = await settleChoice(opened, shelved, flags, audience);
  const plan = await planAdd(facts, choice, shelved, { install: flags.install });
  const report = { command: 'add', blueprint: choice.blueprint, applied: false, facts, choice, plan };

  if (flags.print && !flags.json) {
    const { printGuide } = await import('../output/guide.ts');
    printGuide(facts, choice, plan, shelved.blueprint, listBlueprints(opened.host.shelf));
    return report;
  }
  const applied = await carryOut(
    plan,
    facts,
    { ...flags, dryRun: flags.dryRun || flags.print || false },
    audience,
    choice,
  );
  return { ...report, applied };
}

/** A name that no host knows needs no project to be refused. Raises `unknown-blueprint`. */
function refuseUnknown(name: string): void {
  if (!hosts.some(({ shelf }) => hasBlueprint(name, shelf))) takeBlueprint(name, hosts[0]!.shelf);
}

/** No name: a prompt where somebody is there; for the bare `flue add` the list, for `flue add database` a refusal otherwise. */
async function pickBlueprint(kind: string | undefined, { somebody }: Audience): Promise<string | null> {
  const blueprints = allBlueprints();
  if (somebody) {
    return pick(
      'Which database?',
      blueprints.map(({ name, title, summary }) => ({ value: name, label: title, hint: summary })),
    );
  }
  if (kind !== undefined) {
    const names = blueprints.map(({ name }) => name).join(', ');
    throw new Problem('bad-request', '`flue add database` needs a name', `one of ${names}`);
  }
  sayBlueprints(blueprints);
  return null;
}

/** Looks once and chooses until no question is open. */
async function settleChoice(
  { project, host }: Opened,
  shelved: Shelved,
  flags: AddFlags,
  audience: Audience,
): Promise<{ facts: Facts; choice: Choice }> {
  const { cwd, driver, client, onExisting, packageManager, target, flue } = flags;
  const look = (version: string | undefined) =>
    inspect(project, host, [shelved.blueprint], { packageManager, version, client, driver, cwd });
  const names = Object.fromEntries(flags.var.map(nameIn));
  let ground: Ground = {
    facts: withTarget(await look(flue), target),
    request: { driver, client, onExisting, names },
  };
  const choice = await settle(
    audience,
    () => choose(ground.facts, shelved, ground.request),
    async (question, answer) => {
      // Only the version decides how a project is read; it is open already, and no file is read twice.
      if (question.flag === '--flue')
        ground = { ...ground, facts: withTarget(await look(exactVersion(answer)), target) };
      else ground = takeAnswer(ground, question, answer);
    },
  );
  return { facts: ground.facts, choice };
}
