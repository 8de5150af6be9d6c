import type { Engine } from './index.ts';
import { sql } from './sql.ts';

/** What `@libsql/client` takes in a URL (0.17, `expandConfig`); for anything else it throws. */
const known = ['tls', 'authToken', 'cache'];

/** libSQL, as Turso and sqld serve it. */
export const libsql: Engine = {
  name: 'libsql',
  family: sql,
  packages: {
    driver: ['@libsql/client', '@libsql/client/*', '@tursodatabase/serverless'],
    builder: [
      'drizzle-orm/libsql',
      'drizzle-orm/libsql/*',
      '@prisma/adapter-libsql',
      '@libsql/kysely-libsql',
      '@mikro-orm/libsql',
      '@effect/sql-libsql',
    ],
    client: [],
  },
  schemes: ['libsql'],
  dialects: ['turso', 'libsql'],
  stems: ['TURSO', 'LIBSQL'],
  tokens: true,
  risks: (parameters, driver) =>
    parameters
      .map((one) => one.split('=')[0]!)
      .filter((name) => !known.includes(name))
      .map((parameter) => ({ parameter, because: `which \`${driver}\` refuses` })),
};
