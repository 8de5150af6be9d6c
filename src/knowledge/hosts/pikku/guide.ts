import type { HostGuide } from '../../../types/guide.ts';

/** What Pikku says of itself in the guide. */
export const guide: HostGuide = {
  title: 'Pikku',
  entryTitle: 'module of Redis services',
  whenRead: 'It is read where the services are made, when a server starts, and not when code is generated.',
  target:
    'It is for whatever runs on Node or Bun; on Cloudflare\n' +
    'a connection cannot outlive a request, and Pikku keeps workflows in a Durable Object.',
  migrations:
    'There is nothing to migrate: keys are made as they are needed, and nothing expires. ' +
    'Each release of `@pikku/core` goes with one of `@pikku/redis`,\n' +
    'which is why that is pinned; run this again after an update.',
  stored: [
    ['Workflow runs: input, state, status and output', 'Jobs of a queue, which is what resumes a run after a crash'],
    ['Steps that have finished, so that they are not done again', 'Effects outside, such as calls to other services'],
    ['Locks, for 30 s', 'Agents, sessions and secrets'],
  ],
  verified: [
    '`flue-db verify` does the first of that without your workflows: it asks whether the server is fit, ' +
      'begins a run of its own, kills the process',
    'in which it did, and reads the run in another. `--throwaway` takes a server of its own for it, ' +
      'which is killed and started again.',
  ].join('\n'),
  nothingToAdd: ['The project runs on Cloudflare alone', 'Nothing to add: Pikku brings a Durable Object'],
};
