import type { Step } from '../types/plan.ts';
import type { Screen } from './screen.ts';

/** At most so many actions are numbered; a longer list is not read. */
const most = 4;

/**
 * What the person does now, numbered, and below it what is good to know. Variables that are to be set are one action.
 */
export function showSteps(screen: Screen, steps: readonly Step[]): void {
  const toSet = steps.filter(({ kind }) => kind === 'set').map(({ text }) => text);
  const others = steps.filter(({ kind }) => kind === 'run' || kind === 'edit').map(({ text }) => text);
  const actions = [...(toSet.length > 0 ? [toSet] : []), ...others.map((text) => [text])];
  if (actions.length > 0) {
    screen.blank();
    screen.say([['bold', 'Next']]);
    for (const [i, [first = '', ...more]] of actions.slice(0, most).entries()) {
      screen.say(capital(first), `  ${i + 1}. `);
      for (const text of more) screen.say(capital(text), '     ');
    }
  }
  const known = [...actions.slice(most).flat(), ...steps.filter(({ kind }) => kind === 'know').map(({ text }) => text)];
  if (known.length === 0) return;
  screen.blank();
  screen.say([['bold', 'Good to know']]);
  for (const text of known) screen.say(text, '  - ');
}

function capital(text: string): string {
  return /^[a-z]+[\s,:]/.test(text) ? `${text[0]!.toUpperCase()}${text.slice(1)}` : text;
}
