// Every blueprint, driver and kind of client that has a server here. `verify` must find nothing wrong with any of them.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Case
 * @property {string} name @property {string} database @property {string} driver
 * @property {string} [at] the major of the driver, where it is not the default
 * @property {string} [client] the text of the module that makes the client
 * @property {string} variable @property {'postgres' | 'mysql' | 'redis' | 'valkey' | 'file' | 'none'} server
 * @property {boolean} [short] whether it stands for others in the short run
 */

const clients = path.join(import.meta.dirname, '../clients');

/** @param {string} name @param {string} variable @param {[string, string]} [swap] */
function clientText(name, variable, swap) {
  const text = readFileSync(path.join(clients, `${name}.ts`), 'utf8').replace(
    /process\.env\.\w+/,
    `process.env.${variable}`,
  );
  return swap ? text.replace(...swap) : text;
}

/** @type {Case[]} */
const own = [
  { name: 'pg', database: 'postgres', driver: 'pg', variable: 'DATABASE_URL', server: 'postgres', short: true },
  {
    name: 'postgres.js',
    database: 'postgres',
    driver: 'postgres',
    variable: 'DATABASE_URL',
    server: 'postgres',
  },
  {
    name: 'neon',
    database: 'postgres',
    driver: '@neondatabase/serverless',
    variable: 'DATABASE_URL',
    server: 'postgres',
  },
  { name: 'supabase pg', database: 'supabase', driver: 'pg', variable: 'SUPABASE_DATABASE_URL', server: 'postgres' },
  {
    name: 'supabase postgres.js',
    database: 'supabase',
    driver: 'postgres',
    variable: 'SUPABASE_DATABASE_URL',
    server: 'postgres',
  },
  { name: 'mysql2', database: 'mysql', driver: 'mysql2', variable: 'MYSQL_URL', server: 'mysql' },
  { name: 'redis 5', database: 'redis', driver: 'redis', variable: 'REDIS_URL', server: 'redis' },
  { name: 'redis 4', database: 'redis', driver: 'redis', at: '4', variable: 'REDIS_URL', server: 'redis' },
  { name: 'redis 6', database: 'redis', driver: 'redis', at: '6', variable: 'REDIS_URL', server: 'redis' },
  { name: 'ioredis 5', database: 'redis', driver: 'ioredis', variable: 'REDIS_URL', server: 'redis' },
  { name: 'ioredis 6', database: 'redis', driver: 'ioredis', at: '6', variable: 'REDIS_URL', server: 'redis' },
  { name: 'valkey redis 5', database: 'valkey', driver: 'redis', variable: 'VALKEY_URL', server: 'valkey' },
  { name: 'valkey redis 6', database: 'valkey', driver: 'redis', at: '6', variable: 'VALKEY_URL', server: 'valkey' },
  { name: 'valkey ioredis', database: 'valkey', driver: 'ioredis', variable: 'VALKEY_URL', server: 'valkey' },
  { name: 'iovalkey', database: 'valkey', driver: 'iovalkey', variable: 'VALKEY_URL', server: 'valkey' },
  {
    name: 'GLIDE',
    database: 'valkey',
    driver: '@valkey/valkey-glide',
    variable: 'VALKEY_URL',
    server: 'valkey',
    short: true,
  },
  { name: 'libsql', database: 'libsql', driver: '@libsql/client', variable: 'LIBSQL_URL', server: 'file', short: true },
  { name: 'sqlite', database: 'sqlite', driver: '@flue/runtime', variable: 'UNUSED', server: 'none', short: true },
];

/** @type {Case[]} */
const shared = [
  { name: 'pg', text: clientText('pg', 'DATABASE_URL'), short: true },
  { name: 'postgres.js', text: clientText('postgres', 'DATABASE_URL') },
  { name: 'neon', text: clientText('neon', 'DATABASE_URL') },
  { name: 'supabase pg', text: clientText('pg', 'SUPABASE_DATABASE_URL') },
  { name: 'supabase postgres.js', text: clientText('postgres', 'SUPABASE_DATABASE_URL') },
  { name: 'mysql2', text: clientText('mysql2', 'MYSQL_URL', [', rowsAsArray: true', '']) },
  { name: 'redis 5', text: clientText('redis', 'REDIS_URL') },
  { name: 'redis 4', text: clientText('redis-4', 'REDIS_URL') },
  { name: 'redis 6', text: clientText('redis', 'REDIS_URL') },
  { name: 'ioredis 5', text: clientText('ioredis', 'REDIS_URL') },
  { name: 'ioredis 6', text: clientText('ioredis', 'REDIS_URL') },
  { name: 'valkey redis 5', text: clientText('redis', 'VALKEY_URL') },
  { name: 'valkey ioredis', text: clientText('ioredis', 'VALKEY_URL') },
  { name: 'iovalkey', text: clientText('iovalkey', 'VALKEY_URL') },
].map(({ name, text, short = false }) => {
  const one = own.find((other) => other.name === name);
  if (!one) throw new Error(name);
  return { ...one, name: `${name} --client`, client: text, short };
});

export const cases = [...own, ...shared];
