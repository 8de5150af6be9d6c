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

/**
 * Whether what a package brings under a name can be handed a connection: an error cannot, and of what Prisma generates
 * (enums, parts of queries) only the client.
 */
export function takesConnection(specifier: string, name: string): boolean {
  if (/(?:Error|Exception)$/.test(name)) return false;
  return packageOf(specifier) !== '@prisma/client' || /^(?:\*|default\b|\w*Client\b)/.test(name);
}

/** Whether the first thing that a call of what a package brings is given is its own name, as a queue's. */
export function takesNameFirst(specifier: string, name: string): boolean {
  return engines.some(({ queues = {} }) => Object.hasOwn(queues, specifier) && queues[specifier]!.test(name));
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
