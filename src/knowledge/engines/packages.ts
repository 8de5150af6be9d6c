import { packageOf } from '../../project/package-name.ts';
import { type Engine, engines } from './index.ts';

/** Query builders and ORMs that speak to more than one engine: their options say to which. */
const builders = [
  'typeorm',
  'sequelize',
  'sequelize-typescript',
  '@nestjs/typeorm',
  '@nestjs/sequelize',
  'knex',
  'kysely',
  'objection',
  'drizzle-kit',
  '@mikro-orm/core',
  '@prisma/client',
  'prisma',
  'keyv',
];

/** Clients of several stores that keep what may be thrown away. */
const caches = ['cache-manager', 'keyv', '@fastify/rate-limit', 'express-rate-limit', 'rate-limiter-flexible'];

/** Options by which a builder names its engine. */
export const dialectOptions: readonly string[] = ['type', 'client', 'dialect', 'provider'];

/** A list of names in which `*` stands for the rest of one, for asking it often. */
function listOf(names: readonly string[]): { has(name: string): boolean; names: readonly string[] } {
  const whole = new Set(names.filter((one) => !one.endsWith('*')));
  const beginnings = names.filter((one) => one.endsWith('*')).map((one) => one.slice(0, -1));
  return { names, has: (name) => whole.has(name) || beginnings.some((one) => name.startsWith(one)) };
}

function allOf({ packages }: Engine): readonly string[] {
  return [...packages.driver, ...packages.builder, ...packages.client, ...(packages.cache ?? [])];
}

const byEngine = engines.map((engine) => ({ engine, list: listOf(allOf(engine)) }));
const ofAny = listOf([...builders, ...caches]);
const ofCaches = listOf([...engines.flatMap(({ packages }) => packages.cache ?? []), ...caches]);
const ofBuilders = listOf([...engines.flatMap(({ packages }) => packages.builder), ...builders, 'drizzle-orm']);

/** The engine that a specifier speaks of; null where it may be any. */
export function engineOf(specifier: string): Engine | null {
  const speaking = (name: string) => byEngine.find(({ list }) => list.has(name))?.engine;
  return speaking(specifier) ?? speaking(packageOf(specifier)) ?? null;
}

/** The engine that an option of a builder names; null for none that is known. */
export function engineOfDialect(dialect: string): Engine | null {
  return engines.find(({ dialects }) => dialects.includes(dialect)) ?? null;
}

/** The engine that a URL's scheme proves; null for one that is known for none. */
export function engineOfScheme(scheme: string): Engine | null {
  return engines.find(({ schemes }) => schemes.includes(scheme.toLowerCase())) ?? null;
}

/** Whether a specifier is of a package that connects to a database, or configures what does. */
export function connects(specifier: string): boolean {
  return engineOf(specifier) !== null || ofAny.has(packageOf(specifier));
}

/** What packages bring that is handed data, models and parts of queries, by the last words of its name. */
const ofData: Readonly<Record<string, RegExp>> = {
  // sequelize 6, the static members of `Sequelize`.
  sequelize: /(?:^|\.)(?:fn|col|cast|literal|asIs|and|or|json|where|Op|DataTypes)(?:\.\w+)?$/,
  // pg-promise 12: the namespaces of formatting and of helpers, and the types of queries.
  'pg-promise':
    /(?:^|\.)(?:(?:as|helpers|utils|queryResult)(?:\.\w+)?|QueryFile|PreparedStatement|ParameterizedQuery)$/,
  // typeorm 0.3: the operators of its queries, and what its migrations describe tables by.
  typeorm: new RegExp(
    [
      /^(?:And|Any|Between|Equal|I?Like|In|IsNull|JsonContains|Not|Or|Raw|(?:LessThan|MoreThan)(?:OrEqual)?)$/,
      /^(?:Array(?:Contain(?:s|edBy)|Overlap)|(?:Not)?Brackets|EntitySchema|Table[A-Z]?\w*)$/,
    ]
      .map(({ source }) => source)
      .join('|'),
  ),
  // mongoose 9 and bson 7.
  mongoose: /(?:^|\.)(?:(?:Schema|Types)(?:\.\w+)*|model|isValidObjectId|isObjectIdOrHexString|trusted)$/,
  mongodb: /^(?:ObjectId|Binary|Decimal128|Double|Int32|Long|Timestamp|UUID)(?:\.\w+)?$/,
};

/**
 * Whether what a package brings under a name can be handed a connection: an error cannot, nor what is made for data,
 * and of what Prisma generates (enums, parts of queries) only the client.
 */
export function takesConnection(specifier: string, name: string): boolean {
  if (/(?:Error|Exception)$/.test(name)) return false;
  const from = packageOf(specifier);
  if (from === '@prisma/client') return /^(?:\*|default\b|\w*Client\b)/.test(name);
  return !(Object.hasOwn(ofData, from) && ofData[from]!.test(name));
}

/**
 * How many arguments stand before a connection in a call of what a package brings: the name of a queue, and what its
 * worker runs.
 */
export function argumentsBeforeConnection(specifier: string, name: string): number {
  const calls = engines.flatMap(({ queues = {} }) => (Object.hasOwn(queues, specifier) ? queues[specifier]! : []));
  return calls.find((one) => one.named.test(name))?.before ?? 0;
}

/** Whether a specifier is of a client that keeps what may be thrown away. */
export function isCache(specifier: string): boolean {
  return ofCaches.has(specifier) || ofCaches.has(packageOf(specifier));
}

/** The packages that keep a cache in servers of that family; null where none does, as where it holds tables. */
export function cacheStores(family: string): { has(specifier: string): boolean } | null {
  const stores = engines.filter((one) => one.family.name === family).flatMap(({ packages }) => packages.cache ?? []);
  return stores.length > 0 ? listOf(stores) : null;
}

/** Whether the values of a package do nothing until they are used: a builder's. */
export function isBuilder(specifier: string): boolean {
  return ofBuilders.has(specifier) || ofBuilders.has(packageOf(specifier));
}

/**
 * The engines that a package speaks of: by the lists, or by a part of its name that their variables are named after.
 */
function enginesOf(name: string): Engine[] {
  const listed = byEngine
    .filter(({ list }) => list.has(name) || list.names.some((part) => packageOf(part) === name))
    .map(({ engine }) => engine);
  const parts = name.toUpperCase().split(/[^A-Z0-9]+/);
  return listed.length > 0 ? listed : engines.filter(({ stems }) => stems.some((stem) => parts.includes(stem)));
}

/** Whether a package of a manifest may have to do with a database, which makes it worth reading what the code does. */
export function mayConnect(name: string): boolean {
  return connects(name) || enginesOf(name).length > 0;
}
