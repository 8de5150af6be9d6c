import type { SourceCode } from '../code/source-code.ts';
import { isVariable } from '../knowledge/engines/family.ts';
import { engineOf, engineOfDialect } from '../knowledge/engines/packages.ts';
import { packageManagerNames } from '../knowledge/package-managers/index.ts';
import { schemaOwners } from '../knowledge/schema-owners/index.ts';
import { unknownOwners } from '../knowledge/schema-owners/unknown.ts';
import type { Manifest } from '../project/manifest.ts';
import { inFolder, type Project } from '../project/project.ts';
import type { Owner } from '../types/source.ts';

/** A package of the repository. `files`: its own code, where that is read. */
export interface RepositoryPackage {
  folder: string;
  manifest: Manifest;
  files?: readonly string[];
}

/** Folders of a package in which tools keep what configures them. */
const places = ['.', 'prisma', 'prisma/schema', 'prisma/models', 'db', 'src/db', 'config', '.config'];

/**
 * The files of a folder in which a tool says which database it manages; those that a script names by `--config` and the
 * like, too.
 */
export function ownerFilesIn(project: Project, folder: string, { scripts = {} }: Manifest = {}): string[] {
  const found = places.flatMap((below) => {
    const at = below === '.' ? folder : inFolder(folder, below);
    return project
      .list(at)
      .flatMap(({ name, kind }) =>
        kind === 'file' && schemaOwners.some(({ files }) => files?.test(name)) ? [inFolder(at, name)] : [],
      );
  });
  const named = Object.values(scripts).flatMap((line) =>
    [
      ...String(line)
        .slice(0, 10_000)
        .matchAll(/(?:--?[\w-]+[= ])["']?(?:\.\/)?([\w./-]+\.(?:[mc]?[jt]s|json|prisma))\b/g),
    ].map((match) => inFolder(folder, match[1]!)),
  );
  return [...new Set([...found, ...named.filter((file) => project.has(file))])];
}

/**
 * The tools that manage a schema: in the package and what it runs by all of their code, in the rest of the workspace by
 * their configuration and scripts.
 */
export function inspectOwners(
  code: SourceCode,
  manifest: Manifest,
  own: readonly string[],
  others: readonly RepositoryPackage[],
): Owner[] {
  const members: RepositoryPackage[] = [{ folder: '.', manifest, files: own }, ...others];
  const owners = members.flatMap(({ folder, manifest: one, files = [] }) => {
    const place = {
      code,
      folder,
      manifest: one,
      files: [...new Set([...ownerFilesIn(code.project, folder, one), ...files])],
      isName: isVariable,
      managers: packageManagerNames,
      engineOf: (specifier: string) => engineOf(specifier)?.name ?? null,
      isDialect: (text: unknown): text is string => typeof text === 'string' && engineOfDialect(text) !== null,
      engineOfDialect: (dialect: string) => engineOfDialect(dialect)?.name ?? dialect,
    };
    return [...schemaOwners.flatMap((tool) => tool.detect(place)), ...unknownOwners(place)];
  });
  return withScripts(owners);
}

/** A script that pushes speaks of the configuration that was found, wherever in the workspace that is. */
function withScripts(owners: readonly Owner[]): Owner[] {
  const isScript = (one: Owner) => one.path.endsWith('package.json');
  const configured = owners.filter((one) => !isScript(one));
  const pushing = new Set(owners.filter((one) => isScript(one) && one.pushes).map(({ tool }) => tool));
  const alone = owners.filter((one) => isScript(one) && configured.every(({ tool }) => tool !== one.tool));
  const engineBy = (tool: string) => configured.find((one) => one.tool === tool && one.engine)?.engine ?? null;
  return [
    ...configured.map((one) => ({
      ...one,
      engine: one.engine ?? engineBy(one.tool),
      pushes: one.pushes || pushing.has(one.tool),
    })),
    ...alone,
  ];
}
