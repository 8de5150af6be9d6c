import { type Host, hostNamed } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import type { Outcome } from '../types/choice.ts';
import type { Found } from '../types/facts.ts';

/**
 * The host to add to: the one asked for, else the only one there is evidence of; several are a question. Raises
 * `bad-request` for a name that is no host's, and `not-a-project` for a host that the project shows no sign of.
 */
export function chooseHost(found: readonly Found<Host>[], asked: string | undefined): Outcome<Host> {
  if (asked !== undefined) {
    const host = hostNamed(asked);
    if (found.some(({ value }) => value === host)) return { choice: host };
    const there = found.map(({ value, because }) => `${value.title} is (${because})`).join(', ');
    throw new Problem('not-a-project', `${host.title} is not used in this package`, `${there}; leave out \`--host\``);
  }
  const [first] = found;
  if (found.length === 1) return { choice: first!.value };
  const because = found.map(({ value, because: why }) => `${value.title} (${why})`).join(' and ');
  return {
    question: {
      flag: '--host',
      ask: 'Which of them gets the database?',
      answers: found.map(({ value, because: why }) => ({ value: value.name, label: `${value.title}: ${why}` })),
      because: `this package uses ${because}`,
    },
  };
}
