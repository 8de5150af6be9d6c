import { posix } from 'node:path';
import { Problem } from '../../../problem.ts';
import { inspectLanguage } from '../../../project/language.ts';
import { declaration, type Manifest, readManifest } from '../../../project/manifest.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { HostFacts, Language } from '../../../types/facts.ts';
import { inspectStarts } from '../env-file.ts';
import type { HostContext } from '../index.ts';
import { findConfig, readConfig } from './config.ts';
import type { PikkuDetails } from './details.ts';
import { inspectEntry, inspectPlace } from './entry.ts';
import { inspectRepository, isBelow } from './repository.ts';
import { extensionOf, inspectServices, leadTo, placeIn, type ServiceModule, type ServicesModule } from './services.ts';
import { bareStart, commandsOfPikku } from './starts.ts';
import { inspectTarget } from './target.ts';
import { corePackage, inspectVersion, line } from './version.ts';
import { isCommonJs, wiringIn } from './wiring.ts';

/**
 * What a project of Pikku's says of itself. Raises `not-a-project` where another package makes the services, and what
 * its parts do.
 */
export async function inspectFacts(project: Project, known: HostContext): Promise<HostFacts> {
  const { manifest } = known;
  const version = inspectVersion(project, known);
  const configPath = findConfig(project)!;
  const config = readConfig(project, configPath);
  const repository = inspectRepository(project, posix.dirname(configPath), config.outDir);
  const services = await inspectServices(project, config, repository);
  const { made } = services;
  const home = made ? packageFolderOf(project, made.path) : '.';
  if (made && home !== '.') throw madeElsewhere(made, home);
  const folder = made ? posix.dirname(made.path) : sourceFolder(project, config.sources);
  const language = languageOf(project, manifest, made, folder);
  const importing = importOfEntry(project, services);
  const place = inspectPlace(project, folder, extensionFor(made, language.value), importing.leadsTo);
  const specifier = await specifierOf(project, importing, made, place.value);
  const manifests = repository.manifests.map(
    (path) => [path, readManifest(project, posix.dirname(path)) ?? {}] as const,
  );
  const starts = await inspectStarts(project, known, commandsOfPikku);
  const details: PikkuDetails = {
    config,
    specifier,
    stores: services.stores.filter(({ path }) => path !== place.value),
    complete: repository.complete,
    commonJs: made !== null && isCommonJs(made.module),
    bare: bareStart(manifest, starts.starts),
    ...(await placeIn(project, services, specifier)),
  };
  const declared = declaration(manifest, corePackage)!;
  return {
    host: { value: 'pikku', because: `\`${configPath}\`, and \`${corePackage}\` in \`${declared.list}\`` },
    version,
    line,
    hostRoot: { value: '.', because: 'the package' },
    sourceRoot: {
      value: folder,
      because: made ? `\`${made.path}\` makes the services` : `\`srcDirectories\` in \`${config.path}\``,
    },
    target: inspectTarget(manifests),
    language,
    entry: inspectEntry(project, place),
    place,
    ...starts,
    details,
  };
}

/** How the entry is imported by now, and the file that this leads to. */
interface EntryImport {
  specifier: string | null;
  leadsTo: string | null;
}

function importOfEntry(project: Project, { made, callers }: ServicesModule): EntryImport {
  const caller = callers.find(({ path }) => path === made?.path) ?? (made ? undefined : callers[0]);
  const at = caller?.path ?? made?.path;
  const specifier = caller?.from ?? (made && wiringIn(made.module).imported);
  if (at === undefined || !specifier) return { specifier: null, leadsTo: null };
  return { specifier, leadsTo: leadTo(project, at, specifier) };
}

/**
 * How the module that makes the services imports the entry: as it does now, else by its file. An import of a file that
 * is not there is none of the entry.
 */
async function specifierOf(
  project: Project,
  { specifier, leadsTo }: EntryImport,
  made: ServiceModule | null,
  entry: string,
): Promise<string> {
  if (specifier && (leadsTo !== null || !specifier.startsWith('.'))) return specifier;
  const stem = posix.basename(entry).replace(/\.\w+$/, '');
  return `./${stem}${await specifierEnd(project, made, entry)}`;
}

/**
 * `.js` in a module that names its neighbours with it; a file that is no plain `.ts` or `.js` is only found by its
 * extension.
 */
async function specifierEnd(project: Project, made: ServiceModule | null, entry: string): Promise<string> {
  const kind = await extensionOf(project, made);
  const own = /\.([mc])([jt])s$/.exec(entry);
  if (own) return /ts$/.test(kind) ? own[0] : `.${own[1]}js`;
  return /js$/.test(entry) && kind !== '' ? '.js' : kind.replace(/^\.[mc]/, '.');
}

/** Beside a module that is an ES module by its name alone, or none at all, stands one by its name. */
function extensionFor(made: ServiceModule | null, language: Language): string {
  const plain = language === 'typescript' ? 'ts' : 'js';
  const isModule = /\.m[jt]s$/.test(made?.path ?? '') || (plain === 'js' && made !== null && isCommonJs(made.module));
  return isModule ? `m${plain}` : plain;
}

function languageOf(
  project: Project,
  manifest: Manifest,
  made: ServiceModule | null,
  folder: string,
): HostFacts['language'] {
  if (!made) return inspectLanguage(project, manifest, { root: '.', folders: [folder] });
  const typescript = /\.[mc]?tsx?$/.test(made.path);
  return { value: typescript ? 'typescript' : 'javascript', because: `\`${made.path}\`` };
}

/** Where code stands where no services were found: the first of Pikku's folders that is in the package. */
function sourceFolder(project: Project, sources: readonly string[]): string {
  const inside = sources.filter((one) => isBelow(project, ['.'], one) && project.isFolder(one));
  return inside.find((one) => !/(?:^|\/)types$/.test(one)) ?? '.';
}

/** The folder of the package that a module belongs to. */
function packageFolderOf(project: Project, path: string): string {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (folder === '.' || project.has(inFolder(folder, 'package.json')) || folder.endsWith('..')) return folder;
  }
}

/** The package that makes the services gets the packages, wherever the config stands. */
function madeElsewhere({ path }: ServiceModule, home: string): Problem {
  const hint = `run it in \`${home}\`, or name that folder with \`--cwd\``;
  return new Problem('not-a-project', `the services are made in \`${path}\`, by another package than this one`, hint);
}
