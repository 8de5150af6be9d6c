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
import { wiringIn, withWiring } from './wiring.ts';

/** A module in which services are made. */
export interface Made {
  path: string;
  module: Module;
  factory: Factory;
}

/** What the project's code says of its services. */
export interface Services {
  /** The one application factory; null where there is none, or several. */
  made: Made | null;
  /** Every factory, an addon's too. */
  all: Made[];
  stores: { path: string; name: string }[];
}

/**
 * Looks for factories where Pikku does, and for other stores everywhere. Raises `cannot-parse` for a module of services
 * that does not parse.
 */
export async function inspectServices(
  project: Project,
  { sources }: PikkuConfig,
  { modules }: Repository,
): Promise<Services> {
  const { parseModule } = await import('../../../code/parse.ts');
  const all: Made[] = [];
  const stores: Services['stores'] = [];
  for (const path of modules) {
    const text = project.read(path) ?? '';
    const mayMake = naming.test(text) && isBelow(project, sources, path);
    if (!mayMake && !/WorkflowService|PikkuWorkflowDoClient/.test(text)) continue;
    const module = parseModule(text, path, false);
    if (!module) {
      refuseBroken(path, mayMake);
      continue;
    }
    const store = ours.test(text) ? null : storeIn(module);
    if (store) stores.push({ path, name: store });
    if (mayMake) all.push(...factoriesIn(module).map((factory) => ({ path, module, factory })));
  }
  const applications = all.filter(({ factory }) => factory.kind === 'application');
  return { made: applications.length === 1 ? applications[0]! : null, all, stores };
}

const ours = /^\uFEFF?\/\/ flue-blueprint: pikku\//;

/** A module that may make the services and cannot be read: what it says is what all of this is about. */
function refuseBroken(path: string, mayMake: boolean): void {
  if (mayMake && /^services\./.test(posix.basename(path)))
    throw new Problem('cannot-parse', `\`${path}\` does not parse`, 'fix the file first; nothing was changed');
}

/** The module that makes the services, and why our lines are not put into it. */
export interface Place {
  services: ProjectText | null;
  left: string | null;
  wired: boolean;
  keys: string[];
}

/** Whether the module can be edited, by trying: the edit is proven in memory. */
export async function placeIn(project: Project, { made, all }: Services, specifier: string): Promise<Place> {
  const nowhere = { services: null, wired: false, keys: [] };
  if (!made) {
    const several = all.map(({ path, factory }) => `\`${factory.name}\` in \`${path}\``).join(' and ');
    const left =
      several === '' ? 'no constant that `pikkuServices(…)` makes was found' : `services are made by ${several}`;
    return { ...nowhere, left };
  }
  const { path, module, factory } = made;
  const outside = project.outside(path);
  if (outside) return { ...nowhere, left: `\`${path}\` is a symlink to \`${outside}\`` };
  if (!project.isText(path)) return { ...nowhere, left: `\`${path}\` is not valid UTF-8` };
  const text = project.read(path)!;
  const wiring = wiringIn(module);
  const literal = literalOf(factory);
  const keys = typeof literal === 'string' ? [] : keysOf(literal);
  const wired = wiring.imported !== null && wiring.spread !== null;
  const edited = wired ? { text } : await withWiring(text, specifier);
  return { services: { path, text }, wired, keys, left: 'refused' in edited ? `\`${path}\`: ${edited.refused}` : null };
}

/**
 * The extension behind the relative imports of a module (`.js`, `.ts` or none): as it has them, else as its neighbours
 * do, else as its compiler demands.
 */
export async function extensionOf(project: Project, made: Made | null): Promise<string> {
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

function extensionIn(module: Module | null): string | null {
  const relative = specifiersIn(module).find((one) => /^\.{1,2}\/./.test(one));
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
