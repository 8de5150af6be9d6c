import { must, rejection } from '../../knowledge/engines/verify/engine.ts';
import { closeQuietly, migrate, type Opened } from './opened.ts';

/**
 * Holds the runner to its contract, in names of this run, and leaves something for the process that comes after this
 * one.
 */
export async function hold(opened: Opened): Promise<void> {
  const { engine, context, check, checks } = opened;
  if (!(await reach(opened))) return;
  // What dead runs have left is no matter of this check; where it cannot be looked for, the next ones say why.
  await checks.bounded(engine.scratch.sweep(context), opened.job.limits.check / 3).catch(() => {});
  for (const { code, title, severity, blocks, run } of engine.contract) {
    if (checks.isStuck()) return;
    const done = await check({ code, title, ...(severity && { severity }) }, () => run(context));
    if (blocks && !done.ok) return closeQuietly(opened);
  }
  if (checks.isStuck()) return;
  const { titles, killed } = engine.scratch;
  const title = titles?.keep ?? 'leaves a row for another process';
  await check({ code: 'keeps', title }, () => engine.scratch.keep(context));
  if (!killed) await closeQuietly(opened);
}

/** How often each of two processes adds one. */
const times = 10;

/** One of two processes that write at once. */
export async function race(opened: Opened): Promise<void> {
  const { engine, context, check, job } = opened;
  if (!(await reach(opened))) return;
  const patience = Math.round((job.limits.check * 2) / 3);
  await check({ code: 'races', title: 'writes beside another process' }, () =>
    engine.scratch.race?.(context, times, patience),
  );
  await closeQuietly(opened);
}

/** Another process: reads what the first has left, and removes it. */
export async function comeBack(opened: Opened): Promise<void> {
  const { engine, context, check, job } = opened;
  if (!(await reach(opened))) return;
  const title = engine.scratch.titles?.find ?? 'another process reads what the first one wrote';
  await check({ code: 'kept', title }, () => engine.scratch.find(context));
  if (job.races > 0) {
    await check({ code: 'shared-file', title: 'two processes at once lose nothing' }, async () => {
      const counted = (await engine.scratch.raced?.(context)) ?? 0;
      const remedy = "transactions that take the write lock when they begin: `transaction('write')`";
      must(counted === job.races * times, `of ${job.races * times} additions ${counted} are there`, remedy);
    });
  }
  await clean(opened);
  await closeQuietly(opened);
}

/** Removes what this run has made. */
export async function clean({ engine, context, check }: Opened): Promise<void> {
  await check(
    { code: 'removed', title: 'what was made for this is gone', severity: 'warning', limit: 10_000 },
    async () => {
      const left = await engine.scratch.remove(context);
      must(left === null, `there stays ${left}`, 'drop it by hand, if it bothers you');
    },
  );
}

/** The same of a process that does nothing else, and of dead runs. */
export async function cleanOnly(opened: Opened): Promise<void> {
  if (!(await reach(opened))) return;
  await clean(opened);
  await closeQuietly(opened);
}

/** A start that is only said where it fails: it was said before. */
async function reach(opened: Opened): Promise<boolean> {
  const { check, checks, engine, one, job } = opened;
  const reaching = migrate(opened).then(() => engine.ping(one.runner));
  const failed = await rejection(checks.bounded(reaching, job.limits.reach));
  if (!failed) {
    opened.hasAnswered();
    return true;
  }
  await check({ code: 'server-answers', title: 'the server answers' }, () => {
    throw failed.error;
  });
  return false;
}
