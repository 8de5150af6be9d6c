import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createClient } from '@libsql/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { startMysql } from '../servers/mysql.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { bin, project, verified } from '../verify/projects.mjs';

/** What a run leaves where it ends before its time: nothing, or what the next run removes. No MongoDB can be had here. */
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let mysql: Awaited<ReturnType<typeof startMysql>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let folder: string;
beforeAll(async () => {
  [postgres, mysql, redis] = await Promise.all([startPostgres(), startMysql(), startRedis('redis')]);
  folder = mkdtempSync(path.join(root, '.cache/verify-'));
}, 120_000);
afterAll(async () => {
  await Promise.all([postgres, mysql, redis].map((one) => one.stop('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

const databases = {
  postgres: {
    sample: { database: 'postgres', driver: 'pg' },
    env: () => ({ DATABASE_URL: postgres.url }),
    left: () => tablesAt(postgres.url),
  },
  mysql: {
    sample: { database: 'mysql', driver: 'mysql2' },
    env: () => ({ MYSQL_URL: mysql.url }),
    left: async () => {
      const rows = (await mysql.admin("SHOW TABLES FROM flue LIKE 'verify%'")) as object[];
      return rows.flatMap((row) => Object.values(row) as string[]);
    },
  },
  redis: {
    sample: { database: 'redis', driver: 'ioredis' },
    env: () => ({ REDIS_URL: redis.url }),
    left: async () => (await redis.admin('KEYS', 'verify*')) as string[],
  },
  libsql: {
    sample: { database: 'libsql', driver: '@libsql/client' },
    env: () => ({ LIBSQL_URL: `file:${folder}/flue.db` }),
    left: async () => {
      const client = createClient({ url: `file:${folder}/flue.db` });
      const { rows } = await client.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'verify%'",
      );
      client.close();
      return rows.map(({ name }) => String(name));
    },
  },
};

/** The tables of `verify` in a Postgres. */
async function tablesAt(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query("SELECT relname FROM pg_class WHERE relname LIKE 'verify%' AND relkind = 'r'");
  await client.end();
  return rows.map(({ relname }) => relname);
}

/**
 * Starts a run, and ends it with that signal as soon as something of it is in the database, however long that takes on a busy
 * machine. Gives the exit code, or the signal, and what was there.
 */
async function endedBy(
  signal: 'SIGKILL' | 'SIGINT',
  at: string,
  env: NodeJS.ProcessEnv,
  left: () => Promise<string[]>,
) {
  const child = spawn(process.execPath, [bin, 'verify', 'database', '--json'], {
    cwd: at,
    env: { ...process.env, NODE_ENV: '', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', (code, by) => resolve(code ?? by)));
  const running = () => child.exitCode === null && child.signalCode === null;
  let there: string[] = [];
  while (running() && there.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    there = await left().catch(() => []);
  }
  child.kill(signal);
  return { code: await ended, there };
}

describe.concurrent('a run that is ended', () => {
  test.each(Object.entries(databases))(
    '%s: kill -9, and what the next run removes; Ctrl-C, and what it removes itself',
    { timeout: 120_000 },
    async (_, { sample, env, left }) => {
      const at = await project(sample);
      const killed = await endedBy('SIGKILL', at, env(), left);
      expect(killed.code).toBe('SIGKILL');
      expect(killed.there).not.toEqual([]);
      // Its children see that it has gone, and go.
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(await left()).not.toEqual([]);
      const next = await verified(at, env());
      expect(next.failed, next.output).toEqual([]);
      expect(await left()).toEqual([]);

      const interrupted = await endedBy('SIGINT', at, env(), left);
      expect(interrupted.there).not.toEqual([]);
      expect(interrupted.code).toBe(130);
      expect(await left()).toEqual([]);
    },
  );

  test('a network that is lost: said in time, and the next run removes what was left', {
    timeout: 120_000,
  }, async () => {
    await postgres.admin('CREATE DATABASE far');
    const far = new URL(postgres.url);
    far.pathname = '/far';
    const network = await networkTo(Number(far.port));
    const ask = () => postgres.admin("SELECT 1 FROM pg_stat_activity WHERE datname = 'far' AND query LIKE '%verify_%'");
    const at = await project(databases.postgres.sample);
    const through = new URL(far);
    through.port = String(network.port);
    const began = Date.now();
    const running = verified(at, { DATABASE_URL: through.href }, ['--timeout', '8']);
    let ends = false;
    running.finally(() => {
      ends = true;
    });
    while (!ends && (await ask()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    network.lose();
    const ran = await running;
    expect([ran.code, ran.problem.code], ran.output).toEqual([5, 'database-unfit']);
    expect(Date.now() - began).toBeLessThan(60_000);
    network.close();
    const next = await verified(at, { DATABASE_URL: far.href });
    expect(next.failed, next.output).toEqual([]);
    expect(await tablesAt(far.href)).toEqual([]);
  });
});

/** A way to a port of this machine, on which nothing arrives any more once it is lost. */
async function networkTo(port: number) {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const one of [near, far]) {
      ends.add(one);
      one.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  });
  let lost = false;
  server.on('connection', (socket) => lost && socket.pause());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    lose: () => {
      lost = true;
      for (const one of ends) one.unpipe().pause();
    },
    close: () => {
      for (const one of ends) one.destroy();
      server.close();
    },
  };
}
