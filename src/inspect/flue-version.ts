import { Problem } from '../problem.ts';
import type { Found } from '../types.ts';
import { declaration, type Manifest } from './manifest.ts';
import type { Project } from './project.ts';

const runtime = '@flue/runtime';

/**
 * The version of `@flue/runtime`: pinned by `package.json`, else installed, else the only one in the lockfile; null where only a range or
 * a tag is known. Raises `not-a-project` where the package does not depend on it.
 */
export function inspectFlue(project: Project, manifest: Manifest, asked: string | undefined): Found<string | null> {
  if (asked) return { value: asked, because: '--flue' };
  const declared = declaration(manifest, runtime);
  if (!declared) {
    const hint = manifest.dependencies?.['@flue/sdk']
      ? '`@flue/sdk` is Flue 0.5, which has no `db.ts`: move to @flue/runtime 1.0.0-beta.9 or 2.x first'
      : 'run it in the package that depends on `@flue/runtime`, or start one with `npx @flue/cli init`';
    throw new Problem(
      'not-a-project',
      `\`package.json\` does not depend on \`${runtime}\`, so this is not a Flue project`,
      hint,
    );
  }
  const exact = /^=?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(declared.specifier.trim())?.[1];
  if (exact) return { value: exact, because: '`package.json` pins it' };
  const installed = installedVersion(project, runtime);
  if (installed) return { value: installed.version, because: installed.path };
  const locked = lockedVersion(project);
  if (locked) return { value: locked.version, because: locked.path };
  return {
    value: null,
    because: `\`package.json\` says \`${declared.specifier}\`, and it is neither installed nor locked`,
  };
}

/** The version of a package as installed, from the package folder upward. */
export function installedVersion(project: Project, name: string): { version: string; path: string } | null {
  for (const folder of project.upward) {
    const path = `${folder === '.' ? '' : `${folder}/`}node_modules/${name}/package.json`;
    const text = project.isFolder(path.replace(/\/package\.json$/, '')) ? project.read(path) : null;
    const version = text && /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (version) return { version, path };
  }
  return null;
}

/** A search for lines, not a parse: a pnpm-lock of 0.8 MB takes 650 ms to parse. */
const lockPatterns: [file: string, pattern: RegExp][] = [
  ['package-lock.json', /node_modules\/@flue\/runtime": \{\s*"version": "([^"]+)"/g],
  ['npm-shrinkwrap.json', /node_modules\/@flue\/runtime": \{\s*"version": "([^"]+)"/g],
  ['pnpm-lock.yaml', /^ {2}'?\/?@flue\/runtime@([^(':]+)/gm],
  ['yarn.lock', /^"?@flue\/runtime@[^\n]*:\n {2}version:? "?([^"\n]+)"?/gm],
  ['bun.lock', /"@flue\/runtime": \["@flue\/runtime@([^"]+)"/g],
];

/** null also where the lockfile has two versions: a repository may be on both lines. */
function lockedVersion(project: Project): { version: string; path: string } | null {
  for (const folder of project.upward) {
    for (const [file, pattern] of lockPatterns) {
      const path = folder === '.' ? file : `${folder}/${file}`;
      const text = project.has(path) ? (project.read(path) ?? '') : '';
      const versions = [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];
      if (versions.length === 1) return { version: versions[0]!, path };
      if (versions.length > 1) return null;
    }
  }
  return null;
}
