import { isObject, objectOf } from '../../edit/parse-data.ts';
import { readJsonObject } from '../../project/json-file.ts';
import { inFolder, type Project } from '../../project/project.ts';

/**
 * The versions that maps of overrides force on packages, whoever asks for them; a later map wins. What holds only below
 * another package (`a>b`) or for some of the versions asked for (`pg@7`), and what puts another package into the place
 * of one (`npm:`, `patch:`), is not among them.
 */
export function forcedVersions(...maps: readonly unknown[]): Record<string, string> {
  const entries = maps.flatMap((map) => Object.entries(objectOf(map)));
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      // Yarn 1 and pnpm take a pattern of paths, npm an object with what holds below the package.
      const name = key.replace(/^\*\*\//, '');
      const version = isObject(value) ? value['.'] : value;
      const isOne = /^(?:@[^/@>*]+\/)?[^/@>*]+$/.test(name) && typeof version === 'string';
      return isOne && /^[~^<>=v\s]*\d/.test(version) ? [[name, version]] : [];
    }),
  );
}

/** The fields of the package.json in a folder as they are written; none where there is no such file. */
export function fieldsIn(project: Project, folder: string): Record<string, unknown> {
  const file = inFolder(folder, 'package.json');
  return project.has(file) ? readJsonObject(project, file) : {};
}
