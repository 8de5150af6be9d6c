import type { ClientContext } from '../code/clients.ts';
import { withoutExtension } from '../code/import-style.ts';
import { openCode, type SourceCode, type Sources } from '../code/source-code.ts';
import { isValidator } from '../knowledge/conventions/index.ts';
import { libraries } from '../knowledge/conventions/keyed/index.ts';
import { engines } from '../knowledge/engines/index.ts';
import { isBuilder } from '../knowledge/engines/packages.ts';
import { type Manifest, readManifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import { sourceFiles } from '../project/source-files.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Found } from '../types/facts.ts';
import type { Client } from '../types/source.ts';
import { localPackages } from './local-packages.ts';
import { ownerFilesIn, type RepositoryPackage } from './owners.ts';

/**
 * The package's own files, walked when they are first asked for, and their code, parsed when that is. `members`: the
 * workspace's folders.
 */
export function sourcesOf(
  project: Project,
  manifest: Manifest,
  sourceRoot: string,
  members: () => Promise<readonly string[]>,
): () => Sources {
  let found: Sources | undefined;
  return () => {
    if (found) return found;
    const files = sourceFiles(project, sourceRoot, ownerFilesIn(project, '.'));
    let code: Promise<SourceCode> | undefined;
    const open = async () => openCode(project, files, localPackages(project, manifest, await members()), libraries);
    found = { ...files, code: () => (code ??= open()) };
    return found;
  };
}

/** The other packages of a workspace, with their manifests. */
export function membersAt(project: Project, folders: readonly string[]): RepositoryPackage[] {
  return folders.map((folder) => ({ folder, manifest: readManifest(project, folder) ?? {} }));
}

/** The client that was asked for, first, and those that the project makes. Raises what `inspectClient` does. */
export async function clientsIn(
  code: SourceCode,
  blueprints: readonly Blueprint[],
  at: Pick<ClientContext, 'host' | 'entry' | 'isOwnCode'>,
  asked: { client?: string | undefined; driver?: string | undefined; cwd: string },
): Promise<Client[]> {
  const { inspectClient, inspectClients } = await import('../code/clients.ts');
  const place: ClientContext = {
    ...at,
    isIdle: (specifier) =>
      isBuilder(specifier) || isValidator(specifier) || /^(?:node:)?(?:path|url|os)$/.test(specifier),
    blocking: engines.flatMap(({ blocking = [] }) => blocking),
  };
  const found = inspectClients(code, blueprints, place);
  const { client } = asked;
  return client ? [await inspectClient(code, blueprints, place, { ...asked, client }), ...found] : found;
}

/** The index of a folder that a new db entry would hide, where code imports it by the folder's name. */
export async function hiddenBy(project: Project, entry: string, sources: () => Sources): Promise<Found<string> | null> {
  if (!project.isFolder(withoutExtension(entry))) return null;
  const { inspectHidden } = await import('../code/importers.ts');
  return inspectHidden(project, entry, sources);
}
