import type { Host } from '../knowledge/hosts/index.ts';
import { Problem } from '../problem.ts';
import { isOnPath } from '../project/programs.ts';
import type { Plan } from '../types/plan.ts';

/** Raises `operation-failed` where a program that the plan runs is not there: before anything is asked or written. */
export function checkPrograms({ operations }: Plan): void {
  for (const one of operations) {
    const [program] = one.kind === 'run' ? one.command : [];
    if (program && !isOnPath(program)) {
      const hint = `install ${program}, or name another with \`--package-manager\`, or pass \`--no-install\``;
      throw new Problem('operation-failed', `\`${program}\` is not installed`, hint);
    }
  }
}

/** What will not work later although adding does, as far as this machine tells. */
export function warnings({ title, node }: Pick<Host, 'title' | 'node'>): string[] {
  if (node === null) return [];
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wanted, least] = node;
  if (major > wanted || (major === wanted && minor >= least)) return [];
  return [
    `this is Node ${process.versions.node}; ${title} itself needs ${wanted}.${least} or newer to build and to run`,
  ];
}
