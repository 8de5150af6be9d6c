/**
 * The ten findings of a public review of a Valkey storage, as they befall a `db.ts`: the check that names each, and the
 * fault that the check was seen to catch. docs/verify.md shows this table.
 */
export interface Finding {
  number: number;
  title: string;
  /** null: it is no matter of a `db.ts`; `because` says whose it is. */
  seenBy: { check: string; faults: Fault[] }[] | null;
  because?: string;
}

/** A mutant of mutants-sql.ts and mutants-redis.ts, as `<template> <name>`, or one of findings.test.ts, by its name. */
type Fault = string;

export const findings: Finding[] = [
  {
    number: 1,
    title: 'a client for every call',
    seenBy: [
      {
        check: 'one-client',
        faults: [
          'redis@1/redis.ts makes a client for every call',
          'postgres@1/pg.ts makes a pool for every call',
          'mysql@1/mysql2.ts makes a pool for every call',
        ],
      },
    ],
  },
  {
    number: 2,
    title: 'a retry that cannot retry, as it waits for what has failed already',
    seenBy: [{ check: 'starts-again', faults: ['redis@1/redis.ts remembers a start that failed'] }],
  },
  {
    number: 3,
    title: 'a round trip for every command',
    seenBy: [{ check: 'pipeline-one-trip', faults: ['redis@1/redis.ts sends a pipeline one by one'] }],
  },
  {
    number: 4,
    title: 'called atomic, and is not',
    seenBy: [
      {
        check: 'pipeline-atomic',
        faults: ['redis@1/redis.ts pipelines without MULTI', 'valkey@1/glide.ts pipelines without MULTI'],
      },
      {
        check: 'rolls-back',
        faults: ['postgres@1/pg.ts begins nothing', 'mysql@1/mysql2.ts begins nothing'],
      },
    ],
  },
  {
    number: 5,
    title: 'a branch for every store, side by side',
    seenBy: [{ check: 'one-adapter', faults: ['makes two adapters'] }],
  },
  {
    number: 6,
    title: 'the address is read in more than one place',
    seenBy: [{ check: 'one-address', faults: ['takes the first of two variables'] }],
  },
  {
    number: 7,
    title: 'importing it has effects: it connects, or fails for a package that is missing',
    seenBy: [
      {
        check: 'import-connects-nothing',
        faults: ['redis@1/redis.ts connects when it is imported', 'postgres@1/pg.ts connects when it is imported'],
      },
      { check: 'loads', faults: ['imports a driver that is not there'] },
    ],
  },
  {
    number: 8,
    title: 'nothing leads to it',
    seenBy: [
      { check: 'reached-by-build', faults: ['stands in a project for Cloudflare'] },
      { check: 'adapter-known', faults: ['imports the adapter and makes none'] },
      { check: 'starts', faults: ['postgres@1/pg.ts has lost migrate()'] },
    ],
  },
  {
    number: 9,
    title: 'the lockfile changes by more than was added',
    seenBy: null,
    because: 'it is a matter of the install, which `add` does',
  },
  {
    number: 10,
    title: 'a pool for every transaction',
    seenBy: [{ check: 'one-client', faults: ['postgres@1/pg.ts makes a pool for every transaction'] }],
  },
];

/** Every fault that some check was seen to catch. */
export const faultsOfFindings = findings.flatMap(({ seenBy }) => (seenBy ?? []).flatMap(({ faults }) => faults));
