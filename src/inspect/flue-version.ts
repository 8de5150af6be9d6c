import { Problem } from '../problem.ts';
import type { Found } from '../types.ts';
import { declaration, type Manifest } from './manifest.ts';
import { inFolder, type Project } from './project.ts';
import { flueMembers } from './workspace.ts';

const runtime = '@flue/runtime';

/**
 * The version of `@flue/runtime`: pinned by `package.json`, else installed, else the only one in the lockfile; null where only a range or
 * a tag is known. Raises `not-a-project` where the package does not depend on it.
 */
export async function inspectFlue(
  project: Project,
  manifest: Manifest,
  workspace: Found<string> | null,
  asked: string | undefined,
): Promise<Found<string | null>> {
  const declared = declaration(manifest, runtime);
  if (!declared) {
    const members = await flueMembers(project, workspace?.value ?? '.');
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
  const locked = lockedVersion(project, runtime);
  if (locked) return { value: locked.version, because: locked.path };
  return {
    value: null,
    because: `\`package.json\` says \`${declared.specifier}\`, and it is neither installed nor locked`,
  };
}

/** The version of a package as installed, from the package folder upward. */
export function installedVersion(project: Project, name: string): { version: string; path: string } | null {
  for (const folder of project.upward) {
    const path = inFolder(folder, `node_modules/${name}/package.json`);
    const text = project.isFolder(path.replace(/\/package\.json$/, '')) ? project.read(path) : null;
    const version = text && /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (version) return { version, path };
  }
  return null;
}

/** A search for lines, not a parse: a pnpm-lock of 0.8 MB takes 650 ms to parse. `NAME` stands for the package. */
const lockPatterns: [file: string, pattern: string][] = [
  ['package-lock.json', 'node_modules/NAME": \\{\\s*"version": "([^"]+)"'],
  ['npm-shrinkwrap.json', 'node_modules/NAME": \\{\\s*"version": "([^"]+)"'],
  ['pnpm-lock.yaml', "^ {2}'?/?NAME@([^(':]+)"],
  ['yarn.lock', '^"?NAME@[^\\n]*:\\n {2}version:? "?([^"\\n]+)"?'],
  ['bun.lock', '"NAME": \\["NAME@([^"]+)"'],
];

/** The version of a package that the lockfile has; null also where it has two: a repository may be on both lines. */
export function lockedVersion(project: Project, name: string): { version: string; path: string } | null {
  for (const folder of project.upward) {
    for (const [file, pattern] of lockPatterns) {
      const path = inFolder(folder, file);
      const text = project.has(path) ? (project.read(path) ?? '') : '';
      const named = new RegExp(pattern.replaceAll('NAME', name.replaceAll('.', '\\.')), 'gm');
      const versions = [...new Set([...text.matchAll(named)].map((match) => match[1]!))];
      if (versions.length === 1) return { version: versions[0]!, path };
      if (versions.length > 1) return null;
    }
  }
  return null;
}
