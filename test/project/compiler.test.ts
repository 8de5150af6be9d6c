import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { inspectCompiler } from '../../src/project/compiler.ts';
import { type CompilerOptions, compilerFor } from '../../src/project/compiler-options.ts';
import type { Compiler } from '../../src/types/facts.ts';
import { bin, scratch } from '../flue.ts';

type Files = Record<string, unknown>;

/** A project of those files; what is no text is written as JSON. */
function projectOf(files: Files): string {
  const folder = scratch('compiler');
  for (const [name, content] of Object.entries({ 'package.json': {}, ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

async function compilerOf(folder: string, { entry = 'src/db.ts', cwd = '.', version = '5.9.3' } = {}) {
  const manifest = path.join(folder, cwd, 'package.json');
  const own = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(manifest, JSON.stringify({ devDependencies: { typescript: version }, ...own }));
  return inspectCompiler(openProject(path.join(folder, cwd)), entry);
}

/** What is asked of the settings here is not what an old compiler makes of having none. */
const modern = { module: 'nodenext' };
const options = (compilerOptions: object, more: object = {}) => ({
  compilerOptions: { ...modern, ...compilerOptions },
  ...more,
});
const bracketing = options({ noPropertyAccessFromIndexSignature: true });
const usual: Compiler = {
  bracketed: false,
  nodeTypes: true,
  errorCause: true,
  packageExports: true,
  defaultImports: true,
};
const [brackets, nothing]: Compiler[] = [{ ...usual, bracketed: true }, usual];

const chains: [name: string, files: Files, expected: Compiler | undefined][] = [
  ['none', {}, nothing],
  ['an option of its own', { 'tsconfig.json': bracketing }, brackets],
  [
    'one with comments, a comma too many and a mark of its encoding',
    {
      'tsconfig.json':
        '\uFEFF// one\n{ "compilerOptions": { /* two */ "module": "nodenext", "noPropertyAccessFromIndexSignature": true, }, }',
    },
    brackets,
  ],
  ['the nearest', { 'tsconfig.json': options({}), 'src/tsconfig.json': bracketing }, brackets],
  ['a folder of that name', { 'src/tsconfig.json/x': '', 'tsconfig.json': bracketing }, brackets],
  ['what it extends', { 'tsconfig.json': { extends: './base' }, 'base.json': bracketing }, brackets],
  [
    'what is extended over two steps',
    {
      'tsconfig.json': { extends: './a.json' },
      'a.json': { extends: './b/b.json' },
      'b/b.json': bracketing,
    },
    brackets,
  ],
  [
    'an option that is taken back',
    {
      'tsconfig.json': options({ noPropertyAccessFromIndexSignature: false }, { extends: './base.json' }),
      'base.json': bracketing,
    },
    nothing,
  ],
  [
    'the last of several that it extends',
    {
      'tsconfig.json': { extends: ['./on.json', './off.json'] },
      'on.json': bracketing,
      'off.json': options({ noPropertyAccessFromIndexSignature: false }),
    },
    nothing,
  ],
  [
    'a package',
    {
      'tsconfig.json': { extends: '@tsconfig/strictest' },
      'node_modules/@tsconfig/strictest/package.json': {},
      'node_modules/@tsconfig/strictest/tsconfig.json': bracketing,
    },
    brackets,
  ],
  [
    'a file that a package exports',
    {
      'tsconfig.json': { extends: 'ours/strict' },
      'node_modules/ours/package.json': { exports: { './strict': './lib/strict.json' } },
      'node_modules/ours/lib/strict.json': bracketing,
    },
    brackets,
  ],
  [
    'the referred one that includes the entry',
    {
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.node.json' }, { path: './src' }] },
      'tsconfig.node.json': options({}, { include: ['*.config.ts'] }),
      'src/tsconfig.json': bracketing,
    },
    brackets,
  ],
  [
    'a referred one that leaves the entry out',
    {
      'tsconfig.json': options({}, { references: [{ path: './tsconfig.test.json' }] }),
      'tsconfig.test.json': { ...bracketing, include: ['test'], exclude: ['src'] },
    },
    nothing,
  ],
  [
    'one that is referred to over two steps, in a circle',
    {
      'tsconfig.json': { files: [], references: [{ path: './a.json' }] },
      'a.json': { files: [], references: [{ path: './tsconfig.json' }, { path: './b.json' }] },
      'b.json': { ...bracketing, include: ['src/**/*.ts'] },
    },
    brackets,
  ],
  [
    'a referred one that is missing',
    {
      'tsconfig.json': { ...bracketing, references: [{ path: './gone.json' }, null, 'x', { path: 1 }] },
    },
    brackets,
  ],
  [
    'one that extends what is missing, and has options of its own',
    {
      'tsconfig.json': { ...bracketing, extends: '@tsconfig/strictest/tsconfig.json' },
    },
    brackets,
  ],
  [
    'a referred one that extends what is missing',
    {
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.web.json' }, { path: './tsconfig.node.json' }] },
      'tsconfig.web.json': { extends: 'ours/tsconfig.web.json', include: ['web'] },
      'tsconfig.node.json': { ...bracketing, extends: 'ours/tsconfig.node.json', include: ['src/**/*'] },
    },
    brackets,
  ],
  ['one that extends itself', { 'tsconfig.json': { ...bracketing, extends: './tsconfig.json' } }, brackets],
];
test.each(chains)('tsconfig: %s', async (_, files, expected) => {
  expect((await compilerOf(projectOf(files))).value).toEqual(expected);
});

test.each([
  '',
  '[]',
  'null',
  '3',
  '"x"',
  '{',
  '<html>',
  '{"compilerOptions":[]}',
  '{"compilerOptions":{"types":"node"}}',
])('a tsconfig that holds %s counts as the defaults', async (text) => {
  expect((await compilerOf(projectOf({ 'tsconfig.json': text }))).value).toMatchObject({
    bracketed: false,
    nodeTypes: true,
  });
});

test("a package's tsconfig stands before the workspace's", async () => {
  const folder = projectOf({
    'tsconfig.json': bracketing,
    'packages/app/package.json': {},
    'packages/app/tsconfig.json': { extends: '../../tsconfig.base.json' },
    'tsconfig.base.json': options({ types: [] }),
    'packages/other/package.json': {},
  });
  expect((await compilerOf(folder, { cwd: 'packages/app' })).value).toEqual({ ...usual, nodeTypes: false });
  const other = await compilerOf(folder, { cwd: 'packages/other' });
  expect(other).toEqual({ value: brackets, because: '`../../tsconfig.json`' });
});

test('a tsconfig may be a link', async () => {
  const folder = projectOf({ 'shared.json': bracketing });
  symlinkSync('shared.json', path.join(folder, 'tsconfig.json'));
  expect((await compilerOf(folder)).value).toEqual(brackets);
});

test.each<[types: unknown, version: string, nodeTypes: boolean]>([
  [undefined, '5.9.3', true],
  [undefined, '^6.0.0', false],
  [undefined, '7.0.2', false],
  [undefined, 'latest', false],
  [[], '5.9.3', false],
  [['node'], '7.0.2', true],
  [['@types/node'], '6.0.0', true],
  [['*'], '7.0.2', true],
  [['bun'], '6.0.0', true],
  [['vite/client', 'nodemailer'], '5.9.3', false],
])("Node's types with `types` %j and TypeScript %s: %s", async (types, version, nodeTypes) => {
  const folder = projectOf({ 'tsconfig.json': options({ types }) });
  expect((await compilerOf(folder, { version })).value.nodeTypes).toBe(nodeTypes);
});

/** What real compilers of those lines said of `db.ts` under those options. */
test.each<[name: string, options: CompilerOptions, major: number | null, expected: Partial<Compiler>]>([
  ['types from folders of its own', { types: undefined, typeRoots: ['./types'] }, 5, { nodeTypes: false }],
  ['its own folder and the usual one', { typeRoots: ['./types', './node_modules/@types'] }, 5, { nodeTypes: true }],
  ['a target before ES2022', { target: 'ES2021' }, 5, { errorCause: false }],
  ['a library after ES2022', { target: 'es2017', lib: ['dom', 'ESNext'] }, 5, { errorCause: true }],
  ['a part of such a library', { target: 'es2023', lib: ['es2021', 'es2023.array'] }, 7, { errorCause: false }],
  ['the target that a module brings', { module: 'Node16' }, 5, { errorCause: true }],
  ['no target', {}, 6, { errorCause: true, packageExports: true, defaultImports: true }],
  ['nothing of the platform', { types: [] }, 5, { nodeTypes: false, errorCause: true, packageExports: true }],
  ['no target, by who knows which', {}, null, { nodeTypes: true, errorCause: true, packageExports: true }],
  ['no target, before', { module: 'commonjs' }, 5, { errorCause: false, packageExports: false, defaultImports: false }],
  ['modules by `node`', { module: 'commonjs', moduleResolution: 'node' }, 5, { packageExports: false }],
  ['modules by `node10`, and the newest asked for', { moduleResolution: 'Node10' }, 6, { packageExports: false }],
  [
    'modules of a bundler',
    { module: 'esnext', moduleResolution: 'bundler' },
    5,
    { packageExports: true, defaultImports: true },
  ],
  [
    'default imports for types alone',
    { module: 'commonjs', allowSyntheticDefaultImports: true },
    5,
    { defaultImports: true },
  ],
  ['no interop', { module: 'nodenext', esModuleInterop: false }, 5, { packageExports: true, defaultImports: false }],
])('options: %s', (_, asked, major, expected) => {
  expect(compilerFor(asked, major)).toMatchObject(expected);
});

test('what no tsconfig asks about is nothing to complain of', async () => {
  const old = options({ module: 'commonjs', moduleResolution: 'node', target: 'es2019' }, { include: ['web'] });
  expect((await compilerOf(projectOf({ 'tsconfig.json': old }))).value).toEqual(usual);
  expect((await compilerOf(projectOf({ 'tsconfig.json': { extends: '@tsconfig/gone' } }))).value).toEqual(usual);
});

test("a member's TypeScript may be the workspace's, and what becomes TypeScript 7 is one", async () => {
  const workspace = (devDependencies: object) =>
    projectOf({
      'package.json': { workspaces: ['apps/*'], devDependencies },
      'package-lock.json': '{}',
      'apps/bot/package.json': { devDependencies: {} },
      'apps/bot/tsconfig.json': options({}),
    });
  const nodeTypes = async (devDependencies: object) =>
    (await compilerOf(workspace(devDependencies), { cwd: 'apps/bot' })).value.nodeTypes;
  expect(await nodeTypes({ typescript: '~7.0.1' })).toBe(false);
  expect(await nodeTypes({ typescript: '~5.8.1' })).toBe(true);
  expect(await nodeTypes({ typescript: '~5.8.1', '@typescript/native-preview': 'beta' })).toBe(false);
});

test('the TypeScript that is installed counts more than the one that is asked for', async () => {
  const folder = projectOf({ 'tsconfig.json': {}, 'node_modules/typescript/package.json': { version: '6.0.3' } });
  expect((await compilerOf(folder, { version: '^5.0.0' })).value.nodeTypes).toBe(false);
});

test('JavaScript is not asked', async () => {
  const folder = projectOf({ 'tsconfig.json': bracketing });
  expect((await compilerOf(folder, { entry: 'db.mjs' })).value).toEqual(nothing);
});

/** Each in a program of its own, which is ended when it hangs. */
const hostile: [name: string, files: Files, pipe?: string][] = [
  ['is a pipe', {}, 'tsconfig.json'],
  ['extends a pipe', { 'tsconfig.json': { extends: './pipe' } }, 'pipe.json'],
  [
    'extends a package whose manifest is a pipe',
    {
      'tsconfig.json': { extends: 'base' },
      'node_modules/base/tsconfig.json': bracketing,
    },
    'node_modules/base/package.json',
  ],
  ['refers to a pipe', { 'tsconfig.json': { files: [], references: [{ path: './pipe.json' }] } }, 'pipe.json'],
  [
    'doubles with every step',
    Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        i === 0 ? 'tsconfig.json' : `c${i}.json`,
        i === 39 ? bracketing : { extends: [`./c${i + 1}.json`, `./c${i + 1}.json`] },
      ]),
    ),
  ],
  [
    "has patterns that would take for ever on the project's path",
    {
      'tsconfig.json': { files: [], references: [{ path: './slow.json' }] },
      'slow.json': { include: [`../${'*a'.repeat(40)}b/*`] },
    },
  ],
];
test.each(hostile)('a tsconfig that %s is left alone, in a moment', { timeout: 30_000 }, (_, files, pipe) => {
  const dependencies = { '@flue/runtime': '2.0.3' };
  const own = { 'package.json': { type: 'module', dependencies }, 'package-lock.json': '{}', ...files };
  // A long name, on which a slow pattern shows.
  const name = 'a'.repeat(200);
  const top = projectOf(Object.fromEntries(Object.entries(own).map(([file, content]) => [`${name}/${file}`, content])));
  const folder = path.join(top, name);
  if (pipe) execFileSync('mkfifo', [path.join(folder, pipe)]);
  const args = [bin, 'inspect', '--json'];
  const said = execFileSync(process.execPath, args, { cwd: folder, timeout: 20_000, killSignal: 'SIGKILL' });
  expect(JSON.parse(said.toString()).facts.compiler.value.bracketed).toBe(false);
});
