import { familyNamed, isConnection, isMember } from '../knowledge/engines/family.ts';
import { engineNamed } from '../knowledge/engines/index.ts';
import { cacheStores } from '../knowledge/engines/packages.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { ownerNamed } from '../knowledge/schema-owners/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Facts } from '../types/facts.ts';
import type { Owner } from '../types/source.ts';
import type { Candidate } from './candidates.ts';

/** Why sharing the variable may do harm: what would happen, what a name of its own is for, and the evidence. */
interface Danger {
  risk: string;
  separate: string;
  because: string;
}

type Look = (facts: Facts, blueprint: Blueprint, one: Candidate, driver: string) => Danger | null;

/** The dangers of sharing a variable, the gravest first. */
const dangers: readonly Look[] = [
  ...[fromOwner, fromCache, fromComposition],
  ...[fromCredentials, fromParameters, fromExpansion],
];

/** The first of the dangers of sharing that variable with this driver, or null. */
export function dangerOf(facts: Facts, blueprint: Blueprint, one: Candidate, driver: string): Danger | null {
  for (const look of dangers) {
    const found = look(facts, blueprint, one, driver);
    if (found) return found;
  }
  return null;
}

/** A tool that makes the database equal to its model, of which the host's tables are no part. */
function fromOwner(facts: Facts, blueprint: Blueprint, one: Candidate): Danger | null {
  const owner = ownerOf(facts, blueprint, one);
  if (!owner) return null;
  const host = hostOf(facts).title;
  const { title, effect } = ownerNamed(owner.tool) ?? { title: owner.tool, effect: 'drops' };
  const separate = 'a database or schema of its own';
  if (effect === 'drops') {
    const because =
      `\`${owner.path}\` lets ${title} own the database behind \`${one.name}\`, ` +
      'and it drops tables it does not know';
    return { risk: `${title} may drop ${host}'s tables`, separate, because };
  }
  const because =
    owner.command === undefined
      ? `\`${owner.path}\` lets ${title} synchronize the database behind \`${one.name}\`, ` +
        'which changes tables at every start'
      : `a script of \`${owner.path}\` runs \`${owner.command}\`, ` +
        `which changes or drops tables of the database behind \`${one.name}\``;
  return { risk: `${title} may change or drop ${host}'s tables`, separate, because };
}

/** The server of a cache, which may evict what it holds. */
function fromCache(facts: Facts, { family }: Blueprint, one: Candidate): Danger | null {
  const stores = cacheStores(family);
  if (!stores) return null;
  const [, store] = Object.entries(facts.source?.imports ?? {}).find(([name]) => stores.has(name)) ?? [];
  const path = one.uses.find(({ consumer }) => consumer.kind === 'cache')?.path ?? store;
  if (path === undefined && !one.name.includes('CACHE')) return null;
  const host = hostOf(facts).title;
  const where = path === undefined ? '' : ` in \`${path}\``;
  const because = `\`${one.name}\` is a cache${where}, and a cache may evict what ${host} needs`;
  return { risk: `what is evicted is lost to ${host}`, separate: 'a server that evicts nothing', because };
}

/** A connection that is put together from other variables where this one is not set. */
function fromComposition(facts: Facts, _blueprint: Blueprint, one: Candidate): Danger | null {
  const composed = one.uses.find(({ consumer }) => consumer.kind === 'composition');
  if (!composed) return null;
  const because =
    `\`${composed.path}\` puts the connection together from other variables where \`${one.name}\` is not set, ` +
    `which \`${hostOf(facts).entryFile}\` would not`;
  return { risk: 'it must be set wherever the server runs', separate: 'a variable that is always set', because };
}

/** A user or a password that the client is given beside the URL, which then has none. */
function fromCredentials(facts: Facts, { family }: Blueprint, one: Candidate): Danger | null {
  const isCredential = (name: string) => isMember(family, name) && /(?:USER|USERNAME|PASS|PASSWORD|PWD)$/.test(name);
  for (const { path, consumer } of one.uses) {
    if (consumer.kind !== 'call') continue;
    const beside = facts.source?.uses.find(
      (use) =>
        use.path === path &&
        use.consumer.kind === 'call' &&
        use.consumer.callee === consumer.callee &&
        isCredential(use.name),
    );
    if (!beside) continue;
    const because =
      `\`${path}\` hands \`${beside.name}\` to \`${consumer.callee}\` beside \`${one.name}\`, ` +
      `which \`${hostOf(facts).entryFile}\` would not`;
    return {
      risk: 'its URL must hold the user and the password',
      separate: 'a URL with its user and password',
      because,
    };
  }
  return null;
}

/** Parameters of the sample that the driver does not take as they are meant. */
function fromParameters(_facts: Facts, { engine }: Blueprint, one: Candidate, driver: string): Danger | null {
  const parameters = one.parameters.filter((name) => name !== '$');
  const [risk] = engineNamed(engine)?.risks(parameters, driver) ?? [];
  if (!risk) return null;
  const because = `the sample of \`${one.name}\` has the parameter \`${risk.parameter}\`, ${risk.because}`;
  return { risk: 'the URL must do without it', separate: 'a URL without it', because };
}

/** A value that only some programs expand. */
function fromExpansion(facts: Facts, _blueprint: Blueprint, one: Candidate): Danger | null {
  if (!one.parameters.includes('$')) return null;
  const because =
    `the sample of \`${one.name}\` is put together from other variables, ` +
    `and ${hostOf(facts).withoutExpansion} does not expand \`$\``;
  return { risk: 'whatever starts the server must expand it', separate: 'a value written out', because };
}

/**
 * A tool that would change the host's tables: one that reads this variable, or one whose variable cannot be seen. A
 * direct or unpooled URL and parts lead to the same database; only another connection is another.
 */
function ownerOf({ source }: Facts, blueprint: Blueprint, one: Candidate): Owner | undefined {
  const { isSql } = familyNamed(blueprint.family);
  const pushing = (source?.owners ?? []).filter(
    ({ engine, pushes }) => pushes && (engine === blueprint.engine || (engine === null && isSql)),
  );
  const leadsElsewhere = ({ variables }: Owner) =>
    variables.some((name) => isConnection(blueprint.family, name) && name !== one.name);
  return (
    pushing.find(({ variables }) => variables.includes(one.name)) ?? pushing.find((owner) => !leadsElsewhere(owner))
  );
}
