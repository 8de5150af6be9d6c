import { managerNamed } from '../knowledge/package-managers/index.ts';
import { Problem } from '../problem.ts';
import type { Found, PackageManagerFacts } from '../types/facts.ts';
import type { Operation, Run, Step } from '../types/plan.ts';

/**
 * The one install after a changed package.json, or null where a tool installs that flue does not drive. Raises
 * `needs-answer` where it would fail, or not reach this package: that is known before anything is touched.
 * @param brings packages that are there when it has worked
 */
export function planInstall({ value, because }: Found<PackageManagerFacts>, brings: string[]): Run | null {
  const { name, obstacle, install: command, touches, harmlessErrors } = value;
  if (obstacle?.code === 'by-hand') return null;
  if (obstacle) throw new Problem('needs-answer', obstacle.because, `${obstacle.hint}; or pass \`--no-install\``);
  const harmless = harmlessErrors.length > 0 ? { harmlessErrors } : {};
  const ownScripts = managerNamed(name)?.ownScripts;
  return { kind: 'run', command, cwd: '.', touches, brings, ...harmless, ...(ownScripts && { ownScripts }), because };
}

/** What a person does to have the packages of a changed package.json: nothing, where the plan installs them. */
export function installSteps(operations: readonly Operation[], manager: PackageManagerFacts): Step[] {
  if (operations.length === 0) return [];
  if (!operations.some(({ kind }) => kind === 'run')) return [installStep(manager)];
  return manager.lockfileOnly ? [{ kind: 'run', text: manager.lockfileOnly }] : [];
}

/** The one install, for a person to run where flue does not, and what speaks against it. */
function installStep({ install, obstacle, lockfileOnly }: PackageManagerFacts): Step {
  const command = install.join(' ');
  const why = obstacle?.because ?? lockfileOnly;
  return { kind: 'run', command, text: `install: \`${command}\`${why ? ` (${why})` : ''}` };
}

/** `>=22.0.0` of `^22.0.0`: what adding writes for types that are there in a newer major version. */
export function atLeast(range: string): string {
  return range.replace(/^\^/, '>=');
}

/**
 * A range as the project's package manager saves it: with its prefix, or exact. Only a range of the form `^1.2.3` is
 * another way of writing a version.
 */
export function savedAs({ savePrefix }: Pick<PackageManagerFacts, 'savePrefix'>, range: string): string {
  return /^\^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range) ? savePrefix + range.slice(1) : range;
}
