import { must, NotChecked, rejection } from '../../../types/finding.ts';
import type { Given, HostProbe, Opening } from '../../../types/opening.ts';
import { isLarge } from './fitness.ts';
import { type PikkuRunner, type RunService, type WorkflowService, workflowsOf } from './made.ts';

/**
 * What the services for workflows have to do, in runs of a workflow that is named after the run of `verify`. No worker
 * hears of them: nothing is put into a queue.
 */

type Context = Given<PikkuRunner>;

/** When the server drops what is written here by itself, in s, whatever becomes of this process. */
const seconds = 600;

const input = { text: 'a run of `flue-db verify` 😀', number: 2 ** 53 - 1, none: null, list: [1, 'two'] };
const result = { paid: true, note: 'ä\r\n"' };

const workflowOf = (id: string) => `verify_${id}`;

/** Begins a run, with one step done and one under way, as a crash would leave it. Gives its id. */
async function begin({ runner, scratch }: Context): Promise<string> {
  const { runs } = workflowsOf(runner);
  const id = await runs.createRun(workflowOf(scratch.id), input, true, 'verify', { type: 'verify' });
  await remember(runner, scratch, id);
  const done = await runs.insertStepState(id, 'first', 'verify', input);
  await runs.setStepRunning(done.stepId);
  await runs.setStepResult(done.stepId, result);
  const cut = await runs.insertStepState(id, 'second', 'verify', input);
  await runs.setStepRunning(cut.stepId);
  await expire(runner, runs, id, [done.stepId, cut.stepId]);
  return id;
}

/** The ids of the runs that this run of `verify` has begun, for whoever removes them. */
async function remember(runner: PikkuRunner, scratch: Context['scratch'], id: string): Promise<void> {
  await runner.command('SADD', [scratch.key('runs'), id]);
  await runner.command('EXPIRE', [scratch.key('runs'), seconds]);
}

async function expire(runner: PikkuRunner, { keyPrefix }: WorkflowService, id: string, steps: string[]): Promise<void> {
  const names = [`run:${id}`, `step:${id}:first`, `step:${id}:second`, ...steps.map((one) => `step-history:${one}`)];
  for (const name of names) await runner.command('EXPIRE', [`${keyPrefix}:${name}`, seconds]);
}

/** Raises where a run is not what it must be after `begin`, whoever reads it. Gives what could not be seen. */
async function checkBegun({ runner, scratch }: Context, id: string): Promise<string | undefined> {
  const { runs, list } = workflowsOf(runner);
  const run = await runs.getRun(id);
  must(run, 'the run is not there', 'see where both processes write, and whether the server keeps what it has');
  must(run.status === 'running', `its status is ${run.status}`);
  must(isSame(run.input, input), 'its input came back changed');
  const first = await runs.getStepState(id, 'first');
  const kept = first.status === 'succeeded' && isSame(first.result, result);
  must(kept, `the step that was done is ${first.status}: it would be done again`);
  const second = await runs.getStepState(id, 'second');
  must(second.status === 'running', `the step that was under way is ${second.status}`);
  if (await isLarge(runner)) return 'not listed: there are too many keys';
  const listed = await list.listRuns({ workflowName: workflowOf(scratch.id) });
  const remedy = 'leave the prefix out of both services, and `keyPrefix` out of the client';
  must(
    listed.some((one) => one.id === id),
    'it is kept, and is not among the runs that are listed',
    remedy,
  );
  const steps = await list.getRunSteps(id);
  must(steps.length === 2, `of its 2 steps ${steps.length} are listed`, remedy);
  return undefined;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What the services have to do. */
export const contract: HostProbe<PikkuRunner>[] = [
  {
    code: 'keeps-runs',
    title: 'a run and its steps come back as they were, and are listed',
    blocks: true,
    run: async (context) => {
      const id = await whereAllowed(() => begin(context));
      return checkBegun(context, id);
    },
  },
  {
    code: 'deletes-runs',
    title: 'a run that is deleted is gone',
    run: async (context) => {
      const { runs, list } = workflowsOf(context.runner);
      const id = await begin(context);
      must(await list.deleteRun(id), 'deleteRun() says that there is no such run');
      must((await runs.getRun(id)) === null, 'it is there still');
      return undefined;
    },
  },
  {
    code: 'locks-runs',
    title: 'a run is entered by one at a time',
    run: async ({ runner, scratch }) => {
      const { runs } = workflowsOf(runner);
      let inside = 0;
      let most = 0;
      const enter = () =>
        runs.withRunLock(workflowOf(scratch.id), async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 30));
          inside -= 1;
        });
      await Promise.all([enter(), enter(), enter()]);
      must(most === 1, `${most} were in it at once`);
      return undefined;
    },
  },
  {
    code: 'errors-reject',
    title: 'a command that fails rejects',
    run: async ({ runner, scratch }) => {
      const failed = await rejection(runner.command('HGET', [scratch.key('runs'), 'field']));
      must(failed, 'a command was kept although the server answered with an error');
      return undefined;
    },
  },
];

async function whereAllowed<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const denied = /^NOPERM\b/.test((error as Error).message);
    if (denied) throw new NotChecked('this user may not touch keys named `verify:…`, or none of `workflows:…`');
    throw error;
  }
}

/** Removes the runs with these ids, and what `deleteRun` leaves. */
async function removeRuns(runner: PikkuRunner, list: RunService, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await list.deleteRun(id);
    await runner.command('DEL', [`${list.keyPrefix}:run-state:${id}`, `${list.keyPrefix}:lock:${id}`]);
  }
}

async function idsIn({ runner, scratch }: Context): Promise<string[]> {
  return ((await runner.command('SMEMBERS', [scratch.key('runs')])) as unknown[]).map(String);
}

/** What is left for another process: a run, as a crash in its second step leaves it. */
export const scratch: Opening<PikkuRunner>['scratch'] = {
  titles: {
    keep: 'a run is begun, one of its steps is done; then its process is killed',
    find: 'another process reads that run, and the step that was done',
  },
  killed: true,
  keep: async (context) => {
    const id = await begin(context);
    await context.runner.command('SET', [context.scratch.key('kept'), id, 'EX', seconds]);
  },
  find: async (context) => {
    const id = await context.runner.command('GET', [context.scratch.key('kept')]);
    must(id !== null, 'what the first process wrote is not there', 'see where both of them write');
    return checkBegun(context, String(id));
  },
  remove: async (context) => {
    const { runner, scratch: names } = context;
    const { list } = workflowsOf(runner);
    await removeRuns(runner, list, await idsIn(context));
    const lock = `${list.keyPrefix}:lock:${workflowOf(names.id)}`;
    await runner.command('DEL', [names.key('runs'), names.key('kept'), lock]);
    return null;
  },
  // What was killed before it had said that it expires.
  sweep: async ({ runner, scratch: names }) => {
    if (await isLarge(runner)) return 0;
    const { list } = workflowsOf(runner);
    const left = (await list.listRuns({ limit: 10_000 })).filter(({ workflow }) => {
      const id = /^verify_(\w+)$/.exec(workflow)?.[1];
      return id !== undefined && names.isLeft(id);
    });
    await removeRuns(
      runner,
      list,
      left.map(({ id }) => id),
    );
    return left.length;
  },
};
