import { isMember } from '../env/family.ts';
import { conventions } from '../env/index.ts';
import { Problem } from '../problem.ts';
import type { Blueprint, EnvDoc, Facts, Formatter, Found, Package, PackageManagerName, Target } from '../types.ts';
import { inspectDocs } from './docs.ts';
import { inspectPackages } from './drivers.ts';
import { inspectFlue } from './flue-version.ts';
import { inspectAdapter, inspectLanguage, inspectSourceRoot } from './layout.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { inspectPackageManager } from './package-manager.ts';
import { openProject, type Project } from './project.ts';
import { inspectSource } from './source.ts';
import { inspectTarget, isBeta } from './target.ts';
import { inspectWorkspace } from './workspace.ts';

/** What the command line says that the project would otherwise be asked for. */
export interface Asked {
  packageManager?: PackageManagerName | undefined;
  target?: Target | undefined;
  flue?: string | undefined;
}

/**
 * The project that `cwd` stands in, as facts with their evidence, looked at with the named blueprints in mind. Reads only;
 * asks nothing. Raises `not-a-project`, `cannot-parse`, and `adapter-exists` where the db entry is no file.
 */
export async function inspect(cwd: string, blueprints: readonly Blueprint[], asked: Asked = {}): Promise<Facts> {
  const project = openProject(cwd);
  const manifest = manifestOf(project);
  const flue = inspectFlue(project, manifest, asked.flue);
  const workspace = await inspectWorkspace(project);
  const sourceRoot = inspectSourceRoot(project);
  const adapter = inspectAdapter(project, sourceRoot.value);
  const envDocs = inspectDocs(project, workspace);
  const packages = inspectPackages(project, manifest, namesOfInterest(blueprints));
  const look = worthLooking(blueprints, packages, envDocs);
  return {
    root: project.root,
    packageManager: await inspectPackageManager(project, workspace, asked.packageManager),
    workspace,
    sourceRoot,
    target: await inspectTarget(project, manifest, isBeta(flue.value, manifest), asked.target),
    language: inspectLanguage(project, manifest, sourceRoot.value),
    flue,
    env: { value: conventions.at(-1)!.name, because: 'Flue reads the process environment' },
    envDocs,
    packages,
    source: look ? inspectSource(project, manifest, sourceRoot.value, adapter?.value.path) : null,
    adapter,
    formatter: inspectFormatter(project),
    files: textsOf(project, [
      'package.json',
      ...envDocs.filter((doc) => !doc.skipped).map((doc) => doc.path),
      ...(adapter ? [adapter.value.path] : []),
      ...(project.has('.gitignore') && blueprints.some(({ ignores }) => ignores) ? ['.gitignore'] : []),
    ]),
  };
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
 * The source is read only where it can settle something: several drivers, one that is installed but not declared, or a
 * variable of the family that is already documented.
 */
function worthLooking(
  blueprints: readonly Blueprint[],
  packages: readonly Package[],
  docs: readonly EnvDoc[],
): boolean {
  return blueprints.some((blueprint) => {
    const drivers = packages.filter(({ name }) => blueprint.drivers.some((driver) => driver.package === name));
    const documented = docs.some((doc) => doc.variables.some(({ name }) => isMember(blueprint.family, name)));
    return documented || drivers.length > 1 || drivers.some(({ list }) => list === null);
  });
}

/** The line ending of the project's own package.json is the one a new file gets. */
function inspectFormatter(project: Project): Found<Formatter> {
  const crlf = project.read('package.json')?.includes('\r\n') ?? false;
  return { value: { eol: crlf ? '\r\n' : '\n' }, because: '`package.json`' };
}

function textsOf(project: Project, paths: string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, project.read(path) ?? '']));
}
