import { engineNamed } from '../knowledge/engines/index.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Blueprint, Driver } from '../types/blueprint.ts';
import type { Outcome } from '../types/choice.ts';
import type { Facts, Found } from '../types/facts.ts';

/**
 * The driver `db.ts` will be written for: the one asked for, the one `db.ts` already uses, the one the project has,
 * else the blueprint's first. Two without a winner are a question. Raises `unsupported-driver`.
 */
export function chooseDriver(
  facts: Facts,
  blueprint: Blueprint,
  asked: string | undefined,
  inUse: Found<Driver> | null,
): Outcome<Found<Driver>> {
  const { entryFile } = hostOf(facts);
  if (asked) return { choice: { value: driverNamed(facts, blueprint, asked), because: '--driver' } };
  if (inUse) {
    const fitting = driverNamed(facts, blueprint, inUse.value.package);
    if (fitting.file === inUse.value.file) return { choice: { value: fitting, because: inUse.because } };
    return {
      choice: {
        value: fitting,
        because: `\`${entryFile}\` uses it, written for another major than the one that is there`,
      },
    };
  }
  const there = packagesOf(blueprint).flatMap((name) => {
    const because = evidence(facts, name);
    return because ? [{ name, because }] : [];
  });
  if (there.length === 0) {
    const [first] = blueprint.drivers as [Driver];
    // What is merely installed is another package's.
    const value = forced(facts, first.package) ? driverNamed(facts, blueprint, first.package) : first;
    return { choice: suggested(facts, blueprint) ?? { value, because: reasonForDefault(facts, blueprint) } };
  }
  const imported = there.filter(({ name }) => facts.source?.imports[name]);
  const [winner, ...rivals] = there.length === 1 ? there : imported;
  if (winner && rivals.length === 0)
    return { choice: { value: driverNamed(facts, blueprint, winner.name), because: winner.because } };
  return {
    question: {
      flag: '--driver',
      ask: `Which driver should \`${entryFile}\` use?`,
      answers: there.map(({ name, because }, i) => ({ value: name, label: because, recommended: i === 0 })),
      because: `${there.map(({ name }) => `\`${name}\``).join(' and ')} are both there`,
    },
  };
}

function packagesOf(blueprint: Blueprint): string[] {
  return [...new Set(blueprint.drivers.map((driver) => driver.package))];
}

function evidence(facts: Facts, name: string): string | null {
  const declared = facts.packages.find((one) => one.name === name && one.list !== null);
  const importer = facts.source?.imports[name];
  if (declared) return `\`${name}\` is in \`${declared.list}\`${importer ? ` and \`${importer}\` imports it` : ''}`;
  return importer ? `\`${importer}\` imports \`${name}\`` : null;
}

/** A package that stands on one of the drivers, when no driver is declared. */
function suggested(facts: Facts, blueprint: Blueprint): Found<Driver> | null {
  for (const driver of blueprint.drivers) {
    const by = driver.suggestedBy?.find((name) => declared(facts, name) && standsOn(facts, blueprint, name, driver));
    if (by) return { value: driverNamed(facts, blueprint, driver.package), because: `\`${by}\` stands on it` };
  }
  return null;
}

/** Whether the major of a package that is there stands on one of the driver that has a template, as far as is known. */
function standsOn(facts: Facts, { engine }: Blueprint, name: string, driver: Driver): boolean {
  const there = facts.packages.find((one) => one.name === name);
  const version = plain.exec(there?.specifier ?? '') ?? plain.exec(there?.installed ?? '');
  const known = engineNamed(engine)?.standing?.find((one) => one.package === name && one.driver === driver.package);
  const major = known?.majors[Number(version?.[1])];
  return major === undefined || driver.majors.includes(major);
}

/** A version, or a range of one major. */
const plain = /^[~^=v]*(\d+)(?:\.[\dx*]+){0,2}(?:-[\w.]+)?$/;

/** The version that the project forces on a package, whoever asks for it. */
function forced(facts: Facts, name: string): string | undefined {
  return facts.packageManager.value?.overrides[name];
}

/** Whether package.json lists a package. */
function declared(facts: Facts, name: string): boolean {
  return facts.packages.some((one) => one.name === name && one.list !== null);
}

function reasonForDefault(facts: Facts, blueprint: Blueprint): string {
  const beside = blueprint.refused.find((one) => declared(facts, one.package));
  const first = blueprint.drivers[0]!.package;
  return beside
    ? `\`${beside.package}\` cannot be used: ${beside.because}; \`${first}\` goes beside it`
    : `the project has no ${blueprint.title} driver yet`;
}

/** The entry for the version that is there. */
function driverNamed(facts: Facts, blueprint: Blueprint, name: string): Driver {
  const entries = blueprint.drivers.filter((driver) => driver.package === name);
  const known = packagesOf(blueprint)
    .map((one) => `\`${one}\``)
    .join(', ');
  if (entries.length === 0) {
    const refused = blueprint.refused.find((one) => one.package === name);
    const why = refused ? `: ${refused.because}` : '';
    throw new Problem(
      'unsupported-driver',
      `\`${name}\` cannot carry ${blueprint.title} state for ${hostOf(facts).title}${why}`,
      `use ${known}`,
    );
  }
  const there = facts.packages.find((one) => one.name === name);
  // What package.json says counts more than what is installed, which may be another package's or not be updated yet; a
  // tag, `*` or several majors say nothing, and then, with nothing installed or locked, the first template is the
  // likeliest. What is forced on everybody counts most.
  const specifier = forced(facts, name) ?? there?.specifier;
  const said = plain.exec(specifier ?? '')?.[1];
  const version = (said ? specifier : there?.installed) ?? null;
  const major = Number.parseInt(said ?? version ?? '', 10);
  const fits = Number.isNaN(major) ? entries[0] : entries.find((driver) => driver.majors.includes(major));
  if (fits) return fits;
  const majors = entries.flatMap((driver) => driver.majors).join(', ');
  const others = packagesOf(blueprint).filter((one) => one !== name);
  const another = others.length > 0 ? `, or pass \`--driver\` with another of ${known}` : '';
  const hint = `move it to major ${majors}${another}`;
  const how = forced(facts, name) ? 'forced on everybody' : 'there';
  throw new Problem(
    'unsupported-driver',
    `\`${name}\` ${version} is ${how}, and the template was written for ${majors}`,
    hint,
  );
}
