import { clearTimeout, setTimeout } from 'node:timers';
import { Finding, NotChecked } from '../../knowledge/engines/verify/engine.ts';
import type { Check, Severity } from '../../types/verify.ts';
import type { Say } from './channel.ts';
import { errorText } from './words.ts';

/** What a check is called, and how long it may take. */
export interface Named {
  code: string;
  title: string;
  severity?: Severity;
  limit: number;
  /** What may be behind it where it never ends: an error that its code keeps to itself. */
  cause?: () => unknown;
}

/** A failure that took longer than this, in ms, is one of waiting: what comes after it would wait as well. */
const patience = 8_000;

/** Runs checks one after the other and says each as it begins and ends. */
export interface Checks {
  /** Runs one. `remedyOf`: what can be done about an error that is no finding. */
  run(named: Named, run: () => unknown, remedyOf?: (error: unknown) => string | null): Promise<Check>;
  /** Whether one of them never ended: what comes after it is not tried. */
  isStuck(): boolean;
  /** Settles as that does; rejects where it takes longer than `limit` ms, or than there is time. */
  bounded<T>(running: Promise<T>, limit: number): Promise<T>;
}

/** What can be done where the time was too short. */
const longer = '`--timeout <s>` gives it longer';

/** What a check gets where there is hardly any time left, in ms. */
const least = 200;

/** Checks whose outcomes go to `say`. `until`: when the time for all of them is over, as `Date.now()` counts. */
export function checksFor(say: Say, until = Number.POSITIVE_INFINITY): Checks {
  let stuck = false;
  const capped = (limit: number) => Math.max(Math.min(limit, until - Date.now()), Math.min(limit, least));
  return {
    isStuck: () => stuck,
    bounded: async (running, most) => {
      const limit = capped(most);
      const outcome = await within(limit, () => running);
      if (outcome === 'late') throw late(limit);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    },
    run: async ({ code, title, severity = 'error', limit: most, cause = () => null }, run, remedyOf = () => null) => {
      const limit = capped(most);
      const start = performance.now();
      say({ event: 'start', code, title, limit });
      const outcome = await within(limit, run);
      const ms = Math.round(performance.now() - start);
      const check: Check = { code, title, ms, ...judged(outcome, severity, { limit, most, cause }, remedyOf) };
      if (check.ok === false && ms > Math.min(patience, limit - 100)) stuck = true;
      say({ event: 'check', check });
      return check;
    },
  };
}

function late(limit: number): Error {
  return Object.assign(new Error(`no answer within ${secondsIn(limit)} s`), { code: 'ETIMEDOUT' });
}

function secondsIn(ms: number): number {
  return Number((ms / 1000).toFixed(1));
}

type Outcome<T = unknown> = { value: T } | { error: unknown } | 'late';

async function within<T>(limit: number, run: () => T | Promise<T>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limit);
  });
  const done = (async () => ({ value: await run() }))().catch((error: unknown): Outcome<T> => ({ error }));
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

function judged(
  outcome: Outcome,
  severity: Severity,
  { limit, most, cause }: { limit: number; most: number; cause(): unknown },
  remedyOf: (error: unknown) => string | null,
): Pick<Check, 'ok' | 'severity' | 'because' | 'remedy'> {
  // What came before has taken the time.
  if (outcome === 'late' && limit < most / 4)
    return { ok: false, severity, because: 'there was no time left for it', remedy: longer };
  if (outcome === 'late') {
    const behind = cause() ?? null;
    const words = behind === null ? '' : `: ${errorText(behind)}`;
    return { ok: false, severity, because: `no end within ${secondsIn(limit)} s${words}`, remedy: remedyOf(behind) };
  }
  if ('value' in outcome) {
    const because = typeof outcome.value === 'string' ? outcome.value : null;
    return { ok: true, severity, because, remedy: null };
  }
  const { error } = outcome;
  if (error instanceof NotChecked) return { ok: null, severity, because: error.message, remedy: null };
  if (error instanceof Finding) {
    return { ok: false, severity: error.severity ?? severity, because: error.message, remedy: error.remedy };
  }
  return { ok: false, severity, because: errorText(error), remedy: remedyOf(error) };
}
