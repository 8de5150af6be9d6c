import { createTwoFilesPatch } from 'diff';
import type { Operation, Plan } from '../types/plan.ts';
import { write } from './stream.ts';

/** The plan as a unified diff that `git apply` takes, with each command as a `$` line where it would run. */
export function printDiff(plan: Plan): void {
  for (const operation of plan.operations) write(1, render(operation));
}

function render(operation: Operation): string {
  if (operation.kind === 'run') return `$ ${operation.command.join(' ')}\n`;
  const { path, before, after } = operation;
  const from = before === null ? '/dev/null' : `a/${path}`;
  const to = after === null ? '/dev/null' : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, '');
}
