import type { HostGuide } from '../../../types/guide.ts';

/** What Flue says of itself in the guide. */
export const guide: HostGuide = {
  title: 'Flue',
  entryTitle: 'db entry',
  whenRead: 'It is read when the server starts, not when it is built.',
  target:
    'It is for the Node target; on Cloudflare, Durable Object\nSQLite is built in and a `db.ts` fails every build.',
  migrations:
    "Flue calls the adapter's `migrate()` at every start. It makes what is missing, leaves what is there, " +
    'and refuses data that a\nnewer Flue has written; there is no migration command. ' +
    "1.0.0-beta and 2.x do not read each other's data: after that upgrade a fresh\ndatabase or prefix is needed.",
  stored: [
    ['Session messages and compaction state', 'Files of a sandbox'],
    [
      'Accepted prompts and dispatches, with what recovers them after a crash',
      'Effects outside, such as calls to other services',
    ],
    ['Attachments and event streams; workflow runs, on the line that has them', "The application's own data"],
    ['', 'Secrets and provider credentials'],
  ],
  verified:
    '`flue-db verify` looks at what can be looked at without an agent: whether the database is reachable ' +
    'and fit for Flue, and, where it may write, whether\n`db.ts` keeps what the adapter expects of it, ' +
    'over two processes. `--throwaway` does that with a server of its own, which is killed and started again.',
  nothingToAdd: ['The project builds for Cloudflare', 'Nothing to add: Durable Object SQLite is built in'],
};
