import { setTimeout as pause } from 'node:timers/promises';
import { type Context, type EngineChecks, Finding, must, rejection } from '../../knowledge/engines/verify/engine.ts';
import { engineChecks } from '../../knowledge/engines/verify/index.ts';
import { openings } from '../../knowledge/hosts/openings.ts';
import type { InUse } from '../../types/opening.ts';
import type { Check, Job } from '../../types/verify.ts';
import { scratchFor } from '../scratch.ts';
import { type Adapted, adapted, type Used } from './adapters.ts';
import type { Say } from './channel.ts';
import type { Checks, Named } from './checks.ts';
import { machineOf } from './disk.ts';
import { type Loaded, load } from './load.ts';
import { checksOfOpening } from './opening.ts';
import { remedyFor } from './remedies.ts';
import type { Sockets } from './sockets.ts';
import { adapters } from './stand-ins.ts';

/** What every phase works with. */
export interface Work {
  job: Job;
  say: Say;
  checks: Checks;
  sockets: Sockets;
  /** Errors that nobody caught: each would have ended Flue's process. */
  uncaught: unknown[];
}

/** A db entry that is loaded, with an adapter of a kind that is known. */
export interface Opened extends Work {
  loaded: Loaded;
  /** The default export, as Flue uses it. */
  entry: PersistenceAdapter;
  one: Used;
  /** Every other adapter that it made. */
  others: Adapted[];
  engine: EngineChecks;
  context: Context<unknown>;
  /** That the server has answered, which tells what later failures cannot come from. */
  hasAnswered(): void;
  check(named: Omit<Named, 'limit'> & { limit?: number }, run: () => unknown): Promise<Check>;
}

/** What Flue takes from the default export of a db entry. */
export interface PersistenceAdapter {
  connect(): unknown;
  migrate?(): unknown;
  close?(): unknown;
}

/** A db entry that is loaded, with an adapter that none of Flue's packages made. */
export interface OwnAdapter {
  own: PersistenceAdapter;
}

/**
 * Loads the db entry and finds the adapter it makes; null where there is none that can be looked at, which has been
 * said then.
 */
export async function openEntry(work: Work, seen: (loaded: Loaded) => void): Promise<Opened | OwnAdapter | null> {
  const { job, checks } = work;
  const hosted = openings[job.host];
  let loaded: Loaded | undefined;
  let inUse: InUse<unknown> | undefined;
  const file = job.entry.split(/[/\\]/).at(-1)!;
  const known = { variables: job.variables, remedies: {}, endless };
  const opening = { code: 'loads', title: `${file} loads`, limit: job.limits.load };
  const outcome = await checks.run(
    opening,
    async () => {
      loaded = await load(job.root, job.entry, hosted?.loader);
      seen(loaded);
      if (hosted) inUse = hosted.open(loaded.module);
      else checkAdapter(loaded.default as Partial<PersistenceAdapter> | null | undefined);
      return `by ${loaded.by}`;
    },
    (error) => remedyFor(error, known),
  );
  if (!outcome.ok || !loaded) return null;
  if (hosted && inUse) {
    const { from } = hosted;
    const asAdapter = { ...loaded, default: inUse.entry };
    return openedWith(work, asAdapter, Object.assign(inUse, { from }), { engine: checksOfOpening(hosted) });
  }
  const entry = loaded.default as PersistenceAdapter;
  const one = adapterOf(entry);
  if (one) return openedWith(work, loaded, one, { others: adapted().filter((other) => other !== one) });
  return (await isForgotten(work)) ? null : { own: entry };
}

/** Of an import. */
const endless = 'see what it waits for when it is imported; `--timeout <s>` gives it longer';

function checkAdapter(entry: Partial<PersistenceAdapter> | null | undefined): void {
  const isAdapter = typeof entry === 'object' && entry !== null && typeof entry.connect === 'function';
  const exported = 'its default export is';
  must(
    typeof entry !== 'function',
    `${exported} a function, and Flue looks for connect() in it`,
    'export what it gives: `export default create()`',
  );
  must(
    isAdapter || typeof (entry as { then?: unknown } | null | undefined)?.then !== 'function',
    `${exported} a promise, and Flue looks for connect() in it`,
    'export what it comes to: `export default await create()`',
  );
  must(
    isAdapter,
    'its default export has no connect()',
    'make what the adapter gives its default export, such as what `postgres({ … })` gives',
  );
}

/** The adapter that is the default export, or that a wrapper of it is made of; else the last one. */
function adapterOf({ connect }: PersistenceAdapter): Adapted | undefined {
  const made = adapted();
  return made.find(({ adapter }) => adapter.connect === connect) ?? made.at(-1);
}

/** Whether it imports an adapter of Flue's and makes none with it, which is said then. */
async function isForgotten({ checks, job }: Work): Promise<boolean> {
  const imported = job.adapters.filter((name) => adapters.includes(name));
  if (imported.length === 0) return false;
  await checks.run({ code: 'adapter-known', title: 'an adapter of Flue', limit: job.limits.check }, () => {
    const remedy = 'see whether the variables that it decides by are set';
    must(false, `it imports \`${imported.join('`, `')}\` and makes no adapter with it`, remedy);
  });
  return true;
}

/** With what a phase needs of an adapter that the db entry made. */
export function openedWith(
  work: Work,
  loaded: Loaded,
  one: Used,
  { others = [], engine = engineChecks[one.from]! }: { others?: Adapted[]; engine?: EngineChecks } = {},
): Opened {
  const { job, checks, sockets } = work;
  const context: Context<unknown> = {
    runner: one.runner,
    options: one.options,
    line: job.line,
    scratch: scratchFor(job.scratch),
    machine: machineOf(job.entry, job.root, sockets),
  };
  const known = { variables: job.variables, remedies: engine.remedies, engine: engine.name, answered: false };
  return {
    ...work,
    loaded,
    entry: loaded.default as PersistenceAdapter,
    one,
    others,
    engine,
    context,
    hasAnswered: () => {
      known.answered = true;
    },
    check: (named, run) => {
      // Once the server has answered, connections also fail because we end them.
      const cause = known.answered ? () => null : sockets.failure;
      return checks.run({ limit: job.limits.check, cause, ...named }, run, (error) => remedyFor(error, known));
    },
  };
}

/**
 * Starts it as Flue does: by `migrate()` of the default export, which has to reach the adapter's. Says apart whether
 * the server answers and whether the db entry starts on it; gives both.
 */
export async function start(opened: Opened): Promise<{ answers: boolean; starts: boolean }> {
  const { check, entry, one, sockets, job } = opened;
  let refused: { error: unknown } | null = null;
  const known = { code: 'server-answers', title: 'the server answers', limit: job.limits.reach };
  const answered = await check(known, async () => {
    const failed = await rejection(migrate(opened));
    // Where it has only connections that are closed there is nobody to ask again. A native client's are not seen.
    const isNobody = failed && sockets.count() > 0 && !sockets.isOpen();
    const asked = isNobody ? failed : await rejection(pinged(opened, failed));
    refused = failed ?? asked;
    // An answer in the wrong form is one.
    if (asked && !(asked.error instanceof Finding)) throw refused!.error;
  });
  if (answered.ok !== true) return { answers: false, starts: false };
  opened.hasAnswered();
  if (!refused && one.migrated > 0) return { answers: true, starts: true };
  await check({ code: 'starts', title: 'it starts as Flue starts it' }, () => {
    if (refused) throw refused.error;
    must(
      false,
      entry.migrate ? "its migrate() does not call the adapter's migrate()" : 'its default export has lost migrate()',
      'call `await adapter.migrate?.()` in it: Flue makes and checks its tables there',
    );
  });
  return { answers: true, starts: false };
}

/** How long a server may take to show that it is there, where a start has failed, in ms. */
const secondLook = 3_000;

/** Asks the server; after a start that failed, for a moment only. */
async function pinged({ engine, one, job }: Opened, failed: { error: unknown } | null): Promise<void> {
  const asking = engine.ping(one.runner);
  if (!failed) return asking;
  const late = pause(Math.min(secondLook, job.limits.reach / 4), undefined, { ref: false });
  return Promise.race([asking, late.then(() => Promise.reject(failed.error))]);
}

/** `migrate()` of the default export. */
export async function migrate({ entry }: Pick<Opened, 'entry'>): Promise<void> {
  await entry.migrate?.();
}

/** `close()` of the default export, else of the runner, as far as there is time. Never raises. */
export async function closeQuietly({ entry, one, checks }: Opened): Promise<void> {
  const closing = async () => (entry.close ? entry.close() : (one.runner as { close?(): unknown }).close?.());
  await rejection(checks.bounded(closing(), 5_000));
}
