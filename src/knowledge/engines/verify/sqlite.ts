import { type EngineChecks, must, NotChecked } from './engine.ts';
import { fileProbes } from './file.ts';
import { judgeMark } from './sql-contract.ts';

/** What stands in the place of `sqlite()` of `@flue/runtime/node`: there is no runner, only the path it was given. */
interface SqliteFile {
  path: string | undefined;
}

interface Database {
  prepare(text: string): { all(): Record<string, unknown>[] };
  close(): void;
}

const inMemory = ({ path }: SqliteFile) => path === undefined || path === '' || path === ':memory:';

/** Flue's embedded database. It brings its own runner: what is looked at is the file. */
export const sqlite: EngineChecks<SqliteFile> = {
  name: 'sqlite',
  functions: [],
  ping: async () => {},
  describe: async ({ runner, machine }) => {
    const known = inMemory(runner) ? null : machine.disk(runner.path!);
    return {
      server: "SQLite, Flue's own",
      database: null,
      ...(known && { file: known.absolute }),
      holds: { flue: known?.exists ?? false, others: false },
    };
  },
  fitness: [
    {
      code: 'kept-in-a-file',
      title: 'the state is kept',
      run: async ({ runner }) => {
        must(
          !inMemory(runner),
          'the database is in memory and ends with the process',
          "give it a file: `sqlite('./data/flue.db')`",
        );
        return undefined;
      },
    },
    ...fileProbes<SqliteFile>(({ runner }) => (inMemory(runner) ? null : runner.path!)),
    {
      code: 'state',
      title: 'the state that is there can be read',
      run: async ({ runner, machine, line }) => {
        const known = inMemory(runner) ? null : machine.disk(runner.path!);
        if (!known?.exists) return 'no file yet; Flue makes it when it starts';
        const library = machine.require('node:sqlite') as {
          DatabaseSync: new (path: string, options: object) => Database;
        } | null;
        if (!library) throw new NotChecked('this Node has no node:sqlite, which Flue uses');
        const database = new library.DatabaseSync(known.absolute, { readOnly: true });
        try {
          const rows = database
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'flue\\_%' ESCAPE '\\'")
            .all();
          const tables = rows.map(({ name }) => String(name));
          const marks = tables.includes('flue_meta') ? database.prepare('SELECT key, value FROM flue_meta').all() : [];
          const [found] = Object.values(database.prepare('PRAGMA quick_check(1)').all()[0] ?? {});
          must(
            found === 'ok',
            `quick_check says: ${found}`,
            'put back a copy, or move the file away and start with a new one',
          );
          return judgeMark(Object.fromEntries(marks.map(({ key, value }) => [key, String(value)])), tables, line);
        } finally {
          database.close();
        }
      },
    },
  ],
  contract: [],
  pending: () => [],
  pendingFor: 0,
  scratch: { keep: async () => {}, find: async () => {}, remove: async () => null, sweep: async () => 0 },
  retries: false,
  remedies: {},
};
