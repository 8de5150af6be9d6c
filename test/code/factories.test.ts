import { describe, expect, test } from 'vitest';
import { madeByFunction, madeIn } from '../../src/code/factories.ts';
import { isSideEffectFree } from '../../src/code/side-effects.ts';
import { isBuilder } from '../../src/knowledge/engines/packages.ts';
import { codeOf } from '../source.ts';

/**
 * What a module makes by calling what it imports, however it is written; and whether importing it does anything else.
 */
async function read(text: string) {
  const code = await codeOf({ 'x.ts': text });
  return { code, module: code.module('x.ts')! };
}
const madeBy = async (text: string) => {
  const { code, module } = await read(text);
  return madeIn(code, module).made;
};
const made = async (text: string) =>
  (await madeBy(text)).map(({ exported, by, options }) => [exported, by, ...options]);
const quiet = async (text: string) => {
  const { code, module } = await read(text);
  const isIdle = (specifier: string) => isBuilder(specifier) || specifier === 'zod';
  return isSideEffectFree(code, module, { makes: (by) => by === 'pg#Pool', isIdle });
};

describe('what is made and exported', () => {
  test.each<[string, string, string[][]]>([
    ['plain', `import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });`, [['pool', 'pg#Pool', 'max: 5']]],
    ['default import', `import pg from 'pg';\nexport const pool = new pg.Pool();`, [['pool', 'pg#Pool']]],
    ['namespace', `import * as pg from 'pg';\nexport const pool = new pg.Pool();`, [['pool', 'pg#Pool']]],
    ['destructured', `import pg from 'pg';\nconst { Pool: P } = pg;\nexport const a = new P();`, [['a', 'pg#Pool']]],
    ['renamed import', `import { Pool as P } from 'pg';\nexport const a = new P();`, [['a', 'pg#Pool']]],
    ['listed', `import { Pool } from 'pg';\nconst a = new Pool();\nexport { a as b };`, [['b', 'pg#Pool']]],
    ['default', `import sql from 'postgres';\nexport default sql('x');`, [['default', 'postgres#default', "url: 'x'"]]],
    [
      'named and default',
      `import R from 'ioredis';\nexport const r = new R();\nexport default r;`,
      [
        ['r', 'ioredis#default'],
        ['default', 'ioredis#default'],
      ],
    ],
    [
      'kept by the dev server',
      `import { Pool } from 'pg';\nconst g = globalThis as { pool?: Pool };\nexport const pool = (g.pool ??= new Pool());`,
      [['pool', 'pg#Pool']],
    ],
    ['fallback', `import { Pool } from 'pg';\nexport const p = global.p || new Pool();`, [['p', 'pg#Pool']]],
    [
      'chained and awaited',
      `import { createClient } from 'redis';\nexport const r = await createClient().on('error', log).connect();`,
      [['r', 'await redis#createClient.connect']],
    ],
    [
      'turned into promises',
      `import { createPool } from 'mysql2';\nexport const p = createPool({}).promise();`,
      [['p', 'mysql2#createPool.promise']],
    ],
    [
      'by a function of the module',
      `import { Pool } from 'pg';\nfunction make() {\n  return new Pool({ max: 1 });\n}\nexport const p = make();`,
      [['p', 'pg#Pool', 'max: 1']],
    ],
    [
      'options in a constant',
      `import { Pool } from 'pg';\nconst options = { max: 1 } as const;\nexport const p = new Pool(options);`,
      [['p', 'pg#Pool', 'max: 1']],
    ],
    [
      'typed and asserted',
      `import { Pool } from 'pg';\nexport const p: Pool = new Pool() satisfies Pool;`,
      [['p', 'pg#Pool']],
    ],
    [
      'by another package',
      `import { drizzle } from 'drizzle-orm';\nexport const d = drizzle(1);`,
      [['d', 'drizzle-orm#drizzle', 'url: 1']],
    ],
    ['by another module', `import { make } from './make';\nexport const p = make();`, [['p', './make#make']]],
    [
      'a static maker',
      `import { G } from 'glide';\nexport const g = await G.create();`,
      [['g', 'await glide#G.create']],
    ],
    [
      'a promise',
      `import { createClient } from 'redis';\nexport const r = createClient().connect();`,
      [['r', 'redis#createClient.connect']],
    ],
    [
      'a connection of it',
      `import { Pool } from 'pg';\nconst pool = new Pool();\nexport const c = await pool.connect();`,
      [['c', 'await pg#Pool.connect']],
    ],
    [
      'by an async function',
      `import { Pool } from 'pg';\nconst make = async () => new Pool();\nexport const p = make();\nexport const q = await make();`,
      [
        ['p', 'async pg#Pool'],
        ['q', 'pg#Pool'],
      ],
    ],
    [
      'with what a constant spreads',
      `import R from 'ioredis';\nconst base = { keyPrefix: 'a' };\nexport const r = new R({ 'db': 1, ...base });`,
      [['r', 'ioredis#default', 'db: 1', "keyPrefix: 'a'"]],
    ],
    [
      'with what is not seen',
      `import R from 'ioredis';\nimport { options } from './options';\nexport const r = new R({ ...options });\nexport const s = new R(options);`,
      [
        ['r', 'ioredis#default', '…'],
        ['s', 'ioredis#default', '…'],
      ],
    ],
    [
      'with a constant of the function',
      `import R from 'ioredis';\nfunction make() {\n  const options = { keyPrefix: 'a' };\n  return new R(options);\n}\nexport const r = make();`,
      [['r', 'ioredis#default', "keyPrefix: 'a'"]],
    ],
    [
      'with an address in a constant',
      `import { createClient } from 'l';\nconst url = process.env.A ?? 'file:b';\nexport const c = createClient({ url });`,
      [['c', 'l#createClient', "url: process.env.A ?? 'file:b'"]],
    ],
    ['not exported', `import { Pool } from 'pg';\nconst p = new Pool();`, []],
    ['of its own', `class Pool {}\nexport const p = new Pool();`, []],
    ['in itself', `export const a = b;\nexport const b = a;`, []],
    ['assigned later', `import { Pool } from 'pg';\nexport let p: Pool;\np = new Pool();`, []],
  ])('%s', async (_name, text, expected) => expect(await made(text)).toEqual(expected));

  test('what a function of another module makes', async () => {
    const { code, module } = await read(
      `import { Pool } from 'pg';\nexport const make = (max: number) => new Pool({ max });`,
    );
    expect(madeByFunction(code, module, 'make')).toMatchObject({ by: 'pg#Pool', options: ['max: max'] });
    expect(madeByFunction(code, module, 'other')).toBeNull();
    const other = await read('export function make() { if (a) return b(); return c(); }');
    expect(madeByFunction(other.code, other.module, 'make')).toBeNull();
  });

  test('the variables that are named in it', async () => {
    const text = `import { Pool } from 'pg';\nimport { env } from './env';\nexport const a = new Pool({ connectionString: process.env.A_URL!, ssl: env.B_SSL });`;
    expect((await madeBy(text))[0]!.variables().sort()).toEqual(['A_URL', 'B_SSL']);
  });

  test('what does not parse', async () => expect((await read('export const = ')).module).toBeNull());
});

describe('whether importing it does anything else', () => {
  const start = `import { Pool } from 'pg';\nexport const pool = new Pool();\n`;
  test.each<[string, boolean]>([
    ['', true],
    [`pool.on('error', console.error);`, true],
    [`if (process.env.NODE_ENV !== 'production') globalThis.pool = pool;`, true],
    [`if (!process.env.DATABASE_URL) throw new Error('no');`, true],
    [`import 'dotenv/config';`, true],
    [`export type Row = { id: number };\ninterface A {}\nenum B { C }`, true],
    [`export async function close() { await pool.end(); }`, true],
    [`import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(pool);`, true],
    [`export * from './schema';`, true],
    [`import { neonConfig } from '@neondatabase/serverless';\nneonConfig.webSocketConstructor = ws;`, true],
    [`import pg from 'pg';\npg.types.setTypeParser(20, Number);`, true],
    [`import { z } from 'zod';\nconst schema = z.object({});`, true],
    [`export const size = Number(process.env.SIZE ?? 5);`, true],
    [`export const server = serve({ port: 3000 });`, false],
    [`export const worker = new Worker('mail');`, false],
    [`export const ready = pool.query('SELECT 1');`, false],
    [`process.on('SIGTERM', () => pool.end());`, false],
    [`(async () => {})();`, false],
    [`'use agent';`, false],
    [`import './instrument';`, false],
    [`await pool.connect();`, false],
    [`pool.connect();`, false],
    [`createServer().listen(3000);`, false],
    [`const server = app.listen(3000);`, false],
    [`export const rows = await pool.query('SELECT 1');`, false],
    [`process.on('exit', () => {});\nsetInterval(() => {}, 1);`, false],
    [`if (a) main(); else other();`, false],
    [`for (const one of list) one();`, false],
  ])('%s', async (rest, alone) => expect(await quiet(start + rest)).toBe(alone));
});
