import { isFilePath, isMember } from '../knowledge/engines/family.ts';
import { engineOfScheme } from '../knowledge/engines/packages.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Facts } from '../types/facts.ts';
import type { VariableUse } from '../types/source.ts';

/** What is known of one variable of the family. */
export interface Candidate {
  name: string;
  live: boolean;
  scheme: string | null;
  parameters: string[];
  uses: VariableUse[];
}

/** The variables of a blueprint's family that the project documents or uses, in that order. */
export function candidatesIn({ facts, blueprint }: { facts: Facts; blueprint: Blueprint }): Candidate[] {
  const documented = facts.envDocs.flatMap((doc) => doc.variables);
  const uses = facts.source?.uses ?? [];
  const names = [...new Set([...documented, ...uses].map(({ name }) => name))];
  return names
    .filter((name) => isMember(blueprint.family, name) && !isFilePath(blueprint.family, name))
    .map((name) => {
      const lines = documented.filter((variable) => variable.name === name);
      const live = lines.filter((line) => line.live);
      return {
        name,
        live: live.length > 0,
        scheme: (live.find(({ scheme }) => scheme) ?? lines.find(({ scheme }) => scheme))?.scheme ?? null,
        parameters: (live.length > 0 ? live : lines).flatMap(({ parameters = [] }) => parameters),
        uses: uses.filter((use) => use.name === name),
      };
    });
}

/**
 * The engine that a variable is for: what code and config that use it say, else the URL scheme of the committed
 * template. `several` and `another` where no single engine of ours can be; null where nothing tells.
 */
export function engineOf({ uses, scheme }: Candidate): string | null {
  const used = new Set(uses.flatMap(({ engine }) => engine ?? []));
  if (used.size === 1) return [...used][0]!;
  if (used.size > 1) return 'several';
  if (!scheme) return null;
  return engineOfScheme(scheme)?.name ?? 'another';
}
