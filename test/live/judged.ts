import { expect } from 'vitest';
import type { Check } from '../../src/types/verify.ts';
import { problemIn } from '../../src/verify/verdict.ts';
import { type Alone, checksOf, type Entry } from '../verify/template.ts';

/** What `verify` says of a server through a template, in this process. */
export interface Judged {
  checks: Check[];
  failed: string[];
  warned: string[];
  /** The code of what the run comes to; null: fit. */
  problem: string | null;
}

const writing: readonly Alone[] = ['look', 'hold', 'return'];

/** A test server is told not to keep what it writes; that is known. */
const known = ['durable-commits'];

/** Looks at a server through a template. `env` is what it learns its address from. */
export async function looked(entry: Entry, env: Record<string, string>): Promise<Judged> {
  Object.assign(process.env, env);
  return judged(await checksOf({ known, ...entry }, ['look']), entry);
}

/** The same, and holds it to its contract. */
export async function held(entry: Entry, env: Record<string, string>): Promise<Judged> {
  Object.assign(process.env, env);
  return judged(await checksOf({ known, ...entry }, writing), { known, ...entry });
}

function judged(checks: Check[], entry: Pick<Entry, 'known'>): Judged {
  const unknown = checks.filter(({ code }) => !entry.known?.includes(code));
  const of = (severity: string) => unknown.filter((one) => one.ok === false && one.severity === severity);
  const leads = {
    code: 'leads-to',
    title: '',
    ok: true,
    severity: 'error',
    because: null,
    remedy: null,
    ms: 0,
  } as const;
  const reached = checks.some(({ code, ok }) => code === 'server-answers' && ok) ? [leads] : [];
  return {
    checks,
    failed: of('error').map(({ code }) => code),
    warned: of('warning').map(({ code }) => code),
    problem: problemIn([...unknown, ...reached], 'src/db.ts', false)?.code ?? null,
  };
}

/** What a check says that did not pass, else what it says. */
export function said({ checks }: { checks: Check[] }, code: string): Check {
  const found = checks.find((one) => one.code === code && one.ok !== true) ?? checks.find((one) => one.code === code);
  expect(found, `no check ${code} in ${checks.map((one) => one.code).join(' ')}`).toBeDefined();
  return found!;
}
