import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { add } from '../../src/commands/add.ts';
import { scratch } from '../flue.ts';

/** What a person is told to do, and to know, after an add; by the files of a project. */
function project(files: Record<string, string | object>): string {
  const cwd = scratch('next');
  put(cwd, { 'package-lock.json': {}, ...files });
  return cwd;
}

function put(cwd: string, files: Record<string, string | object>): void {
  for (const [name, held] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), typeof held === 'string' ? held : JSON.stringify(held, null, 2));
  }
}

async function next(cwd: string, name = 'postgres'): Promise<string[]> {
  const { plan } = await add('database', name, { cwd, var: [], install: false, json: true, yes: true });
  return plan!.next.map(({ text }) => text);
}

const beta = '1.0.0-beta.9';
const config = { 'flue.config.ts': "export default { target: 'node' };\n" };
const missing = '`flue` is not here to try it with: add `@flue/cli@1.0.0-beta.9` to the development dependencies first';

test.each<[string, Record<string, string>, string[]]>([
  ['no script', {}, [missing]],
  ['one that develops', { dev: 'flue dev' }, ['develop: `npm run dev`, which loads `.env`', missing]],
  [
    'one for each',
    { dev: 'flue dev', build: 'flue build' },
    [
      'develop: `npm run dev`, which loads `.env`',
      'build and start: `npm run build`, then `node --env-file=.env dist/server.mjs`',
    ],
  ],
])('at beta, without the command line of Flue and with %s, no step runs it', async (_what, scripts, steps) => {
  const cwd = project({
    'package.json': { scripts, dependencies: { '@flue/runtime': beta } },
    'node_modules/@flue/runtime/package.json': { name: '@flue/runtime', version: beta },
    ...config,
  });
  const told = (await next(cwd)).filter((text) => /^develop|^build and start|`flue`/.test(text));
  expect(told).toEqual(steps);
});

test.each<[string, Record<string, string>, boolean]>([
  ['is named where it stays documented', {}, true],
  [
    'is not where the code reads it, too',
    { 'src/pool.ts': "import { Pool } from 'pg';\nnew Pool({ connectionString: process.env.DATABASE_URL });\n" },
    false,
  ],
])('a variable that only the former db entry read %s', async (_what, files, isNamed) => {
  const cwd = project({
    'package.json': { dependencies: { '@flue/runtime': '2.0.3' } },
    '.env.example': 'PORT=3000\n',
    ...config,
  });
  await next(cwd);
  put(cwd, files);
  const told =
    '`.env.example` still has `DATABASE_URL`, which `db.ts` reads no longer; take it out if nothing else does';
  expect((await next(cwd, 'mysql')).includes(told)).toBe(isNamed);
});

test('a name that the code reads as a switch is not taken, although nothing documents it', async () => {
  const cwd = project({
    'package.json': { dependencies: { '@flue/runtime': beta } },
    ...config,
    'src/flags.ts': 'export const cached = !!process.env.REDIS_URL;\n',
  });
  const { choice } = await add('database', 'redis', { cwd, var: [], install: false, json: true, yes: true });
  expect(choice!.names.REDIS_URL!.value).toBe('FLUE_REDIS_URL');
});

test.each<[name: string, options: object, database: string, steps: string[]]>([
  [
    'modules that are found by `main` alone',
    { module: 'commonjs' },
    'sqlite',
    [
      'have TypeScript find `@flue/runtime/node`: `"module": "nodenext"`, or `"moduleResolution": "bundler"`, ' +
        'in `tsconfig.json`',
    ],
  ],
  ['the same, which finds a file', { module: 'commonjs' }, 'mysql', []],
  ['modules that a bundler finds', { module: 'preserve' }, 'sqlite', []],
  [
    'no default import of CommonJS',
    { module: 'commonjs' },
    'postgres.js',
    ['have TypeScript import `postgres` whole: `"esModuleInterop": true` in `tsconfig.json`'],
  ],
])('a tsconfig with %s', async (_what, compilerOptions, database, steps) => {
  const cwd = project({
    'package.json': { dependencies: { '@flue/runtime': '2.0.3' }, devDependencies: { typescript: '5.8.3' } },
    'tsconfig.json': { compilerOptions },
    'src/agents/one.ts': '',
  });
  expect((await next(cwd, database)).filter((text) => text.startsWith('have TypeScript'))).toEqual(steps);
});

test.each<[string, string, string]>([
  [
    'that a template lists',
    'PORT=3000\nDATABASE_URL=postgresql://localhost/app\n',
    'see that `DATABASE_URL` has a value in',
  ],
  ['that a template has commented out', '# DATABASE_URL=postgresql://localhost/app\n', 'put `DATABASE_URL=` into'],
  ['that is new', 'PORT=3000\n', 'put `DATABASE_URL=` into'],
])('a variable %s, and no code reads', async (_what, template, told) => {
  const cwd = project({
    'package.json': { dependencies: { '@flue/runtime': beta } },
    '.env.example': template,
    ...config,
  });
  expect((await next(cwd))[0]).toContain(told);
});
