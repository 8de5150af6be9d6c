import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNeonProxy, useNeonProxy } from '../servers/neon-proxy.mjs';
import { elapsed, failure, pause, silentServer } from './failure.ts';
import { importMutant, importShared } from './template.ts';

/** Every template before a server that accepts connections and never answers, all at once: each gives up after 10 s. */
interface Runner {
  migrate?(): Promise<unknown>;
  topology?(): Promise<unknown>;
  query?(text: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * A template, its driver's package as it is imported and as it is installed, and the variable with the URL of a port.
 */
type Case = [template: string, packages: [from: string, as: string] | null, variable: string, url: string];

const redis: Case[] = [
  ['redis@1/redis.ts', ['redis', 'redis'], 'REDIS_URL', 'redis://'],
  ['redis@1/redis.ts', ['redis', 'redis-6'], 'REDIS_URL', 'redis://'],
  ['redis@1/redis-4.ts', ['redis', 'redis-4'], 'REDIS_URL', 'redis://'],
  ['redis@1/ioredis.ts', ['ioredis', 'ioredis'], 'REDIS_URL', 'redis://'],
  ['redis@1/ioredis.ts', ['ioredis', 'ioredis-6'], 'REDIS_URL', 'redis://'],
  ['valkey@1/redis.ts', ['redis', 'redis'], 'VALKEY_URL', 'valkey://'],
  ['valkey@1/ioredis.ts', ['ioredis', 'ioredis'], 'VALKEY_URL', 'valkey://'],
  ['valkey@1/iovalkey.ts', null, 'VALKEY_URL', 'valkey://'],
  ['valkey@1/glide.ts', null, 'VALKEY_URL', 'valkey://'],
];
const own: Case[] = [
  ...redis,
  ['postgres@1/pg.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['postgres@1/postgres.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['postgres@1/neon.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['mysql@1/mysql2.ts', null, 'MYSQL_URL', 'mysql://root@'],
  ['libsql@1/client.ts', null, 'LIBSQL_URL', 'http://'],
  ['turso@1/client.ts', null, 'TURSO_DATABASE_URL', 'http://'],
  ['mongodb@1/mongodb.ts', ['mongodb', 'mongodb'], 'MONGODB_URL', 'mongodb://'],
  ['mongodb@1/mongodb.ts', ['mongodb', 'mongodb-7'], 'MONGODB_URL', 'mongodb://'],
];
const ofTheApplication: Case[] = [
  ...redis
    .filter(([template]) => !template.includes('glide'))
    .map(([template, ...rest]): Case => [template.replace('.ts', '-client.ts'), ...rest]),
  ['postgres@1/pg-client.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['postgres@1/postgres-client.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['postgres@1/neon-client.ts', null, 'DATABASE_URL', 'postgresql://flue@'],
  ['mysql@1/mysql2-client.ts', null, 'MYSQL_URL', 'mysql://root@'],
];

let proxy: Awaited<ReturnType<typeof startNeonProxy>>;
beforeAll(async () => {
  proxy = await startNeonProxy();
  useNeonProxy(proxy);
  Object.assign(process.env, { TURSO_AUTH_TOKEN: 'x', MONGODB_DATABASE: 'x' });
});
afterAll(() => proxy.close());

interface Asked {
  name: string;
  runner: Runner;
  ms: Promise<number>;
  close(): Promise<unknown>;
}

/** Asks the server at that port, and comes back as soon as the template has read its variable. */
async function ask([template, packages, variable, scheme]: Case, port: number): Promise<Asked> {
  // The applications' modules of our tests read the same variable whichever of the two servers it is for.
  process.env[variable] = process.env[variable.replace('VALKEY', 'REDIS')] =
    `${template.includes('-client') ? scheme.replace('valkey', 'redis') : scheme}127.0.0.1:${port}/${/redis|valkey/.test(template) ? 0 : 'flue'}`;
  const [blueprint, file] = template.split('/') as [string, string];
  const as = (text: string) => (packages ? text.replace(`from '${packages[0]}'`, `from '${packages[1]}'`) : text);
  const shared = template.includes('-client');
  const { runner, client } = shared
    ? await importShared<Runner, Record<string, (() => unknown) | undefined>>(blueprint, file, as)
    : { runner: await importMutant<Runner>(blueprint, file, as), client: undefined };
  const asked = runner.migrate?.() ?? runner.topology?.() ?? runner.query!('SELECT 1');
  const ms = elapsed(() => failure(asked));
  await pause(10);
  const close = async () => {
    await runner.close();
    const end = client?.destroy ?? client?.end ?? client?.disconnect;
    // Some wait for ever for what is never answered; the application decides.
    await Promise.race([end?.call(client), pause(1000)]);
  };
  return { name: `${template} ${packages?.[1] ?? ''}`, runner, ms, close };
}

test.each([
  ['with clients of their own', own],
  ['for a client of the application', ofTheApplication],
])('templates %s', { timeout: 60_000 }, async (_name, cases) => {
  const silent = await silentServer();
  const asked: Asked[] = [];
  for (const one of cases) asked.push(await ask(one, silent.port));
  for (const { name, ms } of asked) expect(await ms, name).toBeLessThan(20_000);
  // Closing what never opened neither throws nor hangs.
  const took = await Promise.all(asked.map(({ runner }) => elapsed(() => runner.close())));
  for (const [i, ms] of took.entries()) expect(ms, asked[i]!.name).toBeLessThan(20_000);
  silent.close();
  await Promise.all(asked.map(({ close }) => close().catch(() => {})));
});
