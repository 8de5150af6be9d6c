import { Problem } from '../problem.ts';
import type { Question } from '../types/choice.ts';

/** Who is there to answer. */
export interface Audience {
  /** stdin and stdout are terminals, and neither `--yes` nor `--json` was given. */
  somebody: boolean;
  yes: boolean;
}

/**
 * The answer to an open question: a prompt where somebody is there, the recommended answer under `--yes`, otherwise a refusal
 * that names the flag and the answers. Raises `needs-answer` (or what the question says instead) and `interrupted`.
 */
export async function ask(question: Question, audience: Audience): Promise<string> {
  if (audience.somebody) return prompt(question);
  const recommended = question.answers.find((answer) => answer.recommended);
  if (audience.yes && recommended) return recommended.value;
  throw refusalOf(question);
}

/** Whether to go on with the plan just shown. Only asked where somebody is there. */
export async function confirmPlan(): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: 'Do this?', output: process.stderr });
  return answer === true && !isCancel(answer);
}

/** One of the values, by a prompt. */
export async function pick(
  message: string,
  options: { value: string; label: string; hint: string }[],
): Promise<string> {
  const { select, isCancel } = await import('@clack/prompts');
  const answer = await select({ message, options, output: process.stderr });
  if (isCancel(answer)) throw cancelled();
  return answer;
}

async function prompt({ ask: message, answers, because }: Question): Promise<string> {
  if (answers.length > 0) {
    const first = [...answers].sort((a, b) => Number(b.recommended ?? false) - Number(a.recommended ?? false));
    return pick(
      `${message} (${because})`,
      first.map(({ value, label }) => ({ value, label: value, hint: label })),
    );
  }
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message: `${message} (${because})`, output: process.stderr });
  if (isCancel(answer)) throw cancelled();
  return answer;
}

function refusalOf(question: Question): Problem {
  if (question.refusal) return new Problem(question.refusal.code, question.because, question.refusal.hint, question);
  const values = question.answers.map(({ value }) => value).join(', ');
  const hint = `answer with \`${question.flag}${values ? ` ${values.replaceAll(', ', `\` or \`${question.flag} `)}` : ' <value>'}\``;
  return new Problem('needs-answer', `${question.ask} ${question.because}`, hint, question);
}

function cancelled(): Problem {
  return new Problem('interrupted', 'cancelled', 'nothing was changed');
}
