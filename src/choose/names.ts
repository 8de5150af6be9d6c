import { isConnection, isMember } from '../env/family.ts';
import type { Blueprint, Facts, Found, Question, VariableUse } from '../types.ts';

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
  asked: Record<string, string>,
  inUse: Record<string, string> | null,
): Record<string, Found<string>> | Question {
  const names: Record<string, Found<string>> = {};
  for (const [index, { name: canonical }] of blueprint.variables.entries()) {
    const given = asked[canonical];
    const used = inUse?.[canonical];
    if (given) names[canonical] = { value: given, because: '--var' };
    else if (used) names[canonical] = { value: used, because: '`db.ts` already reads it' };
    else {
      const chosen =
        index === 0 ? chooseConnection(facts, blueprint, canonical) : chooseCompanion(facts, canonical, names);
      if ('flag' in chosen) return chosen;
      names[canonical] = chosen;
    }
  }
  return names;
}

/** A variable beside the connection (a token, a database name) keeps its own name, with the connection's prefix if that is ours. */
function chooseCompanion(facts: Facts, canonical: string, names: Record<string, Found<string>>): Found<string> {
  const ours = Object.values(names).some(({ value }) => value.startsWith('FLUE_'));
  const documented = facts.envDocs.find((doc) => doc.variables.some(({ name }) => name === canonical));
  if (ours) return { value: `FLUE_${canonical}`, because: 'the connection has a name of its own for Flue' };
  return {
    value: canonical,
    because: documented ? `\`${documented.path}\` documents it` : 'the name in the blueprint',
  };
}

function chooseConnection(facts: Facts, blueprint: Blueprint, canonical: string): Found<string> | Question {
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
  if (open.length === 1 && proven.length === 1) return reuseOrNot(facts, blueprint, open[0]!, canonical);
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

function reuseOrNot(facts: Facts, blueprint: Blueprint, one: Candidate, canonical: string): Found<string> | Question {
  const owner = ownerOf(facts, blueprint, one);
  const own = `FLUE_${one.name}`;
  if (owner) {
    return {
      flag: '--var',
      ask: `Which variable should Flue read for ${canonical}?`,
      answers: [
        { value: `${canonical}=${own}`, label: 'a database or schema of its own', recommended: true },
        { value: `${canonical}=${one.name}`, label: `share it; ${owner.by} may drop Flue's tables` },
      ],
      because: `\`${owner.path}\` lets ${owner.by} own the database behind \`${one.name}\`, and it drops tables it does not know`,
    };
  }
  const cached = one.uses.find(({ by }) => by === 'a cache');
  if (cached || one.name.includes('CACHE')) {
    return {
      value: own,
      because: `\`${one.name}\` is a cache${cached ? ` in \`${cached.path}\`` : ''}, and a cache may evict what Flue needs`,
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

/** A tool that would drop Flue's tables: one that reads this variable, or one whose variable cannot be seen. */
function ownerOf({ source }: Facts, blueprint: Blueprint, one: Candidate): { path: string; by: string } | undefined {
  const others = (path: string) =>
    source?.uses.some((use) => use.path === path && isMember(blueprint.family, use.name) && use.name !== one.name);
  return (
    one.uses.find(({ by }) => by === 'prisma' || by === 'drizzle-kit push') ??
    source?.owners.find(({ path, engine }) => (engine === null || engine === blueprint.engine) && !others(path))
  );
}

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
