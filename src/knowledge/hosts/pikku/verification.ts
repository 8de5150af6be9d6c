import { Problem } from '../../../problem.ts';
import type { Facts } from '../../../types/facts.ts';
import type { Load, Verification } from '../index.ts';
import { detailsOf } from './details.ts';
import { exported, spread } from './wiring.ts';

/** What `verify` says of a module of Redis services. */
export const verification: Verification = {
  reached: (facts, entry) => {
    const title = 'the services of the project have it';
    const { wiredIn, services, left, commonJs } = detailsOf(facts);
    if (wiredIn !== null) return { title, ok: true, because: `\`${wiredIn}\``, remedy: null };
    const where = services ? `\`${services.path}\`` : 'the module that makes the services';
    return {
      title,
      // What stands in a module that is not seen, or in a form that is not, may be right.
      ok: services && !commonJs ? false : null,
      because: `\`${spread}\` is not found in ${where}${left === null ? '' : `: ${left}`}`,
      remedy: `import \`${exported}\` from \`${entry}\` there, and spread it as the last property of the services`,
    };
  },
  contract: 'what it keeps of workflows',
  writes: 'begin a run of its own there, kill its process, read it in another, remove it',
  ends: {
    closing: 'its services are stopped',
    remedy: 'give back a service with a `stop` that quits the client: Pikku calls nothing else',
  },
};

/** The module as what starts the project loads it. Raises `not-a-project` where there is none. */
export function loads({ entry, place, envFile }: Facts): Load {
  if (entry) return { path: entry.value.path, cwd: '.', envFile: envFile.value };
  const hint = '`flue-db add redis` writes one; without it workflows are kept where the services say, if anywhere';
  throw new Problem('not-a-project', `there are no Redis services to verify: \`${place.value}\` is not there`, hint);
}
