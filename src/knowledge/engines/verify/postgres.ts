import { type EngineChecks, must, NotChecked } from './engine.ts';
import { capacity } from './postgres-limits.ts';
import { managedByNone, toolTables } from './schema-tools.ts';
import { type Dialect, one, pingSql, type SqlContext, type SqlProbe, type SqlRunner } from './sql.ts';
import { judgeMark, sqlContract, sqlScratch } from './sql-contract.ts';
import { hasTransactions, together } from './sql-transactions.ts';

const dialect: Dialect = {
  at: (n) => `$${n}`,
  bytes: 'BYTEA',
  text: 'TEXT',
  typed: (n, type) => `$${n}::${type}`,
  sent: (bytes) => Uint8Array.from(bytes),
  lock: ' FOR UPDATE',
};

/** Tables of the schema that the connection works in. */
const ownTables = "relkind IN ('r', 'p') AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
const flueTables = `${ownTables} AND relname LIKE 'flue\\_%' ESCAPE '\\'`;

/** Asked in this order; measured on 15 and 18, a hot standby, restricted roles, and behind PgBouncer 1.18. */
const fitness: SqlProbe[] = [
  {
    code: 'server-writable',
    title: 'a server that takes writes',
    blocks: true,
    run: async ({ runner }) => {
      const row = await one(
        runner,
        `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
          pg_is_in_recovery() AS replica, current_setting('transaction_read_only') AS read_only`,
      );
      must(!row.replica, 'this server is a replica that only reads', "use the primary's connection string");
      must(
        row.read_only === 'off',
        'transactions only read here (default_transaction_read_only)',
        'use another role or primary, or `ALTER ROLE … SET default_transaction_read_only = off`',
      );
      const remedy = 'use Postgres 15 or newer';
      must(Number(row.version) >= 100_000, `Postgres ${row.name} lacks what Flue's tables are made of`, remedy);
      return undefined;
    },
  },
  {
    code: 'encoding',
    title: 'the database is UTF-8',
    run: async ({ runner }) => {
      const { encoding } = await one(runner, "SELECT current_setting('server_encoding') AS encoding");
      must(encoding === 'UTF8', `its encoding is ${encoding}`, "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
      return undefined;
    },
  },
  {
    code: 'may-make-tables',
    title: 'may make tables',
    blocks: true,
    run: async ({ runner }) => {
      const row = await one(
        runner,
        `SELECT current_schema() AS schema, current_user AS role, CASE WHEN current_schema() IS NULL THEN false
          ELSE has_schema_privilege(current_schema(), 'CREATE') END AS may`,
      );
      const path = 'CREATE SCHEMA, or correct `search_path` in the connection string or of the role';
      must(row.schema, 'no schema of the search_path exists', path);
      must(
        row.may,
        `role ${row.role} may not make tables in schema ${row.schema}`,
        `GRANT USAGE, CREATE ON SCHEMA ${row.schema} TO ${row.role}`,
      );
      return `schema ${row.schema}`;
    },
  },
  {
    code: 'state',
    title: 'the state that is there can be read',
    run: async ({ runner, line }) => {
      const tables = await flueTablesOf(runner);
      const named = tables.map(({ name }) => String(name));
      const foreign = tables.find(({ mine }) => !mine);
      must(
        !foreign,
        `${foreign?.name} belongs to the role ${foreign?.owner}`,
        'REASSIGN OWNED BY …, or connect as that role',
      );
      const marks = named.includes('flue_meta') ? await runner.query('SELECT key, value FROM flue_meta') : [];
      return judgeMark(Object.fromEntries(marks.map(({ key, value }) => [key, String(value)])), named, line);
    },
  },
  {
    code: 'logged',
    title: "Flue's tables survive a crash of the server",
    run: async ({ runner }) => {
      const unlogged = (await flueTablesOf(runner)).filter(({ kind }) => kind === 'u').map(({ name }) => name);
      must(
        unlogged.length === 0,
        `UNLOGGED, and empty after a crash: ${unlogged.join(', ')}`,
        `ALTER TABLE ${unlogged[0]} SET LOGGED`,
      );
      return undefined;
    },
  },
  {
    code: 'durable-commits',
    title: 'commits survive a crash of the server',
    severity: 'warning',
    run: async ({ runner }) => {
      const row = await one(
        runner,
        `SELECT current_setting('synchronous_commit') AS commits, current_setting('fsync') AS fsync,
          current_setting('full_page_writes') AS pages`,
      );
      const off = [row.fsync === 'off' && 'fsync', row.pages === 'off' && 'full_page_writes'].filter(Boolean);
      must(
        off.length === 0,
        `${off.join(' and ')} off: a crash of the machine loses or breaks state`,
        'turn it on in postgresql.conf',
      );
      const remedy = 'ALTER ROLE … SET synchronous_commit = on';
      must(row.commits !== 'off', 'synchronous_commit is off: a crash loses the last commits', remedy);
      return undefined;
    },
  },
  {
    code: 'not-public',
    title: "nobody reads it through Supabase's public API",
    severity: 'warning',
    run: async ({ runner }) => {
      const row = await one(
        runner,
        `SELECT (SELECT count(*)::int FROM pg_roles WHERE rolname IN ('anon', 'authenticated')) AS roles,
          (SELECT string_agg(relname, ', ') FROM pg_class WHERE ${flueTables} AND NOT relrowsecurity AND EXISTS
            (SELECT 1 FROM pg_roles r WHERE r.rolname IN ('anon', 'authenticated')
              AND has_schema_privilege(r.oid, relnamespace, 'USAGE')
              AND has_table_privilege(r.oid, pg_class.oid, 'SELECT'))) AS open`,
      );
      if (Number(row.roles) === 0) return 'no role `anon`: this is not Supabase';
      const remedy =
        `ALTER TABLE ${String(row.open).split(',')[0]} ENABLE ROW LEVEL SECURITY (and the others), ` +
        'or a schema that the API does not show';
      must(!row.open, `whoever has the anon key reads the conversations (${row.open})`, remedy);
      return undefined;
    },
  },
  ...capacity,
  managedByNone(
    `SELECT relname AS name FROM pg_class WHERE relname IN (${toolTables})
      AND (relname = '__drizzle_migrations' /* in a schema of its own */ OR ${ownTables})`,
  ),
  hasTransactions,
  {
    code: 'isolation',
    title: 'transactions are READ COMMITTED',
    severity: 'warning',
    run: async ({ runner }) => {
      const { level } = await runner
        .transaction((tx) => one(tx, "SELECT current_setting('transaction_isolation') AS level"))
        .catch(() => {
          throw new NotChecked('a transaction fails');
        });
      must(
        level === 'read committed',
        `they are ${level}, at which Flue's claims fail with "could not serialize access"`,
        '`BEGIN ISOLATION LEVEL READ COMMITTED` in transaction()',
      );
      return undefined;
    },
  },
];

function flueTablesOf(runner: SqlRunner) {
  return runner.query(
    `SELECT relname AS name, relpersistence AS kind, pg_get_userbyid(relowner) AS owner,
        pg_has_role(relowner, 'USAGE') AS mine
      FROM pg_class WHERE ${flueTables} ORDER BY relname`,
  );
}

async function describe({ runner }: SqlContext) {
  const row = await one(
    runner,
    `SELECT current_setting('server_version') AS version, current_database() AS database,
      (SELECT count(*)::int FROM pg_class WHERE ${flueTables}) AS flue,
      (SELECT count(*)::int FROM pg_class WHERE relkind IN ('r', 'p') AND relname NOT LIKE 'flue\\_%' ESCAPE '\\'
        AND relname NOT LIKE 'verify\\_%' ESCAPE '\\'
        AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
        AND relnamespace::regnamespace::text NOT LIKE 'pg\\_%' ESCAPE '\\') AS others`,
  );
  return {
    server: `Postgres ${String(row.version).split(' ')[0]}`,
    database: String(row.database),
    holds: { flue: Number(row.flue) > 0, others: Number(row.others) > 0 },
  };
}

/** Tables of our form, with our columns. */
const leftTables = `SELECT relname AS name FROM pg_class
        WHERE ${ownTables} AND relname ~ '^verify_[0-9a-z]+_[0-9a-f]+_[0-9a-f]+$' AND
        (SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0
          AND NOT attisdropped) = 'id content big body n'`;

/** Postgres and what speaks its protocol. */
export const postgres: EngineChecks<SqlRunner> = {
  name: 'postgres',
  functions: ['query', 'transaction', 'close'],
  ping: pingSql,
  describe,
  fitness,
  contract: sqlContract(dialect),
  once: (runner) => runner.query('SELECT 1'),
  together,
  pending: ({ runner }) => Array.from({ length: 15 }, () => runner.query('SELECT pg_sleep(0.1)::text AS slept')),
  pendingFor: 20,
  scratch: sqlScratch(dialect, leftTables),
  retries: true,
  // Codes of SQLSTATE, and of postgres.js.
  remedies: {
    '28P01': 'correct the user or the password',
    '28000':
      'the server does not let this user in: see whether it has that role, and its pg_hba.conf, which may want TLS ' +
      '(`sslmode=require` in the address)',
    '3D000': 'create that database, or correct its name in the address',
    '53300': 'all connections are taken: use a pooler, or a smaller `max` of the pool',
    '57P03': 'the server is starting or stopping; try again in a moment',
    '42P05': 'this pooler mixes up named statements: leave statements unnamed (postgres.js: `prepare: false`)',
    '26000': 'this pooler mixes up named statements: leave statements unnamed (postgres.js: `prepare: false`)',
    '08P01': 'a pooler in statement mode has no transactions: use its transaction mode, or the server itself',
    '25006': 'the server or the role only reads: use the primary',
    CONNECTION_CLOSED: 'the server or a pooler in statement mode closed it: use transaction mode, or the server itself',
    NO_ANSWER:
      'see whether the server has gone, or a pooler in session mode (port 5432 of Supabase) is smaller than `max` of ' +
      'the pool: use its transaction mode (there port 6543), or a smaller `max`',
    CONNECT_TIMEOUT: 'see whether a firewall is between, and whether that port speaks Postgres',
  },
};
