import type { Choice, Outcome } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';

/** The package manager, or the question where the evidence contradicts itself. */
export function choosePackageManager({ packageManager }: Facts): Outcome<Choice['packageManager']> {
  const { value, because, among = [] } = packageManager;
  if (value) return { choice: { value, because } };
  return {
    question: {
      flag: '--package-manager',
      ask: 'Which package manager does this project use?',
      answers: among.map(({ name }) => ({ value: name, label: name })),
      because,
    },
  };
}
