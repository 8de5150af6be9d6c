import { type Context, must, NotChecked, type Probe, rejection } from './engine.ts';
import { type RedisRunner, replyText, replyTexts } from './redis-replies.ts';
import { mustEqual, shown } from './sql.ts';

type RedisProbe = Probe<RedisRunner>;

/** What Flue sends together. */
export function pipelines({ seconds }: { seconds: number }): RedisProbe[] {
  const probe = (one: Omit<RedisProbe, 'run'> & { run: (context: Piping) => Promise<void> }): RedisProbe => ({
    ...one,
    run: async (context) => {
      const { runner } = context;
      if (!runner.pipeline) throw new NotChecked('the runner has no pipeline(); commands then go one by one');
      await one.run({ ...context, pipeline: (list) => runner.pipeline!(list) });
      return undefined;
    },
  });
  return [
    probe({
      // Results dropped, or out of order.
      code: 'pipeline',
      title: 'a pipeline gives one result per command, in order',
      run: async ({ pipeline, scratch }) => {
        const results = await pipeline([
          { command: 'SET', args: [scratch.key('text'), 'two', 'EX', seconds] },
          { command: 'GET', args: [scratch.key('text')] },
          { command: 'STRLEN', args: [scratch.key('text')] },
        ]);
        must(
          Array.isArray(results) && results.length === 3,
          `three commands give ${shown(results)}`,
          'one result per command',
        );
        mustEqual([replyText(results[0]), replyText(results[1]), Number(results[2])], ['OK', 'two', 3], 'the results');
      },
    }),
    probe({
      // Errors that nobody reads.
      code: 'pipeline-rejects',
      title: 'a pipeline with a failed command rejects',
      run: async ({ pipeline, scratch }) => {
        const results = await pipeline([
          { command: 'SET', args: [scratch.key('half'), '1', 'EX', seconds] },
          { command: 'HGET', args: [scratch.key('half'), 'x'] },
        ]).catch(() => null);
        // The adapter looks for these two forms itself.
        const shownAsError = results?.some(
          (one) => one instanceof Error || (Array.isArray(one) && one[0] instanceof Error),
        );
        must(
          results === null || shownAsError,
          'an error was given back as a value',
          'throw the first error of the results',
        );
      },
    }),
    probe({
      code: 'pipeline-parallel',
      title: 'forty pipelines at once each get their own answers',
      run: async ({ pipeline }) => {
        const numbers = [...Array(40).keys()];
        const answers = await Promise.all(
          numbers.map((i) =>
            pipeline([
              { command: 'ECHO', args: [String(i)] },
              { command: 'ECHO', args: [`b${i}`] },
            ]),
          ),
        );
        mustEqual(
          answers.map((one) => replyTexts(one).join()),
          numbers.map((i) => `${i},b${i}`),
          'their answers',
        );
      },
    }),
    probe({
      // Commands sent one after the other: a round trip each.
      code: 'pipeline-one-trip',
      title: 'a pipeline is one round trip',
      severity: 'warning',
      run: async ({ pipeline, machine }) => {
        const list = Array.from({ length: 50 }, (_, i) => ({ command: 'ECHO', args: [String(i)] }));
        const trips = await machine.roundTrips(() => pipeline(list));
        if (trips === null) throw new NotChecked('what this driver sends cannot be seen');
        must(
          trips < 25,
          `fifty commands took ${trips} round trips`,
          'send them together: `multi()`, `pipeline()` or a batch',
        );
      },
    }),
    probe({
      // A plain pipeline instead of MULTI and EXEC: WATCH is refused inside of those, and only there. Some clients
      // keep that to themselves, as EXEC itself does not fail for it: then there is no answer.
      code: 'pipeline-atomic',
      title: 'nobody sees half a pipeline',
      severity: 'warning',
      run: async ({ pipeline, runner, scratch }) => {
        const watching = pipeline([{ command: 'WATCH', args: [scratch.key('half')] }]);
        const watched = await watching.then(isTaken, () => false);
        if (watched) await rejection(runner.command('UNWATCH'));
        must(
          !watched,
          'its commands are no transaction: another process may see half of them',
          'send them between MULTI and EXEC',
        );
      },
    }),
  ];
}

interface Piping extends Context<RedisRunner> {
  pipeline: NonNullable<RedisRunner['pipeline']>;
}

/** Whether the one command was carried out, be its reply given as ioredis does, beside its error. */
function isTaken(results: unknown): boolean {
  const [first] = Array.isArray(results) ? (results as unknown[]) : [];
  return replyText(Array.isArray(first) ? first[1] : first) === 'OK';
}
