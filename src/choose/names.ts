import { isConnection, isMember } from '../env/family.ts';
import type { Blueprint, Facts, Found, Question, Request, VariableUse } from '../types.ts';

/** URL schemes that prove an engine, where a template gives a sample. */
const schemes: Record<string, RegExp> = {
  postgres: /^postgres(ql)?$/,
  mysql: /^mysql$/,
  mongodb: /^mongodb(\+srv)?$/,
  redis: /^(rediss?|valkeys?)$/,
  libsql: /^(libsql|file)$/,
};

/** What is known of one variable of the family. */
interface Candidate {
  name: string;
  live: boolean;
  scheme: string | null;
  parameters: string[];
  uses: VariableUse[];
}

/**
 * What the project will call each variable. An existing one is reused only when everything holds: its engine is proven, it is
 * the only candidate, no tool that drops unknown tables owns that database, and it is no feature switch. Otherwise a name of
 * Flue's own; where only the table-dropping tool stands in the way, or several fit, a question.
 */
export function chooseNames(
  facts: Facts,
  blueprint: Blueprint,
  { names: asked, because = {} }: Pick<Request, 'names' | 'because'>,
  inUse: Record<string, string> | null,
  driver: string,
): Record<string, Found<string>> | Question {
  const names: Record<string, Found<string>> = {};
  for (const [index, { name: canonical }] of blueprint.variables.entries()) {
    const given = asked[canonical];
    const used = inUse?.[canonical];
    if (given) names[canonical] = { value: given, because: because[canonical] ?? '--var' };
    else if (used) names[canonical] = { value: used, because: '`db.ts` already reads it' };
    else {
      const chosen =
        index === 0
          ? chooseConnection(facts, blueprint, canonical, driver)
          : chooseCompanion(facts, blueprint, canonical, Object.values(names)[0]!.value);
      if ('flag' in chosen) return chosen;
      names[canonical] = chosen;
    }
  }
  return names;
}

/** A variable beside the connection (a token, a database name): the one that goes with it, else its own name, with the connection's prefix if that is ours. */
function chooseCompanion(facts: Facts, blueprint: Blueprint, canonical: string, connection: string): Found<string> {
  if (connection.startsWith('FLUE_')) {
    return { value: `FLUE_${canonical}`, because: 'the connection has a name of its own for Flue' };
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
  const members = candidatesIn(facts, blueprint);
  if (members.length === 0) return { value: canonical, because: 'nothing in the project has such a variable yet' };
  const ours = (one: Candidate) => [null, blueprint.engine].includes(engineOf(one));
  const dedicated = members.filter(
    (one) => one.name.startsWith('FLUE_') && isConnection(blueprint.family, one.name) && ours(one),
  );
  if (dedicated.length === 1) return { value: dedicated[0]!.name, because: 'the project already has it for Flue' };

  const connections = members.filter(({ name }) => isConnection(blueprint.family, name));
  const offOnly = members.find((one) => one.name === canonical && !one.live && one.uses.length === 0 && ours(one));
  if (offOnly && connections.length === 1) {
    return { value: canonical, because: 'it is documented, commented out, and no code reads it' };
  }

  const open = connections.filter((one) => engineOf(one) === null || engineOf(one) === blueprint.engine);
  const proven = open.filter((one) => engineOf(one) === blueprint.engine);
  if (open.length > 1 && proven.length > 0) return severalFit(open, canonical);
  if (open.length === 1 && proven.length === 1) return reuseOrNot(facts, blueprint, open[0]!, canonical, driver);
  const own = open.length === 1 ? open[0]!.name : canonical;
  return { value: `FLUE_${own}`, because: whyDedicated(members, connections, open, blueprint) };
}

function candidatesIn(facts: Facts, blueprint: Blueprint): Candidate[] {
  const documented = facts.envDocs.flatMap((doc) => doc.variables);
  const uses = facts.source?.uses ?? [];
  const names = [...new Set([...documented, ...uses].map(({ name }) => name))];
  return names
    .filter((name) => isMember(blueprint.family, name))
    .map((name) => {
      const lines = documented.filter((variable) => variable.name === name);
      return {
        name,
        live: lines.some(({ live }) => live),
        scheme: lines.find(({ scheme }) => scheme)?.scheme ?? null,
        parameters: lines.flatMap(({ parameters = [] }) => parameters),
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
  return Object.entries(schemes).find(([, pattern]) => pattern.test(scheme))?.[0] ?? 'another';
}

function reuseOrNot(
  facts: Facts,
  blueprint: Blueprint,
  one: Candidate,
  canonical: string,
  driver: string,
): Found<string> | Question {
  const own = `FLUE_${one.name}`;
  const danger = dangerOf(facts, blueprint, one, driver);
  if (danger) {
    return {
      flag: '--var',
      ask: `Which variable should Flue read for ${canonical}?`,
      answers: [
        { value: `${canonical}=${own}`, label: danger.apart, recommended: true },
        { value: `${canonical}=${one.name}`, label: `share it; ${danger.risk}` },
      ],
      because: danger.because,
    };
  }
  const toggles = one.uses.find(({ by }) => by === 'a feature switch');
  if (toggles) {
    return {
      value: own,
      because: `\`${toggles.path}\` uses \`${one.name}\` as a feature switch, so setting it for Flue would turn that on`,
    };
  }
  const proven = one.uses.filter(({ engine }) => engine !== null);
  const proof = proven.find(({ by }) => by !== 'the code') ?? proven[0];
  return {
    value: one.name,
    because: proof ? `\`${proof.path}\` hands it to \`${proof.by}\`` : `its sample is a ${one.scheme}: URL`,
  };
}

/** Why sharing the variable may do harm: what would happen, what a name of its own is for, and the evidence. */
interface Danger {
  risk: string;
  apart: string;
  because: string;
}

/** Parameters that Prisma and poolers put into URLs; postgres.js hands them to the server, which refuses them (3.4.9, measured). */
const foreignParameters = ['schema', 'pgbouncer', 'connection_limit', 'pool_timeout', 'workaround', 'channel_binding'];

function dangerOf(facts: Facts, blueprint: Blueprint, one: Candidate, driver: string): Danger | null {
  const owner = ownerOf(facts, blueprint, one);
  if (owner?.by === 'typeorm synchronize') {
    const because = `\`${owner.path}\` lets TypeORM synchronize the database behind \`${one.name}\`, which changes tables at every start`;
    return { risk: "TypeORM may change or drop Flue's tables", apart: 'a database or schema of its own', because };
  }
  if (owner) {
    const because = `\`${owner.path}\` lets ${owner.by} own the database behind \`${one.name}\`, and it drops tables it does not know`;
    return { risk: `${owner.by} may drop Flue's tables`, apart: 'a database or schema of its own', because };
  }
  const cached = one.uses.find(({ by }) => by === 'a cache');
  if (cached || one.name.includes('CACHE')) {
    const because = `\`${one.name}\` is a cache${cached ? ` in \`${cached.path}\`` : ''}, and a cache may evict what Flue needs`;
    return { risk: 'what is evicted is lost to Flue', apart: 'a server that evicts nothing', because };
  }
  const composed = one.uses.find(({ by }) => by === 'a composition');
  if (composed) {
    const because = `\`${composed.path}\` puts the connection together from other variables where \`${one.name}\` is not set, which \`db.ts\` would not`;
    return { risk: 'it must be set wherever the server runs', apart: 'a variable that is always set', because };
  }
  const foreign = driver === 'postgres' ? one.parameters.find((name) => foreignParameters.includes(name)) : undefined;
  if (foreign) {
    const because = `the sample of \`${one.name}\` has the parameter \`${foreign}\`, which postgres.js passes on and the server refuses`;
    return { risk: 'the URL must do without it', apart: 'a URL without it', because };
  }
  if (driver === 'pg' && one.parameters.includes('sslrootcert=system')) {
    const because = `the sample of \`${one.name}\` says \`sslrootcert=system\`, and \`pg\` looks for a file of that name`;
    return { risk: 'the URL must do without it', apart: 'a URL without it', because };
  }
  if (one.parameters.includes('$')) {
    const because = `the sample of \`${one.name}\` is put together from other variables, and \`flue run\` does not expand \`$\``;
    return { risk: 'whatever starts the server must expand it', apart: 'a value written out', because };
  }
  return null;
}

/** A tool that would drop Flue's tables: one that reads this variable, or one whose variable cannot be seen. */
function ownerOf({ source }: Facts, blueprint: Blueprint, one: Candidate): { path: string; by: string } | undefined {
  const others = (path: string) =>
    source?.uses.some((use) => use.path === path && isMember(blueprint.family, use.name) && use.name !== one.name);
  return (
    one.uses.find(({ by }) => owning.includes(by)) ??
    source?.owners.find(({ path, engine }) => (engine === null || engine === blueprint.engine) && !others(path))
  );
}

const owning = ['prisma', 'drizzle-kit push', 'typeorm synchronize'];

function severalFit(open: readonly Candidate[], canonical: string): Question {
  return {
    flag: '--var',
    ask: `Which variable should Flue read for ${canonical}?`,
    answers: [
      ...open.map(({ name }) => ({ value: `${canonical}=${name}`, label: 'share it with the application' })),
      { value: `${canonical}=FLUE_${canonical}`, label: 'a variable of its own' },
    ],
    because: `${open.map(({ name }) => `\`${name}\``).join(' and ')} could each be it`,
  };
}

function whyDedicated(
  members: readonly Candidate[],
  connections: readonly Candidate[],
  open: readonly Candidate[],
  blueprint: Blueprint,
): string {
  if (connections.length === 0) return `the project has only parts (\`${members[0]!.name}\`), no connection string`;
  if (open.length === 0) return `\`${connections[0]!.name}\` points at another engine`;
  return `nothing in the project proves that \`${open[0]!.name}\` is a ${blueprint.title} URL that may be shared`;
}
