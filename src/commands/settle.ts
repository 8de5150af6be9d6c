import { type Audience, ask } from '../output/ask.ts';
import type { Outcome, Question } from '../types/choice.ts';

/** Chooses until no question is open. Each answer is taken in, and the choice made again, of the same facts. Raises what choosing and `ask` raise. */
export async function settle<T>(
  audience: Audience,
  choose: () => Outcome<T> | Promise<Outcome<T>>,
  take: (question: Question, answer: string) => void | Promise<void>,
): Promise<T> {
  for (;;) {
    const outcome = await choose();
    if ('choice' in outcome) return outcome.choice;
    await take(outcome.question, await ask(outcome.question, audience));
  }
}
