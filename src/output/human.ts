import { Problem } from '../problem.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { CodeStyle, Facts, Found } from '../types/facts.ts';
import type { Operation, Plan } from '../types/plan.ts';
import { isTerminal, write } from './stream.ts';

/** Everything said to people goes to stderr; stdout is data only. */
export function say(text: string): void {
  write(2, `${text}\n`);
}

const colour = isTerminal(2) && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = paint(1);
const dim = paint(2);
const red = paint(31);

/** What would be done and why, before it is done. */
export function sayPlan(plan: Plan, choice?: Choice): void {
  if (plan.operations.length === 0) {
    say(`${bold(plan.title)}: nothing to do, it is already so`);
    for (const line of plan.next) say(`  ${line}`);
    return;
  }
  say(bold(plan.title));
  say('');
  sayRows(plan.operations.map((one) => [`${sign(one)} ${subject(one)}`, one.because]));
  if (!choice) return;
  say('');
  sayRows([
    ['driver', `${choice.driver.value.package}, because ${choice.driver.because}`],
    ...(choice.client
      ? [
          [
            'client',
            `${choice.client.value.export} of ${choice.client.value.specifier}, because ${choice.client.because}`,
          ],
        ]
      : []),
    ...Object.values(choice.names).map(({ value, because }) => ['variable', `${value}, because ${because}`]),
  ]);
}

/** What was done and what the person does now. */
export function sayDone(plan: Plan): void {
  say('');
  say(bold('Done. Next:'));
  for (const line of plan.next) say(`  - ${line}`);
}

/** A refusal with its hint and answers; anything else is a bug, shown with its stack. */
export function sayFailure(error: unknown): void {
  if (error instanceof Problem) {
    sayProblem(error);
    return;
  }
  say(`${(error as Error)?.stack ?? error}`);
  say('this is a bug in flue; please report it with the lines above');
}

function sayProblem(problem: Problem): void {
  say(`${red('error:')} ${problem.message}`);
  say(`hint: ${problem.hint}`);
  for (const { value, label, recommended } of problem.question?.answers ?? []) {
    say(`  ${problem.question!.flag} ${value}  ${dim(label)}${recommended ? dim(' (recommended)') : ''}`);
  }
}

/** What can be added, as a table. */
export function sayBlueprints(blueprints: readonly Blueprint[]): void {
  say(bold('flue add database <name>'));
  say('');
  sayRows(
    blueprints.map((one) => [
      one.name,
      `${one.summary} ${dim(`(${[...new Set(one.drivers.map((driver) => driver.package))].join(', ') || 'built in'})`)}`,
    ]),
  );
}

/** The facts about a project with their evidence. */
export function sayFacts(facts: Facts): void {
  const row = (name: string, found: Found<unknown> | null, value?: string): string[] =>
    found ? [name, `${value ?? String(found.value ?? 'open')}, because ${found.because}`] : [name, 'none'];
  say(bold(facts.root));
  say('');
  sayRows([
    row('flue', facts.flue),
    row('target', facts.target),
    row('language', facts.language),
    row('source root', facts.sourceRoot),
    row(
      'db entry',
      facts.adapter,
      facts.adapter ? `${facts.adapter.value.path} (${facts.adapter.value.marker ?? 'not ours'})` : '',
    ),
    row('package manager', facts.packageManager, facts.packageManager.value?.name ?? 'open'),
    row('workspace', facts.workspace),
    row('style', facts.formatter, styleIn(facts.formatter.value)),
    ...facts.packages.map((one) => [
      'package',
      `${one.name} ${one.specifier ?? one.installed}, in ${one.list ?? 'node_modules only'}`,
    ]),
    ...facts.clients.map((one) => [
      'client',
      `${one.path}#${one.export} (${one.package})${one.unfit ? `, not for Flue: ${one.unfit}` : ''}`,
    ]),
    ...facts.envDocs.map((doc) => [
      'env doc',
      `${doc.path} (${doc.kind})${doc.skipped ? `, left alone: ${doc.skipped}` : ''}`,
    ]),
  ]);
}

function styleIn({ style, eol }: CodeStyle): string {
  const settings = Object.entries(style ?? {}).map(([name, value]) => `${name} ${value}`);
  return [...settings, eol === '\n' ? 'LF' : 'CRLF'].join(', ');
}

function sign(operation: Operation): string {
  if (operation.kind === 'run') return '$';
  return operation.before === null ? '+' : operation.after === null ? '-' : '~';
}

function subject(operation: Operation): string {
  return operation.kind === 'run' ? operation.command.join(' ') : operation.path;
}

function sayRows(rows: string[][]): void {
  const width = Math.max(0, ...rows.map((row) => row[0]!.length));
  for (const [left, right] of rows) say(`  ${left!.padEnd(width)}  ${dim(right!)}`);
}
