import type { Problem } from '../problem.ts';
import type { Check } from '../types/verify.ts';

/** Checks without which nothing else could be looked at. */
const first = ['process', 'loads', 'server-answers', 'in-time'];

/** What the checks come to: null where the database is fit. Under `strict` a warning is a failure. */
export function problemIn(
  checks: readonly Check[],
  entry: string,
  strict: boolean,
): Pick<Problem, 'code' | 'message' | 'hint' | 'question'> | null {
  const failed = checks.filter(({ ok, severity }) => ok === false && (severity === 'error' || strict));
  const [worst] = failed;
  if (!worst) return null;
  const reached = checks.some(({ code, ok }) => code === 'leads-to' && ok === true);
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
