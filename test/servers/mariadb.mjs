// MariaDB from Debian's packages. Flue's MySQL adapter refuses it, and our db.ts says so by name.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { program } from './debian.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

/** Starts an empty server with a utf8mb4 database `flue`. */
export async function startMariadb() {
  const { command, root, env } = program('mariadb', 'mariadbd');
  const folder = temporaryFolder('mariadb');
  const base = path.join(root, 'usr');
  const data = path.join(folder, 'data');
  const as = process.getuid?.() === 0 ? ['--user=root'] : [];
  const common = ['--no-defaults', `--basedir=${base}`, `--datadir=${data}`, ...as];
  const options = { env: { ...process.env, ...env }, stdio: /** @type {'pipe'} */ ('pipe') };
  execFileSync(
    path.join(base, 'bin/mariadb-install-db'),
    [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
    options,
  );
  const port = await freePort();
  const files = [`--socket=${path.join(folder, 's')}`, `--pid-file=${path.join(folder, 'pid')}`, '--skip-log-bin'];
  const network = [
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--character-set-server=utf8mb4',
    '--max-allowed-packet=64M',
  ];
  const fast = ['--innodb-flush-log-at-trx-commit=1', '--innodb-buffer-pool-size=64M', '--max-connections=200'];
  const server = await startServer({ command, args: [...common, ...files, ...network, ...fast], port, env });
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
