import type { Write } from '../types/plan.ts';

/** What becomes of a file that is written. */
export function changeOf({ before, after }: Write): 'create' | 'edit' | 'delete' {
  if (before === null) return 'create';
  return after === null ? 'delete' : 'edit';
}
