import type { Check } from '../types/verify.ts';
import type { Subject } from './subject.ts';

/**
 * What can be said before anything runs: whether what builds and starts the project gets to this entry and to what it
 * imports.
 */
export function buildChecks({ host, facts, entry, packages }: Subject): Check[] {
  const reached: Check = {
    code: 'reached-by-build',
    severity: 'error',
    ms: 0,
    ...host.verification.reached(facts, entry),
  };
  return [reached, ...leftOut(facts.packages, packages)];
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
