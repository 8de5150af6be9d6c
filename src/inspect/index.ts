import { formerOf } from '../blueprints/marker.ts';
import { clientIn } from '../blueprints/template.ts';
import type { Sources } from '../code/source-code.ts';
import { findEnvDocs, readerIn } from '../knowledge/conventions/index.ts';
import { isMember, isVariable } from '../knowledge/engines/family.ts';
import { engineOfScheme, mayConnect } from '../knowledge/engines/packages.ts';
import { inspectFormatter } from '../knowledge/formatters/inspect.ts';
import type { Host } from '../knowledge/hosts/index.ts';
import { inspectCatalogs, withCatalogs } from '../knowledge/package-managers/catalogs.ts';
import { declaredInSettings, packageManagerNames } from '../knowledge/package-managers/index.ts';
import { inspectPackageManager } from '../knowledge/package-managers/inspect.ts';
import { type Locked, openLockfiles } from '../knowledge/package-managers/locked.ts';
import { inspectWorkspace, workspaceMembers } from '../knowledge/package-managers/workspaces.ts';
import { isSignOfOwner, schemaOwners } from '../knowledge/schema-owners/index.ts';
import { inspectCompiler } from '../project/compiler.ts';
import { isRefused } from '../project/door.ts';
import type { Manifest } from '../project/manifest.ts';
import type { Project } from '../project/project.ts';
import { nearestFiles } from '../project/source-files.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { DocVariable, EnvDoc } from '../types/env-docs.ts';
import type { Entry, Facts, PackageManagerName, ProjectText } from '../types/facts.ts';
import type { Client } from '../types/source.ts';
import { manifestOf } from './hosts.ts';
import { ownerFilesIn } from './owners.ts';
import { inspectPackages } from './packages.ts';
import { inspectSource } from './source.ts';
import { clientsIn, hiddenBy, membersAt, sourcesOf } from './sources.ts';

/** What the command line says that decides how the project is read. */
export interface Asked {
  packageManager?: PackageManagerName | undefined;
  /** The version of the host's runtime. */
  version?: string | undefined;
  /** `<file>#<export>`, the folder it is seen from, and what to take it for where that cannot be seen. */
  client?: string | undefined;
  cwd?: string | undefined;
  driver?: string | undefined;
  /** Whether an install will follow: only then a program may be started, to see which package manager works. */
  installs?: boolean;
  /** Whether the entry is taken back: then it says what it uses, and of the project's code only its client is read. */
  takesBack?: boolean;
}

/**
 * An opened project as facts with their evidence, looked at with the named blueprints in mind. Reads only;
 * asks nothing. Raises `not-a-project`, `cannot-parse`, `adapter-exists` where the entry is no file, `needs-answer`
 * where the host has several roots, and `bad-request` for a client that is not there.
 */
export async function inspect(
  project: Project,
  host: Host,
  blueprints: readonly Blueprint[],
  asked: Asked = {},
): Promise<Facts> {
  const { manifest, packageManager, workspace, catalogs, locked } = await inspectInstalling(project, asked);
  const its = await host.facts(project, { manifest, managers: packageManagerNames, asked: asked.version, locked });
  const sourceRoot = its.sourceRoot.value;
  const at = { host, entry: its.place.value, sourceRoot, isOwnCode: (file: string) => host.isOwnCode(its, file) };
  const members = async () => (workspace ? workspaceMembers(project, workspace.value) : []);
  const source = sourcesOf(project, manifest, sourceRoot, members);
  const whereabouts = { project, manifest, workspace, from: its.hostRoot.value, ...at, source };
  const envDocs = await findEnvDocs({ ...whereabouts, isOfDatabase: isVariable, isSignOfOwner });
  const packages = inspectPackages(project, manifest, namesOfInterest(blueprints), locked);
  const entry = its.entry?.value;
  const known = { manifest, workspace, blueprints, packages, envDocs, entry };
  return {
    ...its,
    root: project.root,
    packageManager,
    workspace,
    env: readerIn(envDocs) ?? { value: 'process.env', because: `${host.title} reads the process environment` },
    envDocs,
    packages,
    catalogs,
    ...(await inspectCode(project, known, { at, source, members }, asked)),
    former: entry ? textAt(project, formerOf(entry.path)) : null,
    hidden: entry ? null : await hiddenBy(project, its.place.value, source),
    compiler: await inspectCompiler(project, its.place.value),
    formatter: await inspectFormatter(project, manifest, its.place.value),
    manifest: { path: 'package.json', text: project.read('package.json')! },
    gitignore:
      blueprints.some(({ ignores }) => ignores) && isPlainText(project, '.gitignore')
        ? textAt(project, '.gitignore')
        : null,
  };
}

/** What an install goes by: who installs, and for which workspace, catalogs and package.json. */
interface Installing extends Pick<Facts, 'packageManager' | 'workspace' | 'catalogs'> {
  /** The package's own, with the versions that catalogs hold in place of references to them. */
  manifest: Manifest;
  locked: Locked;
}

async function inspectInstalling(project: Project, asked: Asked): Promise<Installing> {
  const written = manifestOf(project);
  const membership = await inspectWorkspace(project);
  const workspace = membership.root;
  const catalogs = await inspectCatalogs(project, workspace, written);
  const manifest = withCatalogs(written, catalogs);
  const { packageManager: named, installs = false } = asked;
  const packageManager = await inspectPackageManager(project, manifest, membership, {
    packageManager: named,
    installs,
  });
  const locked = await openLockfiles(project, manifest, packageManager);
  return { packageManager, workspace, catalogs, manifest, locked };
}

function namesOfInterest(blueprints: readonly Blueprint[]): string[] {
  const names = blueprints.flatMap(({ adapter, drivers, refused }) => [
    adapter,
    ...drivers.flatMap((driver) => [driver.package, ...Object.keys(driver.types ?? {}), ...(driver.suggestedBy ?? [])]),
    ...refused.map((entry) => entry.package),
  ]);
  return [...new Set(names)];
}

/** The variables, of whatever name, whose sample is the URL of a database. */
function addressesIn(docs: readonly EnvDoc[]): string[] {
  const all = docs.flatMap(({ variables }) => variables);
  return all.flatMap(({ name, scheme }) => (scheme !== null && engineOfScheme(scheme) ? [name] : []));
}

/** What is known of the package before its code is read, and may make that worth it. */
interface PackageFacts extends Pick<Facts, 'workspace' | 'packages' | 'envDocs'> {
  manifest: Manifest;
  blueprints: readonly Blueprint[];
  entry: Entry | undefined;
}

/** How the package's code is read: only when it is asked for. */
interface PackageCode {
  at: { host: Host; entry: string; sourceRoot: string; isOwnCode(file: string): boolean };
  source(): Sources;
  members(): Promise<string[]>;
}

/** What the code says of variables and clients; of code that is not worth reading nothing. */
async function inspectCode(
  project: Project,
  known: PackageFacts,
  { at, source, members }: PackageCode,
  asked: Asked,
): Promise<Pick<Facts, 'source' | 'clients'>> {
  const { manifest, workspace, blueprints, entry, envDocs } = known;
  const look = !asked.takesBack && worthLooking(project, at, known);
  const ofClient = asked.takesBack && entry && clientIn(entry.text) !== null;
  const { cwd = project.root } = asked;
  const clients: Client[] =
    look || ofClient || asked.client ? await clientsIn(await source().code(), blueprints, at, { ...asked, cwd }) : [];
  if (!look) return { source: null, clients };
  const others = workspace ? [workspace.value, ...(await members())] : [];
  const around = {
    entry: entry?.path,
    members: membersAt(project, others),
    documented: addressesIn(envDocs),
  };
  return { source: await inspectSource(project, manifest, source(), around), clients };
}

/** Files that are searched for a new variable's name: larger projects have docs or packages that tell. */
const mostSearched = 300;

/**
 * The source is read only where it can settle something: a package that has to do with the database is there, a tool
 * that may own the database is configured, a variable of the family is documented, or a file has the very name that a
 * new variable would get.
 */
function worthLooking(project: Project, { host, sourceRoot }: PackageCode['at'], known: PackageFacts): boolean {
  const { manifest, workspace, blueprints, packages, envDocs } = known;
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const beside = [...Object.keys(declared), ...declaredInSettings(project)].some(
    (name) => !host.isOwnPackage(name) && (mayConnect(name) || schemaOwners.some((one) => one.packages.includes(name))),
  );
  // What a workspace's members share, one of them may own.
  const shared =
    workspace !== null && Object.values(declared).some((specifier) => /^(?:workspace:|\*$)/.test(specifier));
  if (beside || shared) return true;
  const signed = project.list('.').some(({ name }) => isSignOfOwner(name));
  const owned = signed || ownerFilesIn(project, '.', manifest).length > 0;
  const settles = blueprints.some((blueprint) => {
    const isOfIts = ({ name, scheme }: DocVariable) =>
      isMember(blueprint.family, name) || (scheme !== null && engineOfScheme(scheme)?.name === blueprint.engine);
    const documented = envDocs.some((doc) => doc.variables.some(isOfIts));
    const there = packages.some(
      ({ name }) => name !== blueprint.adapter && !name.startsWith('@types/') && name !== host.runtime,
    );
    return documented || there || owned;
  });
  if (settles) return true;
  const names = blueprints.flatMap(({ variables }) => variables.map(({ name }) => name));
  for (const file of nearestFiles(project, sourceRoot, mostSearched)) {
    const bytes = file === known.entry?.path ? null : project.peek(file);
    if (bytes !== null && !isRefused(bytes) && names.some((name) => bytes.includes(name))) return true;
  }
  return false;
}

/** A regular file of UTF-8 text: anything else is not edited. */
function isPlainText(project: Project, path: string): boolean {
  return project.list('.').some(({ name, kind }) => name === path && kind === 'file') && project.isText(path);
}

function textAt(project: Project, path: string): ProjectText | null {
  return project.has(path) ? { path, text: project.read(path) ?? '' } : null;
}
