import type { Check } from '../types/verify.ts';
import type { Subject } from './subject.ts';

/**
 * What can be said before anything runs: whether Flue's build and its server get to this db entry and to what it
 * imports.
 */
export function buildChecks({ facts, entry, packages }: Subject): Check[] {
  const { target } = facts;
  const reached = {
    code: 'reached-by-build',
    title: "Flue's build finds it",
    severity: 'error' as const,
    ms: 0,
  };
  const cloudflare = target.value === 'cloudflare';
  const first: Check = cloudflare
    ? {
        ...reached,
        ok: false,
        because: `the project builds for Cloudflare (${target.because}), and \`${entry}\` fails every such build`,
        remedy:
          'remove it: Durable Object SQLite is built in; or keep it out of that build with `db:` in a config of the Node build',
      }
    : { ...reached, ok: true, because: `\`${entry}\``, remedy: null };
  return [first, ...leftOut(facts.packages, packages)];
}

/** The server loads the driver when it runs, and a production install brings only `dependencies`. */
function leftOut(declared: Subject['facts']['packages'], imported: readonly string[]): Check[] {
  const left = declared.filter(
    ({ name, list }) => list === 'devDependencies' && imported.includes(name) && !name.startsWith('@types/'),
  );
  return left.map(({ name }) => ({
    code: 'installed-in-production',
    title: 'a production install brings its packages',
    ok: false,
    severity: 'warning',
    because: `\`${name}\` stands in \`devDependencies\`, and a production install leaves it out`,
    remedy: 'move it to `dependencies`',
    ms: 0,
  }));
}
