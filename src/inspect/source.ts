import type { Tested } from '../code/conditions.ts';
import type { Handed } from '../code/handed.ts';
import type { Module } from '../code/module.ts';
import type { SourceCode, Sources } from '../code/source-code.ts';
import { isValidator } from '../knowledge/conventions/index.ts';
import { isMember, isVariable, mayBeConnection } from '../knowledge/engines/family.ts';
import {
  argumentsBeforeConnection,
  connects,
  dialectOptions,
  engineOf,
  engineOfDialect,
  isCache,
  takesConnection,
} from '../knowledge/engines/packages.ts';
import { kept } from '../memo.ts';
import type { Manifest } from '../project/manifest.ts';
import { packageOf } from '../project/package-name.ts';
import type { Project } from '../project/project.ts';
import { aside, sourceFiles } from '../project/source-files.ts';
import type { Consumer, Owner, Source, VariableUse } from '../types/source.ts';
import { inspectOwners, type RepositoryPackage } from './owners.ts';
import { broughtIn, callsPackage, hasName } from './texts.ts';

/** What the package's own source is, and what else of the repository belongs to it. */
interface Around {
  /** The db entry: it is Flue's, and does not count. */
  entry: string | undefined;
  /** The other packages of the workspace, its root among them. */
  members: readonly RepositoryPackage[];
  /** Variables of any name whose sample in a doc is the URL of a database. */
  documented?: readonly string[];
}

/**
 * Looks through the package's own source, and that of the packages of the repository that it runs, for what its
 * variables are handed to, and through the whole workspace for tools that manage a schema. A text search decides which
 * files are worth parsing; what they say is read off their syntax. What it finds is evidence with a path, for a rule to
 * weigh.
 */
export async function inspectSource(
  project: Project,
  manifest: Manifest,
  sources: Sources,
  { entry, members, documented = [] }: Around,
): Promise<Source> {
  const code = await sources.code();
  const own = sources.files.filter((file) => file !== entry && !aside.test(file));
  const packages = code.packages.map((one) => ({ ...one, source: sourceFiles(project, one.folder, [], one.folder) }));
  const beside = packages.flatMap(({ folder, source }) =>
    source.files.filter((file) => !aside.test(file.slice(folder.length))),
  );
  const all = [...own, ...beside];
  const isConnecting = askedOnce(connects);
  const textOf = (file: string) => project.read(file) ?? '';
  const isName = (name: string) => isVariable(name) || documented.includes(name);
  const isNamed = askedOnce(isName);
  const worth = all.filter(
    (file) => isCode(file) && (hasName(textOf(file), isNamed) || callsPackage(textOf(file), isConnecting)),
  );
  const owners = inspectOwners(code, manifest, own, [
    ...packages.map((one) => ({ ...one, files: one.source.files })),
    ...members,
  ]);
  const { handedIn } = await import('../code/handed.ts');
  const isAny = (name: string) => isName(name) || mayBeConnection(name);
  const interest = {
    isName: isAny,
    isPackage: connects,
    isHanded: takesConnection,
    argumentsBefore: argumentsBeforeConnection,
    options: dialectOptions,
  };
  const { bringingIn, leadingTo } = await import('../code/reaching.ts');
  const enters = leadingTo(code, worth, connects);
  const handed = handedIn(code, { worth, files: all.filter(isCode), enters }, interest);
  const handedOn = handed
    .filter((one) => !isOwned(one, owners))
    .flatMap(usesOf)
    .filter(({ name, engine }) => engine !== null || isName(name));
  const proven = new Set(handedOn.map(({ name }) => name));
  const isWanted = askedOnce((name) => isName(name) || proven.has(name));
  const mayName = bringingIn(code, (file) => hasName(textOf(file), isWanted));
  const others = await otherUses(code, { worth, files: all.filter(isCode) }, { isName: isWanted, enters, mayName });
  const uses = [...ownerUses(owners), ...handedOn, ...others];
  const complete = sources.complete && packages.every(({ source }) => source.complete) && code.unread.size === 0;
  const because = `${all.length} source files${complete ? '' : ', the nearest of more'}`;
  return {
    imports: await importsIn(code, own.filter(isCode), isConnecting),
    uses: once(uses),
    owners,
    because,
    complete,
  };
}

/** Whether a file is read by the parser of code; the others their tools read. */
function isCode(file: string): boolean {
  return /\.(?:[mc]?[jt]sx?|vue|svelte|astro)$/.test(file);
}

/** The answers to a question about words, each of which is asked about once. */
function askedOnce(ask: (word: string) => boolean): (word: string) => boolean {
  const known = new Map<string, boolean>();
  return (word) => kept(known, word, () => ask(word));
}

/**
 * Of each package that connects to a database the first file that imports it; a file is parsed only where it may be the
 * first of one.
 */
async function importsIn(
  code: SourceCode,
  files: readonly string[],
  isConnecting: (specifier: string) => boolean,
): Promise<Record<string, string>> {
  const { specifiersIn } = await import('../code/importers.ts');
  const imports: Record<string, string> = {};
  const isNew = (specifier: string) => isConnecting(specifier) && !(packageOf(specifier) in imports);
  for (const file of files) {
    if (!broughtIn(code.project.read(file) ?? '').some(([, one]) => isNew(one!))) continue;
    for (const one of specifiersIn(code.module(file)).filter(isNew)) imports[packageOf(one)] = file;
  }
  return imports;
}

function ownerUses(owners: readonly Owner[]): VariableUse[] {
  return owners.flatMap(({ path, tool, pushes, engine, variables }) =>
    variables.map((name) => ({ name, path, consumer: { kind: 'owner' as const, tool, pushes }, engine })),
  );
}

/** Whether the configuration of a tool is what is called. */
function isOwned({ path, variable }: Handed, owners: readonly Owner[]): boolean {
  return owners.some((one) => one.path === path && one.variables.includes(variable));
}

/** What a variable is handed to, once for each engine that it may be of. */
function usesOf({ variable, path, callee, from, options, near, within }: Handed): VariableUse[] {
  const spoken = engineOf(from);
  const engines = new Set(spoken ? [spoken] : options().flatMap((dialect) => engineOfDialect(dialect) ?? []));
  // What stands deeper in the options of a client may be about another server, if its name says so.
  const fitting = [...engines].filter(({ family }) => isMember(family.name, variable) || near());
  const consumer: Consumer =
    isCache(from) || isCacheByName([path, ...within]) ? { kind: 'cache' } : { kind: 'call', callee };
  const names = fitting.length > 0 ? fitting.map(({ name }) => name) : [null];
  return names.map((engine) => ({ name: variable, path, consumer, engine }));
}

/** Whether what stands round a client calls it a cache. */
function isCacheByName(names: readonly string[]): boolean {
  return names.some((name) =>
    /(?:^|[/._-])cach(?:e|ing)(?:[/._-]|$)|[a-z]Cach(?:e|ing)\b|\bCache[A-Z]|^cache[A-Z]/.test(name),
  );
}

/**
 * What the files worth parsing read and hang on variables, and what hangs on them in others, by the names that those
 * keep them under.
 */
async function otherUses(
  code: SourceCode,
  { worth, files }: { worth: readonly string[]; files: readonly string[] },
  where: Pick<Tested, 'isName' | 'enters' | 'mayName'>,
): Promise<VariableUse[]> {
  const { conditionsIn } = await import('../code/conditions.ts');
  const { readingsIn, readsIn } = await import('../code/reads.ts');
  const { askingFor } = await import('../code/keeping.ts');
  const tested = { speaks: connects, ...where };
  const names = { isName: where.isName, isRead: isValidator };
  const modulesOf = (paths: readonly string[]): Module[] => paths.flatMap((path) => code.module(path) ?? []);
  const reading = modulesOf(worth).map((module) => ({ module, readings: readingsIn(code, module, names) }));
  const isAsking = askingFor(reading);
  const known = new Set(worth);
  const asking = files.filter(
    (file) => !known.has(file) && isAsking(code.project.read(file) ?? '') && where.mayName(file),
  );
  const use = ({ path }: Module, name: string, kind: 'switch' | 'composition' | 'unknown'): VariableUse => {
    return { name, path, consumer: { kind }, engine: null };
  };
  const hangingOn = (module: Module) =>
    conditionsIn(code, module, tested).map(({ name, kind }) => use(module, name, kind));
  return [
    ...reading.flatMap(({ module, readings }) => [
      ...hangingOn(module),
      ...readsIn(code, module, readings).map((name) => use(module, name, 'unknown')),
    ]),
    ...modulesOf(asking).flatMap(hangingOn),
  ];
}

/** Each use once; that a file reads a variable only where it is not seen what for. */
function once(uses: readonly VariableUse[]): VariableUse[] {
  const known = new Set<string>();
  const told = new Set(
    uses.filter(({ consumer }) => consumer.kind !== 'unknown').map(({ name, path }) => `${path} ${name}`),
  );
  return uses.filter(({ name, path, consumer, engine }) => {
    if (consumer.kind === 'unknown' && told.has(`${path} ${name}`)) return false;
    const key = JSON.stringify([name, path, consumer, engine]);
    return !known.has(key) && known.add(key);
  });
}
