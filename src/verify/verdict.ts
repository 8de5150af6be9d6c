import type { Problem } from '../problem.ts';
import type { Check } from '../types/verify.ts';

/** Checks without which nothing else could be looked at. */
const first = ['process', 'loads', 'server-answers', 'starts', 'in-time', 'database-checked'];

/** Checks of which one is always made where the database itself was looked at, or where it is said that it was not. */
const ofDatabase = ['leads-to', 'starts', 'database-checked'];

/**
 * What the checks come to: null where nothing is wrong with the database, or with what could be looked at where its
 * adapter is none of Flue's. Under `strict` a warning is a failure.
 */
export function problemIn(
  checks: readonly Check[],
  entry: string,
  strict: boolean,
): Pick<Problem, 'code' | 'message' | 'hint' | 'question'> | null {
  const failed = checks.filter(({ ok, severity }) => ok === false && (severity === 'error' || strict));
  const [worst] = failed;
  if (!worst) return checks.some(({ code }) => ofDatabase.includes(code)) ? null : notLookedAt(entry);
  const reached = checks.some(({ code, ok }) => ok === true && ['leads-to', 'server-answers'].includes(code));
  const unreachable = !reached && failed.some(({ code }) => first.includes(code));
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  const said = worst.because ? `: ${worst.because}` : '';
  return {
    code: unreachable ? 'database-unreachable' : 'database-unfit',
    message: `\`${entry}\` fails "${worst.title}"${said}${more}`,
    hint: worst.remedy ?? 'see the checks above; `--json` has them with their codes',
    question: undefined,
  };
}

/** Nothing failed, and nothing was looked at: that is no yes. */
function notLookedAt(entry: string): ReturnType<typeof problemIn> {
  return {
    code: 'database-unreachable',
    message: `nothing of the database behind \`${entry}\` could be looked at`,
    hint: 'see the checks above; `--json` has them with their codes',
    question: undefined,
  };
}
