import { inFolder, type Project } from './project.ts';

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
