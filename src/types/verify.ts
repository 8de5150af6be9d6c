/** What `verify` finds out of a database and of the db entry that uses it, and what its processes tell each other. */

/** How bad it is where something does not hold: an error makes the database unfit, a warning does not. */
export type Severity = 'error' | 'warning';

/** One thing that was looked at. */
export interface Check {
  /** Stable, for programs: `server-answers`. */
  code: string;
  /** What holds where `ok` is true, in a few words. */
  title: string;
  /** null: not checked; `because` says why. */
  ok: boolean | null;
  /** What it means where `ok` is false. */
  severity: Severity;
  because: string | null;
  /** What to do about it. */
  remedy: string | null;
  ms: number;
}

/** `read` writes nothing; `write` makes tables or keys of its own, and removes them. */
export const levels = ['read', 'write'] as const;

export type Level = (typeof levels)[number];

/** The lines of Flue that differ in what they ask of a runner; null: it is not known. */
export type RunnerLine = 'beta' | 'two' | null;

/**
 * What one child process is there for. `look`: reaches the server and asks whether it is fit. `hold`: holds the runner
 * to its contract, and leaves a row. `race`: one of two processes that write at once. `return`: another process, which
 * reads that row. `clean`: removes what is left.
 */
export type Phase = 'look' | 'hold' | 'race' | 'return' | 'clean';

/** How long things may take, in ms. */
export interface Limits {
  load: number;
  reach: number;
  check: number;
  /** All that the process does. */
  all: number;
}

/** Variables of which the first that is set is taken. `own`: by the db entry itself, and not by a module it imports. */
export interface Fallback {
  names: string[];
  own: boolean;
}

/** What a child is told, on its stdin. */
export interface Job {
  /** Every message of this child carries it: what the db entry itself writes there does not count. */
  key: string;
  phase: Phase;
  /** The host whose entry it is. */
  host: string;
  /** The package folder, which is where Flue runs. */
  root: string;
  /** The db entry, absolute. */
  entry: string;
  /** The env file, absolute, or null. */
  envFile: string | null;
  line: RunnerLine;
  scratch: string;
  /** Names of variables that may hold the address. */
  variables: string[];
  fallbacks: Fallback[];
  /** Whether its client may belong to another module of the project, which then connects and closes it. */
  shared: boolean;
  /** The adapters' packages that the db entry itself imports. */
  adapters: string[];
  /** Whether an adapter that none of Flue's packages made may be started, which may write. */
  startsOwn: boolean;
  /** How many processes have written at once before. */
  races: number;
  limits: Limits;
  /** The only port of this machine that may be connected to, where the server is a throwaway one. */
  onlyPort: number | null;
}

/** Where the db entry leads, as its process saw it. Nothing of it is a secret. */
export interface Site {
  engine: string;
  /** `vite 8.3.8`, `node 22.23.3` */
  loadedBy: string;
  /** `Postgres 18.4` */
  server: string;
  /** `127.0.0.1:5432/app`, or a file; null where it could not be seen. */
  address: string | null;
  local: boolean;
  /** Whether the environment says that this is production. */
  production: boolean;
  /** Whether Flue's state is there, and whether anything else is. */
  holds: { flue: boolean; others: boolean };
  /** Why writing makes no sense here, or null. */
  unwritable: string | null;
  /** Whether several processes of one machine share it by the file system's locks alone. */
  sharedFile: boolean;
}

/** What a child says, one line of JSON each on descriptor 3. */
export type Message =
  | { event: 'start'; code: string; title: string; limit: number }
  | { event: 'check'; check: Check }
  | { event: 'site'; site: Site }
  /** Everything is said, and the process should end by itself. */
  | { event: 'ending' }
  /** It has not, and this keeps it alive. */
  | { event: 'alive'; resources: string[] }
  /** It ends. `words`: the last lines of what it printed, without secrets. */
  | { event: 'exit'; words: string };
