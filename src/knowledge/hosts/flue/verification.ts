import { Problem } from '../../../problem.ts';
import type { Facts } from '../../../types/facts.ts';
import type { Load, Verification } from '../index.ts';

/** What `verify` says of a db entry of Flue's. */
export const verification: Verification = {
  reached: ({ target }, entry) => {
    const title = "Flue's build finds it";
    if (target.value !== 'cloudflare') return { title, ok: true, because: `\`${entry}\``, remedy: null };
    return {
      title,
      ok: false,
      because: `the project builds for Cloudflare (${target.because}), and \`${entry}\` fails every such build`,
      remedy:
        'remove it: Durable Object SQLite is built in; ' +
        'or keep it out of that build with `db:` in a config of the Node build',
    };
  },
  contract: 'the contract of its runner',
  writes: 'make a table of its own there, hold db.ts to its contract, remove it',
  ends: { closing: 'close()', remedy: 'close the client in close()' },
};

/**
 * The db entry as Flue loads it. Raises `not-a-project` where there is none, and `unsupported-flue` for a line whose
 * adapters have no runner.
 */
export function loads({ entry, place, hostRoot, envFile, line, version }: Facts): Load {
  if (!entry) {
    const hint = '`flue-db add <name>` writes one; without it Flue keeps its state in its own SQLite file';
    throw new Problem('not-a-project', `there is no db entry to verify: \`${place.value}\` is not there`, hint);
  }
  if (line === 'old') {
    const hint = 'move to 1.0.0-beta.9 or 2.x first: `npx @flue/cli docs` has the changes';
    const which = version.value ?? 'before 1.0';
    throw new Problem('unsupported-flue', `Flue ${which} has adapters with another API, without a runner`, hint);
  }
  return { path: entry.value.path, cwd: hostRoot.value, envFile: envFile.value };
}
