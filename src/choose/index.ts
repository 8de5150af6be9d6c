import { markerOf } from '../blueprints/shelf.ts';
import { chooseAdapterVersion } from '../knowledge/hosts/flue/adapter.ts';
import { packageManagerNames } from '../knowledge/package-managers/index.ts';
import { Problem } from '../problem.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';
import type { Choice, Question, Request } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import { chooseClient, readsVariable } from './client.ts';
import { chooseDriver } from './driver.ts';
import { chooseEntry, type Existing } from './entry.ts';
import { chooseNames } from './names.ts';

/**
 * Facts and a request lead to a choice, or to the next open question. Never prompts. Raises `wrong-target`,
 * `unsupported-flue`, `unsupported-driver`, `adapter-exists` and, for a `--var` that names no variable, `bad-request`.
 */
export async function choose(facts: Facts, shelved: Shelved, request: Request): Promise<Choice | Question> {
  const { blueprint } = shelved;
  checkNames(shelved, request);
  refuseCloudflare(facts);
  const adapterVersion = chooseAdapterVersion(facts, blueprint.adapter);
  if ('flag' in adapterVersion) return adapterVersion;
  const target = chooseTarget(facts);
  if ('flag' in target) return target;
  const packageManager = choosePackageManager(facts, request.confirmsGuess);
  if ('flag' in packageManager) return packageManager;
  const existing = await chooseEntry(facts, shelved, request);
  if ('flag' in existing) return existing;
  const client = chooseClient(facts, request, existing.client);
  const driver = chooseDriverOf(facts, shelved, request, existing, client);
  if ('flag' in driver) return driver;
  const read = readBy(shelved, request, driver, client);
  const names = chooseNames(facts, read, request, existing.names, driver.value.package);
  if ('flag' in names) return names as Question;
  const { entry } = existing;
  const choice = { blueprint: markerOf(blueprint), driver, names, target, packageManager, adapterVersion, entry };
  if (!client) return choice;
  const { specifier, export: exported } = client.value;
  return { ...choice, client: { value: { specifier, export: exported }, because: client.because } };
}

/** A client that was asked for says which driver; the version that is there must have a template for it. Raises `unsupported-driver`. */
function chooseDriverOf(
  facts: Facts,
  { blueprint }: Shelved,
  request: Request,
  existing: Existing,
  client: ReturnType<typeof chooseClient>,
): Choice['driver'] | Question {
  const asked = client && 'package' in client.value ? client.value : null;
  const driver = chooseDriver(facts, blueprint, asked?.package ?? request.driver, existing.driver);
  return asked && !('flag' in driver) ? { ...driver, because: `\`${asked.path}\` makes its client with it` } : driver;
}

/** The blueprint with the variables that `db.ts` will read. Raises `bad-request` for a `--var` of one that it will not. */
function readBy(
  shelved: Shelved,
  { names }: Request,
  driver: Choice['driver'],
  client: ReturnType<typeof chooseClient>,
): Blueprint {
  if (!client) return shelved.blueprint;
  const reads = readsVariable(shelved, driver.value, client);
  const idle = Object.keys(names).find((name) => !reads(name));
  if (idle) {
    const why = `\`--var ${idle}=${names[idle]}\`: with the project's own client, \`db.ts\` does not read it`;
    throw new Problem(
      'bad-request',
      why,
      `leave out \`--var\`; \`--driver ${driver.value.package}\` has \`db.ts\` make a client of its own`,
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
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new Problem(
        'bad-request',
        `\`${name}\` is not a variable name`,
        'letters, digits and `_`, not beginning with a digit',
      );
    }
  }
}

/** Before any question: no answer would help. */
function refuseCloudflare({ target }: Facts): void {
  if (target.value !== 'cloudflare') return;
  throw new Problem(
    'wrong-target',
    `this project builds for Cloudflare (${target.because}), where a \`db.ts\` fails every build`,
    'Cloudflare agents use Durable Object SQLite, which is built in: there is nothing to add',
  );
}

function chooseTarget({ target }: Facts): Choice['target'] | Question {
  if (target.value === 'node') return { value: 'node', because: target.because };
  return {
    flag: '--target',
    ask: 'Which target does this project build for?',
    answers: [
      { value: 'node', label: 'Node.js' },
      { value: 'cloudflare', label: 'Cloudflare, where a `db.ts` fails every build' },
    ],
    because: target.because,
  };
}

/** The package manager, or the question where the evidence contradicts itself; where somebody can confirm it, also in place of a mere guess. */
export function choosePackageManager(
  { packageManager }: Facts,
  confirmsGuess = false,
): Choice['packageManager'] | Question {
  const { value, because, among, guess } = packageManager;
  if (value && !(guess && confirmsGuess)) return { value, because };
  const names = among?.map(({ name }) => name) ?? packageManagerNames;
  return {
    flag: '--package-manager',
    ask: 'Which package manager does this project use?',
    answers: names.map((name) => ({ value: name, label: name, ...(name === value?.name && { recommended: true }) })),
    because,
  };
}
