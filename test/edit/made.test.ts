import { describe, expect, test } from 'vitest';
import { madeByFunction, madeIn } from '../../src/edit/made.ts';

/** What a module makes by calling what it imports, however it is written; and whether importing it does anything else. */
const made = (text: string) => madeIn(text)!.made.map(({ exported, by, options }) => [exported, by, ...options]);

describe('what is made and exported', () => {
  test.each<[string, string, string[][]]>([
    ['plain', `import { Pool } from 'pg';\nexport const pool = new Pool({ max: 5 });`, [['pool', 'pg#Pool', 'max: 5']]],
    ['default import', `import pg from 'pg';\nexport const pool = new pg.Pool();`, [['pool', 'pg#Pool']]],
    ['namespace', `import * as pg from 'pg';\nexport const pool = new pg.Pool();`, [['pool', 'pg#Pool']]],
    ['destructured', `import pg from 'pg';\nconst { Pool: P } = pg;\nexport const a = new P();`, [['a', 'pg#Pool']]],
    ['renamed import', `import { Pool as P } from 'pg';\nexport const a = new P();`, [['a', 'pg#Pool']]],
    ['listed', `import { Pool } from 'pg';\nconst a = new Pool();\nexport { a as b };`, [['b', 'pg#Pool']]],
    ['default', `import sql from 'postgres';\nexport default sql('x');`, [['default', 'postgres#default']]],
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
      [['r', 'redis#createClient']],
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
      [['d', 'drizzle-orm#drizzle']],
    ],
    ['by another module', `import { make } from './make';\nexport const p = make();`, [['p', './make#make']]],
    ['a static maker', `import { G } from 'glide';\nexport const g = await G.create();`, [['g', 'glide#G.create']]],
    ['not exported', `import { Pool } from 'pg';\nconst p = new Pool();`, []],
    ['of its own', `class Pool {}\nexport const p = new Pool();`, []],
    ['in itself', `export const a = b;\nexport const b = a;`, []],
    ['assigned later', `import { Pool } from 'pg';\nexport let p: Pool;\np = new Pool();`, []],
  ])('%s', (_name, text, expected) => expect(made(text)).toEqual(expected));

  test('what a function of another module makes', () => {
    const text = `import { Pool } from 'pg';\nexport const make = (max: number) => new Pool({ max });`;
    expect(madeByFunction(text, 'make')).toEqual({ by: 'pg#Pool', options: ['max'] });
    expect(madeByFunction(text, 'other')).toBeNull();
    expect(madeByFunction('export function make() { if (a) return b(); return c(); }', 'make')).toBeNull();
  });

  test('what does not parse', () => expect(madeIn('export const = ')).toBeNull());
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
    [`export const db = drizzle(pool);`, true],
    [`export * from './schema';`, true],
    [`import './instrument';`, false],
    [`await pool.connect();`, false],
    [`pool.connect();`, false],
    [`createServer().listen(3000);`, false],
    [`const server = app.listen(3000);`, false],
    [`export const rows = await pool.query('SELECT 1');`, false],
    [`process.on('exit', () => {});\nsetInterval(() => {}, 1);`, false],
    [`if (a) main(); else other();`, false],
    [`for (const one of list) one();`, false],
  ])('%s', (rest, alone) => expect(madeIn(start + rest)!.alone).toBe(alone));
});
