import type { Step } from '../types/plan.ts';

/** As many as a person does at one go; what is more can be read when it is needed. */
const most = 4;

/** A sentence that asks for nothing now. */
export function note(text: string): Step {
  return { kind: 'know', text };
}

/** What a person does, by what it is: the values first, then edits, then what is run. */
interface Actions {
  set: Step[];
  edit: Step[];
  install: Step[];
  /** The first shows that it works. */
  run: Step[];
}

/**
 * The steps in the order in which they are read: at most four actions, then what to know. Where there are more, those
 * that the others wait for stay: the values, the install, the first run.
 */
export function orderedSteps({ set, edit, install, run }: Actions, know: readonly Step[]): Step[] {
  const [first = [], later = []] = [run.slice(0, 1), run.slice(1)];
  const kept = [...set, ...install, ...first, ...edit, ...later].slice(0, most);
  const actions = [...set, ...edit, ...install, ...run];
  const rest = actions.filter((one) => !kept.includes(one)).map((one): Step => ({ ...one, kind: 'know' }));
  return [...actions.filter((one) => kept.includes(one)), ...rest, ...know];
}
