import path from 'node:path';
import { Problem } from '../problem.ts';
import { type Project, slashed } from '../project/project.ts';
import { aside, type SourceFiles } from '../project/source-files.ts';
import type { Blueprint, Driver } from '../types/blueprint.ts';
import type { Client } from '../types/facts.ts';
import type { Made } from './factories.ts';
import { type Importer, importersOf, specifierFrom } from './importers.ts';

/** Where the host finds its entry, and which files of the project it loads itself. */
export interface Place {
  entry: string;
  sourceRoot: string;
  isOwnCode(file: string): boolean;
}

const isModule = /(?<!\.d)\.[mc]?[jt]s$/;

/**
 * The clients of the blueprints' drivers that modules of the package make and export. A module is read only where it imports such a driver,
 * and nothing is run.
 */
export async function inspectClients(
  project: Project,
  blueprints: readonly Blueprint[],
  source: SourceFiles,
  at: Place,
): Promise<Client[]> {
  const drivers = blueprints.flatMap((one) => one.drivers).filter(({ client }) => client);
  if (drivers.length === 0) return [];
  const names = [...new Set(drivers.map((driver) => driver.package))];
  const importing = new RegExp(`['"](?:${names.join('|')})(?:/\\w+)?['"]`);
  const candidates = source.files.filter((file) => {
    if (file === at.entry || aside.test(file) || !isModule.test(file)) return false;
    const text = project.read(file) ?? '';
    return importing.test(text) && /\bexport\b/.test(text) && !project.outside(file);
  });
  if (candidates.length === 0) return [];
  const { openModules } = await import('./client-modules.ts');
  const modules = openModules(project, source, at);
  return candidates.flatMap((file) => {
    const made = (modules.read(file)?.made ?? []).filter(({ by }) => driverOf(drivers, by));
    if (made.length === 0) return [];
    const alone = modules.isAlone(file, (by) => driverOf(drivers, by)?.client?.madeBy.includes(by) ?? false);
    const importers = importersOf(project, source.files, file);
    return made.map((one) => {
      return clientOf(project, source, at, { file, alone, importers, driver: driverOf(drivers, one.by)! }, one);
    });
  });
}

/**
 * The client that `--client <file>#<export>` names, the file as seen from `cwd` or from the package. Where another module makes it, the name is
 * followed there. `driver`: what to take it for where that cannot be seen. Raises `bad-request` where there is no such thing.
 */
export async function inspectClient(
  project: Project,
  blueprints: readonly Blueprint[],
  source: SourceFiles,
  at: Place,
  asked: { client: string; cwd: string; driver?: string | undefined },
): Promise<Client> {
  const refuse = (why: string, hint: string) =>
    new Problem('bad-request', `\`--client ${asked.client}\`: ${why}`, hint);
  const [file, exported] = fileAsked(project, at, asked, refuse);
  const drivers = blueprints.flatMap((one) => one.drivers);
  const { openModules } = await import('./client-modules.ts');
  const modules = openModules(project, source, at);
  const module = modules.read(file);
  if (!module) throw new Problem('cannot-parse', `\`${file}\` does not parse`, 'mend it first');
  const others = module.made.filter(({ by }) => driverOf(drivers, by)).map((one) => `\`${file}#${one.exported}\``);
  const there = others.length > 0 ? `there is ${others.join(' and ')}` : null;
  if (!module.exports.includes(exported) && !module.exports.includes('*'))
    throw refuse(`\`${file}\` exports no \`${exported}\``, there ?? 'name something that it exports');
  const found = module.made.find((one) => one.exported === exported);
  const made = found && driverOf(drivers, found.by) ? found : await modules.follow(file, exported, found?.by);
  const driver = (made && driverOf(drivers, made.by)) ?? drivers.find((one) => one.package === asked.driver);
  if (driver) {
    const alone = modules.isAlone(file, (by) => [found?.by, made?.by].includes(by));
    const known = made ?? { by: `${driver.package}#?`, options: ['…'], variables: [] };
    const importers = importersOf(project, source.files, file);
    return clientOf(project, source, at, { file, alone, importers, driver }, { ...known, exported });
  }
  const known = [...new Set(drivers.map((one) => `\`${one.package}\``))].join(', ');
  if (!made && !found)
    throw refuse(
      `what \`${exported}\` is cannot be seen there`,
      there ?? `a client is made with one of ${known}; \`--driver\` says with which`,
    );
  const why = `\`${exported}\` is made by ${worded((made ?? found)!.by)}, which is no client of ${blueprints[0]!.title}`;
  throw refuse(why, there ?? `a client is made with one of ${known}`);
}

type Refuse = (why: string, hint: string) => Problem;

function fileAsked(
  project: Project,
  at: Place,
  { client, cwd }: { client: string; cwd: string },
  refuse: Refuse,
): [file: string, exported: string] {
  const match = /^([^#]+)#([\w$]+)$/.exec(client);
  if (!match) {
    const hint = 'for example `--client src/lib/pool.ts#pool`; `#default` for a default export';
    throw new Problem('bad-request', `\`--client ${client}\` is not of the form <file>#<export>`, hint);
  }
  const [, named, exported] = match as unknown as [string, string, string];
  const ways = [cwd, project.root].map((folder) => slashed(path.relative(project.root, path.resolve(folder, named))));
  const file = ways.find((one) => !one.startsWith('..') && project.has(one)) ?? ways[0]!;
  if (file.startsWith('..') || path.isAbsolute(file) || (project.has(file) && project.outside(file)))
    throw refuse('that file is not in this package', 'name a module of this package');
  if (!project.has(file) || project.isFolder(file))
    throw refuse(
      `there is no file \`${file}\``,
      'the path of a module with its extension, `#`, and the name it exports',
    );
  if (!isModule.test(file)) throw refuse(`\`${file}\` is no module`, 'name a JavaScript or TypeScript module');
  if (file === at.entry)
    throw refuse('that is the db entry itself', 'move the client to a module of its own, and name that');
  if (/['\\\n]/.test(file)) throw refuse('a path with quotes cannot be imported safely', 'rename it');
  return [file, exported];
}

/** The module and the name of what made something, whether it promises it or not. */
export function partsOf(by: string): [specifier: string, name: string] {
  return by.replace(/^(?:a(?:sync|wait) )+/, '').split('#') as [string, string];
}

/** `pg#Pool` makes clients of `pg`; `pg#Client` is of `pg` too, and none that can be shared. */
function driverOf(drivers: readonly Driver[], by: string): Driver | undefined {
  const [specifier] = partsOf(by);
  const makes = drivers.find(({ client }) => client?.madeBy.includes(by));
  return makes ?? drivers.find((one) => specifier === one.package || specifier.startsWith(`${one.package}/`));
}

function clientOf(
  project: Project,
  source: SourceFiles,
  at: Place,
  { file, alone, importers, driver }: { file: string; alone: boolean; importers: Importer[]; driver: Driver },
  { exported, by, options, variables }: Omit<Made, 'local'>,
): Client {
  const shared = driver.client;
  const says = (pattern: string) => options.some((one) => new RegExp(pattern).test(one));
  const busy = blockedIn(project, [file, ...importers.map((one) => one.path)], exported);
  const unfit = !shared
    ? 'its settings decide what Flue can rely on'
    : by.endsWith('#?') || shared.madeBy.includes(by)
      ? (shared.unfit?.find(({ option }) => says(option))?.because ?? busy)
      : `${worded(by)} makes it, and \`db.ts\` needs what ${worded(shared.madeBy[0]!)} makes`;
  return {
    path: file,
    export: exported,
    package: driver.package,
    specifier: specifierTo(project, source.files, at, file, importers),
    alone,
    seen: !options.includes('…'),
    variables,
    unfit: unfit ?? null,
    risks: (shared?.risks ?? []).filter(({ without }) => !says(without)).map(({ because }) => because),
    notes: shared?.notes ?? [],
  };
}

/** Where the code subscribes or waits on a connection: nothing else can use that one. */
function blockedIn(project: Project, files: readonly string[], exported: string): string | null {
  if (exported === 'default') return null;
  const blocking = new RegExp(
    `\\b${exported}\\.(?:[ps]?[sS]ubscribe|monitor|bl?[rz]?[lm]?(?:pop|move)\\w*|watch)\\(`,
    'i',
  );
  const by = files.find((one) => blocking.test(project.read(one) ?? ''));
  return by ? `\`${by}\` subscribes, waits or watches on it` : null;
}

/** `createPool` of `mysql2`, in words. */
function worded(by: string): string {
  const [specifier, name] = partsOf(by);
  const promise = /^async /.test(by) || /\.connect$/.test(by) ? ' (a promise or a connection of it)' : '';
  const called = name === 'default' ? 'the default export' : `\`${name.replace(/^default\./, '')}\``;
  return `${called} of \`${specifier}\`${promise}`;
}

/** How the db entry imports the module: as Flue's own code or a neighbour does, else as modules of this project do. */
function specifierTo(
  project: Project,
  files: readonly string[],
  { entry, isOwnCode }: Place,
  file: string,
  importers: Importer[],
): string {
  const sure = importers.filter(({ alias }) => !alias);
  const like = sure.find(({ path: by }) => isOwnCode(by)) ?? sure.find(({ specifier }) => specifier.startsWith('.'));
  return specifierFrom(entry, file, like?.specifier ?? habit(project, files));
}

/** An import of the project's own kind: with `.js`, `.ts` or nothing behind the name. */
function habit(project: Project, files: readonly string[]): string {
  for (const one of files.filter((other) => !aside.test(other))) {
    const specifier = /from\s*['"](\.{1,2}\/[^'"\n]+)['"]/.exec(project.read(one) ?? '')?.[1];
    if (specifier) return `./x${/\.[mc]?[jt]s$/.exec(specifier)?.[0] ?? ''}`;
  }
  const tsconfig = project.read('tsconfig.json');
  if (tsconfig === null) return './x.js';
  if (/"allowImportingTsExtensions"\s*:\s*true/.test(tsconfig)) return './x.ts';
  const base = /"extends"\s*:\s*"(\.[^"]+)"/.exec(tsconfig)?.[1];
  const inherited = base
    ? (project.read(path.posix.join('.', base)) ?? project.read(path.posix.join('.', `${base}.json`)) ?? '')
    : '';
  const strictly = /"module(?:Resolution)?"\s*:\s*"node(?:16|18|20|next)"|"@tsconfig\/node\d/i;
  return strictly.test(tsconfig) || strictly.test(inherited) ? './x.js' : './x';
}
