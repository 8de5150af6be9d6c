// What the generated runner costs over the driver used bare: operations per second of both, in turns on the same server, and their ratio.
// Prints; asserts nothing. The servers are real and the templates are what `flue add` writes into a JavaScript project.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import pg from 'pg';
import postgres from 'postgres';
import { createClient, RESP_TYPES } from 'redis';
import { startMariadb } from '../test/servers/mariadb.mjs';
import { startPostgres } from '../test/servers/postgres.mjs';
import { startRedis } from '../test/servers/redis.mjs';

const root = path.join(import.meta.dirname, '..');
const [rounds, seconds] = [Number(process.argv[2] ?? 9), 0.4];
mkdirSync(path.join(root, '.cache'), { recursive: true });
const scratch = mkdtempSync(path.join(root, '.cache/bench-'));

/** The rendering for a JavaScript project, with the adapter replaced by the identity. */
async function runnerOf(name, driver, variable, url) {
  const project = path.join(scratch, `${name}-${driver}`);
  mkdirSync(path.join(project, '.git'), { recursive: true });
  const manifest = { type: 'module', dependencies: { '@flue/runtime': '2.0.3' } };
  writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(project, 'package-lock.json'), '{}');
  const bin = path.join(root, 'bin/flue.js');
  execFileSync(process.execPath, [bin, 'add', 'database', name, '--driver', driver, '--no-install', '--cwd', project], {
    stdio: 'ignore',
  });
  const text = readFileSync(path.join(project, 'db.js'), 'utf8');
  writeFileSync(
    path.join(project, 'db.mjs'),
    text.replace(/import \{ (\w+) \} from '@flue\/\w+';/, 'const $1 = (runner) => runner;'),
  );
  process.env[variable] = url;
  return (await import(path.join(project, 'db.mjs'))).default;
}

/** Operations per second with 8 at a time. */
async function rate(operation) {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const worker = async () => {
    for (; performance.now() < end; done += 1) await operation();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: 8 }, worker));
  return (done / (performance.now() - start)) * 1000;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

async function compare(label, bare, ours) {
  for (const one of [bare, ours]) await rate(one);
  const rates = [[], []];
  for (let i = 0; i < rounds; i += 1) {
    for (const side of i % 2 ? [0, 1] : [1, 0]) rates[side].push(await rate(side === 0 ? bare : ours));
  }
  const [without, with_] = rates.map(median);
  console.log(
    `${label.padEnd(34)} ${(with_ / without).toFixed(2)}   ${without.toFixed(0)}/s bare, ${with_.toFixed(0)}/s through the runner`,
  );
}

const servers = {
  postgres: await startPostgres(),
  redis: await startRedis('redis', ['--appendfsync', 'everysec']),
  mariadb: await startMariadb(),
};

const sql = 'SELECT $1::int AS n, $2::text AS t';
const pool = new pg.Pool({ connectionString: servers.postgres.url });
const pgRunner = await runnerOf('postgres', 'pg', 'DATABASE_URL', servers.postgres.url);
await compare(
  'pg query',
  async () => (await pool.query(sql, [1, 'x'])).rows,
  () => pgRunner.query(sql, [1, 'x']),
);
const bareTransaction = async () => {
  const client = await pool.connect();
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  await client.query(sql, [1, 'x']);
  await client.query('COMMIT');
  client.release();
};
await compare('pg transaction', bareTransaction, () => pgRunner.transaction((tx) => tx.query(sql, [1, 'x'])));
await Promise.all([pool.end(), pgRunner.close()]);

const client = postgres(servers.postgres.url, { onnotice: () => {} });
const postgresRunner = await runnerOf('postgres', 'postgres', 'DATABASE_URL', servers.postgres.url);
await compare(
  'postgres query',
  () => client.unsafe(sql, [1, 'x']),
  () => postgresRunner.query(sql, [1, 'x']),
);
await compare(
  'postgres transaction',
  () => client.begin('isolation level read committed', (tx) => tx.unsafe(sql, [1, 'x'])),
  () => postgresRunner.transaction((tx) => tx.query(sql, [1, 'x'])),
);
await Promise.all([client.end(), postgresRunner.close()]);

const mysqlPool = mysql.createPool(servers.mariadb.url);
const mysqlRunner = await runnerOf('mysql', 'mysql2', 'MYSQL_URL', servers.mariadb.url);
await compare(
  'mysql2 query',
  () => mysqlPool.execute('SELECT ? AS n', [1]),
  () => mysqlRunner.query('SELECT ? AS n', [1]),
);
await Promise.all([mysqlPool.end(), mysqlRunner.close()]);

const options = {
  url: servers.redis.url,
  RESP: 2,
  commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
};
const redisClient = await createClient(options).connect();
const redisRunner = await runnerOf('redis', 'redis', 'REDIS_URL', servers.redis.url);
await redisRunner.migrate();
await compare(
  'redis command',
  () => redisClient.sendCommand(['SET', 'k', 'v']),
  () => redisRunner.command('SET', ['k', 'v']),
);
await Promise.all([redisClient.close(), redisRunner.close()]);

const ioredis = new Redis(servers.redis.url);
const ioredisRunner = await runnerOf('redis', 'ioredis', 'REDIS_URL', servers.redis.url);
await ioredisRunner.migrate();
await compare(
  'ioredis command',
  () => ioredis.callBuffer('SET', 'k', 'v'),
  () => ioredisRunner.command('SET', ['k', 'v']),
);
await Promise.all([ioredis.quit(), ioredisRunner.close()]);

await Promise.all(Object.values(servers).map((server) => server.stop()));
rmSync(scratch, { recursive: true });
