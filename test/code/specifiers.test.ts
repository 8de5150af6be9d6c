import { expect, test } from 'vitest';
import { codeOf } from '../source.ts';

/** Where a specifier in `src/db.ts` leads: what a package.json, a tsconfig or a bundler's config says of it. */
const vite = (alias: string) => ({
  'vite.config.ts': `export default defineConfig({ resolve: { alias: ${alias} } });`,
});
const options = (compilerOptions: object) => ({ 'tsconfig.json': JSON.stringify({ compilerOptions }) });
const named = (more: object) => ({ 'package.json': JSON.stringify({ name: 'pg', ...more }) });

test.each<[title: string, files: Record<string, string>, specifier: string, target: string | null]>([
  ['the package itself, by what it exports', named({ exports: { './x': './dist/a/x.js' } }), 'pg/x', 'src/a/x.ts'],
  ['the package itself, without exports', named({ main: 'src/a/x.ts' }), 'pg', null],
  ['one of several roots', options({ rootDirs: ['src', 'lib/more'] }), './y', 'lib/more/y.ts'],
  ['a suffix of modules', options({ moduleSuffixes: ['.node', ''] }), './z.js', 'src/z.node.ts'],
  [
    'a suffix behind an alias',
    options({ moduleSuffixes: ['.node'], paths: { '@/*': ['./src/*'] } }),
    '@/z',
    'src/z.node.ts',
  ],
  ['a path that is put together', vite(`{ a: path.resolve(__dirname, 'src', 'a') }`), 'a/x', 'src/a/x.ts'],
  ['a URL', vite(`{ '@a': fileURLToPath(new URL('./src/a', import.meta.url)) }`), '@a/x', 'src/a/x.ts'],
  ['a list', vite(`[{ find: 'a/x', replacement: '/src/a/x.ts' }]`), 'a/x', 'src/a/x.ts'],
  ['a file', vite(`{ ax: './src/a/x.ts' }`), 'ax', 'src/a/x.ts'],
  ['no more than whole names', vite(`{ a: '/src/a' }`), 'ax', null],
  [
    'a stub of the tests',
    { 'vitest.config.ts': `export default { test: { alias: { pg: './src/a/x.ts' } } };` },
    'pg',
    null,
  ],
])('%s', async (_, files, specifier, target) => {
  const modules = Object.fromEntries(
    ['src/db.ts', 'src/a/x.ts', 'src/z.node.ts', 'lib/more/y.ts'].map((name) => [name, 'export {};\n']),
  );
  const code = await codeOf({ ...modules, ...files });
  expect(code.leadTo('src/db.ts', specifier)).toBe(target);
});
