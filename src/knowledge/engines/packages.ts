import type { Family } from '../../types/blueprint.ts';
import { type Engine, type EnginePackages, engines } from './index.ts';

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
  'drizzle-orm',
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

/** Whether a package's name, or the specifier of a part of it, is one of a list, in which `*` stands for the rest of a name. */
function isListed(list: readonly string[], specifier: string): boolean {
  return list.some((one) => (one.endsWith('*') ? specifier.startsWith(one.slice(0, -1)) : specifier === one));
}

function allOf({ packages }: Engine): string[] {
  return Object.values(packages as unknown as Record<keyof EnginePackages, readonly string[]>).flat();
}

/** The engine that a specifier speaks of; null where it may be any. */
export function engineOf(specifier: string): Engine | null {
  const speaking = (name: string) => engines.find((one) => isListed(allOf(one), name));
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
  return engineOf(specifier) !== null || isListed([...builders, ...caches], packageOf(specifier));
}

/** Whether a specifier is of a client that keeps what may be thrown away. */
export function isCache(specifier: string): boolean {
  const own = engines.flatMap(({ packages }) => packages.cache ?? []);
  return isListed([...own, ...caches], specifier) || isListed([...own, ...caches], packageOf(specifier));
}

/** Whether a specifier is of a store that keeps a cache in a server of that family. */
export function isCacheStore(family: Family, specifier: string): boolean {
  const stores = engines.filter((one) => one.family === family).flatMap(({ packages }) => packages.cache ?? []);
  return isListed(stores, specifier);
}

/** Whether the values of a package do nothing until they are used: a builder's. */
export function isBuilder(specifier: string): boolean {
  const own = engines.flatMap(({ packages }) => packages.builder);
  return isListed([...own, ...builders], specifier) || isListed(builders, packageOf(specifier));
}

/** Whether a package is known to speak to another engine than that one. */
export function standsOnAnother(name: string, engine: string): boolean {
  const known = enginesOf(name);
  return known.length > 0 && known.every((one) => one.name !== engine);
}

/** The engines that a package speaks of: by the lists, or by a part of its name that their variables are named after. */
function enginesOf(name: string): Engine[] {
  const listed = engines.filter((one) => allOf(one).some((part) => isListed([part], name) || packageOf(part) === name));
  const parts = name.toUpperCase().split(/[^A-Z0-9]+/);
  return listed.length > 0 ? listed : engines.filter(({ stems }) => stems.some((stem) => parts.includes(stem)));
}

/** Whether a package of a manifest may have to do with a database, which makes it worth reading what the code does. */
export function mayConnect(name: string): boolean {
  return connects(name) || enginesOf(name).length > 0;
}

/** The package of a specifier. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
