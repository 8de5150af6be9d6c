import { Problem } from '../problem.ts';
import type { Blueprint, Choice, Facts, Plan } from '../types.ts';
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
}

/** Prints the one JSON object of a `--json` run. The texts of files are in the plan; of `facts.files` only the paths are printed. */
export function printReport(report: Report): void {
  print({ ok: true, ...report, ...(report.facts && { facts: withoutTexts(report.facts) }) });
}

/** The same for a refusal, with the files that were put back where it failed half-way; or for a bug: then `code` is `bug`. */
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
  const restored = error instanceof Problem ? error.restored : undefined;
  print({ ok: false, command, ...(restored && { restored }), problem });
}

function withoutTexts(facts: Facts): object {
  return { ...facts, files: Object.keys(facts.files) };
}

function print(value: object): void {
  write(1, `${JSON.stringify(value, null, 2)}\n`);
}
