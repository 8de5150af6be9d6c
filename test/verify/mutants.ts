import type { Alone } from './template.ts';

/**
 * Templates as people break them, and the check that sees it. `allowed`: nothing fails, and why that is right, or what
 * it would take to be seen.
 */
export interface Mutant {
  template: string;
  name: string;
  change(text: string): string;
  expected: { caught: string; phases: readonly Alone[] } | { allowed: string };
}

type Change = (text: string) => string;
type Row = readonly [name: string, change: Change, check: string | { allowed: string }];

/** One change after the other. */
export const both =
  (...changes: Change[]): Change =>
  (text) =>
    changes.reduce((rest, one) => one(rest), text);
/** Something more at the end. */
export const also =
  (end: string): Change =>
  (text) =>
    `${text}${end}\n`;

/** Checks that are made while it is looked at; all others are made when it is held to its contract. */
const ofLook = new Set([
  ...['loads', 'import-connects-nothing', 'runner-complete', 'server-answers', 'starts', 'isolation', 'one-client'],
  ...['survives-lost-connection', 'close-waits', 'starts-again', 'kept-in-a-file', 'nothing-uncaught'],
  ...['time-for-statements', 'transactions'],
]);

/** Mutants of one template: what people did, how, and the check that sees it. */
export function mutantsOf(template: string, rows: readonly Row[]): Mutant[] {
  return rows.map(([name, change, check]) => {
    const phases: readonly Alone[] = typeof check === 'string' && ofLook.has(check) ? ['look'] : ['hold', 'return'];
    return {
      template,
      name,
      change: changing(name, change),
      expected: typeof check === 'string' ? { caught: check, phases } : check,
    };
  });
}

/** A change that changes nothing is an error: the mutant would be no mutant, and be called right. */
function changing(name: string, change: Change): Change {
  return (text) => {
    const changed = change(text);
    if (changed === text) throw new Error(`"${name}" changes nothing`);
    return changed;
  };
}
