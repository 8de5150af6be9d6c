import path from 'node:path';
import { compileGlob, toolGlob } from '../../project/glob.ts';
import { type Project, wayTo } from '../../project/project.ts';

/** The file that is added as a config in `folder` sees it. */
export function seenFrom(project: Project, folder: string, entry: string): string {
  return wayTo(path.join(project.root, folder), path.join(project.root, entry));
}

/**
 * Whether one of the patterns, as a config in `folder` means them, names the file: by its name alone, or with a slash
 * by its path.
 */
export function isFor(patterns: unknown, project: Project, folder: string, entry: string): boolean {
  const file = seenFrom(project, folder, entry);
  const given = [patterns].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return given.some((one) =>
    one.includes('/')
      ? compileGlob(one.replace(/^\.?\//, ''), toolGlob)(file)
      : compileGlob(one, toolGlob)(path.posix.basename(file)),
  );
}
