import { Problem } from '../problem.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Plan } from '../types/plan.ts';
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

/** Prints the one JSON object of a `--json` run. The texts of files are in the plan; of what the facts hold, only the paths are printed. */
export function printReport(report: Report): void {
  print({ ok: true, ...report, ...(report.facts && { facts: factsPrinted(report.facts) }) });
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

/** The host's version stands under the host's own name, too: `flue`. */
function factsPrinted({ details, ...facts }: Facts): unknown {
  return withoutTexts({ ...facts, [facts.host.value]: facts.version });
}

function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'text');
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutTexts(one)]));
}

function print(value: object): void {
  write(1, `${JSON.stringify(value, null, 2)}\n`);
}
