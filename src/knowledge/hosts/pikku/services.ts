import { posix } from 'node:path';
import { styleByCompiler } from '../../../code/client-use.ts';
import { specifiersIn } from '../../../code/importers.ts';
import type { Module } from '../../../code/module.ts';
import { Problem } from '../../../problem.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import type { ProjectText } from '../../../types/facts.ts';
import type { PikkuConfig } from './config.ts';
import { type Factory, factoriesIn, keysOf, literalOf, naming, storeIn } from './factory.ts';
import { isBelow, type Repository } from './repository.ts';
import { calledFrom, exported, withWiring } from './wiring.ts';

/** A module in which services are made. */
export interface ServiceModule {
  path: string;
  module: Module;
  factory: Factory;
}

/** What the project's code says of its services. */
export interface ServicesModule {
  /** The one application factory; null where there is none, or several. */
  made: ServiceModule | null;
  /** Every factory, an addon's too. */
  all: ServiceModule[];
  stores: { path: string; name: string }[];
  /** The modules that call the entry for its services, and what they import it from. */
  callers: { path: string; from: string }[];
}

/**
 * Looks for factories where Pikku does, and for other stores everywhere. Raises `cannot-parse` for a module of services
 * that does not parse.
 */
export async function inspectServices(
  project: Project,
  { sources }: PikkuConfig,
  { modules }: Repository,
): Promise<ServicesModule> {
  const { parseModule } = await import('../../../code/parse.ts');
  const spoken: { path: string; module: Module; mayMake: boolean; isOurs: boolean }[] = [];
  for (const path of modules) {
    const text = project.read(path) ?? '';
    const mayMake = naming.test(text) && isBelow(project, sources, path);
    if (!mayMake && !speaking.test(text)) continue;
    const module = parseModule(text, path, false);
    if (module) spoken.push({ path, module, mayMake, isOurs: ours.test(text) });
    else refuseBroken(path, mayMake);
  }
  const others = spoken.filter(({ isOurs }) => !isOurs);
  const stores = others.map(({ path, module }) => ({ path, name: storeIn(module) }));
  const callers = others.map(({ path, module }) => ({ path, from: calledFrom(module) }));
  const makers = spoken.filter(({ mayMake }) => mayMake);
  const all = makers.flatMap(({ path, module }) => factoriesIn(module).map((factory) => ({ path, module, factory })));
  const applications = all.filter(({ factory }) => factory.kind === 'application');
  return {
    made: applications.length === 1 ? applications[0]! : null,
    all,
    stores: stores.flatMap(({ path, name }) => (name === null ? [] : [{ path, name }])),
    callers: callers.flatMap(({ path, from }) => (from === null ? [] : [{ path, from }])),
  };
}

/** A text that may make another store, or call the entry. */
const speaking = new RegExp(`WorkflowService|PikkuWorkflowDoClient|${exported}`);

/** The first line of an entry that came from our shelf: it makes services, and is no module of the project's own. */
const ours = /^\uFEFF?\/\/ flue-blueprint: pikku\//;

/** A module that may make the services and cannot be read: what it says is what all of this is about. */
function refuseBroken(path: string, mayMake: boolean): void {
  if (mayMake && /^services\./.test(posix.basename(path)))
    throw new Problem('cannot-parse', `\`${path}\` does not parse`, 'fix the file first; nothing was changed');
}

/** The module that makes the services, and why our lines are not put into it. */
export interface Wirable {
  services: ProjectText | null;
  left: string | null;
  wiredIn: string | null;
  keys: string[];
}

/** Whether the module can be edited, by trying: the edit is proven in memory. */
export async function placeIn(
  project: Project,
  { made, all, callers }: ServicesModule,
  specifier: string,
): Promise<Wirable> {
  const [caller] = callers;
  const nowhere = { services: null, wiredIn: caller?.path ?? null, keys: [] };
  if (!made) {
    const several = all.map(({ path, factory }) => `\`${factory.name}\` in \`${path}\``).join(' and ');
    const left =
      several === '' ? 'no constant that `pikkuServices(…)` makes was found' : `services are made by ${several}`;
    return { ...nowhere, left };
  }
  const { path, factory } = made;
  const outside = project.outside(path);
  if (outside) return { ...nowhere, left: `\`${path}\` is a symlink to \`${outside}\`` };
  if (!project.isText(path)) return { ...nowhere, left: `\`${path}\` is not valid UTF-8` };
  const text = project.read(path)!;
  const literal = literalOf(factory);
  const keys = typeof literal === 'string' ? [] : keysOf(literal);
  const own = callers.find((one) => one.path === path);
  const edited = own ? { text } : await withWiring(text, specifier);
  const left = 'refused' in edited ? `\`${path}\`: ${edited.refused}` : null;
  // Where the lines were to be added by hand, another module than this one may have them.
  const wiredIn = own?.path ?? (left === null ? null : (caller?.path ?? null));
  return { services: { path, text }, wiredIn, keys, left };
}

/**
 * The extension behind the relative imports of a module (`.js`, `.ts` or none): as it has them, else as its neighbours
 * do, else as its compiler demands.
 */
export async function extensionOf(project: Project, made: ServiceModule | null): Promise<string> {
  if (!made) return styleByCompiler(project).slice('./x'.length);
  const { path, module } = made;
  const folder = posix.dirname(path);
  const own = extensionIn(module);
  if (own !== null) return own;
  const { parseModule } = await import('../../../code/parse.ts');
  for (const { name, kind } of project.list(folder)) {
    const at = inFolder(folder, name);
    if (kind !== 'file' || !/(?<!\.d)\.[mc]?[jt]sx?$/.test(name) || at === path || project.refusal(at)) continue;
    const text = project.read(at) ?? '';
    if (!/from\s*['"]\.{1,2}\//.test(text)) continue;
    const found = extensionIn(parseModule(text, at, false));
    if (found !== null) return found;
  }
  return styleByCompiler(project).slice('./x'.length);
}

/** What is imported with its extension whatever the compiler: it says nothing of modules. */
const data = /\.(?:json5?|jsonc|css|scss|svg|png|txt|md|html|sql|graphql|gql|ya?ml|toml|wasm|node|proto|vue|svelte)$/i;

function extensionIn(module: Module | null): string | null {
  const relative = specifiersIn(module).find((one) => /^\.{1,2}\/./.test(one) && !data.test(one));
  return relative === undefined ? null : (/\.[mc]?[jt]s$/.exec(relative)?.[0] ?? '');
}

/** The file that a relative specifier of a module leads to; null where there is none. */
export function leadTo(project: Project, from: string, specifier: string): string | null {
  if (!/^\.{1,2}\//.test(specifier)) return null;
  const target = posix.normalize(posix.join(posix.dirname(from), specifier));
  const stem = target.replace(/\.[mc]?[jt]s$/, '');
  const ways = [target, ...['ts', 'mts', 'js', 'mjs'].map((extension) => `${stem}.${extension}`)];
  return ways.find((one) => /\.[mc]?[jt]s$/.test(one) && project.has(one)) ?? null;
}
