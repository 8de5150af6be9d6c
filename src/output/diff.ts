import { createTwoFilesPatch } from 'diff';
import type { EnvDoc } from '../types/env-docs.ts';
import type { Operation, Plan } from '../types/plan.ts';
import { paint, type TextStyle } from './layout.ts';
import { maskedOperations } from './secrets.ts';
import { hasColour, isTerminal, write } from './stream.ts';
import { presentable } from './untrusted.ts';

/**
 * The plan as a unified diff, with each command as a `$` line where it would run. Values that stand in env docs are
 * masked; where there is none, and no control character, `git apply` takes it. On a terminal it is coloured. Raises
 * `operation-failed` where stdout cannot be written.
 */
export function printDiff(plan: Plan, docs: readonly EnvDoc[], descriptor: 1 | 2 = 1): void {
  const terminal = isTerminal(descriptor);
  const colour = hasColour(descriptor);
  for (const operation of maskedOperations(plan.operations, docs)) {
    const text = render(operation);
    write(descriptor, terminal ? coloured(text, colour) : presentable(text));
  }
}

function render(operation: Operation): string {
  if (operation.kind === 'run') return `$ ${operation.command.join(' ')}\n`;
  const { path, before, after } = operation;
  const from = before === null ? '/dev/null' : `a/${path}`;
  const to = after === null ? '/dev/null' : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, '');
}

function coloured(text: string, colour: boolean): string {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.map((line) => paint({ colour }, [[styleOf(line), line] as const], presentable)).join('\n');
}

function styleOf(line: string): TextStyle {
  if (/^(?:---|\+\+\+) /.test(line)) return 'bold';
  if (line.startsWith('@@') || line.startsWith('$ ')) return 'cyan';
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : 'plain';
}
