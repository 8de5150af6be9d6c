import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createClient } from '@libsql/client';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../flue.ts';
import { startDocumentdb } from '../servers/documentdb.mjs';
import { startMysql } from '../servers/mysql.mjs';
import { startPostgres } from '../servers/postgres.mjs';
import { startRedis } from '../servers/redis.mjs';
import { bin, project, verified } from '../verify/projects.mjs';

/** What a run leaves where it ends before its time: nothing, or what the next run removes. */
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let mysql: Awaited<ReturnType<typeof startMysql>>;
let documentdb: Awaited<ReturnType<typeof startDocumentdb>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let valkey: Awaited<ReturnType<typeof startRedis>>;
let folder: string;
beforeAll(async () => {
  const starting = [
    startPostgres(),
    startMysql(),
    startDocumentdb(),
    startRedis('redis'),
    startRedis('valkey'),
  ] as const;
  [postgres, mysql, documentdb, redis, valkey] = await Promise.all(starting);
  folder = mkdtempSync(path.join(root, '.cache/verify-'));
}, 120_000);
afterAll(async () => {
  await Promise.all([postgres, mysql, documentdb, redis, valkey].map((one) => one.stop('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

interface Database {
  sample: { database: string; driver: string };
  variable: string;
  url(): string;
  /** What else its entry reads. */
  more?: Record<string, string>;
  /** What is left of runs. */
  left(): Promise<string[]>;
  /** What is on its way when the network is lost: the first that is written, or what many do at once. */
  lostAt?: RegExp;
}

const databases: Record<string, Database> = {
  postgres: {
    sample: { database: 'postgres', driver: 'pg' },
    variable: 'DATABASE_URL',
    url: () => postgres.url,
    left: async () => {
      const text = "SELECT relname FROM pg_class WHERE relname LIKE 'verify%' AND relkind = 'r'";
      return ((await postgres.admin(text)) as { relname: string }[]).map(({ relname }) => relname);
    },
    lostAt: /FOR UPDATE/,
  },
  mysql: {
    sample: { database: 'mysql', driver: 'mysql2' },
    variable: 'MYSQL_URL',
    url: () => mysql.url,
    left: async () => {
      const rows = (await mysql.admin("SHOW TABLES FROM flue LIKE 'verify%'")) as object[];
      return rows.flatMap((row) => Object.values(row) as string[]);
    },
    // What makes the table is prepared first: it is there when the first row is on its way.
    lostAt: /INSERT INTO verify/,
  },
  // A client of a replica set goes where that says it is: no network between them could be lost.
  mongodb: {
    sample: { database: 'mongodb', driver: 'mongodb' },
    variable: 'MONGODB_URL',
    url: () => documentdb.url,
    more: { MONGODB_DATABASE: 'flue' },
    left: async () => {
      const client = new MongoClient(documentdb.url);
      const found = await client
        .db('flue')
        .listCollections({ name: /^verify/ })
        .toArray();
      await client.close();
      return found.map(({ name }) => name);
    },
  },
  redis: {
    sample: { database: 'redis', driver: 'ioredis' },
    variable: 'REDIS_URL',
    url: () => redis.url,
    left: async () => (await redis.admin('KEYS', 'verify*')) as string[],
    lostAt: /SET[\s\S]*verify:/,
  },
  libsql: {
    sample: { database: 'libsql', driver: '@libsql/client' },
    variable: 'LIBSQL_URL',
    url: () => `file:${folder}/flue.db`,
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

/** Its keys are those of Redis; what differs is the client. */
const iovalkey: Database = {
  sample: { database: 'valkey', driver: 'iovalkey' },
  variable: 'VALKEY_URL',
  url: () => valkey.url,
  left: async () => (await valkey.admin('KEYS', 'verify*')) as string[],
  lostAt: /EVAL[\s\S]*verify:/,
};

/**
 * Starts a run, and ends it with that signal as soon as something of it is in the database, however long that takes on
 * a busy machine. Gives the exit code, or the signal, and what was there.
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

/** A run whose network is lost as soon as that is on its way, which the server still gets. Gives what is left then. */
async function lostDuring({ variable, url, left }: Database, at: string, lostAt: RegExp | null) {
  const through = new URL(url());
  const network = await networkTo(Number(through.port), lostAt);
  through.port = String(network.port);
  // Time that is waited for: long enough to come that far, and where it was not, nothing is left.
  const ran = await verified(at, { [variable]: through.href }, ['--timeout', lostAt ? '8' : '3']);
  network.close();
  return { ran, wasLost: network.wasLost(), there: await left() };
}

describe.concurrent('a run that is ended', () => {
  test.each(Object.entries(databases))(
    '%s: kill -9 and a lost network, and what the next run removes; Ctrl-C, and what it removes itself',
    { timeout: 300_000 },
    async (_, one) => {
      const { sample, left, lostAt } = one;
      const env = { [one.variable]: one.url(), ...one.more };
      const at = await project(sample);
      const killed = await endedBy('SIGKILL', at, env, left);
      expect(killed.code).toBe('SIGKILL');
      expect(killed.there).not.toEqual([]);
      // Its children see that it has gone, and go.
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(await left()).not.toEqual([]);
      if (lostAt) {
        const { ran, wasLost, there } = await lostDuring(one, at, lostAt);
        expect([ran.code, ran.problem.code], ran.output).toEqual([5, 'database-unfit']);
        if (wasLost) expect(there, ran.output).not.toEqual([]);
      }
      const next = await verified(at, env);
      expect(next.failed, next.output).toEqual([]);
      expect(await left()).toEqual([]);

      const interrupted = await endedBy('SIGINT', at, env, left);
      expect(interrupted.there).not.toEqual([]);
      expect(interrupted.code).toBe(130);
      expect(await left()).toEqual([]);
    },
  );

  test('a network that is lost under another client', { timeout: 300_000 }, async () => {
    const at = await project(iovalkey.sample);
    const { ran } = await lostDuring(iovalkey, at, iovalkey.lostAt!);
    expect([ran.code, ran.problem.code], ran.output).toEqual([5, 'database-unfit']);
    const next = await verified(at, { VALKEY_URL: iovalkey.url() });
    expect(next.failed, next.output).toEqual([]);
    expect(await iovalkey.left()).toEqual([]);
  });

  test.each([databases.mysql!, iovalkey])(
    '$sample.driver: a network that was never there',
    { timeout: 300_000 },
    async (one) => {
      const { ran } = await lostDuring(one, await project(one.sample), null);
      expect([ran.code, ran.problem.code], ran.output).toEqual([5, 'database-unreachable']);
      expect(ran.failed).toHaveLength(1);
    },
  );
});

/**
 * A way to a port of this machine, on which nothing arrives any more once it is lost: from the start, or after that.
 */
async function networkTo(port: number, lostAfter: RegExp | null) {
  const ends = new Set<Socket>();
  let lost = lostAfter === null;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const one of [near, far]) {
      ends.add(one);
      one.on('error', () => {});
    }
    near.on('data', (data) => {
      if (!lost) far.write(data);
      lost ||= lostAfter?.test(data.toString('latin1')) ?? false;
    });
    far.on('data', (data) => lost || near.write(data));
    // Nobody hears of an end either.
    near.on('close', () => lost || far.destroy());
    far.on('close', () => lost || near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    wasLost: () => lost,
    close: () => {
      for (const one of ends) one.destroy();
      server.close();
    },
  };
}
