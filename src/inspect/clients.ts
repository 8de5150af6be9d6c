import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Blueprint, Client, Driver } from '../types.ts';
import { importersOf, isFlueCode, specifierFrom } from './importers.ts';
import { type Project, slashed } from './project.ts';
import { aside, type SourceFiles } from './source.ts';

/**
 * The clients of the blueprints' drivers that modules of the package make and export. A module is read only where it imports such a driver,
 * and nothing is run.
 */
export async function inspectClients(
  project: Project,
  blueprints: readonly Blueprint[],
  { files }: SourceFiles,
  at: Place,
): Promise<Client[]> {
  const drivers = blueprints.flatMap((one) => one.drivers).filter(({ client }) => client);
  const names = [...new Set(drivers.map((driver) => driver.package))];
  const importing = new RegExp(`['"](?:${names.join('|')})(?:/\\w+)?['"]`);
  const candidates = files.filter(
    (file) =>
      file !== at.entry &&
      !aside.test(file) &&
      /\.[mc]?[jt]s$/.test(file) &&
      importing.test(project.read(file) ?? '') &&
      /\bexport\b/.test(project.read(file) ?? ''),
  );
  if (drivers.length === 0 || candidates.length === 0) return [];
  const { madeIn } = await import('../edit/made.ts');
  return candidates.flatMap((file) => {
    const module = madeIn(project.read(file)!);
    return (module?.made ?? []).flatMap((made) => {
      const driver = driverOf(drivers, made.by);
      return driver ? [clientOf(project, files, at, file, module!.alone, made, driver)] : [];
    });
  });
}

/** Where the db entry stands, and what Flue loads. */
export interface Place {
  entry: string;
  sourceRoot: string;
}

/**
 * The client that `--client <file>#<export>` names, the file as seen from `cwd`. Where another module makes it, the name is followed there.
 * `driver`: what to take it for where that cannot be seen. Raises `bad-request` where there is no such thing.
 */
export async function inspectClient(
  project: Project,
  blueprints: readonly Blueprint[],
  { files }: SourceFiles,
  at: Place,
  asked: { client: string; cwd: string; driver?: string | undefined },
): Promise<Client> {
  const [named, exported] = splitAt(asked.client);
  const file = slashed(path.relative(project.root, path.resolve(asked.cwd, named)));
  const refuse = (why: string, hint: string) =>
    new Problem('bad-request', `\`--client ${asked.client}\`: ${why}`, hint);
  if (file.startsWith('..') || path.isAbsolute(file))
    throw refuse('that file is not in this package', 'name a module of this package');
  if (!project.has(file) || project.isFolder(file))
    throw refuse(
      `there is no file \`${file}\``,
      'the path of a module with its extension, `#`, and the name it exports',
    );
  const drivers = blueprints.flatMap((one) => one.drivers);
  const { madeIn } = await import('../edit/made.ts');
  const module = madeIn(project.read(file)!);
  if (!module) throw new Problem('cannot-parse', `\`${file}\` does not parse`, 'mend it first');
  const found = module.made.find((one) => one.exported === exported);
  const made = found && driverOf(drivers, found.by) ? found : await followed(project, file, exported, found?.by);
  const driver = (made && driverOf(drivers, made.by)) ?? drivers.find((one) => one.package === asked.driver);
  if (driver) {
    const known = made ?? { by: `${driver.package}#?`, options: [] };
    return clientOf(project, files, at, file, module.alone, { ...known, exported }, driver);
  }
  const others = module.made.filter(({ by }) => driverOf(drivers, by)).map((one) => `\`${file}#${one.exported}\``);
  const seen = (made ?? found)?.by.split('#');
  const why = seen
    ? `\`${exported}\` is made by \`${seen[1]}\` of \`${seen[0]}\`, which is no client of ${blueprints[0]!.title}`
    : `what \`${exported}\` is cannot be seen there`;
  const known = [...new Set(drivers.map((one) => `\`${one.package}\``))].join(', ');
  const hint = seen ? `a client is made with one of ${known}` : 'if it is a client, `--driver` says of which package';
  throw refuse(why, others.length > 0 ? `there is ${others.join(' and ')}` : hint);
}

function splitAt(asked: string): [string, string] {
  const match = /^([^#]+)#([\w$]+)$/.exec(asked);
  if (match) return [match[1]!, match[2]!];
  const hint = 'for example `--client src/lib/pool.ts#pool`; `#default` for a default export';
  throw new Problem('bad-request', `\`--client ${asked}\` is not of the form <file>#<export>`, hint);
}

/** What another module makes: re-exported from there, or made by a function of it. */
async function followed(project: Project, file: string, exported: string, by: string | undefined) {
  const { followExport, followReexport } = await import('./follow.ts');
  const { madeIn, madeByFunction } = await import('../edit/made.ts');
  const [specifier, name] = by?.split('#') ?? [];
  if (specifier?.startsWith('.') || (specifier && /^[@~#]\//.test(specifier))) {
    const maker = await followExport(project, file, specifier, name!);
    return maker && madeByFunction(project.read(maker.path) ?? '', maker.name);
  }
  const home = by ? null : await followReexport(project, file, exported);
  const made = home && madeIn(project.read(home.path) ?? '')?.made;
  return made?.find((one) => one.exported === home!.name || one.exported === exported) ?? null;
}

/** `pg#Pool` makes clients of `pg`; `pg#Client` is of `pg` too, and none that can be shared. */
function driverOf(drivers: readonly Driver[], by: string): Driver | undefined {
  const [specifier] = by.split('#') as [string];
  const makes = drivers.find(({ client }) => client?.madeBy.includes(by));
  return makes ?? drivers.find((one) => specifier === one.package || specifier.startsWith(`${one.package}/`));
}

function clientOf(
  project: Project,
  files: readonly string[],
  at: Place,
  file: string,
  alone: boolean,
  { exported, by, options }: { exported: string; by: string; options: string[] },
  driver: Driver,
): Client {
  const [, maker] = by.split('#') as [string, string];
  const shared = driver.client;
  const says = (pattern: string) => options.some((one) => new RegExp(pattern).test(one));
  const unfit = !shared
    ? 'its settings decide what Flue can rely on'
    : maker !== '?' && !shared.madeBy.includes(by)
      ? `\`${maker}\` makes something else than ${shared.madeBy.map((one) => `\`${one.split('#')[1]}\``).join(' or ')}`
      : shared.unfit?.find(({ option }) => says(option))?.because;
  return {
    path: file,
    export: exported,
    package: driver.package,
    specifier: specifierTo(project, files, at, file),
    alone,
    unfit: unfit ?? null,
    risks: (shared?.risks ?? []).filter(({ without }) => !says(without)).map(({ because }) => because),
  };
}

/** How the db entry imports the module: as Flue's own code or a neighbour does, else as modules of this project do. */
function specifierTo(project: Project, files: readonly string[], { entry, sourceRoot }: Place, file: string): string {
  const importers = importersOf(project, files, file).filter(({ alias }) => !alias);
  const like =
    importers.find(({ path: by }) => isFlueCode(sourceRoot, by)) ??
    importers.find(({ specifier }) => specifier.startsWith('.'));
  return specifierFrom(entry, file, like?.specifier ?? habit(project, files, file));
}

/** An import of the project's own kind: with `.js`, `.ts` or nothing behind the name. */
function habit(project: Project, files: readonly string[], file: string): string {
  for (const one of files.filter((other) => !aside.test(other))) {
    const specifier = /from\s*['"](\.{1,2}\/[^'"\n]+)['"]/.exec(project.read(one) ?? '')?.[1];
    if (specifier) return `./x${/\.[mc]?[jt]s$/.exec(specifier)?.[0] ?? ''}`;
  }
  const tsconfig = project.read('tsconfig.json') ?? '';
  if (/\.[mc]?js$/.test(file)) return `./x${path.posix.extname(file)}`;
  if (/"allowImportingTsExtensions"\s*:\s*true/.test(tsconfig)) return `./x${path.posix.extname(file)}`;
  return /"module(?:Resolution)?"\s*:\s*"node(?:16|18|20|next)"/i.test(tsconfig) ? './x.js' : './x';
}
