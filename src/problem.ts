import type { Question } from './types/choice.ts';
import type { Check } from './types/verify.ts';

/** Every refusal and its exit code. Anything thrown that is not a `Problem` is a bug and exits 1. */
export const exitCodes = {
  'bad-request': 2,
  'unknown-blueprint': 2,
  'needs-answer': 3,
  'wrong-target': 3,
  'adapter-exists': 3,
  'not-a-project': 3,
  'unsupported-flue': 3,
  'unsupported-driver': 3,
  'cannot-parse': 3,
  'project-changed': 3,
  locked: 3,
  'operation-failed': 4,
  'database-unreachable': 5,
  'database-unfit': 5,
  'restore-failed': 6,
  interrupted: 130,
} as const;

/** Tells one refusal from another. */
export type ProblemCode = keyof typeof exitCodes;

/** A refusal: what is wrong (naming the file), what can be done about it, and the open question if there is one. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly hint: string;
  readonly question: Question | undefined;
  /**
   * The questions that follow it, as far as they are known: where each before is answered as recommended, or so
   * that the work goes on.
   */
  further?: readonly Question[];
  /** Files that had been changed and were put back, as paths in `Facts`: of a failure half-way. */
  restored?: readonly string[];

  constructor(code: ProblemCode, message: string, hint: string, question?: Question) {
    super(message);
    this.name = 'Problem';
    this.code = code;
    this.hint = hint;
    this.question = question;
  }
}

/** The refusal of a file that cannot be read as what it is. `message`: what is wrong with it; it names the file. */
export function unparsable(message: string): Problem {
  return new Problem('cannot-parse', message, 'fix the file, then run this again; nothing was changed');
}

/** What `verify` says of a database that is not fit, or was not reached: every check that led to it. */
export class Verdict extends Problem {
  readonly checks: readonly Check[];

  constructor(problem: Pick<Problem, 'code' | 'message' | 'hint' | 'question'>, checks: readonly Check[]) {
    super(problem.code, problem.message, problem.hint, problem.question);
    this.checks = checks;
  }
}

/** What the person at the keyboard decided against: the end of a run, and no failure. */
export class Declined extends Problem {}
