import { type Host, hosts } from '../knowledge/hosts/index.ts';
import { inspectWorkspace, workspaceMembers } from '../knowledge/package-managers/workspaces.ts';
import { Problem } from '../problem.ts';
import { type Manifest, readManifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import type { Found } from '../types/facts.ts';

/**
 * The hosts of which the package shows evidence, in their order. Raises `not-a-project` where there is none, or
 * package.json is another project's.
 */
export async function inspectHosts(project: Project): Promise<Found<Host>[]> {
  const manifest = manifestOf(project);
  const found = hosts.flatMap((host): Found<Host>[] => {
    const evidence = host.detect(project, manifest);
    return evidence ? [{ value: host, because: evidence.because }] : [];
  });
  if (found.length > 0) return found;
  const { root: workspace } = await inspectWorkspace(project);
  const members = await workspaceMembers(project, workspace?.value ?? '.');
  // The first has an answer for every project; what another says of it is about this one.
  const reasons = hosts.toReversed().flatMap((host) => host.absent(project, manifest, members) ?? []);
  throw reasons[0]!;
}

/** The package's own manifest. Raises `not-a-project` where it is a symlink that leads out of the project. */
export function manifestOf(project: Project): Manifest {
  const outside = project.outside('package.json');
  if (outside) {
    const hint = 'run it in the project that owns that file';
    throw new Problem('not-a-project', `\`package.json\` is a symlink to \`${outside}\`, outside this project`, hint);
  }
  return readManifest(project, '.')!;
}
