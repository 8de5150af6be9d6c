import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { everyNth } from '../every.ts';
import { flue, projectFrom, root } from '../flue.ts';
import { compilers, fetchedPackages, packageManager } from '../servers/package-managers.mjs';

/**
 * The modules that check the environment, in real installs of their libraries: what we write into the project of a
 * fixture typechecks, and a program that imports the module starts with the variable unset, empty and set.
 */
const libraries = fetchedPackages('schemas-3', [
  '@t3-oss/env-core@0.13',
  '@t3-oss/env-nextjs@0.13',
  'zod@4',
  'valibot@1',
  'arktype@2',
  'arkenv@0.11',
  'envsafe@2',
  'envalid@8',
  'joi@18',
  'yup@1',
  '@sinclair/typebox@0.34',
  'effect@3',
  'sury@11',
  'astro@6',
  'typescript@5',
  '@types/node@22',
]);
const withZod3 = fetchedPackages('schemas-zod-3', ['zod@3', 'znv@0.5', 'typescript@5', '@types/node@22']);
/**
 * The compiler that is written in Go: 27 projects in seconds. What older ones make of our text is compilers.test.ts.
 */
const tsc = path.join(compilers(), 'typescript-7/bin/tsc');
const node = path.join(packageManager('node@22'), 'node');
const run = promisify(execFile);

/** What else the module of the fixture demands. */
const others = {
  NODE_ENV: 'production',
  SMTP_URL: 'smtp://localhost',
  API_KEY: 'x',
  NEXT_PUBLIC_NAME: 'x',
  PORT: '3000',
  POSTGRES_HOST: 'x',
  DB_HOST: 'x',
};

interface Case {
  fixture: string;
  module: string;
  /** The checked value, after `import * as module`. */
  value: (name: string) => string;
  name?: string;
  args?: string[];
  required?: boolean;
  installed?: string;
}
const env = (name: string) => `module.env.${name}`;
const cases: Case[] = [
  { fixture: 'env-docs/t3-nextjs-runtime', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/t3-nextjs-experimental', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/t3-core-strict', module: 'src/env.ts', value: env, name: 'FLUE_DATABASE_URL' },
  { fixture: 'env-docs/t3-core-process', module: 'src/env.ts', value: env, name: 'REDIS_URL', args: ['redis'] },
  { fixture: 'env-docs/zod', module: 'src/lib/env.ts', value: env },
  { fixture: 'env-docs/zod', module: 'src/lib/env.ts', value: env, installed: withZod3 },
  { fixture: 'env-docs/zod-mini-named', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/open-types', module: 'src/env.ts', value: (name) => `(module.env as any).${name}` },
  { fixture: 'env-docs/zod-elsewhere', module: 'src/lib/env.ts', value: env },
  { fixture: 'env-docs/zod-shared-with-flue', module: 'src/lib/env.ts', value: env },
  { fixture: 'env-docs/zod-imported-by-flue', module: 'src/lib/env.ts', value: env, required: true },
  { fixture: 'env-docs/valibot', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/valibot-named', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/arktype', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/arkenv', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/znv', module: 'src/env.ts', value: (name) => `process.env.${name}`, installed: withZod3 },
  { fixture: 'env-docs/envsafe', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/envalid', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/yup', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/typebox', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/effect-schema', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/sury', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/t3-sury', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/t3-effect', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/t3-zod-mini-named', module: 'src/env.ts', value: env },
  { fixture: 'env-docs/joi', module: 'src/env.ts', value: env, name: 'FLUE_DATABASE_URL' },
  // Types alone: the program is its own module.
  { fixture: 'env-docs/process-env', module: 'start.ts', value: (name) => `process.env.${name}` },
];

async function added(
  fixture: string,
  args: readonly string[] = ['postgres'],
  installed: string = libraries,
): Promise<string> {
  const project = projectFrom(path.join(root, 'fixtures', fixture, 'before'));
  const outcome = await flue(['add', 'database', ...args, '--no-install', '--yes', '--json'], { cwd: project });
  expect(outcome.code, outcome.stdout).toBe(0);
  // What the package manager would have installed.
  rmSync(path.join(project, 'node_modules'), { recursive: true, force: true });
  symlinkSync(installed, path.join(project, 'node_modules'));
  return project;
}

describe.each(everyNth(cases, 3))(
  '$fixture',
  ({ fixture, module, value, name = 'DATABASE_URL', args, required = false, installed }) => {
    test('typechecks, and starts with the variable unset, empty and set', { timeout: 120_000 }, async () => {
      const project = await added(fixture, args, installed);
      const specifier = `./${module}`;
      const type = required ? 'string' : 'string | undefined';
      writeFileSync(
        path.join(project, 'start.ts'),
        `import * as module from '${specifier}';\nconst value: ${type} = ${value(name)};\nconsole.log(value || 'nothing');\n`,
      );
      const options = {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        module: 'esnext',
        target: 'esnext',
        moduleResolution: 'bundler',
        allowImportingTsExtensions: true,
        types: ['node'],
        paths: { '@/*': ['./src/*'] },
      };
      writeFileSync(
        path.join(project, 'tsconfig.check.json'),
        JSON.stringify({ compilerOptions: options, include: ['start.ts', 'src/*.d.ts'] }),
      );
      const checked = await run(node, [tsc, '-p', 'tsconfig.check.json'], { cwd: project }).catch((error) => error);
      expect(checked.stdout).toBe('');
      const start = async (set: Record<string, string>) => {
        const started = await run(node, ['--import', specifiersOf(project), 'start.ts'], {
          cwd: project,
          env: { PATH: process.env.PATH, ...others, ...set },
        }).catch((error) => error);
        return started.code ? `failed: ${started.stderr}` : started.stdout.trim();
      };
      if (required) expect(await start({})).toContain(name);
      else expect([await start({}), await start({ [name]: '' })]).toEqual(['nothing', 'nothing']);
      expect(await start({ [name]: 'postgresql://host/x' })).toBe('postgresql://host/x');
    });
  },
);

/** Node resolves no aliases and no `.js` for a `.ts`; the projects' bundlers do. */
function specifiersOf(project: string): string {
  const file = path.join(project, 'specifiers.mjs');
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const aliased = specifier.replace(/^@\\//, '${project}/src/');
    const url = aliased.startsWith('/') ? new URL('file://' + aliased) : aliased.startsWith('.') ? new URL(aliased, context.parentURL) : null;
    if (!url || context.parentURL?.includes('node_modules')) return next(specifier, context);
    const bare = url.pathname.replace(/\\.[jt]s$/, '');
    const found = [url.pathname, bare + '.ts'].find((one) => existsSync(one) && /\\.\\w+$/.test(one));
    return next(found ? 'file://' + found : specifier, context);
  },
});
`,
  );
  return `file://${file}`;
}

test('Astro builds with the variable unset and set, and its page has the value', { timeout: 240_000 }, async () => {
  const project = await added('env-docs/astro');
  expect(readFileSync(path.join(project, 'astro.config.mjs'), 'utf8')).toContain('DATABASE_URL: envField');
  writeFileSync(path.join(project, 'tsconfig.json'), '{ "extends": "astro/tsconfigs/strict" }\n');
  const page =
    "---\nimport { DATABASE_URL } from 'astro:env/server';\nconst value: string | undefined = DATABASE_URL;\n---\n<p>{value ?? 'nothing'}</p>\n";
  mkdirSync(path.join(project, 'src/pages'), { recursive: true });
  writeFileSync(path.join(project, 'src/pages/index.astro'), page);
  const built = async (set: Record<string, string>) => {
    const astro = path.join(libraries, 'astro/bin/astro.mjs');
    const env = { PATH: process.env.PATH, HOME: project, API_URL: 'x', ASTRO_TELEMETRY_DISABLED: '1', ...set };
    await run(node, [astro, 'build'], { cwd: project, env });
    return readFileSync(path.join(project, 'dist/index.html'), 'utf8');
  };
  expect(await built({})).toContain('nothing');
  expect(await built({ DATABASE_URL: 'postgresql://host/x' })).toContain('postgresql://host/x');
});
