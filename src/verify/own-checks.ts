import type { Check, Site } from '../types/verify.ts';
import type { Ended } from './run-child.ts';
import type { Subject } from './subject.ts';

/** Checks whose outcome the parent sees, and not a child. */

const blank = { severity: 'error', because: null, remedy: null, ms: 0 } as const;

/** Where the db entry leads. */
export function whereItLeads({ server, address }: Site): Check {
  const because = address ? `${server} at ${address}` : server;
  return { ...blank, code: 'leads-to', title: 'where it leads', ok: true, because };
}

/** That the throwaway server was killed, and how long it took to be back, in ms. */
export function serverKilled(ms: number): Check {
  const because = `SIGKILL, and back after ${ms} ms`;
  return { ...blank, code: 'server-killed', title: 'the server is killed and started again', ok: true, because };
}

/**
 * Whether the process ended by itself when all was closed. `shared`: its client may belong to another module of the
 * project.
 */
export function endsByItself({ alive }: Ended, { shared, host }: Subject): Check {
  const { closing, remedy } = host.verification.ends;
  const named = { ...blank, code: 'ends-by-itself', title: `after ${closing} its process ends by itself` };
  if (alive === null) return { ...named, ok: true };
  if (shared) return { ...named, ok: null, because: 'its client may belong to another module, which keeps it open' };
  const because = `something keeps it alive${alive.length > 0 ? `: ${alive.join(', ')}` : ''}`;
  return { ...named, ok: false, severity: 'warning', because, remedy };
}

/** That the time for all of it, in ms, is over. */
export function outOfTime(limit: number): Check {
  const because = `no end within ${limit / 1000} s`;
  const remedy = '`--timeout <s>` gives it longer';
  return { ...blank, code: 'in-time', title: 'all of it in time', ok: false, because, remedy };
}

/** That nothing was written, and why. `title`: what would have been held to. */
export function notTried(title: string, because: string): Check {
  return { ...blank, code: 'contract', title, ok: null, because: `not tried: ${because}` };
}

/** That what a run has made may still be there. */
export function notRemoved(scratch: string): Check {
  const title = 'what was made for this is gone';
  const because = `\`verify_${scratch}\` may still be there`;
  return {
    ...blank,
    code: 'removed',
    title,
    ok: false,
    severity: 'warning',
    because,
    remedy: 'the next run removes it',
  };
}
