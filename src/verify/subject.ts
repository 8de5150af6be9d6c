import path from 'node:path';
import { importedFrom, type Module, nameOf, nodesIn } from '../code/module.ts';
import { isVariable, mayBeConnection } from '../knowledge/engines/family.ts';
import { engineOfScheme } from '../knowledge/engines/packages.ts';
import type { Host, Load } from '../knowledge/hosts/index.ts';
import { literally } from '../pattern.ts';
import { Problem } from '../problem.ts';
import { packageOf } from '../project/package-name.ts';
import type { Project } from '../project/project.ts';
import type { Blueprint } from '../types/blueprint.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Fallback, RunnerLine } from '../types/verify.ts';
import { fallbacksIn } from './fallbacks.ts';
import { importSources, modulesFrom } from './modules.ts';

/** An engine, and the family whose variables lead to it. */
export type EngineOf = Pick<Blueprint, 'engine' | 'family'>;

/** What is to be verified: a db entry, and what its process has to know. Nothing of the project has been run for it. */
export interface Subject {
  host: Host;
  facts: Facts;
  /** The db entry, relative to the package folder. */
  entry: string;
  /** The folder that the host runs in, absolute. */
  runsIn: string;
  /** The env file, absolute, where there is one. */
  envFile: Found<string> | null;
  line: RunnerLine;
  /** Names of variables by which the db entry may learn where the database is. */
  variables: string[];
  fallbacks: Fallback[];
  /** Whether its client may belong to another module of the project, which then keeps it open. */
  shared: boolean;
  /** The packages that it imports by value. */
  packages: string[];
  /** The engine behind each adapter that the host has. */
  engines: Record<string, EngineOf>;
}

/**
 * The entry that the host would load, and the env file that it would read (`env`: the one that is asked for, relative
 * to the folder the host runs in). Raises `not-a-project` where there is none, `unsupported-flue` for a line whose
 * entries cannot be looked at, and `bad-request` for an env file that is not there.
 */
export async function subjectOf(
  project: Project,
  host: Host,
  facts: Facts,
  { blueprints, env }: { blueprints: readonly Blueprint[]; env: string | undefined },
): Promise<Subject> {
  const load = host.loads(facts);
  const envFile = envFileOf(project, facts, load, env);
  const { code, modules } = await modulesFrom(project, load.path);
  const [module = null] = modules;
  return {
    host,
    facts,
    entry: load.path,
    runsIn: path.resolve(facts.root, load.cwd),
    envFile,
    line: lines[facts.line] ?? null,
    variables: connectionVariables(facts, modules),
    fallbacks: fallbacksIn(code, modules, isVariable),
    shared: module !== null && isShared(module, blueprints),
    packages: module ? packagesIn(module) : [],
    engines: Object.fromEntries(blueprints.map(({ adapter, engine, family }) => [adapter, { engine, family }])),
  };
}

const lines: Record<string, RunnerLine> = { beta: 'beta', '2.x': 'two' };

/** As the host: the one that is asked for, else the one that it loads where people start it. */
function envFileOf(
  project: Project,
  { root, envFile }: Facts,
  load: Load,
  asked: string | undefined,
): Found<string> | null {
  if (asked === undefined) {
    const kind = kindAt(project, load.envFile);
    const there = kind === 'file' || kind === 'symlink';
    return there ? { value: path.resolve(root, load.envFile), because: envFile.because } : null;
  }
  if (asked === '') throw new Problem('bad-request', '`--env` needs a file', 'for example `--env .env.staging`');
  const folder = path.resolve(root, load.cwd);
  const absolute = path.resolve(folder, asked);
  const kind = kindAt(project, path.relative(root, absolute).split(path.sep).join('/'));
  // Flue's own words.
  if (!kind) {
    const message = `--env points at a path that doesn't exist: ${asked}`;
    throw new Problem('bad-request', message, `it is looked for in \`${folder}\``);
  }
  if (kind === 'folder' || kind === 'other')
    throw new Problem('bad-request', `--env points at no file: ${asked}`, 'name a file of variables');
  return { value: absolute, because: '--env' };
}

function kindAt(project: Project, file: string) {
  const name = path.posix.basename(file);
  return project.list(path.posix.dirname(file)).find((one) => one.name === name)?.kind;
}

/**
 * The connection variables that the db entry names, else those of the client's module, else those of what it imports,
 * else those that the docs name.
 */
function connectionVariables({ clients, envDocs }: Facts, [module, ...others]: readonly Module[]): string[] {
  const names = module ? capitalNames(module) : [];
  const named = names.filter(isVariable);
  if (named.length > 0) return named;
  const isDocumented = (name: string) =>
    envDocs.some((doc) => doc.variables.some((one) => one.name === name && engineOfScheme(one.scheme ?? '') !== null));
  const otherwise = names.filter((name) => mayBeConnection(name) || isDocumented(name));
  if (otherwise.length > 0) return otherwise;
  const imported = module ? ownImports(module) : [];
  const ofClients = clients
    .filter(({ specifier }) => imported.includes(specifier))
    .flatMap(({ variables }) => variables);
  const ofOthers = others.flatMap(capitalNames).filter(isVariable);
  if (ofClients.length === 0 && ofOthers.length > 0) return [...new Set(ofOthers)];
  const documented = envDocs.flatMap((doc) => doc.variables.map(({ name }) => name));
  return [...new Set([...ofClients, ...documented])].filter(isVariable);
}

/**
 * Names in the way of variables, wherever they stand in the code: `env.DATABASE_URL`, `{ DATABASE_URL }`,
 * `'DATABASE_URL'`.
 */
function capitalNames(module: Module): string[] {
  const words = nodesIn(module.body).map((node) => {
    if (node.type === 'Identifier') return nameOf(node);
    return node.type === 'Literal' ? String(node.value) : '';
  });
  return [...new Set(words.filter((word) => /^[A-Z][A-Z0-9_]{2,}$/.test(word)))];
}

/** It takes something from a module of the project, and calls none of the functions that make a client. */
function isShared(module: Module, blueprints: readonly Blueprint[]): boolean {
  const makers = blueprints.flatMap(({ drivers }) => drivers.flatMap(({ client }) => client?.madeBy ?? []));
  const makes = makers.some((maker) => {
    const [specifier, call = ''] = maker.replace(/^await /, '').split('#');
    const names = [...importedFrom(module, exactly(specifier!)).values()];
    return names.includes(call.split('.')[0]!) || names.includes('*');
  });
  const native = packagesIn(module).includes('@valkey/valkey-glide');
  return !makes && !native && ownImports(module).length > 0;
}

function exactly(specifier: string): RegExp {
  return new RegExp(`^${literally(specifier)}$`);
}

/** Modules of the project itself: relative, `#imports`, or under an alias. */
function ownImports(module: Module): string[] {
  return importSources(module).filter(
    (source) => /^(?:\.{1,2}\/|#|~|@\/|\/)/.test(source) || /^(?:src|app|lib)\//.test(source),
  );
}

function packagesIn(module: Module): string[] {
  const sources = importSources(module).filter(
    (source) => /^(?:@[\w-]+\/)?[\w-]/.test(source) && !source.startsWith('node:'),
  );
  return [...new Set(sources.map(packageOf))];
}
