import { must, NotChecked } from '../../../types/finding.ts';
import type { HostProbe } from '../../../types/opening.ts';
import { clientsOf, type PikkuRunner, workflowsOf } from './made.ts';

type Probe = HostProbe<PikkuRunner>;

/** The services that have a client of their own, which never ends, and leads to localhost where nothing is said. */
function strangers({ services, client }: PikkuRunner): string[] {
  const shared = client();
  return Object.entries(services()).flatMap(([name, service]) => {
    const owns = (service as { ownsConnection?: unknown } | null)?.ownsConnection === true;
    return owns || clientsOf(service).some((one) => one !== shared) ? [name] : [];
  });
}

/** What of the services themselves makes them fit, each a fault of `@pikku/redis` that shows nowhere else. */
export const fitness: Probe[] = [
  {
    code: 'services-made',
    title: 'it makes both services for workflows',
    blocks: true,
    run: async ({ runner }) => {
      workflowsOf(runner);
      return Object.keys(runner.services()).join(', ');
    },
  },
  {
    // Given a client of another copy of ioredis, a service takes it for settings and connects to localhost.
    code: 'one-connection',
    title: 'all its services use one connection',
    run: async ({ runner }) => {
      const others = strangers(runner);
      const remedy = 'give all of them one client, of the ioredis that `@pikku/redis` itself has: `npm ls ioredis`';
      must(others.length === 0, `${others.join(', ')} connects by itself, whatever the address is`, remedy);
      return undefined;
    },
  },
  {
    // SCAN knows nothing of the client's prefix.
    code: 'no-key-prefix',
    title: 'its client has no keyPrefix',
    run: async ({ runner }) => {
      const prefix = runner.client().options?.keyPrefix;
      must(!prefix, 'with a `keyPrefix` runs are kept and never listed', 'take `keyPrefix` out of the client');
      return undefined;
    },
  },
  {
    code: 'same-prefix',
    title: 'what keeps runs and what lists them agree on a prefix',
    run: async ({ runner }) => {
      const { runs, list } = workflowsOf(runner);
      const [one, other] = [runs.keyPrefix, list.keyPrefix];
      const remedy = 'leave the prefix out of both: it is `workflows`';
      must(one === other, `one has \`${one}\` and the other \`${other}\`: runs are kept and never listed`, remedy);
      return typeof one === 'string' ? `\`${one}\`` : undefined;
    },
  },
  {
    code: 'no-resend',
    title: 'a command whose reply was lost is not sent again',
    severity: 'warning',
    run: async ({ runner }) => {
      const retries = runner.client().options?.maxRetriesPerRequest;
      const why = 'a lock that is asked for again is found taken, by itself, for 30 s';
      must(retries === 0, `maxRetriesPerRequest is ${retries}: ${why}`, 'make the client with maxRetriesPerRequest: 0');
      return undefined;
    },
  },
];

/** More keys than these are not read for a check: `listRuns` reads every run. */
const most = 10_000;

/** Whether there are too many keys to list the runs. */
export async function isLarge(runner: PikkuRunner): Promise<boolean> {
  return Number(await runner.command('DBSIZE')) > most;
}

/** What is asked of the runs that are there. */
export const stateOfRuns: Probe = {
  // One run without an input, which is stored as nothing, makes it raise.
  code: 'state',
  title: 'the runs that are there can be listed',
  run: async ({ runner }) => {
    const { list } = workflowsOf(runner);
    if (await isLarge(runner)) throw new NotChecked(`there are more than ${most} keys, and it would read every run`);
    const runs = await list.listRuns({ limit: most }).catch((error: Error) => error);
    const remedy = 'delete the keys of runs without an input, and give every workflow one';
    must(!(runs instanceof Error), `listing them fails (${(runs as Error).message})`, remedy);
    return `${runs.length} runs`;
  },
};
