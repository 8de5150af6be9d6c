// What the generated runner costs over the driver used bare: operations per second of both, in turns on the same
// server, and their ratio. The bare side gives what Flue asks for, an array of plain rows, and has none of the rest: no
// draining, no queue, no retries. Prints; asserts nothing. The servers are real and the templates are what `flue add`
// writes into a JavaScript project.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createClient as createLibsql } from '@libsql/client';
import { Pool as NeonPool, neonConfig } from '@neondatabase/serverless';
import { Decoder, GlideClient } from '@valkey/valkey-glide';
import { Redis } from 'ioredis';
import { Redis as Iovalkey } from 'iovalkey';
import mysql from 'mysql2/promise';
import pg from 'pg';
import postgres from 'postgres';
import { createClient, RESP_TYPES } from 'redis';
import { commandOptions, createClient as createClient4 } from 'redis-4';
import WebSocket from 'ws';
import { startMysql } from '../test/servers/mysql.mjs';
import { startNeonProxy } from '../test/servers/neon-proxy.mjs';
import { startPostgres } from '../test/servers/postgres.mjs';
import { startRedis } from '../test/servers/redis.mjs';

const root = path.join(import.meta.dirname, '..');
const [rounds, seconds] = [Number(process.argv[2] ?? 41), 0.1];
const only = process.argv[3] ?? '';
mkdirSync(path.join(root, '.cache'), { recursive: true });
const scratch = mkdtempSync(path.join(root, '.cache/bench-'));

/**
 * The rendering for a JavaScript project, with the adapter replaced by the identity. `major` where the project has
 * another than the default, which our own node_modules hold as `<driver>-<major>`.
 */
async function runnerOf(name, driver, variable, url, major) {
  const project = path.join(scratch, `${name}-${driver.replaceAll('/', '-')}-${major ?? ''}`);
  mkdirSync(path.join(project, '.git'), { recursive: true });
  const has = major ? { [driver]: `^${major}.0.0` } : {};
  const manifest = { type: 'module', dependencies: { '@flue/runtime': '2.0.3', ...has } };
  writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(project, 'package-lock.json'), '{}');
  const bin = path.join(root, 'bin/flue.js');
  execFileSync(process.execPath, [bin, 'add', 'database', name, '--driver', driver, '--no-install', '--cwd', project], {
    stdio: 'ignore',
  });
  const text = readFileSync(path.join(project, 'db.js'), 'utf8');
  writeFileSync(
    path.join(project, 'db.mjs'),
    text
      .replace(/import \{ (\w+) \} from '@flue\/\w+';/, 'const $1 = (runner) => runner;')
      .replace(`from '${driver}';`, `from '${major ? `${driver}-${major}` : driver}';`),
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

/** The ratio is the median of neighbours' ratios, as the machine's own mood changes slower than that. */
async function compare(label, bare, ours) {
  if (!label.includes(only)) return;
  for (let i = 0; i < 4; i += 1) for (const one of [bare, ours]) await rate(one);
  const pairs = [];
  for (let i = 0; i < rounds; i += 1) {
    const sides = i % 2 ? [bare, ours] : [ours, bare];
    const rates = [await rate(sides[0]), await rate(sides[1])];
    pairs.push(i % 2 ? rates : rates.reverse());
  }
  const ratio = median(pairs.map(([without, through]) => through / without));
  const [without, through] = [0, 1].map((side) => median(pairs.map((pair) => pair[side])));
  console.log(
    `${label.padEnd(24)} ${ratio.toFixed(3)}   ${without.toFixed(0)}/s bare, ${through.toFixed(0)}/s through the runner`,
  );
}

const servers = {
  postgres: await startPostgres(),
  redis: await startRedis('redis', ['--appendfsync', 'everysec']),
  valkey: await startRedis('valkey', ['--appendfsync', 'everysec']),
  mysql: await startMysql(),
};
const proxy = await startNeonProxy();
Object.assign(neonConfig, {
  useSecureWebSocket: false,
  pipelineTLS: false,
  pipelineConnect: false,
  webSocketConstructor: WebSocket,
  wsProxy: (host, port) => `127.0.0.1:${proxy.port}/?address=${host}:${port}`,
});

const sql = 'SELECT $1::int AS n, $2::text AS t';
const values = [1, 'x'];
for (const [driver, Pool] of [
  ['pg', pg.Pool],
  ['@neondatabase/serverless', NeonPool],
]) {
  const pool = new Pool({ connectionString: servers.postgres.url });
  const runner = await runnerOf('postgres', driver, 'DATABASE_URL', servers.postgres.url);
  await compare(
    `${driver} query`,
    async () => (await pool.query(sql, values)).rows,
    () => runner.query(sql, values),
  );
  const transaction = async () => {
    const client = await pool.connect();
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const { rows } = await client.query(sql, values);
    await client.query('COMMIT');
    client.release();
    return rows;
  };
  await compare(`${driver} transaction`, transaction, () => runner.transaction((tx) => tx.query(sql, values)));
  await Promise.all([pool.end(), runner.close()]);
}
proxy.close();

{
  const client = postgres(servers.postgres.url, { onnotice: () => {} });
  const runner = await runnerOf('postgres', 'postgres', 'DATABASE_URL', servers.postgres.url);
  await compare(
    'postgres query',
    () => client.unsafe(sql, values),
    () => runner.query(sql, values),
  );
  await compare(
    'postgres transaction',
    () => client.begin('isolation level read committed', (tx) => tx.unsafe(sql, values)),
    () => runner.transaction((tx) => tx.query(sql, values)),
  );
  await Promise.all([client.end(), runner.close()]);
}

{
  const pool = mysql.createPool(servers.mysql.url);
  const runner = await runnerOf('mysql', 'mysql2', 'MYSQL_URL', servers.mysql.url);
  await compare(
    'mysql2 query',
    async () => (await pool.execute('SELECT ? AS n', [1]))[0],
    () => runner.query('SELECT ? AS n', [1]),
  );
  const transaction = async () => {
    const connection = await pool.getConnection();
    await connection.beginTransaction();
    const [rows] = await connection.execute('SELECT ? AS n', [1]);
    await connection.commit();
    connection.release();
    return rows;
  };
  await compare('mysql2 transaction', transaction, () => runner.transaction((tx) => tx.query('SELECT ? AS n', [1])));
  await Promise.all([pool.end(), runner.close()]);
}

const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
for (const [name, driver, major, open, set, end] of [
  [
    'redis',
    'redis',
    undefined,
    (url) => createClient({ url, RESP: 2, commandOptions: { typeMapping } }).connect(),
    (client) => client.sendCommand(['SET', 'k', 'v']),
    (client) => client.close(),
  ],
  [
    'redis',
    'redis',
    4,
    async (url) => {
      const client = createClient4({ url });
      await client.connect();
      return client;
    },
    (client) => client.sendCommand(['SET', 'k', 'v'], commandOptions({ returnBuffers: true })),
    (client) => client.quit(),
  ],
  [
    'redis',
    'ioredis',
    undefined,
    (url) => new Redis(url),
    (client) => client.callBuffer('SET', 'k', 'v'),
    (client) => client.quit(),
  ],
  [
    'valkey',
    'iovalkey',
    undefined,
    (url) => new Iovalkey(url),
    (client) => client.callBuffer('SET', 'k', 'v'),
    (client) => client.quit(),
  ],
  [
    'valkey',
    '@valkey/valkey-glide',
    undefined,
    (url) => {
      const { hostname: host, port } = new URL(url);
      return GlideClient.createClient({ addresses: [{ host, port: Number(port) }], defaultDecoder: Decoder.Bytes });
    },
    (client) => client.customCommand(['SET', 'k', 'v']),
    (client) => client.close(),
  ],
]) {
  const { url } = servers[name];
  const client = await open(url);
  const runner = await runnerOf(name, driver, name === 'redis' ? 'REDIS_URL' : 'VALKEY_URL', url, major);
  await runner.migrate();
  await compare(
    `${driver}${major ? ` ${major}` : ''} command`,
    () => set(client),
    () => runner.command('SET', ['k', 'v']),
  );
  await Promise.all([end(client), runner.close()]);
}

{
  const url = `file:${path.join(scratch, 'flue.db')}`;
  const client = createLibsql({ url });
  await client.execute('PRAGMA journal_mode = WAL');
  const runner = await runnerOf('libsql', '@libsql/client', 'LIBSQL_URL', url);
  await compare(
    '@libsql/client query',
    async () => {
      const { columns, rows } = await client.execute({ sql: 'SELECT ? AS n', args: [1] });
      return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])));
    },
    () => runner.query('SELECT ? AS n', [1]),
  );
  await runner.close();
  client.close();
}

await Promise.all(Object.values(servers).map((server) => server.stop()));
rmSync(scratch, { recursive: true });
