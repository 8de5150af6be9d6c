/**
 * Db entries as people write them without `add`, by the driver's own pages, and what is to be said of each: nothing
 * else.
 */
export interface ByHand {
  name: string;
  text: string;
  /** The codes of what fails or warns, in the order of the checks. */
  expected: string[];
}

const bytes = '(a) => (a instanceof Uint8Array ? Buffer.from(a) : a)';

const ioredis = `import { redis } from '@flue/redis';
import { Redis } from 'ioredis';
let made: Redis | undefined;
function client(): Redis {
  if (!made) {
    made = new Redis(process.env.REDIS_URL!);
    made.on('error', () => {});
  }
  return made;
}
const base = redis({
  command: (name, args = []) => client().callBuffer(name, ...args.map(${bytes})),
  eval: (script, keys, args = []) => client().callBuffer('EVAL', script, keys.length, ...keys, ...args.map(${bytes})),
  pipeline: async (commands) => {
    const batch = client().multi();
    for (const { command, args = [] } of commands) batch.callBuffer(command, ...args.map(${bytes}));
    const results = (await batch.exec()) ?? [];
    return results.map(([error, value]) => {
      if (error) throw error;
      return value;
    });
  },
  close: async () => {
    const closing = made;
    made = undefined;
    await closing?.quit();
  },
});
export default { ...base, migrate: async () => base.migrate?.() };
`;

const nodeRedis = `import { redis } from '@flue/redis';
import { createClient, RESP_TYPES } from 'redis';
const client = createClient({
  url: process.env.REDIS_URL,
  commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
});
client.on('error', () => {});
const ready = async () => (client.isOpen ? client : client.connect());
const encode = (a: string | number | Uint8Array) => (a instanceof Uint8Array ? Buffer.from(a) : String(a));
export default redis({
  command: async (name, args = []) => (await ready()).sendCommand([name, ...args.map(encode)]),
  eval: async (script, keys, args = []) =>
    (await ready()).sendCommand(['EVAL', script, String(keys.length), ...keys, ...args.map(encode)]),
  pipeline: async (commands) => {
    const batch = (await ready()).multi();
    for (const { command, args = [] } of commands) batch.addCommand([command, ...args.map(encode)]);
    return (await batch.exec()) as unknown[];
  },
  close: async () => {
    if (client.isOpen) await client.close();
  },
});
`;

/** A pool of `pg` as its page shows it. */
const pg = `import { postgres } from '@flue/postgres';
import { Pool } from 'pg';
class Store {
  readonly #pool = new Pool({ connectionString: process.env.DATABASE_URL });
  readonly #inner = postgres({
    query: async (text, params) => (await this.#pool.query(text, params)).rows,
    transaction: async (work) => {
      const client = await this.#pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work({ query: async (text, params) => (await client.query(text, params)).rows });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => this.#pool.end(),
  });
  constructor() {
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }
  connect() { return this.#inner.connect(); }
  migrate() { return this.#inner.migrate?.(); }
  close() { return this.#inner.close?.(); }
}
export default new Store();
`;

const postgresJs = `import { postgres } from '@flue/postgres';
import connect from 'postgres';
const sql = connect(process.env.DATABASE_URL!, { max: 5, onnotice: () => {} });
const query = (on: typeof sql) => async (text: string, params: unknown[] = []) =>
  [...(await on.unsafe(text, params as never))];
export default postgres({
  query: query(sql),
  transaction: (work) => sql.begin((tx) => work({ query: query(tx as never) })) as never,
  close: () => sql.end(),
});
`;

const mysql2 = `import { mysql } from '@flue/mysql';
import { createPool } from 'mysql2/promise';
const pool = createPool({ uri: process.env.MYSQL_URL, supportBigNumbers: true, bigNumberStrings: true });
const rows = (result: unknown) => (Array.isArray(result) ? result : []) as never;
export default mysql({
  query: async (text, params = []) => rows((await pool.query(text, params))[0]),
  transaction: async (work) => {
    const connection = await pool.getConnection();
    try {
      await connection.beginTransaction();
      const query = async (text, params = []) => rows((await connection.query(text, params))[0]);
      const result = await work({ query });
      await connection.commit();
      return result;
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      connection.release();
    }
  },
  close: () => pool.end(),
});
`;

/**
 * What is said of the clients of a module: they are closed once and for all, and some of them do not wait. All of it is
 * a warning.
 */
export const byHand: ByHand[] = [
  { name: 'ioredis, a wrapper and multi()', text: ioredis, expected: [] },
  { name: 'node-redis, which queues while it connects', text: nodeRedis, expected: [] },
  { name: 'pg, a class', text: pg, expected: ['close-waits', 'starts-again', 'honest-commit'] },
  { name: 'postgres.js', text: postgresJs, expected: ['starts-again'] },
  { name: 'mysql2, a pool', text: mysql2, expected: ['close-waits', 'starts-again'] },
];
