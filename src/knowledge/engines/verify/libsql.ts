import { type EngineChecks, must, NotChecked } from './engine.ts';
import { fileProbes } from './file.ts';
import { raceInStep } from './libsql-race.ts';
import { type Dialect, one, pingSql, type SqlContext, type SqlProbe, type SqlRunner, statements } from './sql.ts';
import { judgeMark, sqlContract, sqlScratch } from './sql-contract.ts';

const dialect: Dialect = {
  at: () => '?',
  bytes: 'BLOB',
  text: 'TEXT',
  typed: () => '?',
  // The adapter sends ArrayBuffers, and no Uint8Arrays.
  sent: (bytes) => Uint8Array.from(bytes).buffer,
  lock: '',
};

/** The absolute path of the database's file; null where it is a server's, which tells its own path when it is asked. */
async function fileOf({ runner, machine }: SqlContext): Promise<string | null> {
  const file = await mainFile(runner);
  if (typeof file !== 'string' || file === '') return null;
  return (await machine.sends(() => runner.query('SELECT 1'))) ? null : file;
}

/** What the database itself says of its file: an empty text where it is in memory. */
async function mainFile(runner: SqlRunner): Promise<unknown> {
  const rows = await runner.query('PRAGMA database_list').catch(() => []);
  return rows.find(({ name }) => name === 'main')?.file;
}

const tablesIn = (runner: SqlRunner) =>
  runner.query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );

const fitness: SqlProbe[] = [
  {
    code: 'kept-in-a-file',
    title: 'the state is kept',
    blocks: true,
    run: async ({ runner }) => {
      const remedy = 'an address of the form `file:./data/flue.db`, or a server';
      must((await mainFile(runner)) !== '', 'the database is in memory and ends with the process', remedy);
      return undefined;
    },
  },
  ...fileProbes(fileOf),
  {
    code: 'file-whole',
    title: 'the file is whole',
    run: async (context) => {
      const { runner } = context;
      if (!(await fileOf(context))) throw new NotChecked('it is on a server');
      const [found] = Object.values(await one(runner, 'PRAGMA quick_check(1)'));
      must(
        found === 'ok',
        `quick_check says: ${found}`,
        'put back a copy, or move the file away and start with a new one',
      );
      return undefined;
    },
  },
  {
    code: 'state',
    title: 'the state that is there can be read',
    run: async ({ runner, line }) => {
      const tables = (await tablesIn(runner))
        .map(({ name }) => String(name))
        .filter((name) => name.startsWith('flue_'));
      const marks = tables.includes('flue_meta') ? await runner.query('SELECT key, value FROM flue_meta') : [];
      return judgeMark(Object.fromEntries(marks.map(({ key, value }) => [key, String(value)])), tables, line);
    },
  },
];

async function describe(context: SqlContext) {
  const { runner } = context;
  const { version } = await one(runner, 'SELECT sqlite_version() AS version');
  const names = (await tablesIn(runner)).map(({ name }) => String(name));
  const file = await fileOf(context);
  return {
    server: `libSQL (SQLite ${version})`,
    database: null,
    ...(file && { file }),
    holds: {
      flue: names.some((name) => name.startsWith('flue_')),
      others: names.some((name) => !/^(?:flue|verify)_/.test(name)),
    },
  };
}

const leftTables =
  "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'verify\\_%' ESCAPE '\\' " +
  "AND sql LIKE '%content BLOB, big BIGINT, body TEXT, n INTEGER%'";

/** libSQL and Turso: a file of this machine, or a server over HTTP. */
export const libsql: EngineChecks<SqlRunner> = {
  name: 'libsql',
  functions: ['query', 'transaction', 'close'],
  ping: pingSql,
  describe,
  fitness,
  contract: sqlContract(dialect),
  pending: ({ runner }) => Array.from({ length: 15 }, () => runner.query('SELECT 1')),
  pendingFor: 0,
  scratch: {
    ...sqlScratch(dialect, leftTables),
    race: (context, times, patience) => raceInStep(context, dialect, times, patience),
    raced: async (context) => Number((await statements(context, dialect).read(context.runner, 'n')).n),
  },
  retries: false,
  remedies: {
    SQLITE_CANTOPEN: 'the folder of that file is missing or not writable: make it, such as with `mkdir -p data`',
    SQLITE_BUSY: 'another connection holds the file: WAL, one operation at a time, and trying again while it is busy',
    SQLITE_READONLY: 'make the file and its folder writable for this user',
    SQLITE_NOTADB: 'that file is no database: correct the address, or move the file away',
    URL_INVALID: 'a file is written `file:./data/flue.db`',
    URL_SCHEME_NOT_SUPPORTED: 'write it as `file:`, `libsql:`, `https:` or `http:`',
    SERVER_ERROR: 'the server refused: see whether the token belongs to that database, and may write',
    HRANA_WEBSOCKET_ERROR:
      'the server ended the connection: see whether the token belongs to that database, and may write',
  },
};
