import path from 'node:path';
import { inFolder, type Project, wayTo } from '../../../project/project.ts';
import { aside } from '../../../project/source-files.ts';

/** What stands in the repository around Pikku's config. Paths from the package folder. */
export interface Repository {
  /** Modules that are no tests. */
  modules: string[];
  /** package.json of the repository's packages. */
  manifests: string[];
  /** Whether all of it was looked at. */
  complete: boolean;
}

/** More is no repository of people who write by hand. */
const limits = { folders: 3000, files: 6000 };
const passed = /^(?:\.|node_modules$|dist$|build$|out$|coverage$|vendor$|public$)/;

/** Walks the folder that the config stands in, without what is generated or installed. */
export function inspectRepository(project: Project, home: string, outDir: string): Repository {
  const files: string[] = [];
  const folders = [home];
  let complete = true;
  for (const [walked, folder] of folders.entries()) {
    if (walked >= limits.folders || files.length >= limits.files) return sorted(project, files, false);
    for (const { name, kind } of project.list(folder)) {
      const at = seenFrom(project, inFolder(folder, name));
      if (kind === 'folder' && !passed.test(name) && at !== outDir) folders.push(at);
      if (kind === 'file' && read.test(name)) files.push(at);
    }
    complete &&= project.isWhole(folder);
  }
  return sorted(project, files, complete);
}

/** What may make services, and the manifests that say what is built of them. */
const read = /^package\.json$|(?<!\.d)\.[mc]?[jt]sx?$/;

function sorted(project: Project, all: readonly string[], complete: boolean): Repository {
  const files = all.filter((file) => !project.refusal(file));
  const manifests = files.filter((file) => file.endsWith('package.json'));
  const modules = files.filter((file) => !file.endsWith('.json') && !aside.test(file));
  return { modules, manifests, complete: complete && files.length === all.length };
}

/** A path as every other is written: from the package, and `.` for the package itself. */
export function seenFrom({ root }: Project, one: string): string {
  return wayTo(root, path.join(root, one)) || '.';
}

/** Whether a path is below one of the folders. */
export function isBelow({ root }: Project, folders: readonly string[], one: string): boolean {
  return folders.some((folder) => !wayTo(path.join(root, folder), path.join(root, one)).startsWith('..'));
}
