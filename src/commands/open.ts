import { chooseHost } from '../choose/host.ts';
import { inspectHosts } from '../inspect/hosts.ts';
import type { Host } from '../knowledge/hosts/index.ts';
import { openProject } from '../knowledge/package-managers/open.ts';
import type { Audience } from '../output/audience.ts';
import type { Project } from '../project/project.ts';
import { settle } from './settle.ts';

/** A project, opened once for all that a command does, and the host it is of. */
export interface OpenProject {
  project: Project;
  host: Host;
}

/**
 * Opens the project that a folder stands in, and settles its host. Raises `not-a-project`, `bad-request` and what `ask`
 * raises.
 */
export async function open(cwd: string, asked: string | undefined, audience: Audience): Promise<OpenProject> {
  const project = openProject(cwd);
  const found = await inspectHosts(project);
  let name = asked;
  const host = await settle(audience, {
    choose: () => chooseHost(found, name),
    take: (_question, answer) => {
      name = answer;
    },
  });
  return { project, host };
}
