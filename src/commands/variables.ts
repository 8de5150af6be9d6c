import type { ReportedVariable } from '../output/printed.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';

/**
 * The variables that `db.ts` reads, each with whether the project had it before: documented, or read by its own code.
 */
export function reportedVariables(facts: Facts, { names }: Choice, { variables }: Blueprint): ReportedVariable[] {
  const known = new Set([
    ...facts.envDocs.flatMap((doc) => doc.variables.map(({ name }) => name)),
    ...(facts.source?.uses ?? []).map(({ name }) => name),
  ]);
  return variables.flatMap(({ name: canonical, purpose }) => {
    const name = names[canonical]?.value;
    if (name === undefined) return [];
    return [{ name, canonical, state: known.has(name) ? ('reused' as const) : ('new' as const), purpose }];
  });
}
