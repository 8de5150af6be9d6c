import { type Asking, ask } from '../output/ask.ts';
import type { Audience } from '../output/audience.ts';
import { Problem } from '../problem.ts';
import type { Outcome, Question } from '../types/choice.ts';

/** How an open point is settled: chosen again after each answer, of the same facts. */
export interface Settling<T> {
  choose: () => Outcome<T> | Promise<Outcome<T>>;
  take: (question: Question, answer: string) => void | Promise<void>;
  /** How a question is put to a person, where it is not only chosen from its answers. */
  asking?: (question: Question) => Asking;
}

/**
 * Chooses until no question is open. Raises what choosing and `ask` raise; a refusal of `ask` has with it what else is
 * open.
 */
export async function settle<T>(audience: Audience, settling: Settling<T>): Promise<T> {
  const { choose, take, asking } = settling;
  for (;;) {
    const outcome = await choose();
    if ('choice' in outcome) return outcome.choice;
    const { question } = outcome;
    await take(question, await askWithFurther(question, audience, settling, asking?.(question)));
  }
}

/**
 * Nobody should have to call a third time: what would be asked after this question is found out before it is refused.
 */
async function askWithFurther<T>(
  question: Question,
  audience: Audience,
  settling: Settling<T>,
  asking: Asking | undefined,
): Promise<string> {
  try {
    return await ask(question, audience, asking);
  } catch (error) {
    if (error instanceof Problem && error.question === question)
      error.further = await furtherQuestions(question, settling);
    throw error;
  }
}

/**
 * The questions that follow where each is answered as recommended, or else by the first answer with which the work goes
 * on.
 */
async function furtherQuestions<T>(first: Question, settling: Settling<T>): Promise<Question[]> {
  const further: Question[] = [];
  for (let open: Question | null = first; open && further.length < most; ) {
    open = await next(open, settling);
    if (open) further.push(open);
  }
  return further;
}

/** There are fewer kinds of questions. */
const most = 10;

async function next<T>({ answers, ...rest }: Question, { choose, take }: Settling<T>): Promise<Question | null> {
  const ordered = [...answers].sort((a, b) => Number(b.recommended ?? false) - Number(a.recommended ?? false));
  for (const { value } of ordered) {
    try {
      await take({ answers, ...rest }, value);
      const outcome = await choose();
      return 'question' in outcome ? outcome.question : null;
    } catch (error) {
      // With this answer there is nothing more to do, and so nothing more to ask.
      if (!(error instanceof Problem)) throw error;
    }
  }
  return null;
}
