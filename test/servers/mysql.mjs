// MySQL 9 from Debian's unstable suite, started through that suite's own loader, so that the machine's C library does
// not matter.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import mysql from 'mysql2/promise';
import { program } from './debian.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

/** Starts an empty server with a database `flue`; `admin` runs a statement as its administrator. */
export async function startMysql() {
  const { command, root } = program('mysql', 'mysqld');
  const nested = readdirSync(path.join(root, 'usr/lib')).find((name) => name.includes('-linux-')) ?? '';
  const libraries = path.join(root, 'usr/lib', nested);
  const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so\.\d+$/.test(name)) ?? '';
  const folder = temporaryFolder('mysql');
  const data = path.join(folder, 'data');
  const as = process.getuid?.() === 0 ? ['--user=root'] : [];
  const started = ['--library-path', libraries, command, '--no-defaults', `--basedir=${path.join(root, 'usr')}`];
  const common = [...started, `--datadir=${data}`, '--secure-file-priv=NULL', ...as];
  // The loader finds every library itself; the machine's own programs must not see them.
  const plain = { LD_LIBRARY_PATH: '' };
  execFileSync(path.join(libraries, loader), [...common, '--initialize-insecure'], {
    env: { ...process.env, ...plain },
    stdio: 'pipe',
  });
  const port = await freePort();
  const files = [`--socket=${path.join(folder, 's')}`, `--pid-file=${path.join(folder, 'pid')}`, '--skip-log-bin'];
  const network = ['--bind-address=127.0.0.1', `--port=${port}`, '--mysqlx=OFF', '--max-allowed-packet=64M'];
  // What is committed outlives the process, not the machine.
  const small = ['--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF', '--innodb-buffer-pool-size=64M'];
  const more = ['--performance-schema=OFF', '--max-connections=200'];
  const server = await startServer({
    command: path.join(libraries, loader),
    args: [...common, ...files, ...network, ...small, ...more],
    port,
    env: plain,
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
