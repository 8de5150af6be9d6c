import { listBlueprints } from '../blueprints/shelf.ts';
import { isConnection, isFilePath, isMember } from '../knowledge/engines/family.ts';
import { engineNamed } from '../knowledge/engines/index.ts';
import { engineOfScheme } from '../knowledge/engines/packages.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import { ownerNamed } from '../knowledge/schema-owners/index.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Outcome, Question, Request } from '../types/choice.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Consumer } from '../types/source.ts';
import { type Candidate, dangerOf } from './danger.ts';

/**
 * What the project will call each variable. An existing one is reused only when everything holds: its engine is proven,
 * it is the only candidate, sharing it is no danger, and it is no feature switch. Otherwise a name of Flue's own; where
 * only a danger stands in the way, or several fit, a question.
 */
export function chooseNames(
  facts: Facts,
  blueprint: Blueprint,
  { names: asked, because = {} }: Pick<Request, 'names' | 'because'>,
  inUse: Record<string, string> | null,
  driver: string,
): Outcome<Record<string, Found<string>>> {
  const names: Record<string, Found<string>> = {};
  const connections = candidatesIn(facts, blueprint).filter(({ name }) => isConnection(blueprint.family, name));
  const alone = connections.length === 1 ? connections[0]!.name : '';
  for (const [index, { name: canonical }] of blueprint.variables.entries()) {
    const given = asked[canonical];
    const used = inUse?.[canonical];
    if (given) names[canonical] = { value: given, because: because[canonical] ?? '--var' };
    else if (used) names[canonical] = { value: used, because: `\`${hostOf(facts).entryFile}\` already reads it` };
    else {
      const connection = index > 0 ? Object.values(names)[0]!.value : companion.test(canonical) ? alone : null;
      const chosen =
        connection === null
          ? chooseConnection(facts, blueprint, canonical, driver)
          : chooseCompanion(facts, blueprint, canonical, connection);
      if ('flag' in chosen) return { question: chosen };
      names[canonical] = chosen;
    }
  }
  return { choice: names };
}

/** What only goes with a connection; alone where `db.ts` uses the project's own client. */
const companion = /_(?:DATABASE|AUTH_TOKEN)$/;

/** One beside the connection, as a token: what goes with it, else its own name, with the connection's prefix if ours. */
function chooseCompanion(facts: Facts, blueprint: Blueprint, canonical: string, connection: string): Found<string> {
  const { title, prefix } = hostOf(facts);
  if (connection.startsWith(prefix)) {
    return { value: `${prefix}${canonical}`, because: `the connection has a name of its own for ${title}` };
  }
  const known = candidatesIn(facts, blueprint).map(({ name }) => name);
  const stem = connection.replace(/_?(?:DATABASE_)?(?:URL|URI|DSN|CONNECTION_STRING)$/, '');
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

function chooseConnection(
  facts: Facts,
  blueprint: Blueprint,
  canonical: string,
  driver: string,
): Found<string> | Question {
  const { title: hostTitle, prefix } = hostOf(facts);
  const members = candidatesIn(facts, blueprint);
  if (members.length === 0) {
    const unseen = facts.source?.owners.find(({ engine, pushes }) => pushes && engine === blueprint.engine);
    if (unseen && blueprint.family !== 'redis') {
      const title = ownerNamed(unseen.tool)?.title ?? unseen.tool;
      const because = `\`${unseen.path}\` lets ${title} own a database by a variable that is not seen`;
      return { value: `${prefix}${canonical}`, because };
    }
    return { value: canonical, because: 'nothing in the project has such a variable yet' };
  }
  const ours = (one: Candidate) => [null, blueprint.engine].includes(engineOf(one));
  const dedicated = members.filter(
    (one) => one.name.startsWith(prefix) && isConnection(blueprint.family, one.name) && ours(one),
  );
  if (dedicated.length === 1)
    return { value: dedicated[0]!.name, because: `the project already has it for ${hostTitle}` };

  const connections = members.filter(({ name }) => isConnection(blueprint.family, name));
  const offOnly = members.find((one) => one.name === canonical && !one.live && one.uses.length === 0 && ours(one));
  if (offOnly && connections.length === 1) {
    if (dangerOf(facts, blueprint, offOnly, driver)) return reuseOrNot(facts, blueprint, offOnly, canonical, driver);
    return { value: canonical, because: 'it is documented, commented out, and no code reads it' };
  }

  const open = connections.filter((one) => engineOf(one) === null || engineOf(one) === blueprint.engine);
  const proven = open.filter((one) => engineOf(one) === blueprint.engine);
  if (open.length > 1 && proven.length > 0) return severalFit(facts, blueprint, open, canonical, driver);
  if (open.length === 1 && proven.length === 1)
    return goesWithToken(facts, blueprint, open[0]!) ?? reuseOrNot(facts, blueprint, open[0]!, canonical, driver);
  const own = open.length === 1 ? open[0]!.name : canonical;
  return { value: `${prefix}${own}`, because: whyDedicated(members, connections, open, blueprint, hostTitle) };
}

function candidatesIn(facts: Facts, blueprint: Blueprint): Candidate[] {
  const documented = facts.envDocs.flatMap((doc) => doc.variables);
  const uses = facts.source?.uses ?? [];
  const names = [...new Set([...documented, ...uses].map(({ name }) => name))];
  return names
    .filter((name) => isMember(blueprint.family, name) && !isFilePath(blueprint.family, name))
    .map((name) => {
      const lines = documented.filter((variable) => variable.name === name);
      const live = lines.filter((line) => line.live);
      return {
        name,
        live: live.length > 0,
        scheme: (live.find(({ scheme }) => scheme) ?? lines.find(({ scheme }) => scheme))?.scheme ?? null,
        parameters: (live.length > 0 ? live : lines).flatMap(({ parameters = [] }) => parameters),
        uses: uses.filter((use) => use.name === name),
      };
    });
}

/** Code and config that use it speak first; then the URL scheme of the committed template. */
function engineOf({ uses, scheme }: Candidate): string | null {
  const used = new Set(uses.flatMap(({ engine }) => engine ?? []));
  if (used.size === 1) return [...used][0]!;
  if (used.size > 1) return 'several';
  if (!scheme) return null;
  return engineOfScheme(scheme)?.name ?? 'another';
}

/** A URL that goes with a token is opened with it; the plain libSQL runner takes the URL alone. */
function goesWithToken(facts: Facts, blueprint: Blueprint, one: Candidate): Found<string> | null {
  const isToken = ({ name }: { name: string }) => name.endsWith('AUTH_TOKEN');
  if (!engineNamed(blueprint.engine)?.tokens || blueprint.variables.some(isToken)) return null;
  const token = one.name.replace(/_?(?:DATABASE_)?(?:URL|URI)$/, '');
  const beside = candidatesIn(facts, blueprint).find(
    ({ name }) => name.endsWith('AUTH_TOKEN') && name.startsWith(token),
  );
  if (!beside) return null;
  const { shelf, prefix, entryFile } = hostOf(facts);
  const other = listBlueprints(shelf).find(
    ({ engine, variables }) => engine === blueprint.engine && variables.some(isToken),
  );
  const reads = other ? `which \`flue add database ${other.name}\` reads too` : `which \`${entryFile}\` does not read`;
  return { value: `${prefix}${one.name}`, because: `\`${one.name}\` goes with \`${beside.name}\`, ${reads}` };
}

function reuseOrNot(
  facts: Facts,
  blueprint: Blueprint,
  one: Candidate,
  canonical: string,
  driver: string,
): Found<string> | Question {
  const { title, prefix } = hostOf(facts);
  const own = `${prefix}${one.name}`;
  const danger = dangerOf(facts, blueprint, one, driver);
  if (danger) {
    return {
      flag: '--var',
      ask: `Which variable should ${title} read for ${canonical}?`,
      answers: [
        { value: `${canonical}=${own}`, label: danger.apart, recommended: true },
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

function severalFit(
  facts: Facts,
  blueprint: Blueprint,
  open: readonly Candidate[],
  canonical: string,
  driver: string,
): Question {
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

function whyDedicated(
  members: readonly Candidate[],
  connections: readonly Candidate[],
  open: readonly Candidate[],
  blueprint: Blueprint,
  host: string,
): string {
  const http = members.find(({ name }) => /REST_(?:API_)?URL$/.test(name));
  if (connections.length === 0 && http) return `\`${http.name}\` is an HTTP endpoint, and ${host} needs a connection`;
  if (connections.length === 0) return `the project has only parts (\`${members[0]!.name}\`), no connection string`;
  if (open.length === 0) return `\`${connections[0]!.name}\` points at another engine`;
  const toggles = open.map((one) => switchOf(one, host)).find((one) => one !== null);
  if (toggles) return toggles;
  return `nothing in the project proves that \`${open[0]!.name}\` is a ${blueprint.title} URL that may be shared`;
}
