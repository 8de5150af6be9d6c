import { expect, test } from 'vitest';
import { ask, refusalOf } from '../../src/output/ask.ts';
import type { Question } from '../../src/types/choice.ts';

/** What becomes of a question where nobody types an answer. */
const question: Question = {
  flag: '--var',
  ask: 'Which variable?',
  because: 'two are there',
  answers: [
    { value: 'DATABASE_URL=A', label: 'A' },
    { value: 'DATABASE_URL=B', label: 'B', recommended: true },
  ],
};
const nobody = { somebody: false, yes: false };

test('it is refused, and the refusal names the flag with every answer', async () => {
  await expect(ask(question, nobody)).rejects.toMatchObject({
    code: 'needs-answer',
    hint: 'answer with `--var DATABASE_URL=A` or `--var DATABASE_URL=B`',
    question,
  });
});

test('`--yes` takes the recommended answer, and gives none where none is recommended', async () => {
  const yes = { somebody: false, yes: true };
  expect(await ask(question, yes)).toBe('DATABASE_URL=B');
  const open = { ...question, answers: question.answers.slice(0, 1) };
  await expect(ask(open, yes)).rejects.toMatchObject({ code: 'needs-answer' });
});

test('a question may say which refusal it is', () => {
  const refusal = { code: 'adapter-exists', hint: 'keep it' } as const;
  expect(refusalOf({ ...question, refusal })).toMatchObject({ ...refusal, message: 'two are there' });
});
