import { setTimeout as pause } from 'node:timers/promises';
import { must, type Probe, rejection } from './engine.ts';
import { type MongoRunner, ownCollection } from './mongodb-contract.ts';
import { mustEqual, shown, typeName } from './sql.ts';

class Own extends Error {}

/** The code of the server where another transaction has changed the document. */
const writeConflict = 112;

/** All or nothing, and nobody sees half. */
export const mongoTransactions: Probe<MongoRunner>[] = [
  {
    code: 'rolls-back',
    title: 'a throw in a transaction leaves nothing behind, and comes back itself',
    run: async (context) => {
      const own = new Own('the callback says no');
      const thrown = await rejection(
        context.runner.transaction(async (tx) => {
          await ownCollection(context, tx).insertOne({ _id: 'never' });
          throw own;
        }),
      );
      must(thrown, 'transaction() was kept although its callback threw', 'rethrow what the callback throws');
      mustEqual(
        (await ownCollection(context).findOne({ _id: 'never' })) ?? null,
        null,
        'the document after it',
        'hand every operation the session',
      );
      must(thrown.error === own, `${typeName(thrown.error)} came back`, 'rethrow the very error');
      return undefined;
    },
  },
  {
    code: 'commits',
    title: 'a transaction sees its own writes, keeps them, and gives its result',
    run: async (context) => {
      const result = await context.runner.transaction(async (tx) => {
        await ownCollection(context, tx).insertOne({ _id: 'done' });
        return { seen: (await ownCollection(context, tx).findOne({ _id: 'done' }))?._id };
      });
      mustEqual(result, { seen: 'done' }, 'what the callback had returned', 'return the result of the callback');
      must(await ownCollection(context).findOne({ _id: 'done' }), 'the document is not there after the commit');
      return undefined;
    },
  },
  {
    code: 'isolated',
    title: 'nobody sees an open transaction',
    run: async (context) => {
      const own = new Own('enough seen');
      const thrown = await rejection(
        context.runner.transaction(async (tx) => {
          await ownCollection(context, tx).insertOne({ _id: 'open' });
          const outside = ownCollection(context).findOne({ _id: 'open' });
          outside.catch(() => {});
          const seen = await Promise.race([outside, pause(400, null)]);
          must(!seen, 'its document is seen from outside while it is open', 'hand every operation the session');
          throw own;
        }),
      );
      if (thrown && thrown.error !== own) throw thrown.error;
      return undefined;
    },
  },
  {
    // `runMongoTransactionWithRetry` tries five times after a WriteConflict, without a pause, if nothing else is said.
    code: 'parallel-transactions',
    title: 'eight transactions at once lose nothing',
    run: async (context) => {
      await ownCollection(context).insertOne({ _id: 'counter', n: 0 });
      const add = () =>
        context.runner.transaction(async (tx) => {
          const found = await ownCollection(context, tx).findOne({ _id: 'counter' });
          await pause(5);
          await ownCollection(context, tx).updateOne({ _id: 'counter' }, { $set: { n: Number(found?.n) + 1 } });
        });
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, add));
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      const other = refused.find((reason) => (reason as { code?: unknown } | null)?.code !== writeConflict);
      if (other !== undefined) throw other;
      const done = outcomes.length - refused.length;
      const { n } = (await ownCollection(context).findOne({ _id: 'counter' })) ?? {};
      must(
        Number(n) === done,
        `${done} were called done, and the number that each adds one to is ${shown(n)}`,
        'read and write in the session',
      );
      const remedy = 'try again more often, with a pause: `maxTransactionAttempts: 20`, and a random wait before each';
      must(done === 8, `${8 - done} of them gave up over a WriteConflict`, remedy, 'warning');
      return undefined;
    },
  },
];
