import { listBlueprints } from '../blueprints/shelf.ts';
import { engineNamed } from '../knowledge/engines/index.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { ownerNamed } from '../knowledge/schema-owners/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Outcome, Question, Request } from '../types/choice.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Consumer } from '../types/source.ts';
import { type Candidate, candidatesIn, engineOfCandidate, knownOf } from './candidates.ts';
import { dangerOf } from './danger.ts';

/** A variable of a blueprint that needs a name in this project, and the driver that it is for. */
interface Naming {
  facts: Facts;
  blueprint: Blueprint;
  /** The name in the blueprint. */
  canonical: string;
  /** The driver's package. */
  driver: string;
  /** Variables that only the entry read which ours takes the place of. */
  freed: readonly string[];
}

/**
 * What the project will call each variable. An existing one is reused only when everything holds: its engine is proven,
 * it is the only candidate, sharing it is no danger, and it is no feature switch. Otherwise a name of Flue's own; where
 * only a danger stands in the way, or several fit, a question. `inUse`: the names that the entry reads already.
 */
export function chooseNames(
  known: Omit<Naming, 'canonical'>,
  request: Pick<Request, 'names' | 'because'>,
  inUse: Record<string, string> | null,
): Outcome<Record<string, Found<string>>> {
  const names: Record<string, Found<string>> = {};
  for (const { name: canonical } of known.blueprint.variables) {
    const naming = { ...known, canonical };
    const connection = Object.values(names)[0]?.value ?? null;
    const chosen = settledName(naming, request, inUse) ?? chooseName(naming, connection);
    if ('flag' in chosen) return { question: chosen };
    names[canonical] = chosen;
  }
  return { choice: names };
}

/** The candidates but those that nothing reads any more once the entry is another. */
function candidates(naming: Naming): Candidate[] {
  const isFree = ({ name, uses }: Candidate) => naming.freed.includes(name) && uses.length === 0;
  return candidatesIn(naming).filter((one) => !isFree(one));
}

/** The name that was asked for, or that the entry reads already; null where neither says one. */
function settledName(
  { facts, canonical }: Naming,
  { names: asked, because = {} }: Pick<Request, 'names' | 'because'>,
  inUse: Record<string, string> | null,
): Found<string> | null {
  const given = asked[canonical];
  if (given) return { value: given, because: because[canonical] ?? '--var' };
  const used = inUse?.[canonical];
  return used ? { value: used, because: `\`${hostOf(facts).entryFile}\` already reads it` } : null;
}

/** `connection`: the name of the blueprint's first variable, which is the connection; null for that one itself. */
function chooseName(naming: Naming, connection: string | null): Found<string> | Question {
  if (connection !== null) return chooseCompanion(naming, connection);
  if (!companion.test(naming.canonical)) return chooseConnection(naming);
  const [only, ...others] = candidates(naming).filter(({ connects }) => connects);
  return chooseCompanion(naming, only && others.length === 0 ? only.name : '');
}

/** What only goes with a connection; alone where `db.ts` uses the project's own client. */
const companion = /_(?:DATABASE|AUTH_TOKEN)$/;

/**
 * One beside the connection, as a token: what goes with it, else its own name, with the connection's prefix if ours.
 */
function chooseCompanion(naming: Naming, connection: string): Found<string> {
  const { facts, canonical } = naming;
  const { title, prefix } = hostOf(facts);
  if (connection.startsWith(prefix)) {
    return { value: `${prefix}${canonical}`, because: `the connection has a name of its own for ${title}` };
  }
  const known = candidates(naming).map(({ name }) => name);
  const stem = connection.replace(/_?(?:DATABASE_)?(?:URL|URI|DSN|CONN(?:ECTION)?_STR(?:ING)?)$/, '');
  const endings = canonical.endsWith('TOKEN')
    ? ['DATABASE_AUTH_TOKEN', 'AUTH_TOKEN', 'TOKEN']
    : ['DATABASE', 'DB', 'DB_NAME', 'DATABASE_NAME'];
  const beside = endings.map((ending) => `${stem}${stem ? '_' : ''}${ending}`).find((name) => known.includes(name));
  if (beside) return { value: beside, because: `the project has it beside \`${connection}\`` };
  const documented = facts.envDocs.find((doc) => doc.variables.some(({ name }) => name === canonical));
  return {
    value: canonical,
    because: documented ? `\`${documented.path}\` documents it` : 'the name in the blueprint',
  };
}

function chooseConnection(naming: Naming): Found<string> | Question {
  const { facts, blueprint, canonical, driver } = naming;
  const { title: hostTitle, prefix } = hostOf(facts);
  const members = candidates(naming);
  if (members.length === 0) return newConnection(naming);
  const ours = (one: Candidate) => [null, blueprint.engine].includes(engineOfCandidate(one));
  const dedicated = members.filter((one) => one.name.startsWith(prefix) && one.connects && ours(one));
  if (dedicated.length === 1)
    return { value: dedicated[0]!.name, because: `the project already has it for ${hostTitle}` };

  const connections = members.filter(({ connects }) => connects);
  const offOnly = members.find((one) => one.name === canonical && !one.live && one.uses.length === 0 && ours(one));
  if (offOnly && connections.length === 1) {
    if (dangerOf(facts, blueprint, offOnly, driver)) return reuseOrNot(naming, offOnly);
    return { value: canonical, because: 'it is documented, commented out, and no code reads it' };
  }

  const known = knownOf(connections, blueprint.engine);
  const { open, proven } = known;
  if (open.length > 1 && proven.length > 0) return severalFit(naming, open);
  const [only] = known.reusable;
  if (only) return goesWithToken(naming, only) ?? reuseOrNot(naming, only);
  const because = whyDedicated(naming, { members, connections: known.mixed ? [known.mixed] : connections, open });
  return { value: `${prefix}${known.derivable?.name ?? canonical}`, because };
}

/** Where the project has no such variable yet: the blueprint's name, unless a tool owns a database by one unseen. */
function newConnection({ facts, blueprint, canonical }: Naming): Found<string> {
  const unseen = facts.source?.owners.find(({ engine, pushes }) => pushes && engine === blueprint.engine);
  if (!unseen) return { value: canonical, because: 'nothing in the project has such a variable yet' };
  const title = ownerNamed(unseen.tool)?.title ?? unseen.tool;
  const [variable] = unseen.variables;
  const by = variable === undefined ? 'by a variable that is not seen' : `behind \`${variable}\``;
  const because = `\`${unseen.path}\` lets ${title} own a database ${by}`;
  return { value: `${hostOf(facts).prefix}${canonical}`, because };
}

/** A URL that goes with a token is opened with it; the plain libSQL runner takes the URL alone. */
function goesWithToken(naming: Naming, one: Candidate): Found<string> | null {
  const { facts, blueprint } = naming;
  const isToken = ({ name }: { name: string }) => name.endsWith('AUTH_TOKEN');
  if (!engineNamed(blueprint.engine)?.tokens || blueprint.variables.some(isToken)) return null;
  const token = one.name.replace(/_?(?:DATABASE_)?(?:URL|URI)$/, '');
  const beside = candidates(naming).find(({ name }) => name.endsWith('AUTH_TOKEN') && name.startsWith(token));
  if (!beside) return null;
  const { shelf, prefix, entryFile } = hostOf(facts);
  const other = listBlueprints(shelf).find(
    ({ engine, variables }) => engine === blueprint.engine && variables.some(isToken),
  );
  const reads = other ? `which \`flue-db add ${other.name}\` reads too` : `which \`${entryFile}\` does not read`;
  return { value: `${prefix}${one.name}`, because: `\`${one.name}\` goes with \`${beside.name}\`, ${reads}` };
}

function reuseOrNot({ facts, blueprint, canonical, driver }: Naming, one: Candidate): Found<string> | Question {
  const { title, prefix } = hostOf(facts);
  const own = `${prefix}${one.name}`;
  const danger = dangerOf(facts, blueprint, one, driver);
  if (danger) {
    return {
      flag: '--var',
      ask: `Which variable should ${title} read for ${canonical}?`,
      answers: [
        { value: `${canonical}=${own}`, label: danger.separate, recommended: true },
        { value: `${canonical}=${one.name}`, label: `share it; ${danger.risk}` },
      ],
      because: danger.because,
    };
  }
  const toggles = switchOf(one, title);
  if (toggles) return { value: own, because: toggles };
  const proven = one.uses.filter(({ engine }) => engine !== null);
  const proof = proven.find(({ consumer }) => consumer.kind === 'call') ?? proven[0];
  const outside = facts.envDocs.every(
    (doc) => doc.path.startsWith('../') || doc.variables.every(({ name }) => name !== one.name),
  );
  if (!proof && outside) {
    return {
      value: own,
      because: `only a sample beyond this package says what \`${one.name}\` is, and others may own that database`,
    };
  }
  if (!proof && facts.source && !facts.source.complete) {
    return {
      value: own,
      because: `only the sample of \`${one.name}\` says what it is, and not all of the code was read`,
    };
  }
  const because = proof ? `\`${proof.path}\` ${toldBy(proof.consumer)}` : `its sample is a ${one.scheme}: URL`;
  return { value: one.name, because };
}

/** What a use that proves the engine is, in words. */
function toldBy(consumer: Consumer): string {
  if (consumer.kind === 'call') return `hands it to \`${consumer.callee}\``;
  return consumer.kind === 'owner' ? `hands it to \`${consumer.tool}\`` : 'reads it';
}

/** The reason not to set a variable, where code takes it for the wish to have something on. */
function switchOf({ name, uses }: Candidate, host: string): string | null {
  const found = uses.find(({ consumer }) => consumer.kind === 'switch');
  return found
    ? `\`${found.path}\` uses \`${name}\` as a feature switch, so setting it for ${host} would turn that on`
    : null;
}

function severalFit({ facts, blueprint, canonical, driver }: Naming, open: readonly Candidate[]): Question {
  const { title, prefix } = hostOf(facts);
  const label = (one: Candidate) => {
    const danger = dangerOf(facts, blueprint, one, driver);
    return danger ? `share it; ${danger.risk}` : 'share it with the application';
  };
  return {
    flag: '--var',
    ask: `Which variable should ${title} read for ${canonical}?`,
    answers: [
      ...open.map((one) => ({ value: `${canonical}=${one.name}`, label: label(one) })),
      { value: `${canonical}=${prefix}${canonical}`, label: 'a variable of its own' },
    ],
    because: `${open.map(({ name }) => `\`${name}\``).join(' and ')} could each be it`,
  };
}

/** Why none of the project's variables is reused. `open`: the connections that another engine does not own. */
function whyDedicated(
  { facts, blueprint }: Naming,
  { members, connections, open }: Record<'members' | 'connections' | 'open', readonly Candidate[]>,
): string {
  const host = hostOf(facts).title;
  const http = members.find(({ name }) => /REST_(?:API_)?URL$/.test(name));
  if (connections.length === 0 && http) return `\`${http.name}\` is an HTTP endpoint, and ${host} needs a connection`;
  if (connections.length === 0) return `the project has only parts (\`${members[0]!.name}\`), no connection string`;
  const closed = connections.find((one) => !open.includes(one));
  if (closed && (open.length === 0 || connections.length === 1)) {
    const owner = engineOfCandidate(closed) === 'several' ? 'several engines' : 'another engine';
    return `\`${closed.name}\` points at ${owner}`;
  }
  const toggles = open.map((one) => switchOf(one, host)).find((one) => one !== null);
  if (toggles) return toggles;
  return `nothing in the project proves that \`${open[0]!.name}\` is a ${blueprint.title} URL that may be shared`;
}
