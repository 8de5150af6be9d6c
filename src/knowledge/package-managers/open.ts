import { openPackage, type Project } from '../../project/project.ts';
import { packageManagers } from './index.ts';

const workspaceFiles = packageManagers.flatMap((manager) => manager.workspaceFiles);

/**
 * Opens the project that a folder stands in: its package, up to the root of the repository or of a workspace of any
 * package manager. Raises `not-a-project` where there is no package.json.
 */
export function openProject(cwd: string): Project {
  return openPackage(cwd, workspaceFiles);
}
