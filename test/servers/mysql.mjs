// MySQL 9 from Debian's unstable suite.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { loadedProgram } from './debian.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

/** Starts an empty server with a database `flue`; `admin` runs a statement as its administrator. */
export async function startMysql() {
  const { command, args, root, env } = loadedProgram('mysql', 'mysqld');
  const folder = temporaryFolder('mysql');
  const data = path.join(folder, 'data');
  const as = process.getuid?.() === 0 ? ['--user=root'] : [];
  const places = [`--basedir=${path.join(root, 'usr')}`, `--datadir=${data}`, '--secure-file-priv=NULL'];
  const common = [...args, '--no-defaults', ...places, ...as];
  execFileSync(command, [...common, '--initialize-insecure'], { env: { ...process.env, ...env }, stdio: 'pipe' });
  const port = await freePort();
  const files = [`--socket=${path.join(folder, 's')}`, `--pid-file=${path.join(folder, 'pid')}`, '--skip-log-bin'];
  const network = ['--bind-address=127.0.0.1', `--port=${port}`, '--mysqlx=OFF', '--max-allowed-packet=64M'];
  // What is committed outlives the process, not the machine.
  const small = ['--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF', '--innodb-buffer-pool-size=64M'];
  const more = ['--performance-schema=OFF', '--max-connections=200'];
  const server = await startServer({
    command,
    args: [...common, ...files, ...network, ...small, ...more],
    port,
    env,
  });
  const at = `mysql://root@127.0.0.1:${port}/`;
  /** @param {string} text */
  const admin = async (text) => {
    const connection = await mysql.createConnection(`${at}mysql`);
    try {
      return (await connection.query(text))[0];
    } finally {
      connection.destroy();
    }
  };
  await admin('CREATE DATABASE flue CHARACTER SET utf8mb4');
  return { ...server, url: `${at}flue`, admin };
}
