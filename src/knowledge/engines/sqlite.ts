import type { Engine } from './index.ts';
import { sql } from './sql.ts';

/** SQLite in a file: what it has for a connection is a path, so no variable of a server is its. */
export const sqlite: Engine = {
  name: 'sqlite',
  family: sql,
  packages: {
    driver: ['better-sqlite3', 'sqlite3', 'node:sqlite', 'bun:sqlite', 'sql.js'],
    builder: [
      'drizzle-orm/better-sqlite3',
      'drizzle-orm/bun-sqlite',
      '@prisma/adapter-better-sqlite3',
      '@mikro-orm/sqlite',
      '@mikro-orm/better-sqlite',
      '@payloadcms/db-sqlite',
      '@effect/sql-sqlite-*',
    ],
    client: ['@keyv/sqlite', 'connect-sqlite3'],
  },
  schemes: ['file', 'sqlite'],
  dialects: ['sqlite', 'sqlite3', 'better-sqlite3', 'better-sqlite', 'sqljs'],
  stems: [],
  risks: () => [],
};
