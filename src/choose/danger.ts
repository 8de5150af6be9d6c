import { isConnection } from '../knowledge/engines/family.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Facts, VariableUse } from '../types/facts.ts';

/** What is known of one variable of the family. */
export interface Candidate {
  name: string;
  live: boolean;
  scheme: string | null;
  parameters: string[];
  uses: VariableUse[];
}

/** Why sharing the variable may do harm: what would happen, what a name of its own is for, and the evidence. */
export interface Danger {
  risk: string;
  apart: string;
  because: string;
}

/** Parameters that Prisma and poolers put into URLs; postgres.js hands them to the server, which refuses them (3.4.9, measured). */
const foreignParameters = [
  'schema',
  'pgbouncer',
  'connection_limit',
  'pool_timeout',
  'workaround',
  'channel_binding',
  'statement_cache_size',
  'sslaccept',
];

/** The first of the dangers of sharing that variable with this driver, or null. */
export function dangerOf(facts: Facts, blueprint: Blueprint, one: Candidate, driver: string): Danger | null {
  const owner = ownerOf(facts, blueprint, one);
  if (owner?.by === 'typeorm synchronize') {
    const because = `\`${owner.path}\` lets TypeORM synchronize the database behind \`${one.name}\`, which changes tables at every start`;
    return { risk: "TypeORM may change or drop Flue's tables", apart: 'a database or schema of its own', because };
  }
  if (owner) {
    const because = `\`${owner.path}\` lets ${owner.by} own the database behind \`${one.name}\`, and it drops tables it does not know`;
    return { risk: `${owner.by} may drop Flue's tables`, apart: 'a database or schema of its own', because };
  }
  const cached = one.uses.find(({ by }) => by === 'a cache') ?? cacheStore(facts);
  if (blueprint.family === 'redis' && (cached || one.name.includes('CACHE'))) {
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

/** A cache that keeps its entries in Redis, wherever its client is made. */
function cacheStore({ source }: Facts): { path: string } | undefined {
  const store = /^(?:@keyv\/redis|cache-manager-(?:io)?redis.*|rate-limit-redis)$/;
  const [, path] = Object.entries(source?.imports ?? {}).find(([name]) => store.test(name)) ?? [];
  return path === undefined ? undefined : { path };
}

/**
 * A tool that would drop Flue's tables: one that reads this variable, or one whose variable cannot be seen. A direct or unpooled URL and
 * parts lead to the same database; only another connection is another.
 */
function ownerOf({ source }: Facts, blueprint: Blueprint, one: Candidate): { path: string; by: string } | undefined {
  if (blueprint.family === 'redis') return undefined;
  const others = (path: string) =>
    source?.uses.some((use) => use.path === path && isConnection(blueprint.family, use.name) && use.name !== one.name);
  const owners =
    source?.owners.filter(
      ({ engine }) => engine === blueprint.engine || (engine === null && blueprint.family === 'sql'),
    ) ?? [];
  return (
    one.uses.find(({ path, by }) => owning.includes(by) && owners.some((owner) => owner.path === path)) ??
    owners.find(({ path }) => !others(path))
  );
}

const owning = ['prisma', 'drizzle-kit push', 'typeorm synchronize', 'payload'];
