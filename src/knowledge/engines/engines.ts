import type { Family } from '../../types/blueprint.ts';
import { isMember } from './family.ts';

/** What a package, once imported, says about the server behind the variables of the same file. */
const engines: [engine: string, family: Family, imported: RegExp][] = [
  [
    'postgres',
    'sql',
    /^(?:pg|postgres|pg-promise|pg-boss|slonik|@neondatabase\/serverless|@vercel\/postgres|@prisma\/adapter-(?:pg|neon)|@mikro-orm\/postgresql|@keyv\/postgres|@payloadcms\/db-(?:vercel-)?postgres|drizzle-orm\/(?:node-postgres|postgres-js|neon-\w+|vercel-postgres))$/,
  ],
  [
    'mysql',
    'sql',
    /^(?:mysql2?(?:\/promise)?|mariadb|@mikro-orm\/(?:mysql|mariadb)|@prisma\/adapter-mariadb|drizzle-orm\/mysql2)$/,
  ],
  ['libsql', 'sql', /^(?:@libsql\/client(?:\/\w+)?|@prisma\/adapter-libsql|drizzle-orm\/libsql(?:\/\w+)?)$/],
  [
    'sqlite',
    'sql',
    /^(?:better-sqlite3|sqlite3|node:sqlite|drizzle-orm\/better-sqlite3|@prisma\/adapter-better-sqlite3)$/,
  ],
  [
    'mongodb',
    'mongo',
    /^(?:mongodb|mongoose|agenda|@typegoose\/typegoose|@mikro-orm\/mongodb|@nestjs\/mongoose|@payloadcms\/db-mongodb)$/,
  ],
  [
    'redis',
    'redis',
    /^(?:redis|ioredis|iovalkey|@valkey\/valkey-glide|bullmq|bull|@nestjs\/bull(?:mq)?|bee-queue|connect-redis|@keyv\/redis|@fastify\/redis|rate-limit-redis|@socket\.io\/redis-adapter|cache-manager-(?:io)?redis(?:-\w+)*)$/,
  ],
];

/** Packages, of a manifest, that make it worth reading what the code does with its variables. */
export const related =
  /pg|postgres|mysql|maria|mongo|redis|valkey|bull|keyv|libsql|turso|sqlite|typeorm|sequelize|knex|kysely|drizzle|prisma|mikro-orm|payload|neon|supabase|upstash|cache|rate-limit|slonik|agenda/;

/** Whether a package is known to speak to another engine than that one. */
export function standsOnAnother(name: string, engine: string): boolean {
  const known = engines.filter(([, , imported]) => imported.test(name));
  return known.length > 0 && known.every(([other]) => other !== engine);
}

/** How the configuration of an ORM or query builder names its engine. */
const dialects =
  /\b(?:type|client|dialect|provider)\s*[:=]\s*['"](postgres(?:ql)?|pg|mysql2?|mariadb|mongodb|sqlite3?|better-sqlite3|turso)['"]/;
const configured =
  /^(?:typeorm|knex|sequelize(?:-typescript)?|@nestjs\/(?:typeorm|sequelize)|drizzle-kit|@mikro-orm\/core)$/;
const aliases: Record<string, string> = {
  postgresql: 'postgres',
  pg: 'postgres',
  mysql2: 'mysql',
  mariadb: 'mysql',
  sqlite3: 'sqlite',
  'better-sqlite3': 'sqlite',
  turso: 'libsql',
};

const ormConfig = /(?:^|\/)(?:drizzle[\w.-]*|knexfile|ormconfig|mikro-orm[\w.-]*)\.[mc]?[jt]s$/;

/** The engine a file says of each family, by family; a family of which it imports several has none. */
export function enginesOf(path: string, text: string, specifiers: string[]): Map<Family, string | null> {
  const found = new Map<Family, string | null>();
  const put = (engine: string, family: Family) =>
    found.set(family, (found.get(family) ?? engine) === engine ? engine : null);
  const config = ormConfig.test(path) || path.endsWith('.prisma') || specifiers.some((name) => configured.test(name));
  const named = config ? dialects.exec(text)?.[1] : undefined;
  if (named) put(aliases[named] ?? named, named === 'mongodb' ? 'mongo' : 'sql');
  for (const specifier of specifiers) {
    const [engine, family] = engines.find(([, , imported]) => imported.test(specifier)) ?? [];
    if (engine && family && !(named && family === 'sql')) put(engine, family);
  }
  return found;
}

/** What those engines say of one variable: that of its own family, else the only one there is. */
export function engineFor(name: string, found: Map<Family, string | null>): string | null {
  const own = [...found].filter(([family]) => isMember(family, name));
  if (own.length > 0) return own.length === 1 ? own[0]![1] : null;
  const families: Family[] = ['sql', 'redis', 'mongo'];
  return found.size === 1 && !families.some((family) => isMember(family, name)) ? [...found.values()][0]! : null;
}
