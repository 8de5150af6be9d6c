import { listBlueprints, takeBlueprint } from '../blueprints/shelf.ts';
import { choose } from '../choose/index.ts';
import { inspect } from '../inspect/index.ts';
import { type Audience, ask, pick } from '../output/ask.ts';
import { sayBlueprints } from '../output/human.ts';
import type { Report } from '../output/json.ts';
import { planAdd } from '../plan/add.ts';
import { Problem } from '../problem.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts, PackageManagerName, Target } from '../types/facts.ts';
import { audienceOf, type ChangeFlags, carryOut, putBackLeftovers } from './run-plan.ts';

/** The flags of `flue add database`, as typed. */
export interface AddFlags extends ChangeFlags {
  driver?: string;
  client?: string;
  var: string[];
  target?: Target;
  packageManager?: PackageManagerName;
  flue?: string;
  onExisting?: 'keep' | 'replace';
  install: boolean;
  print?: boolean;
}

/** `flue add [database] [name]`: look, decide, write down what would happen, then do it. */
export async function add(kind: string | undefined, name: string | undefined, flags: AddFlags): Promise<Report> {
  const audience = audienceOf(flags);
  const wanted = name ?? (await pickBlueprint(kind, audience));
  if (wanted === null) return { command: 'add', blueprints: listBlueprints() };
  const shelved = takeBlueprint(wanted);

  putBackLeftovers(flags.cwd, Boolean(flags.dryRun || flags.print));
  const { facts, choice } = await settle(shelved, flags, audience);
  const plan = await planAdd(facts, choice, shelved, { install: flags.install });
  const report = { command: 'add', blueprint: choice.blueprint, applied: false, facts, choice, plan };

  if (flags.print && !flags.json) {
    const { printGuide } = await import('../output/guide.ts');
    printGuide(facts, choice, plan, shelved.blueprint, listBlueprints());
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

/** No name: a prompt where somebody is there; for the bare `flue add` the list, for `flue add database` a refusal otherwise. */
async function pickBlueprint(kind: string | undefined, { somebody }: Audience): Promise<string | null> {
  const blueprints = listBlueprints();
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

/** Looks and chooses until no question is open. An answer is a flag that was not typed. */
async function settle(
  shelved: Shelved,
  flags: AddFlags,
  audience: Audience,
): Promise<{ facts: Facts; choice: Choice }> {
  const because: Record<string, string> = {};
  for (let current = flags; ; ) {
    const { cwd, driver, client, onExisting, packageManager, target, flue } = current;
    const installs = flags.install && !flags.dryRun && !flags.print;
    const asked = { packageManager, target, flue, client, driver, installs };
    const facts = await inspect(cwd, [shelved.blueprint], asked);
    const outcome = await choose(facts, shelved, {
      driver,
      client,
      onExisting,
      confirmsGuess: installs && audience.somebody,
      names: namesIn(current.var),
      because,
    });
    if (!('flag' in outcome)) return { facts, choice: outcome };
    const answer = await ask(outcome, audience);
    if (outcome.flag === '--var') because[answer.split('=')[0]!] = outcome.because;
    current = answered(current, outcome.flag, answer);
  }
}

function answered(flags: AddFlags, flag: string, answer: string): AddFlags {
  if (flag === '--var') return { ...flags, var: [...flags.var, answer] };
  const key = flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { ...flags, [key]: answer };
}

function namesIn(vars: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    vars.map((one) => {
      const match = /^(\w+)=([^=]+)$/.exec(one);
      if (match) return [match[1]!, match[2]!];
      throw new Problem(
        'bad-request',
        `\`--var ${one}\` is not of the form CANONICAL=NAME`,
        'for example `--var DATABASE_URL=POSTGRES_URL`',
      );
    }),
  );
}
