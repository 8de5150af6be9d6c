import path from 'node:path';
import { importedFrom, type Module, nameOf, nodesIn, parseModule } from '../code/module.ts';
import { isConnection, isMember } from '../knowledge/engines/family.ts';
import { Problem } from '../problem.ts';
import { openProject } from '../project/project.ts';
import type { Blueprint, Family } from '../types/blueprint.ts';
import type { Facts, Found } from '../types/facts.ts';
import type { Line } from '../types/verify.ts';

/** What is to be verified: a db entry, and what its process has to know. Nothing of the project has been run for it. */
export interface Subject {
  facts: Facts;
  /** The db entry, relative to the package folder. */
  entry: string;
  /** The env file, absolute, where there is one. */
  envFile: Found<string> | null;
  line: Line;
  /** Names of variables by which the db entry may learn where the database is. */
  variables: string[];
  /** Whether its client may belong to another module of the project, which then keeps it open. */
  shared: boolean;
  /** The packages that it imports by value. */
  packages: string[];
}

const families: Family[] = ['sql', 'redis', 'mongo'];

/**
 * The db entry that Flue would load, and the env file it would read (`--env`, relative to the package folder as Flue takes it). Raises
 * `not-a-project` where there is no db entry, `unsupported-flue` for 0.x, and `bad-request` for an env file that is not there.
 */
export function subjectOf(facts: Facts, blueprints: readonly Blueprint[], env: string | undefined): Subject {
  const { adapter, flue, sourceRoot, entryOption } = facts;
  if (!adapter) {
    const where = entryOption
      ? `\`${entryOption.value}\`, which the config names,`
      : `a \`db.ts\` in \`${sourceRoot.value}\``;
    const hint = '`flue add database <name>` writes one; without it Flue keeps its state in its own SQLite file';
    throw new Problem('not-a-project', `there is no db entry to verify: ${where} is not there`, hint);
  }
  if (/^0\./.test(flue.value ?? '')) {
    const hint = 'move to 1.0.0-beta.9 or 2.x first: `npx @flue/cli docs` has the changes';
    throw new Problem('unsupported-flue', `Flue ${flue.value} has adapters with another API, without a runner`, hint);
  }
  const entry = adapter.value.path;
  const module = parseModule(facts.files[entry] ?? '');
  return {
    facts,
    entry,
    envFile: envFileOf(facts, env),
    line: lineOf(flue.value),
    variables: variablesOf(facts, module),
    shared: module !== null && isShared(module, blueprints),
    packages: module ? packagesIn(module) : [],
  };
}

function lineOf(version: string | null): Line {
  if (version === null) return null;
  return version.startsWith('1.') ? 'beta' : 'two';
}

/** As Flue: the one that `--env` names, else `.env`; else the one that the project's own scripts load. */
function envFileOf({ root, envFile }: Facts, env: string | undefined): Found<string> | null {
  const project = openProject(root);
  const kindOf = (file: string) => {
    const [folder, name] = [path.posix.dirname(file), path.posix.basename(file)];
    return project.list(folder).find((one) => one.name === name)?.kind;
  };
  if (env !== undefined) {
    if (env === '') throw new Problem('bad-request', '`--env` needs a file', 'for example `--env .env.staging`');
    const absolute = path.resolve(root, env);
    const kind = kindOf(path.relative(root, absolute).split(path.sep).join('/'));
    // Flue's own words.
    if (!kind)
      throw new Problem(
        'bad-request',
        `--env points at a path that doesn't exist: ${env}`,
        `it is looked for in \`${root}\``,
      );
    if (kind === 'folder' || kind === 'other')
      throw new Problem('bad-request', `--env points at no file: ${env}`, 'name a file of variables');
    return { value: absolute, because: '--env' };
  }
  for (const found of [{ value: defaultFile, because: 'Flue loads it' }, envFile]) {
    const kind = found && kindOf(found.value);
    if (kind === 'file' || kind === 'symlink')
      return { value: path.resolve(root, found!.value), because: found!.because };
  }
  return null;
}

const defaultFile = '.env';

/** The connection variables that the db entry names, else those of the client's module, else those that the docs name. */
function variablesOf({ clients, envDocs }: Facts, module: Module | null): string[] {
  const isAny = (name: string) => families.some((family) => isMember(family, name) || isConnection(family, name));
  const named = module ? namesIn(module).filter(isAny) : [];
  if (named.length > 0) return named;
  const imported = module ? ownImports(module) : [];
  const ofClients = clients
    .filter(({ specifier }) => imported.includes(specifier))
    .flatMap(({ variables }) => variables);
  const documented = envDocs.flatMap((doc) => doc.variables.map(({ name }) => name));
  return [...new Set([...ofClients, ...documented])].filter(isAny);
}

/** Names in the way of variables, wherever they stand in the code: `env.DATABASE_URL`, `{ DATABASE_URL }`, `'DATABASE_URL'`. */
function namesIn(module: Module): string[] {
  const words = nodesIn(module.body).map((node) =>
    node.type === 'Identifier' ? nameOf(node) : node.type === 'Literal' ? String(node.value) : '',
  );
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
  return new RegExp(`^${specifier.replace(/[^\w]/g, '\\$&')}$`);
}

function importSources({ body }: Module): string[] {
  return body.flatMap(({ type, source, importKind }) =>
    type === 'ImportDeclaration' && importKind !== 'type'
      ? [String((source as { value?: unknown } | null)?.value ?? '')]
      : [],
  );
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
  return [
    ...new Set(
      sources.map((source) =>
        source
          .split('/')
          .slice(0, source.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
}
