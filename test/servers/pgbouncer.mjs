// PgBouncer in front of a real Postgres.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { program } from './debian.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

/**
 * @param {string} url of the Postgres behind it
 * @param {'transaction' | 'session' | 'statement'} [mode]
 * @param {number} [size] of its pool
 */
export async function startPgbouncer(url, mode = 'transaction', size = 5) {
  const { command, env } = program('pgbouncer', 'pgbouncer');
  const { port: behind } = new URL(url);
  const port = await freePort();
  const folder = temporaryFolder('pgbouncer');
  const config = path.join(folder, 'pgbouncer.ini');
  const settings = [
    '[databases]',
    `postgres = host=127.0.0.1 port=${behind} user=flue`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    `default_pool_size = ${size}`,
    'max_client_conn = 200',
    'ignore_startup_parameters = extra_float_digits',
  ];
  writeFileSync(config, `${settings.join('\n')}\n`, { mode: 0o644 });
  const root = process.getuid?.() === 0;
  // As root it refuses to run; `nobody` may read its folder.
  if (root) (await import('node:fs')).chmodSync(folder, 0o755);
  const server = await startServer({ command, args: [config], port, env, ...(root && { uid: 65534 }) });
  return { ...server, url: url.replace(`:${behind}/`, `:${port}/`) };
}
