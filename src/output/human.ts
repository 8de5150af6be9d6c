import { Declined, Problem } from '../problem.ts';
import type { Question } from '../types/choice.ts';
import type { TableRow } from './layout.ts';
import { openScreen, type Screen } from './screen.ts';

/** A refusal with its answers, its hint and what was put back; anything else is a bug, shown with its stack. */
export async function sayFailure(error: unknown): Promise<void> {
  const screen = await openScreen(2);
  if (error instanceof Declined) {
    // Only somebody at the keyboard can say No, and the prompts stand in a frame.
    const { frame } = await import('./ask.ts');
    await frame('end', error.code === 'interrupted' ? 'Nothing was changed.' : `Nothing was changed: ${error.message}`);
    return;
  }
  if (error instanceof Problem) {
    sayProblem(screen, error);
    return;
  }
  screen.say(`${(error as Error)?.stack ?? error}`);
  screen.say('this is a bug in flue; please report it with the lines above');
}

/** The change is made, and the answer about it could not be written. */
export async function sayUnreported(error: unknown): Promise<void> {
  const screen = await openScreen(2);
  screen.say(`the change was made, but its report is lost: ${error instanceof Problem ? error.message : error}`);
}

function sayProblem(screen: Screen, problem: Problem): void {
  const [first = '', ...more] = problem.message.split('\n');
  const isStop = problem.code === 'interrupted';
  screen.say(isStop ? [['bold', first]] : [['red', 'error:'], ` ${first}`]);
  // What a package manager said, below: no line of it can be taken for one of ours.
  for (const line of more) screen.say([['dim', line.trim()]], '  ');
  screen.say(problem.hint, 'hint: ');
  if (problem.question) screen.rows(answerRows(problem.question));
  for (const question of problem.further ?? []) {
    screen.say(question.ask, 'and then: ');
    screen.rows(answerRows(question));
  }
  sayRestored(screen, problem);
}

function answerRows({ flag, answers }: Question): TableRow[] {
  const any = [{ value: '<value>', label: 'any that fits', recommended: false }];
  return (answers.length > 0 ? answers : any).map(
    ({ value, label, recommended }): TableRow => [
      flag === '<name>' ? value : `${flag} ${value}`,
      [['dim', `${label}${recommended ? ' (recommended)' : ''}`]],
    ],
  );
}

/** The promise is kept where it is needed most, and then it is said. */
function sayRestored(screen: Screen, { code, restored }: Problem): void {
  if (restored && restored.length > 0) screen.say(`Everything is as it was: ${restored.join(', ')}`);
  else if (code === 'operation-failed') screen.say('Everything is as it was.');
}
