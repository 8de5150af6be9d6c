import { Problem } from '../../../problem.ts';
import { installedVersion } from '../../../project/installed.ts';
import { declaration, type Manifest } from '../../../project/manifest.ts';
import type { Project } from '../../../project/project.ts';
import type { Found } from '../../../types/facts.ts';

const runtime = '@flue/runtime';

/** What else may say the version: the command line, the lockfile; and the members of the workspace, to name where Flue is. */
export interface VersionSources {
  asked: string | undefined;
  locked: (name: string) => { version: string; path: string } | null;
  members: () => Promise<string[]>;
}

/**
 * The version of `@flue/runtime`: pinned by `package.json`, else installed, else the only one in the lockfile; null where only a range or
 * a tag is known. Raises `not-a-project` where the package does not depend on it.
 */
export async function inspectFlue(
  project: Project,
  manifest: Manifest,
  { asked, locked: lockedVersion, members: workspaceMembers }: VersionSources,
): Promise<Found<string | null>> {
  const declared = declaration(manifest, runtime);
  if (!declared) {
    const members = (await workspaceMembers()).filter((one) =>
      project.read(`${one}/package.json`)?.includes('"@flue/runtime"'),
    );
    const hint = manifest.dependencies?.['@flue/sdk']
      ? '`@flue/sdk` is Flue 0.5, which has no `db.ts`: move to @flue/runtime 1.0.0-beta.9 or 2.x first'
      : members.length > 0
        ? `this workspace has one: run it in ${members.map((one) => `\`${one}\``).join(' or ')}, or name that folder with \`--cwd\``
        : 'run it in the package that depends on `@flue/runtime`, or start one with `npx @flue/cli init`';
    throw new Problem(
      'not-a-project',
      `\`package.json\` does not depend on \`${runtime}\`, so this is not a Flue project`,
      hint,
    );
  }
  const exact = /^=?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(declared.specifier.trim())?.[1];
  if (asked && exact && asked !== exact) {
    const message = `\`--flue ${asked}\`, but \`package.json\` pins \`${runtime}\` to ${exact}`;
    throw new Problem('bad-request', message, 'leave `--flue` out, or change the pin first');
  }
  if (asked) return { value: asked, because: '--flue' };
  if (exact) return { value: exact, because: '`package.json` pins it' };
  const installed = installedVersion(project, runtime);
  if (installed) return { value: installed.version, because: installed.path };
  const locked = lockedVersion(runtime);
  if (locked) return { value: locked.version, because: locked.path };
  return {
    value: null,
    because: `\`package.json\` says \`${declared.specifier}\`, and it is neither installed nor locked`,
  };
}
