import type { ProbeOf } from '../../../types/finding.ts';
import type { RunnerLine } from '../../../types/verify.ts';

export { Finding, must, NotChecked, rejection } from '../../../types/finding.ts';

/**
 * What `verify` knows of one engine: what makes a server of it fit, and what a runner has to do. One file each, listed
 * in index.ts.
 */
export interface EngineChecks<R = unknown> {
  /** The factory of the adapter: `postgres`, `redis`. */
  name: string;
  /** The functions of its runner; null where it is asked through something else than one. */
  functions: string[] | null;
  /** Asks one question. Raises where the server does not answer, or not in the form of the contract. */
  ping(runner: R): Promise<void>;
  /** Which server it is. */
  describe(context: Context<R>): Promise<Description>;
  /** Questions to the server and to the runner that write nothing. */
  fitness: Probe<R>[];
  /** What the runner has to do, in tables or keys of its own. The first makes them. */
  contract: Probe<R>[];
  /** One round trip; where given, it is seen whether the runner makes a client for each. */
  once?(runner: R): Promise<unknown>;
  /** One transaction, or what takes its place, that writes nothing; the same is seen of it. `title`: of several. */
  together?: { title: string; run(runner: R): Promise<unknown> };
  /** Starts questions that take a moment; `close` has to wait for their answers. */
  pending(context: Context<R>): Promise<unknown>[];
  /** How long they are under way, in ms, before `close` is called. */
  pendingFor: number;
  scratch: Scratches<R>;
  /** Whether a first connection can be refused by us, to see that a second attempt is made. */
  retries: boolean;
  /** What can be done about a reason that the driver or the server gives by a code, and where no answer comes. */
  remedies: Record<string, string>;
}

/** What the probes of one run leave in the database, by the run's id. */
interface Scratches<R> {
  /** What `keep` and `find` are called, where that is not a row. */
  titles?: { keep: string; find: string };
  /** Whether the process is killed with what it has left, and does not close anything. */
  killed?: true;
  /** Leaves something for another process to find. */
  keep(context: Context<R>): Promise<void>;
  /** Raises where it is not there. Gives what is worth saying. */
  find(context: Context<R>): Promise<unknown>;
  /**
   * Adds one to a number, `times` times, each in a transaction that reads it first, beside another process that does
   * the same. Raises `NotChecked` where that one does not come within `patience` ms.
   */
  race?(context: Context<R>, times: number, patience: number): Promise<void>;
  /** The number that `race` adds to. */
  raced?(context: Context<R>): Promise<number>;
  /** Removes what this run has made. Gives what could not be removed, or null. */
  remove(context: Context<R>): Promise<string | null>;
  /** Removes what dead runs have left. Gives how many. */
  sweep(context: Context<R>): Promise<number>;
}

/** What a probe is given. */
export interface Context<R> {
  runner: R;
  /** What the db entry gives the adapter beside the runner. */
  options: Record<string, unknown>;
  line: RunnerLine;
  scratch: Scratch;
  machine: Machine;
}

/** The names that one run may use, and which of others are left over. */
export interface Scratch {
  id: string;
  /** `verify_<id>`. Never `flue_…`: Flue refuses a database in which it finds such a name without its own mark. */
  table: string;
  /** `verify:<id>:<name>` */
  key(name: string): string;
  /** Whether an id belongs to a run that has ended. */
  isLeft(id: string): boolean;
}

/** What the process can say of itself and its machine. */
export interface Machine {
  /** Looks at where a file of the database lies. */
  disk(file: string): Disk;
  /** How often something was sent after an answer had come, while `run` ran; null where that cannot be seen. */
  roundTrips(run: () => Promise<unknown>): Promise<number | null>;
  /** Whether `run` speaks to somebody over a socket, each of several times. */
  sends(run: () => Promise<unknown>): Promise<boolean>;
  /** The project's own copy of a package, or null. */
  require(name: string): unknown;
}

/** Where a file of the database lies, and what becomes of it there. */
export interface Disk {
  absolute: string;
  /** `tmpfs`, `nfs`, `overlay`; null: anything that keeps what is written. */
  kind: 'tmpfs' | 'nfs' | 'overlay' | null;
  /** Whether a folder is on the way that a build or an install deletes, and which. */
  deletedBy: string | null;
  temporary: boolean;
  exists: boolean;
  writable: boolean;
}

/** Which server it is, and what its database holds. */
export interface Description {
  /** `Postgres 18.4` */
  server: string;
  /** The name or number of the database there, or null. */
  database: string | null;
  /** The file, where it is one. */
  file?: string;
  holds: { flue: boolean; others: boolean };
}

/** One thing that is asked of a server, or of a runner. */
export type Probe<R> = ProbeOf<Context<R>>;
