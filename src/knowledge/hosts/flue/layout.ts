import { readMarker } from '../../../blueprints/marker.ts';
import { Problem } from '../../../problem.ts';
import type { Manifest } from '../../../project/manifest.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Adapter, Found, Language } from '../../../types/facts.ts';

/** Flue's own order; the first one present is the db entry, the others are ignored (0.10.0 to 2.0.3). */
const dbEntries = ['db.ts', 'db.mts', 'db.js', 'db.mjs'];

/**
 * The source root by Flue's rule: below its root, `.flue` if it is a folder, else `src` if it is one, else the root itself.
 * Raises `not-a-project` where that folder leads out of the project by a symlink.
 */
export function inspectSourceRoot(project: Project, root: Found<string>): Found<string> {
  const found = ['.flue', 'src'].find((folder) => project.isFolder(inFolder(root.value, folder)));
  const where = root.value === '.' ? '' : `, below ${root.because}`;
  const because = found
    ? `\`${found}\` is a folder${found === 'src' ? ' and `.flue` is not there' : ''}`
    : 'there is neither a `.flue` nor a `src` folder';
  const sourceRoot = { value: found ? inFolder(root.value, found) : root.value, because: because + where };
  const outside = project.outside(sourceRoot.value);
  if (outside) {
    const hint = 'run it in the project that owns that folder';
    throw new Problem(
      'not-a-project',
      `\`${sourceRoot.value}\` is a symlink to \`${outside}\`, outside this project`,
      hint,
    );
  }
  return sourceRoot;
}

/**
 * The db entry that Flue would load, if there is one: where its config points, else by name in the source root. Raises `adapter-exists` where
 * its place is taken by a folder, or by a symlink that leads out of the project.
 */
export function inspectAdapter(
  project: Project,
  sourceRoot: string,
  option: Found<string> | null,
): Found<Adapter> | null {
  const candidates = option ? [option.value] : dbEntries.map((entry) => inFolder(sourceRoot, entry));
  const path = candidates.find((candidate) => project.has(candidate));
  if (!path) return null;
  if (project.isFolder(path)) {
    throw new Problem('adapter-exists', `\`${path}\` is a folder, where Flue expects a module`, 'rename that folder');
  }
  const outside = project.outside(path);
  if (outside) {
    const hint = 'replace the symlink by a file, or run it in the project that owns it';
    throw new Problem('adapter-exists', `\`${path}\` is a symlink to \`${outside}\`, outside this project`, hint);
  }
  const text = project.read(path) ?? '';
  return {
    value: { path, marker: readMarker(text), scaffold: isScaffold(text) },
    because: option?.because ?? `the first of ${dbEntries.join(', ')} in the source root`,
  };
}

/** What `flue init` 2.x writes, comments and layout aside: the embedded default, put there by no one's decision. */
function isScaffold(text: string): boolean {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm, '')
    .replace(/\s+/g, '')
    .replace(/"/g, "'");
  return /^import{sqlite}from'@flue\/runtime\/node';?exportdefaultsqlite\('\.\/data\/flue\.db'\);?$/.test(bare);
}

/** TypeScript or JavaScript: a tsconfig, TypeScript among the dependencies, or source files that are TypeScript. */
export function inspectLanguage(project: Project, manifest: Manifest, sourceRoot: string): Found<Language> {
  if (project.has('tsconfig.json')) return { value: 'typescript', because: '`tsconfig.json`' };
  for (const list of ['devDependencies', 'dependencies'] as const) {
    if (manifest[list]?.typescript) return { value: 'typescript', because: `\`typescript\` in \`${list}\`` };
  }
  for (const folder of new Set([sourceRoot, '.', inFolder(sourceRoot, 'agents'), inFolder(sourceRoot, 'workflows')])) {
    const file = project.list(folder).find((entry) => /(?<!\.d)\.[mc]?tsx?$/.test(entry.name));
    if (file) return { value: 'typescript', because: `\`${inFolder(folder, file.name)}\`` };
  }
  return { value: 'javascript', because: 'no `tsconfig.json`, no `typescript` dependency and no TypeScript source' };
}
