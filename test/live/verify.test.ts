import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { modernNode } from '../servers/flue.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { startNeonProxy } from '../servers/neon-proxy.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { cases } from '../verify/matrix.mjs';
import { project, verified } from '../verify/projects.mjs';

/**
 * `verify database` finds nothing wrong with what `add` writes, on real servers. The short run takes one of each kind;
 * `FLUE_VERIFY=all` takes every case on both lines of Flue (64 runs).
 */
const whole = process.env.FLUE_VERIFY === 'all';

type Running = { url: string; stop(): unknown };
let servers: Record<'postgres' | 'mysql' | 'redis' | 'valkey', Running> & {
  file: string;
  proxy: { port: number; close(): void };
};

beforeAll(async () => {
  const [postgres, mysql, redis, valkey, proxy] = await Promise.all([
    startPostgres(),
    startMysql(),
    startRedis('redis'),
    startRedis('valkey'),
    startNeonProxy(),
  ]);
  // Not among temporary files: `verify` would say so.
  const file = mkdtempSync(path.join(root, '.cache/verify-'));
  servers = { postgres, mysql, redis, valkey, file, proxy };
}, 300_000);
afterAll(async () => {
  const { postgres, mysql, redis, valkey, file, proxy } = servers;
  proxy.close();
  rmSync(file, { recursive: true, force: true });
  await Promise.all([postgres, mysql, redis, valkey].map((one) => one.stop()));
});

let files = 0;
function urlOf(server: string): string {
  if (server === 'file') return `file:${path.join(servers.file, `${++files}.db`)}`;
  return server === 'none' ? '' : servers[server as 'postgres'].url;
}

/** Neon's driver speaks to Neon's own proxy; loaded before everything, this makes it speak to ours. */
function neonPreload(folder: string): NodeJS.ProcessEnv {
  const file = path.join(folder, 'neon-preload.mjs');
  const wsProxy = `(host, port) => \`127.0.0.1:${servers.proxy.port}/?address=\${host}:\${port}\``;
  const settings = `{ useSecureWebSocket: false, pipelineTLS: false, pipelineConnect: false, wsProxy: ${wsProxy} }`;
  writeFileSync(
    file,
    `import { neonConfig } from '@neondatabase/serverless';\nObject.assign(neonConfig, ${settings});\n`,
  );
  return { NODE_OPTIONS: `--import ${file}` };
}

/** What differs between the lines: bytes of Redis, and the mark of the version. */
const atBeta = ['pg', 'redis 5'];

/** What the test servers themselves are told not to keep: the warning is right. */
const unsafe = { postgres: ['durable-commits'], mysql: ['durable-commits'] } as Record<string, string[]>;

describe.each(['2.0.3', '1.0.0-beta.9'])('Flue %s', (flue) => {
  const here = cases.filter(({ short, name }) => whole || (flue === '2.0.3' ? short : atBeta.includes(name)));
  test.each(here.map((one) => [one.name, one] as const))(
    '%s: no false alarm',
    { timeout: 120_000 },
    async (name, one) => {
      const folder = await project({ ...one, flue });
      const neon = name.startsWith('neon');
      const env = { [one.variable]: urlOf(one.server), ...(neon && neonPreload(folder)) };
      const ran = await verified(folder, env, [], neon ? modernNode() : process.execPath);
      expect(
        { failed: ran.failed, warned: ran.warned, code: ran.code },
        JSON.stringify(
          ran.checks.filter((c) => !c.ok),
          null,
          1,
        ),
      ).toEqual({
        failed: [],
        warned: unsafe[one.server] ?? [],
        code: 0,
      });
      expect(ran.checks.filter(({ ok }) => ok).length).toBeGreaterThan(one.server === 'none' ? 5 : 25);
    },
  );
});
