import type { Engine, Risk } from './index.ts';
import { sql } from './sql.ts';

/** What postgres.js reads of a URL itself (3.4.9, `parseOptions`); all else it sends to the server as a setting. */
const ownOptions = [
  'ssl sslmode sslnegotiation max idle_timeout connect_timeout max_lifetime max_pipeline backoff keep_alive',
  'prepare debug fetch_types publications target_session_attrs',
].flatMap((line) => line.split(' '));

/**
 * Settings that a session may begin with (PostgreSQL 18, `pg_settings` with context user); a name with a dot is an
 * extension's.
 */
const settings = [
  'application_name bytea_output client_encoding client_min_messages cursor_tuple_fraction datestyle deadlock_timeout',
  'default_statistics_target default_text_search_config default_transaction_deferrable default_transaction_isolation',
  'default_transaction_read_only effective_cache_size effective_io_concurrency enable_hashjoin enable_seqscan',
  'extra_float_digits from_collapse_limit geqo gin_fuzzy_search_limit hash_mem_multiplier',
  'idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit join_collapse_limit lc_messages',
  'lc_monetary lc_numeric lc_time lock_timeout maintenance_work_mem max_parallel_workers_per_gather options',
  'plan_cache_mode random_page_cost role row_security search_path session_replication_role',
  'standard_conforming_strings statement_timeout',
  'synchronous_commit tcp_keepalives_count tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout temp_buffers',
  'timezone transaction_timeout work_mem xmloption replication user database',
].flatMap((line) => line.split(' '));

/** PostgreSQL, and what speaks its protocol. */
export const postgres: Engine = {
  name: 'postgres',
  family: sql,
  packages: {
    driver: ['pg', 'postgres', 'pg-promise', 'slonik', '@neondatabase/serverless', '@vercel/postgres'],
    builder: [
      'drizzle-orm/node-postgres',
      'drizzle-orm/postgres-js',
      'drizzle-orm/neon-*',
      'drizzle-orm/vercel-postgres',
      '@prisma/adapter-pg',
      '@prisma/adapter-neon',
      '@mikro-orm/postgresql',
      '@payloadcms/db-postgres',
      '@payloadcms/db-vercel-postgres',
      'kysely-postgres-js',
      '@fastify/postgres',
      '@effect/sql-pg',
    ],
    client: ['pg-boss', 'graphile-worker', 'postgraphile', '@keyv/postgres', 'connect-pg-simple'],
  },
  schemes: ['postgres', 'postgresql'],
  dialects: ['postgres', 'postgresql', 'pg', 'aurora-postgres', 'cockroachdb'],
  stems: ['POSTGRES', 'POSTGRESQL', 'PG', 'NEON', 'SUPABASE_DB'],
  names: ['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGDATABASE', 'PGSSLMODE'],
  risks: (parameters, driver) =>
    parameters.flatMap((one): Risk[] => {
      const [name = '', value] = one.split('=');
      if (driver === 'postgres') {
        if (one === 'sslmode=no-verify')
          return [{ parameter: name, because: 'which postgres.js takes for a certificate that must be right' }];
        const known = ownOptions.includes(name) || settings.includes(name.toLowerCase()) || name.includes('.');
        return known ? [] : [{ parameter: name, because: 'which postgres.js passes on and the server refuses' }];
      }
      // `pg` reads the certificate that libpq would ask the system for from a file of that name (8.23, measured).
      return name === 'sslrootcert' && value === 'system'
        ? [{ parameter: one, because: `which \`${driver}\` takes for the name of a file` }]
        : [];
    }),
};
