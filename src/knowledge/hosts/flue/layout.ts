import { readMarker } from '../../../blueprints/marker.ts';
import { Problem } from '../../../problem.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { Entry, Found, HostFacts, Language } from '../../../types/facts.ts';
import { handedOut } from './handed-out.ts';
import { moduleNamed } from './paths.ts';
import type { FlueProject } from './project.ts';
import { fromVite } from './target.ts';

/** Flue's own order; the first one present is the db entry, the others are ignored (0.10.0 to 2.1.0). */
export const dbEntries = ['db.ts', 'db.mts', 'db.js', 'db.mjs'];

/** The folders that may be the source root, the first that is a folder wins; else it is the root (0.10.0 to 2.1.0). */
const sourceFolders = ['.flue', 'src'];

/**
 * The source root by Flue's rule: below its root, `.flue` if it is a folder, else `src` if it is one, else the root
 * itself. Raises `not-a-project` where that folder leads out of the project by a symlink.
 */
export function inspectSourceRoot(project: Project, root: Found<string>): Found<string> {
  const found = sourceFolders.find((folder) => project.isFolder(inFolder(root.value, folder)));
  const where = root.value === '.' ? '' : `, in \`${root.value}\`: ${root.because}`;
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
 * Where the config says the db entry is (2.x: `db`, inline or in the file, seen from the root); null where it says
 * nothing. Of several Vite configs those that build for Cloudflare do not count: a db entry is for Node. Raises
 * `cannot-parse` where it is computed, or no place for a module.
 */
export function entryOption(project: Project, flue: FlueProject): Found<string> | null {
  const said = [
    ...flue.vite
      .filter((one) => fromVite(one, flue.flue).value !== 'cloudflare')
      .map(({ path, config }) => ({ path, value: config?.flue?.db ?? 'absent' })),
    { path: flue.flue?.path ?? '', value: flue.flue?.config?.db ?? 'absent' },
  ].find(({ value }) => value !== 'absent');
  return said ? moduleNamed(project, flue.root.value, { ...said, option: 'db' }) : null;
}

/** Where the db entry is, or belongs: where the config says, else by name in the source root. */
export function inspectPlace(
  project: Project,
  sourceRoot: Found<string>,
  option: Found<string> | null,
  language: Language,
): HostFacts['place'] {
  if (option) return { ...option, option: true };
  const there = dbEntries.map((name) => inFolder(sourceRoot.value, name)).find((file) => project.has(file));
  if (there) return { value: there, because: `the first of ${dbEntries.join(', ')} in the source root`, option: false };
  const value = inFolder(sourceRoot.value, `db.${language === 'typescript' ? 'ts' : 'js'}`);
  return { value, because: `the source root has no db entry (${sourceRoot.because})`, option: false };
}

/**
 * The db entry that Flue would load, if there is one. Raises `adapter-exists` where its place is taken by a folder, or
 * by a symlink that leads out of the project.
 */
export function inspectEntry(project: Project, place: HostFacts['place']): Found<Entry> | null {
  const { value: path, because } = place;
  if (!project.has(path)) return null;
  if (project.isFolder(path)) {
    throw new Problem('adapter-exists', `\`${path}\` is a folder, where Flue expects a module`, 'rename that folder');
  }
  const outside = project.outside(path);
  if (outside) {
    const hint = 'replace the symlink by a file, or run it in the project that owns it';
    throw new Problem('adapter-exists', `\`${path}\` is a symlink to \`${outside}\`, outside this project`, hint);
  }
  const text = project.read(path) ?? '';
  const marker = readMarker(text);
  const startersPlace = !place.option && marker === null;
  return { value: { path, text, marker, handedOut: handedOut(text, startersPlace) }, because };
}

/** What Flue itself loads from the source root. */
export function isOwnCode(sourceRoot: string, file: string): boolean {
  const folder = sourceRoot === '.' ? '' : `${sourceRoot}/`;
  const inside = file.startsWith(folder) ? file.slice(folder.length) : '';
  return /^(?:(?:agents|workflows|channels)\/|(?:app|db)\.[mc]?[jt]s$)/.test(inside);
}
