import path from 'node:path';
import { Problem } from '../problem.ts';
import { slashed } from '../project/project.ts';
import { aside } from '../project/source-files.ts';
import type { Blueprint, Driver } from '../types/blueprint.ts';
import type { Client } from '../types/source.ts';
import { bringing } from './bringing.ts';
import { type ClientModules, openModules } from './client-modules.ts';
import { blockedIn, relativeStyle } from './client-use.ts';
import { type Made, type Maker, specifierAndName } from './factories.ts';
import { specifierFrom } from './import-style.ts';
import { type Importer, importersOf } from './importers.ts';
import type { SourceCode } from './source-code.ts';

/**
 * Where the db entry stands, which files the host loads, and what is known of the packages that clients are made with.
 */
export interface ClientContext {
  /** The framework that keeps its state there, and the module that opens it, as people write them. */
  host: { title: string; entryTitle: string };
  entry: string;
  /** Whether the host loads a file of the project itself. */
  isOwnCode(file: string): boolean;
  /** Whether the values of a package do nothing until they are used. */
  isIdle(specifier: string): boolean;
  /** Methods after which nothing else can use a connection. */
  blocking: readonly string[];
}

const isModule = /(?<!\.d)\.[mc]?[jt]sx?$/;

/**
 * The clients of the blueprints' drivers that modules of the package make and export. A module is parsed only where its
 * text names such a driver, and nothing is run.
 */
export function inspectClients(code: SourceCode, blueprints: readonly Blueprint[], at: ClientContext): Client[] {
  const drivers = blueprints.flatMap((one) => one.drivers).filter(({ client }) => client);
  if (drivers.length === 0) return [];
  const names = [...new Set(drivers.map((driver) => driver.package))];
  const naming = new RegExp(`${bringing}['"\`](?:${names.join('|')})(?:/\\w+)?['"\`]`);
  const modules = openModules(code, at);
  const { project } = code;
  const candidates = code.files.filter((file) => {
    if (file === at.entry || file.startsWith('../') || aside.test(file) || !isModule.test(file)) return false;
    const text = project.read(file) ?? '';
    return naming.test(text) && /\bexport\b/.test(text) && !project.outside(file);
  });
  return candidates.flatMap((file) => {
    const made = (modules.read(file)?.made ?? []).filter(({ by }) => driverOf(drivers, by));
    if (made.length === 0) return [];
    const sideEffectFree = modules.importIsSideEffectFree(
      file,
      (by) => driverOf(drivers, by)?.client?.madeBy.includes(by) ?? false,
    );
    const specifier = specifierTo(code, at, file);
    return made.map((one) =>
      clientOf(code, at, { file, sideEffectFree, specifier, driver: driverOf(drivers, one.by)! }, one),
    );
  });
}

/**
 * The client that `--client <file>#<export>` names, the file as seen from `cwd` or from the package. Where another
 * module makes it, the name is followed there; where no call is seen that makes it, its type is asked for. `driver`:
 * what to take it for where that cannot be seen. Raises `bad-request` where there is no such thing, and `cannot-parse`
 * for the module and for a tsconfig that is needed.
 */
export async function inspectClient(
  code: SourceCode,
  blueprints: readonly Blueprint[],
  at: ClientContext,
  asked: { client: string; cwd: string; driver?: string | undefined },
): Promise<Client> {
  const refuse = (why: string, hint: string) =>
    new Problem('bad-request', `\`--client ${asked.client}\`: ${why}`, hint);
  const [file, exported] = fileAsked(code, at, asked, refuse);
  const drivers = blueprints.flatMap((one) => one.drivers);
  const modules = openModules(code, at);
  const module = modules.read(file);
  if (!module) throw new Problem('cannot-parse', `\`${file}\` does not parse`, 'fix the file and run this again');
  const others = module.made.filter(({ by }) => driverOf(drivers, by)).map((one) => `\`${file}#${one.exported}\``);
  const there = others.length > 0 ? `there is ${others.join(' and ')}` : null;
  if (!module.exports.includes(exported) && !module.exports.includes('*'))
    throw refuse(`\`${file}\` exports no \`${exported}\``, there ?? 'name something that it exports');
  const found = module.made.find((one) => one.exported === exported);
  const made = await makerAsked(code, modules, { file, exported, found }, (by) => driverOf(drivers, by) !== undefined);
  const driver = (made && driverOf(drivers, made.by)) ?? drivers.find((one) => one.package === asked.driver);
  if (driver) {
    const sideEffectFree = modules.importIsSideEffectFree(file, (by) => [found?.by, made?.by].includes(by));
    const known = made ?? { by: `${driver.package}#?`, options: ['…'], variables: () => [] };
    const specifier = specifierTo(code, at, file);
    return clientOf(code, at, { file, sideEffectFree, specifier, driver }, { ...known, exported });
  }
  const known = [...new Set(drivers.map((one) => `\`${one.package}\``))].join(', ');
  if (!made && !found)
    throw refuse(
      `what \`${exported}\` is cannot be seen there`,
      there ?? `a client is made with one of ${known}; \`--driver\` says with which`,
    );
  const why =
    `\`${exported}\` is made by ${worded((made ?? found)!.by)}, ` + `which is no client of ${blueprints[0]!.title}`;
  throw refuse(why, there ?? `a client is made with one of ${known}`);
}

/**
 * What makes the client that was asked for: the call in its module, in the module that it comes from, or what its type
 * says.
 */
async function makerAsked(
  code: SourceCode,
  modules: ClientModules,
  { file, exported, found }: { file: string; exported: string; found: Made | undefined },
  isDriver: (by: string) => boolean,
): Promise<Maker | null> {
  if (found && isDriver(found.by)) return found;
  const made = modules.follow(file, exported, found?.by);
  if (made) return made;
  const leadsOn = found ? specifierAndName(found.by)[0] : null;
  if (found && code.leadTo(file, leadsOn!) === null && !/^[.@~#]\//.test(leadsOn!)) return null;
  const broken = code.brokenFor(file, leadsOn ?? '@');
  if (broken && leadsOn && !leadsOn.startsWith('.'))
    throw new Problem(
      'cannot-parse',
      `\`${broken}\` does not parse, and \`${file}\` needs its aliases`,
      'fix the file',
    );
  const { typedExport } = await import('./typed-export.ts');
  const type = await typedExport(code, file, exported);
  return type && isDriver(type.by) ? { by: type.by, options: ['…'], variables: () => [] } : null;
}

type Refuse = (why: string, hint: string) => Problem;

function fileAsked(
  { project }: SourceCode,
  at: ClientContext,
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
    throw refuse(`that is the ${at.host.entryTitle} itself`, 'move the client to a module of its own, and name that');
  if (/['\\\n]/.test(file)) throw refuse('a path with quotes cannot be imported safely', 'rename it');
  return [file, exported];
}

/** `pg#Pool` makes clients of `pg`; `pg#Client` is of `pg` too, and none that can be shared. */
function driverOf(drivers: readonly Driver[], by: string): Driver | undefined {
  const [specifier] = specifierAndName(by);
  const makes = drivers.find(({ client }) => client?.madeBy.includes(by));
  return makes ?? drivers.find((one) => specifier === one.package || specifier.startsWith(`${one.package}/`));
}

function clientOf(
  code: SourceCode,
  at: ClientContext,
  {
    file,
    sideEffectFree,
    specifier,
    driver,
  }: Pick<Client, 'sideEffectFree' | 'specifier'> & { file: string; driver: Driver },
  { exported, by, options, variables }: Omit<Made, 'local'>,
): Client {
  const shared = driver.client;
  const says = (pattern: string) => options.some((one) => new RegExp(pattern).test(one));
  const blocked = blockedIn(code, { file, exported }, at.blocking);
  const busy = blocked ? `\`${blocked}\` subscribes, waits or watches on it` : null;
  const unfit = () => {
    if (!shared) return `its settings decide what ${at.host.title} can rely on`;
    if (by.endsWith('#?') || shared.madeBy.includes(by))
      return shared.unfit?.find(({ option }) => says(option))?.because ?? busy;
    return (
      `${worded(by)} makes it, ` +
      `and \`${path.posix.basename(at.entry)}\` needs what ${worded(shared.madeBy[0]!)} makes`
    );
  };
  return {
    path: file,
    export: exported,
    package: driver.package,
    specifier,
    sideEffectFree,
    optionsKnown: !options.includes('…'),
    variables: variables(),
    unfit: unfit() ?? null,
    risks: (shared?.risks ?? []).filter(({ without }) => !says(without)).map(({ because }) => because),
    notes: shared?.notes ?? [],
  };
}

/** `createPool` of `mysql2`, in words. */
function worded(by: string): string {
  const [specifier, name] = specifierAndName(by);
  const promise = /^async /.test(by) || /\.connect$/.test(by) ? ' (a promise or a connection of it)' : '';
  const called = name === 'default' ? 'the default export' : `\`${name.replace(/^default\./, '')}\``;
  return `${called} of \`${specifier}\`${promise}`;
}

/**
 * How the db entry imports the module: as the host's own code or a neighbour does, else as modules of this project do.
 */
function specifierTo(code: SourceCode, { entry, isOwnCode }: ClientContext, file: string): string {
  const own = code.files.filter(isOwnCode);
  const like =
    firstOf(importersOf(code, own, file), ({ alias }) => !alias) ??
    firstOf(importersOf(code, code.files, file), ({ alias, specifier }) => !alias && specifier.startsWith('.'));
  return specifierFrom(entry, file, like?.specifier ?? relativeStyle(code));
}

function firstOf(importers: Iterable<Importer>, fits: (one: Importer) => boolean): Importer | null {
  for (const one of importers) if (fits(one)) return one;
  return null;
}
