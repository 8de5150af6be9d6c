import { managerNamed } from '../knowledge/package-managers/index.ts';
import { Problem } from '../problem.ts';
import type { Found, PackageManagerFacts } from '../types/facts.ts';
import type { Run, Step } from '../types/plan.ts';

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

/** The one install that package.json now needs, for a person to run where flue does not. */
export function installStep({ install, obstacle }: PackageManagerFacts): Step {
  const command = install.join(' ');
  const why = obstacle?.code === 'by-hand' ? ` (${obstacle.because})` : '';
  return { kind: 'run', command, text: `install: \`${command}\`${why}` };
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
