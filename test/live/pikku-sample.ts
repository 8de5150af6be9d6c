import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { flue, root } from '../flue.ts';
import { fetchedPackages } from '../servers/package-managers.mjs';
import { freePort, startServer, temporaryFolder } from '../servers/process.mjs';

/** The sample of a Pikku project with a database added, on Pikku's real packages. */

/** A pair of the version table, as it can be had. */
export interface Pair {
  core: string;
  redis: string;
  /** The core that package.json names, where that is not the one that can be had. */
  named?: string;
}

/** The pair that the sample names. */
export const newest: Pair = { core: '0.12.84', redis: '0.12.18' };

/** The `node_modules` with a pair, fetched once. */
export function packagesOf({ core, redis, named }: Pair): string {
  const name = named ? `pikku-${named}` : `pikku-${core}`;
  const more = ['ioredis@5.11.1', 'tsx@4', 'typescript@5', '@types/node@22'];
  return fetchedPackages(name, [`@pikku/core@${core}`, `@pikku/redis@${redis}`, ...more]);
}

/** The sample with a database added, and the real packages beside it. */
export async function sampleWith(
  name: 'redis' | 'valkey',
  { pair = newest, flags = [] }: { pair?: Pair; flags?: string[] } = {},
): Promise<string> {
  const folder = realpathSync(temporaryFolder('pikku'));
  cpSync(path.join(root, 'examples/pikku'), folder, { recursive: true });
  mkdirSync(path.join(folder, '.git'));
  edit(folder, 'package.json', (text) => text.replace(newest.core, pair.named ?? pair.core));
  for (const [file, change] of changesFor(pair)) edit(folder, file, change);
  const { code, stderr } = await flue(['add', 'database', name, '--no-install', '--yes', ...flags], { cwd: folder });
  expect(code, stderr).toBe(0);
  symlinkSync(packagesOf(pair), path.join(folder, 'node_modules'));
  return folder;
}

/** Changes a file of a project. */
export function edit(folder: string, file: string, change: (text: string) => string): void {
  const at = path.join(folder, file);
  writeFileSync(at, change(readFileSync(at, 'utf8')));
}

/** Where an older core has what the sample's stand-ins take from it, and what an application had to do itself then. */
function changesFor({ core }: Pair): [file: string, change: (text: string) => string][] {
  if (core === newest.core) return [];
  const state = core === '0.12.0' ? '@pikku/core' : '@pikku/core/internal';
  const changes: ReturnType<typeof changesFor> = [
    ['.pikku/setup/index.ts', (text) => text.replace('@pikku/core/ecosystem', state)],
    [
      '.pikku/pikku-bootstrap.gen.ts',
      (text) =>
        text.replace(
          /import \{ addFunction, pikkuState \}.*/,
          `import { addFunction } from '@pikku/core/function';\nimport { pikkuState } from '${state}';`,
        ),
    ],
  ];
  if (core === '0.12.0')
    changes.push([
      'src/start.ts',
      (text) =>
        text
          .replace('stopSingletonServices()', 'stopSingletonServices(services)')
          .replace('const routes', 'runs.setServices(services, async () => ({}), {});\n\nconst routes'),
    ]);
  return changes;
}

/** The application on a free port; `ask` gives what a route answers. */
export async function startSample(folder: string, env: NodeJS.ProcessEnv, command = process.execPath) {
  const port = await freePort();
  const log = path.join(folder, 'steps.log');
  const args = ['--import', 'tsx', 'src/start.ts'];
  const more = { STEPS_LOG: log, ...env, PORT: String(port) };
  const server = await startServer({ command, args, cwd: folder, port, env: more });
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the sample's own.
  const ask = async (route: string): Promise<any> => (await fetch(`http://127.0.0.1:${port}${route}`)).json();
  return { ...server, ask };
}

type Running = Awaited<ReturnType<typeof startSample>>;

/** Runs a workflow to its end; gives its id. */
export async function runOrder({ ask }: Running, id: string): Promise<string> {
  const { runId } = await ask(`/order?id=${id}`);
  await expect.poll(() => ask(`/run?id=${runId}`), { timeout: 10_000 }).toMatchObject({ status: 'completed' });
  return runId;
}

/** Stops it with SIGTERM, after which it has to end by itself. Gives how long that took, in ms. */
export async function ended(server: Running): Promise<number> {
  const began = performance.now();
  const hung = setTimeout(() => server.stop('SIGKILL'), 15_000);
  await server.stop();
  clearTimeout(hung);
  return performance.now() - began;
}
