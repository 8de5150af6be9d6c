import {
  isAnyConnection,
  isConnection,
  isFilePath,
  isMember,
  isNamedForOther,
  isPrimary,
  isVariable,
  mayBeConnection,
} from '../knowledge/engines/family.ts';
import { engineOfScheme } from '../knowledge/engines/packages.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Facts } from '../types/facts.ts';
import type { VariableUse } from '../types/source.ts';

/** What is known of one variable that may be for a blueprint's database. */
export interface Candidate {
  name: string;
  /** Whether it holds one whole connection string. */
  connects: boolean;
  live: boolean;
  scheme: string | null;
  parameters: string[];
  uses: VariableUse[];
}

/**
 * The variables of a blueprint's family that the project documents or uses, in that order; and connections by the name
 * of another family (`DATABASE_URL`) that are proven to be for the blueprint's engine. Where none of those can be
 * the connection, the only one of any other name that is proven to be one.
 */
export function candidatesIn({ facts, blueprint }: { facts: Facts; blueprint: Blueprint }): Candidate[] {
  const documented = facts.envDocs.flatMap((doc) => doc.variables);
  const uses = facts.source?.uses ?? [];
  const names = [...new Set([...documented, ...uses].map(({ name }) => name))];
  const { family, engine } = blueprint;
  const known = names.map((name): Candidate => {
    const lines = documented.filter((variable) => variable.name === name);
    const live = lines.filter((line) => line.live);
    return {
      name,
      connects: isMember(family, name) ? isConnection(family, name) : true,
      live: live.length > 0,
      scheme: (live.find(({ scheme }) => scheme) ?? lines.find(({ scheme }) => scheme))?.scheme ?? null,
      parameters: (live.length > 0 ? live : lines).flatMap(({ parameters = [] }) => parameters),
      uses: uses.filter((use) => use.name === name),
    };
  });
  const named = known.filter((one) =>
    isMember(family, one.name)
      ? !isFilePath(family, one.name)
      : isAnyConnection(one.name) && engineOfCandidate(one) === engine,
  );
  if (named.some((one) => one.connects && [null, engine].includes(engineOfCandidate(one)))) return named;
  const others = known.filter((one) => !isVariable(one.name) && isProven(one, engine));
  return others.length === 1 ? [...named, others[0]!] : named;
}

/** Whether a variable of any name holds a connection of that engine: by its sample, or by what the code hands it to. */
function isProven(one: Candidate, engine: string): boolean {
  const holdsUrl = one.live && one.scheme !== null && isPrimary(one.name);
  return engineOfCandidate(one) === engine && (holdsUrl || mayBeConnection(one.name));
}

/**
 * The engine that a variable is for: what code and config that use it say, else the URL scheme of the committed
 * template. `several` and `another` where no single engine of ours can be; null where nothing tells.
 */
export function engineOfCandidate({ uses, scheme }: Candidate): string | null {
  const used = new Set(uses.flatMap(({ engine }) => engine ?? []));
  if (used.size === 1) return [...used][0]!;
  if (used.size > 1) return 'several';
  if (!scheme) return null;
  return engineOfScheme(scheme)?.name ?? 'another';
}

/** What is known of a project's connections, as far as it concerns one engine. */
interface Connections {
  /** Those that may be for the engine, and of them those that are. */
  open: Candidate[];
  proven: Candidate[];
  /** The only one that may be, where it is; not by its sample alone where another is also handed to the engine. */
  reusable: Candidate[];
  /** The only one that a name for the host may be made from, if any. */
  derivable: Candidate | undefined;
  /** One that is handed to the engine and to others. */
  mixed: Candidate | undefined;
}

/** Sorts connections by what is known of their engine. */
export function knownOf(connections: readonly Candidate[], engine: string): Connections {
  const isFor = (one: Candidate) => one.uses.some((use) => use.engine === engine);
  const open = connections.filter((one) => [null, engine].includes(engineOfCandidate(one)));
  const proven = open.filter((one) => engineOfCandidate(one) === engine);
  const mixed = connections.find((one) => engineOfCandidate(one) === 'several' && isFor(one));
  const only = open.length === 1 ? open : [];
  const reusable = only.filter((one) => proven.includes(one) && (!mixed || isFor(one)));
  const derivable = mixed ? undefined : only.find(({ name }) => !isNamedForOther(engine, name));
  return { open, proven, reusable, derivable, mixed };
}
