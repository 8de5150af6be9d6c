import { libsql } from './libsql.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { sqlite } from './sqlite.ts';

/** A parameter of a connection URL with which a driver does something else than its author meant. */
export interface Risk {
  parameter: string;
  /** What becomes of it: the end of a sentence about the parameter. */
  because: string;
}

/** What a package does with an engine, once it is imported. */
interface EnginePackages {
  /** It speaks to the server. */
  driver: readonly string[];
  /** A query builder or ORM, or its part for this engine: its values do nothing until they are used. */
  builder: readonly string[];
  /** It brings a client of its own for what it does. */
  client: readonly string[];
  /** A client that keeps what may be thrown away: its server is likely to evict. */
  cache?: readonly string[];
}

/** Databases whose variables are named alike, and stand together in an env template. */
export interface Family {
  /** As blueprint.json has it. */
  name: string;
  /** What any of them may be called by in a variable, and names of variables that are made otherwise. */
  stems: readonly string[];
  names: readonly string[];
  /** What they hold, as people call it. */
  holds: string;
  /** Whether they are asked in SQL: a tool may own their tables, and people say "database" for any of them. */
  isSql: boolean;
}

/**
 * A database engine: what speaks to it, and how projects write that down. Of packages, `*` stands for the rest of a
 * name.
 */
export interface Engine {
  /** As blueprint.json has it. */
  name: string;
  /** The same object as its relatives have: that of sql.ts, or one of its own. */
  family: Family;
  packages: EnginePackages;
  /** Schemes of its URLs. */
  schemes: readonly string[];
  /** What ORMs and query builders call it in their options. */
  dialects: readonly string[];
  /**
   * What the names of its variables are made of: any prefix, one of these, and what a connection has (`URL`, `HOST`,
   * …).
   */
  stems: readonly string[];
  /** Names of its variables that are made otherwise. */
  names?: readonly string[];
  /** What of a package is given other things before a connection, such as the name of a queue, and how many. */
  queues?: Readonly<Record<string, readonly { named: RegExp; before: number }[]>>;
  /** Methods of its clients, in lower case, after which nothing else can use the connection. */
  blocking?: readonly string[];
  /** Packages that stand on a driver: which major of it goes with which of theirs, as far as that is not the newest. */
  standing?: readonly { package: string; driver: string; majors: Record<number, number> }[];
  /** Whether its URL may name several hosts, which a check of URLs refuses. */
  severalHosts?: boolean;
  /** Whether its URL may go with a token beside it, without which the URL alone opens nothing. */
  tokens?: boolean;
  /** What of a URL's parameters (`name`, or `name=value` where that is known) a driver refuses, ignores or misreads. */
  risks(parameters: readonly string[], driver: string): Risk[];
}

/** The engines. In order: of two that a package may speak of, the first. */
export const engines: readonly Engine[] = [postgres, mysql, libsql, sqlite, mongodb, redis];

/** The engine of that name; undefined for one that nothing is known of. */
export function engineNamed(name: string): Engine | undefined {
  return engines.find((one) => one.name === name);
}
