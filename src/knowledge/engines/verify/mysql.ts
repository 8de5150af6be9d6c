import { type EngineChecks, must, NotChecked } from './engine.ts';
import { managedByNone, toolTables } from './schema-tools.ts';
import { type Dialect, judgeRoom, one, pingSql, type SqlContext, type SqlProbe, type SqlRunner } from './sql.ts';
import { judgeMark, sqlContract, sqlScratch } from './sql-contract.ts';
import { hasTransactions, together } from './sql-transactions.ts';

const dialect: Dialect = {
  at: () => '?',
  bytes: 'LONGBLOB',
  text: 'LONGTEXT',
  typed: (_n, type) => `CAST(? AS ${type === 'text' ? 'CHAR' : 'SIGNED'})`,
  sent: (bytes) => Uint8Array.from(bytes),
  lock: ' FOR UPDATE',
};

const megabyte = 1 << 20;

/** Measured on MariaDB 10.11 and MySQL 9.7; TiDB and Vitess are known by what their manuals say VERSION() is. */
const fitness: SqlProbe[] = [
  {
    code: 'server-kind',
    title: 'a MySQL that Flue takes',
    run: async ({ runner }) => {
      const { version, comment } = await versionOf(runner);
      const said = `${version} ${comment}`;
      const instead = 'use MySQL 8 or newer, or `flue-db add postgres`';
      must(!/mariadb/i.test(said), `this is MariaDB ${version}, whose column types @flue/mysql refuses`, instead);
      must(!/tidb/i.test(said), `this is TiDB (${version}), which does not lock as Flue needs it`, instead);
      must(Number(version.split('.')[0]) >= 8, `MySQL ${version} is too old`, instead);
      const vitess = /vitess|planetscale/i.test(said);
      must(
        !vitess,
        `this is Vitess (${version}): only unsharded keyspaces can work`,
        'see that the keyspace is not sharded',
        'warning',
      );
      return undefined;
    },
  },
  {
    code: 'database-named',
    title: 'the address names a database',
    blocks: true,
    run: async ({ runner }) => {
      const { name } = await one(runner, 'SELECT DATABASE() AS name');
      must(name, 'the address names none', 'add `/<database>` to it');
      return String(name);
    },
  },
  {
    code: 'server-writable',
    title: 'a server that takes writes',
    blocks: true,
    run: async ({ runner }) => {
      const { read_only } = await one(runner, 'SELECT @@read_only AS read_only');
      must(!Number(read_only), 'the server only reads (read_only)', "use the primary's address");
      return undefined;
    },
  },
  {
    code: 'may-make-tables',
    title: 'may make tables',
    blocks: true,
    run: async ({ runner }) => {
      const rows = await runner.query(
        `SELECT PRIVILEGE_TYPE AS what FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = ${grantee}
          UNION SELECT PRIVILEGE_TYPE AS what FROM information_schema.SCHEMA_PRIVILEGES
          WHERE GRANTEE = ${grantee} AND DATABASE() LIKE TABLE_SCHEMA`,
      );
      const rights = rows.map(({ what }) => String(what));
      if (rights.includes('CREATE')) return undefined;
      const { role } = await one(runner, 'SELECT CURRENT_ROLE() AS role').catch(() => ({ role: 'unknown' }));
      if (role && role !== 'NONE') throw new NotChecked('the user acts in a role, whose rights are not looked up');
      const { user } = await one(runner, 'SELECT CURRENT_USER() AS user');
      must(
        false,
        `${user} may not make tables in this database`,
        `GRANT ALL ON <database>.* TO '${String(user).replace('@', "'@'")}'`,
      );
      return undefined;
    },
  },
  hasTransactions,
  {
    code: 'storage-engine',
    title: 'tables are InnoDB',
    run: async ({ runner }) => {
      const { engine } = await one(runner, 'SELECT @@default_storage_engine AS engine');
      must(engine === 'InnoDB', `default_storage_engine is ${engine}`, 'SET GLOBAL default_storage_engine = InnoDB');
      const other = await one(
        runner,
        `SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
          WHERE ${ofFlue} AND ENGINE <> 'InnoDB' LIMIT 1`,
      );
      must(!other.name, `${other.name} is ${other.engine}`, `ALTER TABLE ${other.name} ENGINE=InnoDB`);
      return undefined;
    },
  },
  {
    code: 'encoding',
    title: 'the database is utf8mb4',
    run: async ({ runner }) => {
      const { charset } = await one(runner, 'SELECT @@character_set_database AS charset');
      const remedy = 'ALTER DATABASE <name> CHARACTER SET utf8mb4, before Flue makes its tables';
      must(charset === 'utf8mb4', `its character set is ${charset}: an emoji is stored as "?"`, remedy);
      return undefined;
    },
  },
  {
    code: 'state',
    title: 'the state that is there can be read',
    run: async ({ runner, line }) => {
      const rows = await runner.query(`SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE ${ofFlue}`);
      const tables = rows.map(({ name }) => String(name));
      const marks = tables.includes('flue_meta')
        ? await runner.query('SELECT `key` AS mark, value FROM flue_meta')
        : [];
      return judgeMark(Object.fromEntries(marks.map(({ mark, value }) => [mark, String(value)])), tables, line);
    },
  },
  managedByNone(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${toolTables})`,
  ),
  {
    code: 'durable-commits',
    title: 'commits survive a crash of the server',
    severity: 'warning',
    run: async ({ runner }) => {
      const row = await one(
        runner,
        'SELECT @@innodb_flush_log_at_trx_commit AS flush_log, @@innodb_doublewrite AS doublewrite, ' +
          '@@log_bin AS binlog, @@sync_binlog AS sync_binlog',
      );
      const lost = 'a crash loses the last commits';
      must(Number(row.flush_log) === 1, `innodb_flush_log_at_trx_commit is ${row.flush_log}: ${lost}`, 'set it to 1');
      must(
        !/^(?:0|OFF)$/i.test(String(row.doublewrite)),
        'innodb_doublewrite is off: a crash can break pages',
        'turn it on',
      );
      const replicated = Number(row.binlog) === 1;
      must(
        !replicated || Number(row.sync_binlog) === 1,
        `sync_binlog is ${row.sync_binlog}: replicas can lose the last commits`,
        'set it to 1',
      );
      return undefined;
    },
  },
  {
    code: 'packet-size',
    title: 'messages of some megabytes pass',
    severity: 'warning',
    run: async ({ runner }) => {
      const { size } = await one(runner, 'SELECT @@max_allowed_packet AS size');
      const megabytes = Math.floor(Number(size) / megabyte);
      must(
        megabytes >= 16,
        `max_allowed_packet is ${megabytes} MB: larger messages are refused`,
        'SET GLOBAL max_allowed_packet = 67108864',
      );
      return `${megabytes} MB`;
    },
  },
  {
    code: 'room-for-connections',
    title: 'there is room for its connections',
    severity: 'warning',
    run: async ({ runner }) => {
      const { most } = await one(runner, 'SELECT @@max_connections AS most');
      const [status] = await runner.query("SHOW STATUS LIKE 'Threads_connected'");
      const used = Number(status?.Value);
      if (!Number.isFinite(used)) throw new NotChecked('the server does not tell how many there are');
      return judgeRoom(used, Number(most), 'a smaller pool, or a larger max_connections');
    },
  },
];

const grantee = "CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')";
const ofFlue = "TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'flue\\_%'";

async function versionOf(runner: SqlRunner): Promise<{ version: string; comment: string }> {
  const row = await one(runner, 'SELECT VERSION() AS version, @@version_comment AS comment');
  return { version: String(row.version), comment: String(row.comment) };
}

async function describe({ runner }: SqlContext) {
  const { version, comment } = await versionOf(runner);
  const row = await one(
    runner,
    `SELECT DATABASE() AS name, (SELECT COUNT(*) FROM information_schema.TABLES WHERE ${ofFlue}) AS flue,
      (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME NOT LIKE 'flue\\_%'
        AND TABLE_NAME NOT LIKE 'verify\\_%') AS others`,
  );
  return {
    server: `${/mariadb/i.test(`${version} ${comment}`) ? 'MariaDB' : 'MySQL'} ${version.split('-')[0]}`,
    database: row.name === null || row.name === undefined ? null : String(row.name),
    holds: { flue: Number(row.flue) > 0, others: Number(row.others) > 0 },
  };
}

const leftTables = `SELECT TABLE_NAME AS name FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'verify\\_%'
        AND (SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR ' ') FROM information_schema.COLUMNS c
          WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = TABLES.TABLE_NAME) = 'id content big body n'`;

/** MySQL, and MariaDB, which Flue refuses. */
export const mysql: EngineChecks<SqlRunner> = {
  name: 'mysql',
  functions: ['query', 'transaction', 'close'],
  ping: pingSql,
  describe,
  fitness,
  contract: sqlContract(dialect),
  once: (runner) => runner.query('SELECT 1'),
  together,
  pending: ({ runner }) => Array.from({ length: 15 }, () => runner.query('SELECT SLEEP(0.1) AS slept')),
  pendingFor: 20,
  scratch: sqlScratch(dialect, leftTables),
  retries: true,
  remedies: {
    ER_ACCESS_DENIED_ERROR: 'correct the user or the password',
    ER_DBACCESS_DENIED_ERROR: "give the user that database: GRANT ALL ON <database>.* TO '<user>'@'%'",
    ER_BAD_DB_ERROR: 'create that database, or correct its name in the address',
    ER_NO_DB_ERROR: 'add `/<database>` to the address',
    ER_CON_COUNT_ERROR: 'all connections are taken: a smaller pool, or a larger max_connections',
    ER_NET_PACKET_TOO_LARGE: 'SET GLOBAL max_allowed_packet = 67108864',
    ER_SECURE_TRANSPORT_REQUIRED:
      'the server wants TLS: add `?ssl={"rejectUnauthorized":true}` or the driver\'s option',
    ER_OPTION_PREVENTS_STATEMENT: 'the server only reads: use the primary',
    HANDSHAKE_NO_SSL_SUPPORT: 'the server has no TLS: leave the ssl option out',
  },
};
