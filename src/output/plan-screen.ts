import type { Choice } from '../types/choice.ts';
import type { Operation, Plan } from '../types/plan.ts';
import type { StyledText, TableRow, TextStyle } from './layout.ts';
import type { Screen } from './screen.ts';
import { showSteps } from './steps.ts';

/** What would be done and why, before it is done. */
export function showPlan(screen: Screen, plan: Plan, choice?: Choice): void {
  if (plan.operations.length === 0) {
    screen.say([['bold', plan.title], ': nothing to do, everything is as it should be']);
    for (const { text } of plan.next) screen.say(text, '  - ');
    return;
  }
  screen.say([['bold', plan.title]]);
  screen.blank();
  screen.rows(plan.operations.map((one): TableRow => [subjectOf(one), [['dim', one.because]]]));
  if (!choice) return;
  screen.blank();
  screen.rows(choicesOf(choice));
}

/** Facts that were chosen from, each with its reason. */
function choicesOf({ driver, client, names }: Choice): TableRow[] {
  const row = (label: string, value: string, because: string): TableRow => [
    label,
    [value, ['dim', `, because ${because}`]],
  ];
  return [
    row('driver', driver.value.package, driver.because),
    ...(client ? [row('client', `${client.value.export} of ${client.value.specifier}`, client.because)] : []),
    ...Object.values(names).map(({ value, because }) => row('variable', value, because)),
  ];
}

/** What was done, and what the person does now. */
export function showDone(screen: Screen, plan: Plan): void {
  screen.blank();
  const paths = plan.operations.flatMap((one) => (one.kind === 'write' ? [one.path] : []));
  screen.say([['green', 'Done.'], ` Changed: ${paths.join(', ')}`]);
  showSteps(screen, plan.next);
}

const signs: Record<'create' | 'edit' | 'delete' | 'run', readonly [sign: string, style: TextStyle]> = {
  create: ['+', 'green'],
  edit: ['~', 'yellow'],
  delete: ['-', 'red'],
  run: ['$', 'cyan'],
};

function changeOf({ before, after }: Extract<Operation, { kind: 'write' }>): 'create' | 'delete' | 'edit' {
  if (before === null) return 'create';
  return after === null ? 'delete' : 'edit';
}

/** `+ create src/db.ts` */
function subjectOf(operation: Operation): StyledText[] {
  const kind = operation.kind === 'run' ? 'run' : changeOf(operation);
  const [sign, style] = signs[kind];
  const what = operation.kind === 'run' ? operation.command.join(' ') : operation.path;
  return [[style, `${sign} ${kind.padEnd('create'.length)}`], ` ${what}`];
}
