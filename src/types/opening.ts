import type { ProbeOf } from './finding.ts';

/** Sends commands to a server that speaks the protocol of Redis. */
export interface CommandRunner {
  command(name: string, args?: (string | number | Uint8Array)[]): Promise<unknown>;
}

/** What a probe of a host's is given: part of the context of an engine's. */
export interface Given<R> {
  runner: R;
  /** Names of one run of `verify`, and whether another's are left over. */
  scratch: { id: string; key(name: string): string; isLeft(id: string): boolean };
}

/** One thing that a host asks of the server or of its services. */
export type HostProbe<R> = ProbeOf<Given<R>>;

/** What its user makes of a Redis or Valkey server, in words for people. */
export interface ServerUse {
  /** What its keys begin with, where its options say nothing else: `flue`. */
  prefix: string;
  /** What it does with Cluster, and what an eviction comes to: ends of sentences. */
  cluster: string;
  evicting: string;
  /** What it does itself where the server's settings may not be asked; null where nothing. */
  unasked: { because: string; remedy: string } | null;
  /** What to do about a user who may not touch its keys. */
  denied: string;
}

/** A module in use, as the host uses it: started by `migrate`, ended by `close`. */
export interface InUse<R> {
  entry: { connect(): unknown; migrate(): Promise<void>; close(): Promise<void> };
  runner: R;
  /** `keyPrefix`: what its keys begin with, known once it has started. */
  options: Record<string, unknown>;
  /** How often it was started. */
  migrated: number;
}

/** How a process of `verify` uses an entry that makes a host's services, where it is no adapter with a runner. */
export interface Opening<R extends CommandRunner = CommandRunner> {
  /** The package of those services. */
  from: string;
  /** The engine behind it. */
  engine: 'redis';
  /** The program of the project's own that loads TypeScript where the host is started. */
  loader: string;
  use: ServerUse;
  /** Raises a `Finding` where the module is no such entry. */
  open(module: Record<string, unknown>): InUse<R>;
  /** What writes nothing, before and after what is asked of the server itself. */
  fitness: { before: HostProbe<R>[]; after: HostProbe<R>[] };
  contract: HostProbe<R>[];
  scratch: {
    titles: { keep: string; find: string };
    killed?: true;
    keep(given: Given<R>): Promise<void>;
    /** Gives what is worth saying. */
    find(given: Given<R>): Promise<string | undefined>;
    remove(given: Given<R>): Promise<string | null>;
    sweep(given: Given<R>): Promise<number>;
  };
}
