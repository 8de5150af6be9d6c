import path from 'node:path';
import { openProject } from '../knowledge/package-managers/open.ts';
import { withPnp } from '../knowledge/package-managers/pnp.ts';
import { inFolder } from '../project/project.ts';
import type { Starting } from './run-child.ts';

/**
 * The runtime that runs us runs the child as well: Node or Bun. Deno hands no descriptor down; there it is the Node on
 * the PATH.
 */
export function startingFor(root: string, more: NodeJS.ProcessEnv = {}): Starting {
  const command: Starting['command'] = process.versions.deno ? ['node'] : [process.execPath];
  const project = openProject(root);
  const top = project.upward.find((folder) => project.has(inFolder(folder, '.pnp.cjs')));
  const env = top === undefined ? process.env : withPnp(path.join(project.root, top, '.pnp.cjs'), process.env);
  return { command, env: { ...env, ...more } };
}
