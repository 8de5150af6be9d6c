import { setTimeout as pause } from 'node:timers/promises';
import { type EngineChecks, must, rejection } from './engine.ts';
import { type Dialect, mustEqual, one, type SqlProbe, type SqlRunner, statements, typeName } from './sql.ts';

class Own extends Error {}

/** Poolers in statement mode, proxies without transactions. Writes nothing. */
export const hasTransactions: SqlProbe = {
  code: 'transactions',
  title: 'there are transactions',
  blocks: true,
  run: async ({ runner }) => {
    await runner.transaction((tx) => one(tx, 'SELECT 1 AS one'));
    return undefined;
  },
};

/** One that writes nothing, for whoever counts what connections it takes. */
export const together: NonNullable<EngineChecks<SqlRunner>['together']> = {
  title: 'transactions',
  run: (runner) => runner.transaction((tx) => tx.query('SELECT 1')),
};

/** One connection, all or nothing. */
export function transactions(dialect: Dialect): SqlProbe[] {
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
        mustEqual(await ids(context.runner), [1], 'the rows after it', remedy);
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
        must(
          thrown?.error === own,
          `${thrown ? typeName(thrown.error) : 'nothing'} came back`,
          'rethrow the very error',
        );
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
        mustEqual(result, { seen: [1, 3] }, 'what the callback had returned', 'return the result of the callback');
        mustEqual(await ids(context.runner), [1, 3], 'the rows after the commit');
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
        mustEqual(await outside, [1, 3], 'the rows seen from outside');
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

/** Many at once. */
export function concurrency(dialect: Dialect): SqlProbe[] {
  return [
    {
      // Clients never released, locks not held, poolers that mix up named statements.
      code: 'parallel-transactions',
      title: 'eight transactions at once lose nothing',
      run: async (context) => {
        const { count, read, set } = statements(context, dialect);
        await set(context.runner, 'n', 0);
        await Promise.all(Array.from({ length: 8 }, () => count(context.runner, () => pause(5))));
        mustEqual(Number((await read(context.runner, 'n')).n), 8, 'the number that each of them adds one to');
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
        mustEqual(
          rows.map(({ i }) => Number(i)),
          numbers,
          'their answers',
        );
        return undefined;
      },
    },
  ];
}

/** What goes wrong is said, and breaks nothing. */
export function failures(dialect: Dialect): SqlProbe[] {
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
        mustEqual(await ids(context.runner), [1, 3], 'the rows');
        return undefined;
      },
    },
  ];
}
