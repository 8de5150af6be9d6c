import { Problem } from '../../../problem.ts';
import { installedVersion } from '../../../project/installed.ts';
import { declaration } from '../../../project/manifest.ts';
import type { Project } from '../../../project/project.ts';
import type { AdapterVersion, Blueprint } from '../../../types/blueprint.ts';
import type { Outcome } from '../../../types/choice.ts';
import type { Facts, Found, Package } from '../../../types/facts.ts';
import type { HostContext } from '../index.ts';

/** The package that makes a project Pikku's. */
export const corePackage = '@pikku/core';

/**
 * The line that this tool knows. Pikku releases several times a week, all of it as patches of 0.12, and patches break.
 */
export const line = '0.12';

/**
 * The version of `@pikku/core`: pinned by package.json, else installed, else locked; null where only a range or a tag
 * is known. Raises `bad-request` where the command line names a version, which is one of Flue's.
 */
export function inspectVersion(project: Project, { manifest, asked, locked }: HostContext): Found<string | null> {
  if (asked !== undefined)
    throw new Problem('bad-request', '`--flue` names a version of Flue, and this is a Pikku project', 'leave it out');
  const specifier = declaration(manifest, corePackage)?.specifier ?? '';
  const exact = /^=?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(specifier.trim())?.[1];
  if (exact) return { value: exact, because: '`package.json` pins it' };
  const there = installedVersion(project, corePackage) ?? locked(corePackage);
  if (there) return { value: there.version, because: there.path };
  return { value: null, because: `\`package.json\` says \`${specifier}\`, and it is neither installed nor locked` };
}

/**
 * The adapter for a version of `@pikku/core`, by the blueprint's table: peers are carets, so that npm takes pairs that
 * cannot be loaded. Raises `unsupported-flue`, the code for a host's version, where the table has none or package.json
 * has another, `needs-answer` where the version is not known, and `unsupported-driver` for a driver of which the
 * adapter would bring a copy of its own.
 */
export function adapterVersion(facts: Facts, { adapter, versions = [], drivers }: Blueprint): Outcome<Found<string>> {
  const { value: version, because } = facts.version;
  if (version === null) {
    const hint = 'install the project first, so that it is known';
    throw new Problem(
      'needs-answer',
      `which \`${corePackage}\` runs here is not known, and \`${adapter}\` must match it: ${because}`,
      hint,
    );
  }
  const row = versions.find(({ from, to }) => compare(version, from) >= 0 && compare(version, to) <= 0);
  if (!row) throw unknown(version, because, versions);
  refuseOther(facts.packages, adapter, row);
  refuseCopy(facts.packages, adapter, row, drivers[0]!.package);
  return { choice: { value: row.adapter, because: `made for \`${corePackage}\` ${version} (${because})` } };
}

function unknown(version: string, because: string, versions: readonly AdapterVersion[]): Problem {
  const [first, last] = [versions[0]!.from, versions.at(-1)!.to];
  const [what, hint] =
    compare(version, first) < 0
      ? [`has no service that lists runs; it begins with ${first}`, `move to ${corePackage} ${last} first`]
      : [
          `is newer than ${last}, the last that was run here, and its patches break what is built for others`,
          `update this tool, or stay at \`${corePackage}\` ${last}`,
        ];
  return new Problem('unsupported-flue', `\`${corePackage}\` ${version} (${because}) ${what}`, hint);
}

function refuseOther(packages: readonly Package[], adapter: string, row: AdapterVersion): void {
  const declared = packages.find(({ name }) => name === adapter)?.specifier;
  if (!declared || /^(?:workspace|catalog|file|link|portal|npm):/.test(declared)) return;
  if (declared.replace(/^[=v]+/, '') === row.adapter) return;
  const message =
    `\`package.json\` has \`${adapter}\` at \`${declared}\`, ` +
    `and this project's \`${corePackage}\` goes with ${row.adapter} exactly`;
  throw new Problem('unsupported-flue', message, `set it to \`${row.adapter}\`, then run it again`);
}

/** A client of another copy is taken for settings, and what it is given to connects to localhost without a word. */
function refuseCopy(packages: readonly Package[], adapter: string, row: AdapterVersion, driver: string): void {
  const there = packages.find(({ name }) => name === driver);
  const version = there?.installed ?? /^[~^=v]*(\d+\.\d+\.\d+)$/.exec(there?.specifier ?? '')?.[1] ?? null;
  const caret = there?.installed ? '' : (there?.specifier ?? '');
  // A caret leaves room for what the adapter takes; what is installed or pinned does not.
  const old = version !== null && compare(version, row.driver) < 0 && !caret.startsWith('^');
  if (!old || majorOf(version) !== majorOf(row.driver)) return;
  const message =
    `\`${driver}\` ${version} is there, and \`${adapter}\` ${row.adapter} takes ${row.driver} or newer: ` +
    'it would bring a copy of its own, and connect to localhost';
  throw new Problem('unsupported-driver', message, `move \`${driver}\` to \`^${row.driver}\`, then run it again`);
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** How two versions stand to each other; what comes before a release counts as it. */
export function compare(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('-')[0]!.split('.').map(Number));
  for (let i = 0; i < 3; i += 1) if (a![i] !== b![i]) return (a![i] ?? 0) - (b![i] ?? 0);
  return 0;
}
