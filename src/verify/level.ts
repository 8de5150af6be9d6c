import type { Question } from '../types/choice.ts';
import type { Level, Site } from '../types/verify.ts';
import type { Subject } from './subject.ts';

/**
 * What may be done where nobody has said so: writing, where the database is this machine's or holds nothing but its
 * host's state; otherwise it is asked. Where it looks like production no answer is recommended, so that `--yes` does
 * not give one.
 */
export function levelFor(site: Site, { host }: Pick<Subject, 'host'>): Level | Question {
  const where = site.address ? `\`${site.address}\`` : 'the database';
  const answers = (recommended: boolean) => [
    {
      value: 'write',
      label: host.verification.writes,
      ...(recommended && { recommended }),
    },
    { value: 'read', label: 'write nothing, and leave the contract unchecked' },
  ];
  const ask = 'May verify write there?';
  const flag = '--level' as const;
  const production = looksLikeProduction(site, host.title);
  if (production) {
    return {
      flag,
      ask,
      answers: answers(false),
      because: `${where} looks like production: ${production}`,
      refusal: {
        code: 'needs-answer',
        hint: 'answer with `--level read`, which writes nothing, or `--level write`; `--yes` does not answer this',
      },
    };
  }
  if (site.local || !site.holds.others) return 'write';
  return {
    flag,
    ask,
    answers: answers(true),
    because: `${where} is not on this machine, and holds more than ${host.title}'s state`,
  };
}

/** Why, or null. */
function looksLikeProduction({ local, production, holds }: Site, title: string): string | null {
  if (production && (holds.flue || !local)) return 'the environment says production';
  if (!local && holds.flue) return `it is not on this machine, and ${title}'s state is in it`;
  return null;
}
