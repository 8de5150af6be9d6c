import { Problem, Verdict } from '../problem.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
import type { Check } from '../types/verify.ts';
import { write } from './stream.ts';

/** What a command has to report; `schema/output.schema.json` describes it printed. */
export interface Report {
  command: string;
  blueprint?: string;
  applied?: boolean;
  facts?: Facts;
  choice?: Choice;
  plan?: Plan;
  blueprints?: Blueprint[];
  checks?: readonly Check[];
}

/** Prints the one JSON object of a `--json` run. The texts of files are in the plan; of `facts.files` only the paths are printed. */
export function printReport(report: Report): void {
  print({ ok: true, ...report, ...(report.facts && { facts: withoutTexts(report.facts) }) });
}

/** The same for a refusal, or for a bug: then `code` is `bug`. */
export function printProblem(command: string, error: unknown): void {
  const problem =
    error instanceof Problem
      ? {
          code: error.code,
          message: error.message,
          hint: error.hint,
          ...(error.question && { question: error.question }),
        }
      : { code: 'bug', message: String((error as Error)?.stack ?? error), hint: 'please report it' };
  print({ ok: false, command, ...(error instanceof Verdict && { checks: error.checks }), problem });
}

function withoutTexts(facts: Facts): object {
  return { ...facts, files: Object.keys(facts.files) };
}

function print(value: object): void {
  write(1, `${JSON.stringify(value, null, 2)}\n`);
}
