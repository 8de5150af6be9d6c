import { must, NotChecked } from '../../knowledge/engines/verify/engine.ts';
import type { Job } from '../../types/verify.ts';
import { lookAtAddresses } from './alternatives.ts';
import { importConnectsNothing } from './before-start.ts';
import type { Opened, PersistenceAdapter, Work } from './opened.ts';
import { remedyFor } from './remedies.ts';

/** What is used of the checks of an adapter of Flue's: an adapter of another kind has no runner to ask. */
type AdapterWork = Pick<Opened, 'check' | 'checks' | 'job'> & { adapter: PersistenceAdapter };

/** The stores that Flue takes from `connect()` (`PersistenceStores` of @flue/runtime 2.0.3 and 2.1.0). */
const stores = ['submissionStore', 'conversationStreamStore', 'attachmentStore'];

/** Whatever goes wrong with it. */
const toClose = 'Flue calls it when the server stops: let it end, whatever is open';

/**
 * Looks at an adapter that is none of `@flue/…`, as far as that goes: what importing it does, and, where the job says
 * that it may, whether it starts. Elsewhere it is said that its database was not looked at.
 */
export async function lookAtOwn(work: Work, adapter: PersistenceAdapter): Promise<void> {
  const { job, checks, sockets } = work;
  const known = { variables: job.variables, remedies: {} };
  const check: Opened['check'] = (named, run) =>
    checks.run({ limit: job.limits.check, ...named }, run, (error) => remedyFor(error, known));
  await check({ code: 'adapter-known', title: 'an adapter of Flue' }, () => {
    throw new NotChecked('it makes no adapter of `@flue/…`: one of another kind has no runner to look at');
  });
  await importConnectsNothing({ check, sockets, job });
  await lookAtAddresses({ check, job, sockets });
  if (job.startsOwn) return startOwn({ check, checks, job, adapter });
  await check({ code: 'database-checked', title: 'its database is there', severity: 'warning' }, () => {
    const remedy = '`--level write` starts it as Flue does, which may make tables or files of its own';
    must(false, 'not checked: only starting the adapter would show whether it answers', remedy);
  });
}

async function startOwn({ check, checks, job, adapter }: AdapterWork): Promise<void> {
  let given: unknown;
  const started = await check(
    { code: 'starts', title: 'it starts as Flue starts it', limit: job.limits.reach },
    async () => {
      await adapter.migrate?.();
      given = await adapter.connect();
    },
  );
  if (started.ok)
    await check({ code: 'gives-stores', title: 'it gives its stores' }, () => judgeStores(given, job.line));
  const named = { code: 'closes', title: 'close() ends', severity: 'warning' } as const;
  const limit = job.limits.check;
  if (adapter.close)
    await checks.run(
      { ...named, limit },
      () => adapter.close?.(),
      () => toClose,
    );
}

function judgeStores(given: unknown, line: Job['line']): void {
  const isObject = typeof given === 'object' && given !== null;
  must(isObject, 'connect() gives no stores', 'give the stores that Flue keeps its state in');
  const missing = line === 'two' ? stores.filter((name) => !(name in given)) : [];
  must(missing.length === 0, `what connect() gives lacks ${missing.join(', ')}`, 'Flue 2 wants all three stores');
}
