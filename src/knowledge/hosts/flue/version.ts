import { Problem } from '../../../problem.ts';
import { installedVersion } from '../../../project/installed.ts';
import { declaration, type Manifest } from '../../../project/manifest.ts';
import type { Project } from '../../../project/project.ts';
import type { Found } from '../../../types/facts.ts';
import type { HostContext } from '../index.ts';

/** The package that makes a project Flue's. */
export const runtimePackage = '@flue/runtime';

/** The package of Flue's own command line, which has the same name as ours. */
export const commandLine = '@flue/cli';

/**
 * The lines of Flue that differ in what this tool needs. `old`: before 1.0, where a db entry is not looked for or has
 * another API; `beta`: 1.0.0-beta, with `flue dev` and `flue build`; `2.x`: on Vite; `newer`: not known here.
 */
export type ReleaseLine = 'old' | 'beta' | '2.x' | 'newer';

/** The line of a version, or of a specifier where the version is not known: what names none is taken for the newest. */
function lineOf(version: string): ReleaseLine {
  const major = Number(/^[~^=v\s]*(?:>=\s*)?(\d+)(?:\.|$)/.exec(version)?.[1] ?? 2);
  if (major < 1) return 'old';
  if (major === 1) return 'beta';
  return major === 2 ? '2.x' : 'newer';
}

/**
 * The version of `@flue/runtime`: pinned by `package.json`, else installed, else the one that the lockfile gives this
 * package; null where only a range or a tag is known. Raises `bad-request` where the command line contradicts a pin.
 */
export function inspectVersion(
  project: Project,
  { manifest, asked, locked }: Pick<HostContext, 'manifest' | 'asked' | 'locked'>,
): { version: Found<string | null>; line: ReleaseLine } {
  const specifier = declaration(manifest, runtimePackage)?.specifier ?? '';
  const version = versionFound(project, specifier, asked, locked);
  return { version, line: lineOf(version.value ?? specifier) };
}

function versionFound(
  project: Project,
  specifier: string,
  asked: string | undefined,
  locked: HostContext['locked'],
): Found<string | null> {
  const exact = /^=?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(specifier.trim())?.[1];
  if (asked && exact && asked !== exact) {
    const message = `\`--flue ${asked}\`, but \`package.json\` pins \`${runtimePackage}\` to ${exact}`;
    throw new Problem('bad-request', message, 'leave `--flue` out, or change the pin first');
  }
  if (asked) return { value: asked, because: '--flue' };
  if (exact) return { value: exact, because: '`package.json` pins it' };
  const installed = installedVersion(project, runtimePackage);
  if (installed) return { value: installed.version, because: installed.path };
  const inLock = locked(runtimePackage);
  // A lockfile of another line is older than what `package.json` says.
  const isOfRange = !/^[~^>=v\s]*\d/.test(specifier) || (inLock && lineOf(inLock.version) === lineOf(specifier));
  if (inLock && isOfRange) return { value: inLock.version, because: inLock.path };
  return { value: null, because: `\`package.json\` says \`${specifier}\`, and it is neither installed nor locked` };
}

/** Why a package is no Flue project, and which members of its workspace may be. */
export function notFlue(project: Project, manifest: Manifest, members: readonly string[]): Problem {
  const flue = members.filter((one) => project.read(`${one}/package.json`)?.includes(`"${runtimePackage}"`));
  const elsewhere =
    flue.length > 0
      ? `this workspace has one: run it in ${flue.map((one) => `\`${one}\``).join(' or ')}, ` +
        'or name that folder with `--cwd`'
      : 'run it in the package that depends on `@flue/runtime`, or start one with `npx @flue/cli init`';
  const hint = declaration(manifest, '@flue/sdk')
    ? '`@flue/sdk` is Flue 0.5, which has no `db.ts`: move to @flue/runtime 1.0.0-beta.9 or 2.x first'
    : elsewhere;
  return new Problem(
    'not-a-project',
    `\`package.json\` does not depend on \`${runtimePackage}\`, so this is not a Flue project`,
    hint,
  );
}
