import { Problem, Verdict } from '../problem.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice, Question } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import type { Operation, Plan, Write } from '../types/plan.ts';
import type { Check } from '../types/verify.ts';
import { withoutCredentials } from './credentials.ts';
import type {
  Printed,
  PrintedBlueprint,
  PrintedChoice,
  PrintedFacts,
  PrintedPlan,
  PrintedQuestion,
  ReportedVariable,
} from './printed.ts';
import { maskedOperations } from './secrets.ts';
import { print } from './stdout.ts';
import { presentableJson } from './untrusted.ts';

/** What a command has to report; `Printed` is what becomes of it. */
export interface Report {
  command: string;
  blueprint?: string;
  applied?: boolean;
  /** Files that a run before this one had left half done, and that are as they were. */
  restored?: readonly string[];
  variables?: readonly ReportedVariable[];
  facts?: Facts;
  choice?: Choice;
  plan?: Plan;
  blueprints?: readonly Blueprint[];
  /** What can be added to projects of other hosts than the first. */
  others?: readonly { host: string; blueprints: readonly Blueprint[] }[];
  checks?: readonly Check[];
}

/**
 * Prints the one JSON object of a `--json` run: what happened first, then why. `verbose`: with the facts, and with the
 * texts of files before and after. `inspect` is asked for the facts and always has them. Raises `operation-failed`
 * where stdout cannot be written.
 */
export function printReport(report: Report, verbose: boolean): void {
  const { command, blueprint, applied, restored, variables, facts, choice, plan, blueprints, others, checks } = report;
  const whole = verbose || command === 'inspect';
  printObject({
    ok: true,
    command,
    ...(blueprint !== undefined && { blueprint }),
    ...(applied !== undefined && { applied }),
    ...(restored && restored.length > 0 && { restored: [...restored] }),
    ...(plan && { changed: writtenPaths(plan) }),
    ...(variables && { variables: [...variables] }),
    ...(plan && { plan: shownPlan(plan, facts, verbose) }),
    ...(choice && { choice: shownChoice(choice, verbose) }),
    ...(whole && facts && { facts: shownFacts(facts) }),
    ...(blueprints && { blueprints: blueprints.map(shownBlueprint) }),
    ...(others && { others: others.map((one) => ({ ...one, blueprints: one.blueprints.map(shownBlueprint) })) }),
    ...(checks && { checks: [...checks] }),
  });
}

/** The same for a refusal, or for a bug: then `code` is `bug`. */
export function printProblem(command: string, error: unknown): void {
  if (!(error instanceof Problem)) {
    const message = String((error as Error)?.stack ?? error);
    printObject({ ok: false, command, problem: { code: 'bug', message, hint: 'please report it' } });
    return;
  }
  const { code, message, hint, question, further = [], restored } = error;
  printObject({
    ok: false,
    command,
    ...(restored && { restored: [...restored] }),
    ...(error instanceof Verdict && { checks: [...error.checks] }),
    problem: {
      code,
      message,
      hint,
      ...(question && { question: shownQuestion(question) }),
      ...(further.length > 0 && { further: further.map(shownQuestion) }),
    },
  });
}

function printObject(value: Printed): void {
  const show = (_key: string, one: unknown) => (typeof one === 'string' ? withoutCredentials(one) : one);
  print(`${presentableJson(JSON.stringify(value, show))}\n`);
}

/**
 * Facts without the texts of files, which are the plan's, and without what only the host reads. Its version stands
 * under its own name, too.
 */
function shownFacts({ details: _, ...facts }: Facts): PrintedFacts {
  const bare = (key: string, one: unknown) => (key === 'text' ? undefined : one);
  return JSON.parse(JSON.stringify({ ...facts, [facts.host.value]: facts.version }, bare));
}

/** The files that the plan writes or deletes; what its commands change is not known beforehand. */
function writtenPaths({ operations }: Plan): string[] {
  return operations.flatMap((one) => (one.kind === 'write' ? [one.path] : []));
}

function shownPlan({ title, operations, next }: Plan, facts: Facts | undefined, verbose: boolean): PrintedPlan {
  const shown = verbose ? maskedOperations(operations, facts?.envDocs ?? []) : operations;
  return { title, next, operations: shown.map((one) => shownOperation(one, verbose)) };
}

function shownOperation(operation: Operation, verbose: boolean): PrintedPlan['operations'][number] {
  if (operation.kind === 'run') {
    const { ownScripts: _, ...run } = operation;
    const { kind, command, cwd, because } = run;
    return verbose ? run : { kind, command, cwd, because };
  }
  const { kind, path, because, ...texts } = operation;
  return { kind, path, change: changeOf(operation), because, ...(verbose && texts) };
}

function changeOf({ before, after }: Write): 'create' | 'edit' | 'delete' {
  if (before === null) return 'create';
  return after === null ? 'delete' : 'edit';
}

function shownChoice(choice: Choice, verbose: boolean): PrintedChoice {
  if (verbose) return choice;
  const { blueprint: _, driver, packageManager, ...rest } = choice;
  const { package: name, range } = driver.value;
  const { name: manager, version, lockRoot } = packageManager.value;
  return {
    driver: { ...driver, value: { package: name, range } },
    ...rest,
    packageManager: { ...packageManager, value: { name: manager, version, lockRoot } },
  };
}

function shownQuestion({ flag, ask, answers, because }: Question): PrintedQuestion {
  const shown = answers.map(({ value, label, recommended }) => ({
    value,
    label,
    ...(recommended && { recommended: true as const }),
  }));
  return { flag, ask, because, answers: shown };
}

/** What there is to choose from, and no more: nine of them in some 2.5 kB. */
function shownBlueprint({
  shelf,
  name,
  title,
  summary,
  website,
  aliases,
  drivers,
  variables,
}: Blueprint): PrintedBlueprint {
  return {
    shelf,
    name,
    title,
    summary,
    website,
    aliases,
    drivers: [...new Set(drivers.map((one) => one.package))],
    variables: variables.map((one) => one.name),
  };
}
