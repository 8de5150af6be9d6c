import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { fallbacksIn } from '../../src/verify/fallbacks.ts';
import { modulesFrom } from '../../src/verify/modules.ts';
import { temporaryFolder } from '../servers/process.mjs';

/**
 * Of which variables a db entry takes the first that is set, however they get there; `own`: where that stands in the
 * entry itself.
 */
const both = ['VALKEY_URL', 'REDIS_URL'];
const zod = `import { z } from 'zod';
export const env = z.object({ VALKEY_URL: z.string().optional(), REDIS_URL: z.string() }).parse(process.env);`;

type Row = [what: string, files: Record<string, string>, expected: { names: string[]; own: boolean }[]];
const rows: Row[] = [
  [
    'the variables themselves',
    { db: 'use(process.env.VALKEY_URL ?? process.env.REDIS_URL);' },
    [{ names: both, own: true }],
  ],
  [
    'through names',
    { db: 'const a = process.env.VALKEY_URL; const b = process.env.REDIS_URL; const url = a || b; use({ url });' },
    [{ names: both, own: true }],
  ],
  [
    'through names that are taken apart',
    { db: 'const { VALKEY_URL: first, REDIS_URL: second } = process.env; use(first ? first : second);' },
    [{ names: both, own: true }],
  ],
  [
    'inside a function',
    { db: 'function url() { const one = process.env.VALKEY_URL; return one ?? process.env.REDIS_URL; } use(url());' },
    [{ names: both, own: true }],
  ],
  [
    'through a module that checks them',
    { db: "import { env } from './env.ts'; const first = env.VALKEY_URL; use(first ?? env.REDIS_URL);", env: zod },
    [{ names: both, own: true }],
  ],
  [
    'names of another module',
    {
      db: "import { one, two } from './env.ts'; use(one ?? two);",
      env: 'export const one = process.env.VALKEY_URL; export const two = process.env.REDIS_URL;',
    },
    [{ names: both, own: true }],
  ],
  [
    'in another module',
    {
      db: "export { url as default } from './env.ts';",
      env: 'const one = process.env.VALKEY_URL; export const url = one ?? process.env.REDIS_URL;',
    },
    [{ names: both, own: false }],
  ],
  ['the same twice', { db: 'const a = process.env.REDIS_URL; use(a ?? process.env.REDIS_URL);' }, []],
  ['something written out', { db: "const a = process.env.REDIS_URL; use(a ?? 'redis://localhost:6379');" }, []],
  [
    'both, each for its own',
    { db: 'const a = process.env.VALKEY_URL; const b = process.env.REDIS_URL; use(a, b);' },
    [],
  ],
  [
    'a client that is kept',
    { db: 'let client; const connect = () => (client ??= make(process.env.REDIS_URL)); use(client ?? connect());' },
    [],
  ],
  [
    'clients of two servers',
    {
      db: `import { Redis } from 'ioredis'; const copy = process.env.VALKEY_URL && new Redis(process.env.VALKEY_URL);
const main = new Redis(process.env.REDIS_URL); use(copy ?? main);`,
    },
    [],
  ],
  [
    'what does not hold an address',
    { db: 'const a = process.env.LOG_LEVEL; const b = process.env.NODE_ENV; use(a ?? b);' },
    [],
  ],
];

test.each(rows)('%s', async (_, files, expected) => {
  const folder = temporaryFolder('fallbacks');
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'package.json'), '{}');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, `src/${name}.ts`), text);
  const { code, modules } = await modulesFrom(openProject(folder), 'src/db.ts');
  expect(fallbacksIn(code, modules, (name) => /_URL$/.test(name))).toEqual(expected);
});
