import { type Asking, ask } from '../output/ask.ts';
import type { Audience } from '../output/audience.ts';
import type { Outcome, Question } from '../types/choice.ts';

/** How an open point is settled: chosen again after each answer, of the same facts. */
export interface Settling<T> {
  choose: () => Outcome<T> | Promise<Outcome<T>>;
  take: (question: Question, answer: string) => void | Promise<void>;
  /** How a question is put to a person, where it is not only chosen from its answers. */
  asking?: (question: Question) => Asking;
}

/** Chooses until no question is open. Raises what choosing and `ask` raise. */
export async function settle<T>(audience: Audience, { choose, take, asking }: Settling<T>): Promise<T> {
  for (;;) {
    const outcome = await choose();
    if ('choice' in outcome) return outcome.choice;
    await take(outcome.question, await ask(outcome.question, audience, asking?.(outcome.question)));
  }
}
