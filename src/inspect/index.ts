import { formerOf } from '../blueprints/marker.ts';
import { inspectClient, inspectClients } from '../code/clients.ts';
import { inspectHidden } from '../code/importers.ts';
import { inspectSchemas } from '../knowledge/conventions/checked-modules.ts';
import { inspectDocs } from '../knowledge/conventions/docs.ts';
import { inspectEnvFile, inspectStores } from '../knowledge/conventions/stores.ts';
import { related } from '../knowledge/engines/engines.ts';
import { isMember } from '../knowledge/engines/family.ts';
import { inspectFormatter } from '../knowledge/formatters/inspect.ts';
import { inspectAdapter, inspectLanguage, inspectSourceRoot } from '../knowledge/hosts/flue/layout.ts';
import { inspectEntryOption, inspectRoot, inspectTarget, isBeta } from '../knowledge/hosts/flue/target.ts';
import { inspectFlue } from '../knowledge/hosts/flue/version.ts';
import { inspectCatalogs, withCatalogs } from '../knowledge/package-managers/catalogs.ts';
import { inspectPackageManager } from '../knowledge/package-managers/inspect.ts';
import { openLockfiles } from '../knowledge/package-managers/locked.ts';
import { inspectWorkspace, workspaceMembers } from '../knowledge/package-managers/workspaces.ts';
import { Problem } from '../problem.ts';
import { type Manifest, readManifest } from '../project/manifest.ts';
import { inFolder, openProject, type Project } from '../project/project.ts';
import { type SourceFiles, sourceFiles } from '../project/source-files.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Client, EnvDoc, Facts, Package, PackageManagerName, Target } from '../types/facts.ts';
import { inspectPackages } from './packages.ts';
import { inspectSource, ownerFilesIn } from './source.ts';

/** What the command line says that the project would otherwise be asked for. */
export interface Asked {
  packageManager?: PackageManagerName | undefined;
  target?: Target | undefined;
  flue?: string | undefined;
  /** `<file>#<export>`, and what to take it for where that cannot be seen. */
  client?: string | undefined;
  driver?: string | undefined;
  /** Whether an install will follow: only then a program may be started, to see which package manager works. */
  installs?: boolean;
}

/**
 * The project that `cwd` stands in, as facts with their evidence, looked at with the named blueprints in mind. Reads only;
 * asks nothing. Raises `not-a-project`, `cannot-parse`, `adapter-exists` where the db entry is no file, and `bad-request`
 * for a client that is not there.
 */
export async function inspect(cwd: string, blueprints: readonly Blueprint[], asked: Asked = {}): Promise<Facts> {
  const project = openProject(cwd);
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
  const flue = await inspectFlue(project, manifest, {
    asked: asked.flue,
    locked,
    members: () => workspaceMembers(project, workspace?.value ?? '.'),
  });
  const sourceRoot = inspectSourceRoot(project, await inspectRoot(project, isBeta(flue.value, manifest)));
  const entryOption = await inspectEntryOption(project, isBeta(flue.value, manifest));
  const adapter = inspectAdapter(project, sourceRoot.value, entryOption);
  const language = inspectLanguage(project, manifest, sourceRoot.value);
  const entry = `db.${language.value === 'typescript' ? 'ts' : 'js'}`;
  const entryPath = adapter?.value.path ?? entryOption?.value ?? inFolder(sourceRoot.value, entry);
  let walked: SourceFiles | undefined;
  const source = () => (walked ??= sourceFiles(project, sourceRoot.value, ownerFilesIn(project, '.')));
  const schemas = await inspectSchemas(project, manifest, sourceRoot.value, entryPath, source);
  const envDocs = aloneOrNot([
    ...(await inspectDocs(project, workspace)),
    ...schemas.docs,
    ...inspectStores(project, manifest, () => source().files),
  ]);
  const packages = inspectPackages(project, manifest, namesOfInterest(blueprints), locked);
  const look = worthLooking(project, manifest, blueprints, packages, envDocs, workspace !== null);
  const at = { entry: entryPath, sourceRoot: sourceRoot.value };
  const clients: Client[] = look || asked.client ? await inspectClients(project, blueprints, source(), at) : [];
  if (asked.client) {
    const one = await inspectClient(project, blueprints, source(), at, { ...asked, client: asked.client, cwd });
    clients.unshift(one);
  }
  const members = look && workspace ? [workspace.value, ...(await workspaceMembers(project, workspace.value))] : [];
  return {
    root: project.root,
    packageManager,
    workspace,
    sourceRoot,
    target: await inspectTarget(project, manifest, isBeta(flue.value, manifest), asked.target),
    language,
    flue,
    env: schemas.reader ?? { value: 'process.env', because: 'Flue reads the process environment' },
    envFile: inspectEnvFile(manifest),
    envDocs,
    packages,
    catalogs,
    source: look ? inspectSource(project, manifest, source(), adapter?.value.path, members) : null,
    clients,
    entryOption,
    adapter,
    hidden: adapter ? null : inspectHidden(project, entryPath, source),
    formatter: await inspectFormatter(project, manifest, entryPath),
    files: textsOf(project, [
      'package.json',
      ...(catalogs ? [catalogs.value.file] : []),
      ...envDocs.filter((doc) => !doc.skipped).map((doc) => doc.path),
      ...(adapter ? [adapter.value.path, ...[formerOf(adapter.value.path)].filter((path) => project.has(path))] : []),
      ...(blueprints.some(({ ignores }) => ignores) && isPlainText(project, '.gitignore') ? ['.gitignore'] : []),
    ]),
  };
}

/** AGENTS.md and CLAUDE.md speak to agents: they take a variable only where nothing else lists any. */
function aloneOrNot(docs: EnvDoc[]): EnvDoc[] {
  const others = docs.some(({ kind, skipped }) => kind !== 'agents' && !skipped);
  return docs.map((doc) =>
    others && doc.kind === 'agents' && !doc.skipped ? { ...doc, skipped: 'other docs list the variables' } : doc,
  );
}

function manifestOf(project: Project): Manifest {
  const outside = project.outside('package.json');
  if (outside) {
    const hint = 'run it in the project that owns that file';
    throw new Problem('not-a-project', `\`package.json\` is a symlink to \`${outside}\`, outside this project`, hint);
  }
  return readManifest(project, '.')!;
}

function namesOfInterest(blueprints: readonly Blueprint[]): string[] {
  const names = blueprints.flatMap(({ adapter, drivers, refused }) => [
    adapter,
    ...drivers.flatMap((driver) => [driver.package, ...Object.keys(driver.types ?? {}), ...(driver.suggestedBy ?? [])]),
    ...refused.map((entry) => entry.package),
  ]);
  return [...new Set(names)];
}

/**
 * The source is read only where it can settle something: a package that has to do with the database is there, a tool that may own the
 * database is configured, or a variable of the family is documented.
 */
function worthLooking(
  project: Project,
  manifest: Manifest,
  blueprints: readonly Blueprint[],
  packages: readonly Package[],
  docs: readonly EnvDoc[],
  member: boolean,
): boolean {
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  const beside = Object.keys(declared).some((name) => !name.startsWith('@flue/') && related.test(name));
  // What a workspace's members share, one of them may own.
  const shared = member && Object.values(declared).some((specifier) => /^(?:workspace:|\*$)/.test(specifier));
  if (beside || shared) return true;
  const owned = project.list('.').some(({ name }) => /^(?:drizzle|prisma)(?:\.config\.|$)/.test(name));
  return blueprints.some((blueprint) => {
    const documented = docs.some((doc) => doc.variables.some(({ name }) => isMember(blueprint.family, name)));
    const there = packages.some(
      ({ name }) => name !== blueprint.adapter && !name.startsWith('@types/') && name !== '@flue/runtime',
    );
    return documented || there || owned;
  });
}

/** A regular file of UTF-8 text: anything else is not edited. */
function isPlainText(project: Project, path: string): boolean {
  return project.list('.').some(({ name, kind }) => name === path && kind === 'file') && project.isText(path);
}

function textsOf(project: Project, paths: string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, project.read(path) ?? '']));
}
