import { engines, type Family } from './index.ts';

/**
 * Which variable names belong to one kind of database: any prefix + stem + one connection suffix. Counted on 176
 * public dotenv templates; the name alone says nothing about the engine, so a family is where a new line goes and
 * what to look at, never proof.
 */
const suffixes = new Set(
  [
    'URL URI DSN HOST HOSTNAME PORT USER USERNAME PASS PASSWORD PWD NAME DB DATABASE DB_NAME DATABASE_NAME PATH TLS',
    'SSL SSLMODE CA PREFIX AUTH_TOKEN TOKEN CONNECTION_STRING DIRECT_URL REPLICA_URL PRIMARY_URL POOL_MAX POOL_SIZE',
    'REST_URL REST_TOKEN PRISMA_URL URL_NON_POOLING REST_API_URL REST_API_TOKEN URL_UNPOOLED DIRECT READ_URL',
    'SHADOW_URL MIGRATION_URL CONNECTION_URL CONNECTION_URI CONNECT_URL CONNECT_URI CONN_URL CONN_STRING',
    'CONNECTION_STR READER_URL WRITER_URL RO_URL',
  ].flatMap((line) => line.split(' ')),
);

const families: readonly Family[] = [...new Set(engines.map(({ family }) => family))];

/** What the names of a family are made of, by all its engines. */
const known = new Map(
  families.map((family) => {
    const own = engines.filter((one) => one.family === family);
    const stems = [...family.stems, ...own.flatMap((one) => one.stems)];
    return [family.name, { family, stems, names: [...family.names, ...own.flatMap(({ names = [] }) => names)] }];
  }),
);

/** The family of that name, which an engine has. */
export function familyNamed(name: string): Family {
  return known.get(name)!.family;
}

/** Not members although they look like it: port maps, container and volume names, what others call a database. */
const foreign = /(?:HOST_PORT|CONTAINER_NAME|VOLUME_NAME)$|^(?:FIREBASE|NOTION|SUPABASE_PROJECT)_/;

/** Whether the variable belongs to the family. */
export function isMember(family: string, name: string): boolean {
  const { stems, names } = known.get(family)!;
  if (names.includes(name)) return true;
  return /^[A-Z][A-Z0-9_]*$/.test(name) && stems.some((stem) => isMadeOf(name, stem)) && !foreign.test(name);
}

/** Whether a name is any prefix, the stem and a suffix. */
function isMadeOf(name: string, stem: string): boolean {
  for (let at = name.indexOf(stem); at >= 0; at = name.indexOf(stem, at + 1)) {
    const begins = at === 0 || name[at - 1] === '_';
    if (begins && suffixes.has(name.slice(at + stem.length).replace(/^_/, ''))) return true;
  }
  return false;
}

/** Whether a text is the name of a variable of any family. */
export function isVariable(text: string): boolean {
  return families.some((family) => isMember(family.name, text));
}

/** Whether a name speaks of another engine than that one, as `TURSO_URL` does where Postgres is asked for. */
export function isNamedForOther(engine: string, name: string): boolean {
  const words = `_${name}_`;
  const named = engines.filter(({ stems }) => stems.some((stem) => words.includes(`_${stem}_`)));
  return named.length > 0 && named.every((one) => one.name !== engine);
}

/**
 * Whether the variable holds one whole primary connection string, as opposed to a part, a token, an HTTP endpoint,
 * a direct or migration URL, or a replica.
 */
export function isConnection(family: string, name: string): boolean {
  return isMember(family, name) && mayBeConnection(name);
}

/**
 * Whether a name may be that of a whole primary connection string, of whatever: only its sample and what the code hands
 * it to say more.
 */
export function mayBeConnection(name: string): boolean {
  return (
    /^[A-Z][A-Z0-9_]*(?:URL|URI|DSN|CONN(?:ECTION)?_STR(?:ING)?)$/.test(name) &&
    !/(?:REST|REST_API|DIRECT|NON_POOLING|UNPOOLED)(?:_URL|_URI)?$/.test(name) &&
    isPrimary(name)
  );
}

/** Whether a name speaks of no database beside the primary one. */
export function isPrimary(name: string): boolean {
  return !/(?:^|_)(?:TEST|SHADOW|DIRECT|REPLICA|READ|READER|READONLY|RO|MIGRATION)(?:_|$)/.test(name);
}

/** Whether the variable holds a whole connection string of a database of any family. */
export function isAnyConnection(name: string): boolean {
  return families.some((family) => isConnection(family.name, name));
}

/**
 * Whether the variable holds the path of a file: where SQLite keeps its database, and no part of a server's connection.
 */
export function isFilePath(family: string, name: string): boolean {
  return familyNamed(family).isSql && /(?:^|_)PATH$/.test(name) && isMember(family, name);
}
