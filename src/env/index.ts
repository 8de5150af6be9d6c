import { processEnv } from './process-env.ts';

/** A way in which a project reads its variables. */
export interface Convention {
  name: string;
  /** The expression that reads the variable in `db.ts`, and the import it needs. */
  reference(name: string): { expression: string; import?: string };
}

/** In order; the last one always applies. */
export const conventions: readonly Convention[] = [processEnv];

/** The convention of that name. A name that is not in the list is a bug. */
export function conventionNamed(name: string): Convention {
  const found = conventions.find((convention) => convention.name === name);
  if (!found) throw new Error(`no env convention is named ${name}`);
  return found;
}
