import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { must } from '../../types/finding.ts';
import { registerHooks } from './hooks.ts';
import { entryExtensions, nodeModule, standIns } from './stand-ins.ts';

/** The db entry's module, and what loaded it. */
export interface Loaded {
  default: unknown;
  /** All that it exports. */
  module: Record<string, unknown>;
  /** `vite 8.3.8`, `node 22.23.3` */
  by: string;
  close(): Promise<void>;
}

/** As much of Vite 6 to 8 as is used. */
interface Vite {
  version: string;
  createServer(options: object): Promise<ViteServer>;
  loadConfigFromFile(...given: unknown[]): Promise<{ config: { resolve?: Resolving } } | null>;
}

interface ViteServer {
  ssrLoadModule(file: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

interface Resolving {
  alias?: unknown;
  [key: string]: unknown;
}

/**
 * Loads the db entry as Flue does: by the Vite that Flue stands on, without a port, a watcher or a file written, and
 * with the adapters' packages answered by our stand-in. Without a Vite, by Node and its hooks. `loader`: a program of
 * the project's own by which its host loads code, which comes first where it is there. Raises what the module raises,
 * and a `Finding` where nothing can load it.
 */
export async function load(root: string, entry: string, loader: string | null = null): Promise<Loaded> {
  const hasHooks = registerHooks();
  const own = loader && (await ownLoader(root, loader));
  if (own) return loadByNode(entry, own);
  const file = viteOf(root);
  if (file === null) {
    const why = `the project has no Vite, and ${runtime()} cannot put anything in the place of the adapter's package`;
    must(hasHooks, why, 'install the project, which brings Vite, or use Node 22.15 or newer');
    return loadByNode(entry, runtime());
  }
  const vite = await importVite(file);
  const resolve = await ownResolving(vite, root);
  const server = await vite.createServer(settings(root, resolve));
  const module = await server.ssrLoadModule(entry);
  return { default: module.default, module, by: `vite ${vite.version}`, close: () => server.close() };
}

async function loadByNode(entry: string, by: string): Promise<Loaded> {
  const module = await import(pathToFileURL(entry).href);
  return { default: module.default, module, by, close: async () => {} };
}

/**
 * Has Node load by it what comes after this, as `--import` would. Gives its name and version; null where it is not
 * there.
 */
async function ownLoader(root: string, name: string): Promise<string | null> {
  const from = createRequire(path.join(root, 'package.json'));
  try {
    const file = from.resolve(name);
    const { version } = from(`${name}/package.json`) as { version: string };
    await import(pathToFileURL(file).href);
    return `${name} ${version}`;
  } catch {
    return null;
  }
}

function runtime(): string {
  return process.versions.bun ? `bun ${process.versions.bun}` : `node ${process.versions.node}`;
}

/** The Vite of the project, else of the Flue packages that it has. */
function viteOf(root: string): string | null {
  const manifest = path.join(root, 'package.json');
  const from = [manifest, ...['@flue/cli', '@flue/vite'].flatMap((name) => manifestsOf(root, manifest, name))];
  for (const one of from) {
    try {
      return createRequire(one).resolve('vite');
    } catch {
      // It does not reach one.
    }
  }
  return null;
}

/**
 * Where a package stands, from the project upward; a package manager may have put it where only Node's own rule finds
 * it.
 */
function manifestsOf(root: string, manifest: string, name: string): string[] {
  for (let at = root; ; at = path.dirname(at)) {
    const file = path.join(at, 'node_modules', name, 'package.json');
    if (existsSync(file)) return [realpathSync(file)];
    if (at === path.dirname(at)) break;
  }
  for (const specifier of [`${name}/package.json`, name]) {
    try {
      return [createRequire(manifest).resolve(specifier)];
    } catch {
      // It has no such export, or is not there.
    }
  }
  return [];
}

async function importVite(file: string): Promise<Vite> {
  const module = await import(pathToFileURL(file).href);
  return typeof module.createServer === 'function' ? module : module.default;
}

function settings(root: string, { alias, ...resolve }: Resolving): object {
  return {
    configFile: false,
    root,
    appType: 'custom',
    logLevel: 'silent',
    clearScreen: false,
    envDir: false,
    cacheDir: path.join(root, 'node_modules/.vite'),
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    // An alias is asked before anything else; a plugin is not asked for packages that are installed.
    resolve: { tsconfigPaths: true, ...resolve, alias: [...standIns(), ...aliasList(alias)] },
    plugins: [nodeModule(root), markdown],
  };
}

function aliasList(alias: unknown): object[] {
  if (Array.isArray(alias)) return alias;
  return Object.entries(alias ?? {}).map(([find, replacement]) => ({ find, replacement }));
}

/** Markdown is text to Flue. */
const markdown = {
  name: 'flue-verify-markdown',
  transform: (text: string, id: string) =>
    /\.md(?:\?|$)/.test(id)
      ? { code: `const text = ${JSON.stringify(text)};\nexport { text as default };`, map: null }
      : null,
};

/**
 * How the project's own config resolves names: of vite.config, and at beta of what flue.config exports as `vite`.
 * Nothing else of them is taken, for their plugins start things. A config that cannot be loaded says nothing.
 */
async function ownResolving(vite: Vite, root: string): Promise<Resolving> {
  const config = configIn(root, 'vite.config', /\b(?:resolve|alias|tsconfigPaths|dedupe|conditions)\b/);
  const loaded = config ? await readConfig(vite, root, config) : undefined;
  const flue = configIn(root, 'flue.config', /\bvite\b[\s\S]*\b(?:resolve|alias)\b/);
  const shared = flue ? await readExport(vite, root, flue) : undefined;
  return { ...loaded, ...shared, alias: [...aliasList(shared?.alias), ...aliasList(loaded?.alias)] };
}

/** The config of that name, where its text has the word that makes it worth running. */
function configIn(root: string, name: string, word: RegExp): string | null {
  const found = entryExtensions.map((extension) => path.join(root, name + extension)).find((file) => existsSync(file));
  return found && word.test(readFileSync(found, 'utf8')) ? found : null;
}

async function readConfig(vite: Vite, root: string, file: string): Promise<Resolving | undefined> {
  const environment = { command: 'serve', mode: 'development', isSsrBuild: true };
  try {
    const found = await vite.loadConfigFromFile(environment, file, root, 'silent', undefined, 'runner');
    return found?.config.resolve;
  } catch {
    return undefined;
  }
}

async function readExport(vite: Vite, root: string, file: string): Promise<Resolving | undefined> {
  const server = await vite.createServer(settings(root, {}));
  try {
    const module = (await server.ssrLoadModule(file)) as { vite?: { resolve?: Resolving } };
    return module.vite?.resolve;
  } catch {
    return undefined;
  } finally {
    await server.close();
  }
}

/**
 * Whether a package that the db entry imports is installed. Its manifest is asked for, exported or not: for the name of
 * an adapter our own hook answers, since Node 26 here, too.
 */
export function isInstalled(entry: string, name: string): boolean {
  try {
    createRequire(entry).resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    return !/MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '');
  }
}
