import { markerOf } from '../blueprints/shelf.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';
import type { Choice, Outcome, Request } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import { chooseClient, readsVariable } from './client.ts';
import { chooseDriver } from './driver.ts';
import { chooseEntry, type Existing } from './entry.ts';
import { chooseNames } from './names.ts';
import { choosePackageManager } from './package-manager.ts';
import { refuseVariableName } from './variable-name.ts';

/**
 * Facts and a request lead to a choice, or to the next open question. What no answer would help comes first, then the
 * target, then an entry that is not ours: with that in the way, nothing else needs an answer. Never prompts. Raises
 * `wrong-target`, `unsupported-flue`, `unsupported-driver`, `adapter-exists` and, for a `--var` that names no variable,
 * `bad-request`.
 */
export async function choose(facts: Facts, shelved: Shelved, request: Request): Promise<Outcome<Choice>> {
  const { blueprint } = shelved;
  const host = hostOf(facts);
  checkNames(shelved, request);
  const refusal = host.refuses(facts);
  if (refusal) throw refusal;
  const open = host.question(facts, request);
  if (open) return { question: open };
  const existing = await chooseEntry(facts, shelved, request);
  if ('question' in existing) return existing;
  const adapterVersion = host.adapter(facts, blueprint);
  if ('question' in adapterVersion) return adapterVersion;
  const packageManager = choosePackageManager(facts, request.confirmsGuess);
  if ('question' in packageManager) return packageManager;
  const client = chooseClient(facts, request, existing.choice.client);
  const driver = chooseDriverOf(facts, shelved, request, { existing: existing.choice, client });
  if ('question' in driver) return driver;
  const read = readBy(shelved, request, driver.choice, { client, entryFile: host.entryFile });
  const names = chooseNames(
    { facts, blueprint: read, driver: driver.choice.value.package, freed: existing.choice.freed ?? [] },
    request,
    existing.choice.names ?? null,
  );
  if ('question' in names) return names;
  const services = host.services(facts, blueprint, request, existing.choice.services ?? null);
  const { value: target, because } = facts.target;
  const choice: Choice = {
    blueprint: markerOf(blueprint),
    driver: driver.choice,
    names: names.choice,
    target: { value: target!, because },
    packageManager: packageManager.choice,
    adapterVersion: adapterVersion.choice,
    entry: existing.choice.entry,
    ...(services && { services }),
  };
  if (!client) return { choice };
  const { specifier, export: exported } = client.value;
  return { choice: { ...choice, client: { value: { specifier, export: exported }, because: client.because } } };
}

/**
 * A client that was asked for says which driver; the version that is there must have a template for it. Raises
 * `unsupported-driver`.
 */
function chooseDriverOf(
  facts: Facts,
  { blueprint }: Shelved,
  request: Request,
  { existing, client }: { existing: Existing; client: ReturnType<typeof chooseClient> },
): Outcome<Choice['driver']> {
  const asked = client && 'package' in client.value ? client.value : null;
  const driver = chooseDriver(facts, blueprint, asked?.package ?? request.driver, existing.driver ?? null);
  if (!asked || 'question' in driver) return driver;
  return { choice: { ...driver.choice, because: `\`${asked.path}\` makes its client with it` } };
}

/**
 * The blueprint with the variables that `db.ts` will read. Raises `bad-request` for a `--var` of one that it will not.
 */
function readBy(
  shelved: Shelved,
  { names }: Request,
  driver: Choice['driver'],
  { client, entryFile }: { client: ReturnType<typeof chooseClient>; entryFile: string },
): Blueprint {
  if (!client) return shelved.blueprint;
  const reads = readsVariable(shelved, driver.value, client);
  const idle = Object.keys(names).find((name) => !reads(name));
  if (idle) {
    const why = `\`--var ${idle}=${names[idle]}\`: with the project's own client, \`${entryFile}\` does not read it`;
    throw new Problem(
      'bad-request',
      why,
      `leave out \`--var\`; \`--driver ${driver.value.package}\` has \`${entryFile}\` make a client of its own`,
    );
  }
  return { ...shelved.blueprint, variables: shelved.blueprint.variables.filter(({ name }) => reads(name)) };
}

function checkNames({ blueprint }: Shelved, { names }: Request): void {
  if (new Set(Object.values(names)).size < Object.keys(names).length) {
    throw new Problem(
      'bad-request',
      '`--var` gives one name to two variables',
      'each variable needs a name of its own',
    );
  }
  for (const [canonical, name] of Object.entries(names)) {
    const known = blueprint.variables.map((variable) => variable.name);
    if (!known.includes(canonical)) {
      const hint = `${blueprint.name} reads ${known.map((one) => `\`${one}\``).join(' and ') || 'none'}`;
      throw new Problem(
        'bad-request',
        `\`--var ${canonical}=${name}\`: the blueprint has no variable of that name`,
        hint,
      );
    }
    const refused = refuseVariableName(name);
    if (refused) throw new Problem('bad-request', `\`--var ${canonical}=${name}\`: not a name for it`, refused);
  }
}
