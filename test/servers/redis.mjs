// Redis and Valkey from Debian's packages, on 127.0.0.1 with an append-only file, as Flue wants them.
import { createRequire } from 'node:module';
import { program } from './debian.mjs';
import { freePort, startServer, temporaryFolder } from './process.mjs';

const Redis = createRequire(import.meta.url)('ioredis').Redis;

/**
 * Starts an empty server. `admin` sends one command; `stop('SIGKILL')` kills it, `start()` brings it back with its
 * data.
 * @param {'redis' | 'valkey'} kind @param {string[]} [more]
 */
export async function startRedis(kind, more = []) {
  const { command, env } = program(kind, `${kind}-server`);
  const port = await freePort();
  const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', temporaryFolder(kind), '--appendonly', 'yes'];
  const args = [...fixed, '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction', ...more];
  const server = await startServer({ command, args, port, env });
  /** @param {string} name @param {(string | number)[]} rest */
  const admin = async (name, ...rest) => {
    const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(name, ...rest);
    } finally {
      client.disconnect();
    }
  };
  return { ...server, url: `redis://127.0.0.1:${port}`, admin };
}

/** One of each. */
export async function startBoth() {
  const [redis, valkey] = await Promise.all([startRedis('redis'), startRedis('valkey')]);
  return { redis, valkey, stop: () => Promise.all([redis.stop(), valkey.stop()]) };
}
