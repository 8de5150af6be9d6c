import { clearTimeout, setTimeout } from 'node:timers';
import { Finding, NotChecked } from '../../knowledge/engines/verify/engine.ts';
import type { Check, Severity } from '../../types/verify.ts';
import type { Say } from './channel.ts';
import { wordsOf } from './words.ts';

/** What a check is called, and how long it may take. */
export interface Named {
  code: string;
  title: string;
  severity?: Severity;
  limit: number;
}

/** A failure that took longer than this, in ms, is one of waiting: what comes after it would wait as well. */
const patience = 8_000;

/** Runs checks one after the other and says each as it begins and ends. */
export interface Checks {
  /** Runs one. `remedyOf`: what can be done about an error that is no finding. */
  run(named: Named, run: () => unknown, remedyOf?: (error: unknown) => string | null): Promise<Check>;
  /** Whether one of them never ended: what comes after it is not tried. */
  isStuck(): boolean;
}

/** Checks whose outcomes go to `say`. */
export function checksFor(say: Say): Checks {
  let stuck = false;
  return {
    isStuck: () => stuck,
    run: async ({ code, title, severity = 'error', limit }, run, remedyOf = () => null) => {
      const start = performance.now();
      say({ event: 'start', code, title, limit });
      const outcome = await within(limit, run);
      const ms = Math.round(performance.now() - start);
      const check: Check = { code, title, ms, ...judged(outcome, severity, limit, remedyOf) };
      if (check.ok === false && ms > Math.min(patience, limit - 100)) stuck = true;
      say({ event: 'check', check });
      return check;
    },
  };
}

type Outcome = { value: unknown } | { error: unknown } | 'late';

async function within(limit: number, run: () => unknown): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limit);
  });
  const done = (async () => ({ value: await run() }))().catch((error: unknown) => ({ error }));
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

function judged(
  outcome: Outcome,
  severity: Severity,
  limit: number,
  remedyOf: (error: unknown) => string | null,
): Pick<Check, 'ok' | 'severity' | 'because' | 'remedy'> {
  if (outcome === 'late')
    return { ok: false, severity, because: `no end within ${limit / 1000} s`, remedy: remedyOf(null) };
  if ('value' in outcome) {
    const because = typeof outcome.value === 'string' ? outcome.value : null;
    return { ok: true, severity, because, remedy: null };
  }
  const { error } = outcome;
  if (error instanceof NotChecked) return { ok: null, severity, because: error.message, remedy: null };
  if (error instanceof Finding) {
    return { ok: false, severity: error.severity ?? severity, because: error.message, remedy: error.remedy };
  }
  return { ok: false, severity, because: wordsOf(error), remedy: remedyOf(error) };
}
