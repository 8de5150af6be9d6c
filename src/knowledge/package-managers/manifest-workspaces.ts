import { readManifest } from '../../project/manifest.ts';
import { inFolder, type Project, type WorkspaceFile } from '../../project/project.ts';
import type { WorkspacePatterns } from './index.ts';

/** The file of such a workspace. */
export const workspaceManifest: WorkspaceFile = { name: 'package.json', holds: '"workspaces"' };

/** The workspace that a folder's package.json declares, as npm, Yarn, Bun and Deno have it. */
export async function workspaceInManifest(project: Project, folder: string): Promise<WorkspacePatterns | null> {
  const patterns = readManifest(project, folder)?.workspaces;
  return patterns ? { file: inFolder(folder, 'package.json'), patterns } : null;
}
