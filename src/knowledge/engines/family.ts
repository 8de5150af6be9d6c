import type { Family } from '../../types/blueprint.ts';

/**
 * Which variable names belong to one kind of database: any prefix + stem + one connection suffix. Counted on 176
 * public dotenv templates; the name alone says nothing about the engine, so a family is where a new line goes and
 * what to look at, never proof.
 */
const stems: Record<Family, string[]> = {
  sql: ['DATABASE', 'DB', 'POSTGRES', 'POSTGRESQL', 'PG', 'MYSQL', 'MARIADB', 'TURSO', 'LIBSQL', 'NEON', 'SUPABASE_DB'],
  redis: ['REDIS', 'VALKEY', 'KV', 'UPSTASH_REDIS', 'DRAGONFLY'],
  mongo: ['MONGO', 'MONGODB'],
};

const suffixes = [
  'URL|URI|DSN|HOST|HOSTNAME|PORT|USER|USERNAME|PASS|PASSWORD|PWD|NAME|DB|DATABASE|DB_NAME|DATABASE_NAME|PATH|TLS|SSL|SSLMODE|CA|PREFIX',
  'AUTH_TOKEN|TOKEN|CONNECTION_STRING|DIRECT_URL|REPLICA_URL|PRIMARY_URL|POOL_MAX|POOL_SIZE|REST_URL|REST_TOKEN',
  'PRISMA_URL|URL_NON_POOLING|REST_API_URL|REST_API_TOKEN|URL_UNPOOLED|DIRECT|READ_URL|SHADOW_URL|MIGRATION_URL|CONNECTION_URL|READER_URL|WRITER_URL|RO_URL',
].join('|');

const implicit: Record<Family, RegExp> = {
  sql: /^(DIRECT_URL|PG(HOST|PORT|USER|PASSWORD|DATABASE|SSLMODE)|SHADOW_DATABASE_URL)$/,
  redis: /^CACHE_URL$/,
  mongo: /(?!)/,
};

/** Not members although they look like it: port maps, container and volume names, what others call a database. */
const foreign = /(HOST_PORT|CONTAINER_NAME|VOLUME_NAME)$|^(?:FIREBASE|NOTION|SUPABASE_PROJECT)_/;

/** Compiled where a name holds a stem at all: the pattern costs 2 ms on first use. */
const compiled = new Map<Family, RegExp>();

function members(family: Family): RegExp {
  const known = compiled.get(family) ?? new RegExp(`^(?:[A-Z0-9]+_)*(?:${stems[family].join('|')})_?(?:${suffixes})$`);
  compiled.set(family, known);
  return known;
}

/** Whether the variable belongs to the family. */
export function isMember(family: Family, name: string): boolean {
  if (implicit[family].test(name)) return true;
  return stems[family].some((stem) => name.includes(stem)) && !foreign.test(name) && members(family).test(name);
}

/**
 * Whether the variable holds one whole primary connection string, as opposed to a part, a token, an HTTP endpoint,
 * a direct or migration URL, or a replica.
 */
export function isConnection(family: Family, name: string): boolean {
  return (
    isMember(family, name) &&
    /(URL|URI|DSN|CONNECTION_STRING)$/.test(name) &&
    !/(?:REST|REST_API|DIRECT|NON_POOLING|UNPOOLED)(?:_URL|_URI)?$/.test(name) &&
    !/(?:^|_)(?:TEST|SHADOW|DIRECT|REPLICA|READ|READER|READONLY|RO|MIGRATION)(?:_|$)/.test(name)
  );
}
