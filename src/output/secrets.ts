import type { EnvDoc } from '../types/env-docs.ts';
import type { Operation } from '../types/plan.ts';
import { withoutCredentials } from './credentials.ts';
import { namesWithValues, withoutValues } from './doc-values.ts';

/**
 * Writes as they may be shown: without credentials, and those of env docs without the values that stood there before. A
 * value that the plan itself puts there is no secret.
 */
export function maskedOperations(operations: readonly Operation[], docs: readonly EnvDoc[]): Operation[] {
  return operations.map((one) => {
    if (one.kind === 'run') return one;
    const isDoc = docs.some(({ path }) => path === one.path);
    const names = isDoc ? namesWithValues(one.before ?? '') : new Set<string>();
    const show = (text: string | null) =>
      text && withoutCredentials(isDoc ? withoutValues(text, names, one.path) : text);
    return { ...one, before: show(one.before), after: show(one.after) };
  });
}
