import { packageManagerNames } from '../knowledge/package-managers/index.ts';
import type { Choice, Outcome } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';

/**
 * The package manager, or the question where the evidence contradicts itself; where somebody can confirm it, also in
 * place of a mere guess.
 */
export function choosePackageManager(
  { packageManager }: Facts,
  confirmsGuess = false,
): Outcome<Choice['packageManager']> {
  const { value, because, among, guess } = packageManager;
  if (value && !(guess && confirmsGuess)) return { choice: { value, because } };
  const names = among?.map(({ name }) => name) ?? packageManagerNames;
  return {
    question: {
      flag: '--package-manager',
      ask: 'Which package manager does this project use?',
      answers: names.map((name) => ({ value: name, label: name, ...(name === value?.name && { recommended: true }) })),
      because,
    },
  };
}
