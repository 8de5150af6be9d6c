import { setTimeout as pause } from 'node:timers/promises';
import { Finding, must, rejection } from './engine.ts';
import { type Dialect, kindOf, one, type SqlProbe, type SqlRunner, same, shown, statements } from './sql.ts';

/** What a SQL runner has to do, each with the faults it has caught. The rows 1 and 3 are there from `commits` on. */
export function sqlContract(dialect: Dialect): SqlProbe[] {
  return [
    makesTable(dialect),
    ...values(dialect),
    ...transactions(dialect),
    ...concurrency(dialect),
    ...failures(dialect),
  ];
}

/** The driver's result object instead of its rows. */
function makesTable(dialect: Dialect): SqlProbe {
  return {
    code: 'makes-table',
    title: 'makes a table, and a statement without rows gives none',
    blocks: true,
    run: async (context) => {
      const { create, insert } = statements(context, dialect);
      await context.runner.query(create);
      same(await insert(context.runner, 1), [], 'the rows of an INSERT', 'give `[]` where a statement has no rows');
      return context.scratch.table;
    },
  };
}

function values(dialect: Dialect): SqlProbe[] {
  return [
    {
      // Rows as arrays, columns renamed, a result class of the driver's own.
      code: 'plain-rows',
      title: 'rows are plain objects by column name',
      run: async ({ runner, scratch }) => {
        const rows = await runner.query(
          `SELECT id, big AS other_name FROM ${scratch.table} WHERE id = ${dialect.at(1)}`,
          [1],
        );
        must(
          Array.isArray(rows) && Object.getPrototypeOf(rows) === Array.prototype,
          `query() gives ${kindOf(rows)}, not a plain array`,
          'copy it: `[...rows]`',
        );
        same(rows.length, 1, 'the number of rows');
        same(Object.keys(rows[0]!), ['id', 'other_name'], 'the names of the columns', 'leave the names as they are');
        same(Number(rows[0]!.id), 1, 'the value of `id`');
        return undefined;
      },
    },
    {
      // Parameters turned into text, or their order lost.
      code: 'parameters',
      title: 'parameters arrive in order and as they are',
      run: async ({ runner }) => {
        const types = ['text', 'integer', 'boolean', 'text', 'text'] as const;
        const names = ['a', 'b', 'c', 'd', 'e'];
        const columns = types.map((type, i) => `${dialect.typed(i + 1, type)} AS ${names[i]}`);
        const row = await one(runner, `SELECT ${columns.join(', ')}`, ['first', 7, true, null, '']);
        const { a, b, c, d, e } = row;
        same([a, Number(b), Number(c), d, e], ['first', 7, 1, null, ''], 'the parameters');
        return undefined;
      },
    },
    {
      // `params.map(String)`, a parser or type cast for binary columns.
      code: 'bytes',
      title: 'bytes stay bytes',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        const all = [...Array(256).keys()];
        await set(context.runner, 'content', dialect.sent(all));
        const { content } = await read(context.runner, 'content');
        const isBytes = content instanceof ArrayBuffer || ArrayBuffer.isView(content);
        must(isBytes, `bytes come back as ${kindOf(content)}`, 'no parser or type cast for binary columns');
        const view =
          content instanceof ArrayBuffer
            ? new Uint8Array(content)
            : new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
        same([...view], all, 'the 256 bytes');
        return undefined;
      },
    },
    {
      code: 'null',
      title: 'NULL is null',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        same((await read(context.runner, 'big')).big, null, 'NULL');
        await set(context.runner, 'content', null);
        same((await read(context.runner, 'content')).content, null, 'a parameter that is null');
        return undefined;
      },
    },
    {
      // A parser that rounds.
      code: 'large-integers',
      title: 'large integers are exact',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        await set(context.runner, 'big', Number.MAX_SAFE_INTEGER);
        const { big } = await read(context.runner, 'big');
        same(Number(big), Number.MAX_SAFE_INTEGER, '2^53 - 1', 'leave BIGINT to the driver, or parse it with BigInt');
        same(String(big), String(Number.MAX_SAFE_INTEGER), '2^53 - 1 as text');
        return undefined;
      },
    },
    {
      // JSON parsed, a character set without emoji, a limit on the size of a packet.
      code: 'text',
      title: 'text stays text: JSON, emoji, a megabyte',
      run: async (context) => {
        const { read, set } = statements(context, dialect);
        const text = JSON.stringify({ a: '😀'.repeat(1000), b: 'x'.repeat(1_000_000), z: '\\ \' " ? $1 :a' });
        await set(context.runner, 'body', text);
        const { body } = await read(context.runner, 'body');
        must(typeof body === 'string', `a text column comes back as ${kindOf(body)}`, 'no parser for text columns');
        must(
          body === text,
          `the text came back changed (${body.length} of ${text.length} characters)`,
          'a database in UTF-8 (MySQL: utf8mb4)',
        );
        return undefined;
      },
    },
  ];
}

class Own extends Error {}

function transactions(dialect: Dialect): SqlProbe[] {
  return [
    {
      // The pool instead of the one connection, COMMIT in the wrong place, no ROLLBACK.
      code: 'rolls-back',
      title: 'a throw in a transaction leaves nothing behind',
      run: async (context) => {
        const { ids, insert } = statements(context, dialect);
        const thrown = await rejection(
          context.runner.transaction(async (tx) => {
            await insert(tx, 2);
            throw new Own('the callback says no');
          }),
        );
        must(thrown, 'transaction() was kept although its callback threw', 'rethrow what the callback throws');
        const remedy = 'all statements of a transaction on one connection, and ROLLBACK when the callback throws';
        same(await ids(context.runner), [1], 'the rows after it', remedy);
        return undefined;
      },
    },
    {
      // Swallowed, wrapped, replaced by what ROLLBACK says.
      code: 'own-error',
      title: "the callback's own error comes back",
      run: async (context) => {
        const { ids } = statements(context, dialect);
        const own = new Own('the callback says no');
        const thrown = await rejection(
          context.runner.transaction(async (tx) => {
            await ids(tx);
            throw own;
          }),
        );
        must(thrown?.error === own, `${thrown ? kindOf(thrown.error) : 'nothing'} came back`, 'rethrow the very error');
        return undefined;
      },
    },
    {
      // No COMMIT, the result lost, a connection per statement.
      code: 'commits',
      title: 'a transaction sees its own writes, keeps them, and gives its result',
      run: async (context) => {
        const { ids, insert } = statements(context, dialect);
        const result = await context.runner.transaction(async (tx) => {
          await insert(tx, 3);
          return { seen: await ids(tx) };
        });
        same(result, { seen: [1, 3] }, 'what the callback had returned', 'return the result of the callback');
        same(await ids(context.runner), [1, 3], 'the rows after the commit');
        return undefined;
      },
    },
    {
      // One connection that everybody shares, READ UNCOMMITTED. Engines that queue answer only afterwards.
      code: 'isolated',
      title: 'nobody sees an open transaction',
      run: async (context) => {
        const { ids, insert } = statements(context, dialect);
        const own = new Own('enough seen');
        let outside: Promise<number[]> | undefined;
        const thrown = await rejection(
          context.runner.transaction(async (tx) => {
            await insert(tx, 4);
            outside = ids(context.runner);
            outside.catch(() => {});
            const seen = await Promise.race([outside, pause(400, null)]);
            const remedy = 'a connection of its own for every transaction';
            must(!seen?.includes(4), 'its rows are seen from outside while it is open', remedy);
            throw own;
          }),
        );
        if (thrown && thrown.error !== own) throw thrown.error;
        same(await outside, [1, 3], 'the rows seen from outside');
        return undefined;
      },
    },
    {
      // COMMIT whose answer nobody looks at: Postgres answers ROLLBACK to it, and no error.
      code: 'honest-commit',
      title: 'a failed statement that the callback swallows is not called done',
      severity: 'warning',
      run: async (context) => {
        const { ids, insert } = statements(context, dialect);
        const refused = await rejection(
          context.runner.transaction(async (tx) => {
            await insert(tx, 5);
            await tx.query(`SELECT * FROM ${context.scratch.table}_not_there`).catch(() => {});
          }),
        );
        const kept = (await ids(context.runner)).includes(5);
        const remedy = 'look at the command that COMMIT answers, and throw where it is ROLLBACK';
        must(refused || kept, 'transaction() says that it is done, and its rows are gone', remedy);
        if (kept) await context.runner.query(`DELETE FROM ${context.scratch.table} WHERE id = 5`);
        return undefined;
      },
    },
  ];
}

function concurrency(dialect: Dialect): SqlProbe[] {
  return [
    {
      // Clients never released, locks not held, poolers that mix up named statements.
      code: 'parallel-transactions',
      title: 'eight transactions at once lose nothing',
      run: async (context) => {
        const { count, read, set } = statements(context, dialect);
        await set(context.runner, 'n', 0);
        await Promise.all(Array.from({ length: 8 }, () => count(context.runner, () => pause(5))));
        same(Number((await read(context.runner, 'n')).n), 8, 'the number that each of them adds one to');
        return undefined;
      },
    },
    {
      // A pool that starves, answers that go to the wrong question.
      code: 'parallel-queries',
      title: 'forty queries at once each get their own answer',
      run: async ({ runner }) => {
        const numbers = [...Array(40).keys()];
        const rows = await Promise.all(
          numbers.map((i) => one(runner, `SELECT ${dialect.typed(1, 'integer')} AS i`, [i])),
        );
        same(
          rows.map(({ i }) => Number(i)),
          numbers,
          'their answers',
        );
        return undefined;
      },
    },
  ];
}

function failures(dialect: Dialect): SqlProbe[] {
  const failing = ({ scratch }: { scratch: { table: string } }) => `SELECT * FROM ${scratch.table}_not_there`;
  return [
    {
      // `.catch(() => [])`.
      code: 'errors-reject',
      title: 'a statement that fails rejects',
      run: async (context) => {
        const outside = await rejection(context.runner.query(failing(context)));
        must(outside, 'query() was kept although the statement failed', 'let the error of the driver through');
        const inside = await rejection(context.runner.transaction((tx) => tx.query(failing(context))));
        must(inside, 'a failed statement in a transaction was kept', 'let the error of the driver through');
        return undefined;
      },
    },
    {
      // Connections that a failure does not give back.
      code: 'usable-after-failures',
      title: 'usable after fifteen transactions that failed',
      run: async (context) => {
        for (let i = 0; i < 15; i += 1) await rejection(context.runner.transaction((tx) => tx.query(failing(context))));
        const { ids } = statements(context, dialect);
        same(await ids(context.runner), [1, 3], 'the rows');
        return undefined;
      },
    },
  ];
}

const keptRow = 77;

/** How a run leaves a row for another process, and how its table goes. */
export function sqlScratch(dialect: Dialect, listTables: (runner: SqlRunner) => Promise<string[]>) {
  return {
    keep: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string; id: string } }) => {
      const [id, body] = [dialect.at(1), dialect.at(2)];
      await runner.query(`INSERT INTO ${scratch.table} (id, body) VALUES (${id}, ${body})`, [keptRow, scratch.id]);
      await runner.query(`UPDATE ${scratch.table} SET n = 0`);
    },
    find: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string; id: string } }) => {
      const row = await one(runner, `SELECT body FROM ${scratch.table} WHERE id = ${dialect.at(1)}`, [keptRow]);
      must(
        row.body === scratch.id,
        `the row that the first process wrote is ${shown(row)}`,
        'see where both of them write',
      );
    },
    remove: async ({ runner, scratch }: { runner: SqlRunner; scratch: { table: string } }) => {
      await runner.query(`DROP TABLE IF EXISTS ${scratch.table}`);
      return null;
    },
    sweep: async ({ runner, scratch }: { runner: SqlRunner; scratch: { isLeft(id: string): boolean } }) => {
      const left = (await listTables(runner)).filter((table) => scratch.isLeft(table.replace(/^verify_/, '')));
      for (const table of left) await runner.query(`DROP TABLE IF EXISTS ${table}`);
      return left.length;
    },
  };
}

/** A `Finding` that names tables which are Flue's by their name and carry no mark, or another's. */
export function judgeMark(
  marks: Record<string, string>,
  tables: string[],
  line: 'beta' | 'two' | null,
): string | undefined {
  const others = tables.filter((table) => table !== 'flue_meta');
  if (tables.length === 0) return 'no tables of Flue yet; it makes them when it starts';
  const { format_version: format, schema_version: schema } = marks;
  const remedy = 'use another database or schema; or, where nothing of it is needed, drop the flue_* tables';
  const marked = format ?? schema;
  must(
    marked !== undefined || others.length === 0,
    `${others.length} tables named flue_* and no version mark (${others[0]}, …): Flue refuses such a database`,
    remedy,
  );
  // 2.x takes format 1 and relabels schema 8; beta takes schema 4 (the adapters' migrate(), 1.0.0-beta.9 and 2.0.3).
  const fits =
    marked === undefined ||
    line === null ||
    (line === 'two' ? format === '1' || (!format && schema === '8') : schema === '4');
  const mark = format === undefined ? `schema_version ${schema}` : `format_version ${format}`;
  if (!fits) throw new Finding(`its tables are marked ${mark}, which this Flue does not read`, remedy);
  return `${tables.length} tables of Flue${marked === undefined ? '' : `, ${mark}`}`;
}
