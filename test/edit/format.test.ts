import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { describe, expect, test } from 'vitest';
import { eraseTypes } from '../../src/blueprints/erase-types.ts';
import { formatCode, isSameCode, withoutFormatting } from '../../src/edit/format.ts';
import { inspectFormatter } from '../../src/knowledge/formatters/inspect.ts';
import { openProject } from '../../src/knowledge/package-managers/open.ts';
import { everyNth } from '../every.ts';
import { root, scratch } from '../flue.ts';

const shelf = path.join(root, 'blueprints/database');
const templates = readdirSync(shelf).flatMap((blueprint) =>
  readdirSync(path.join(shelf, blueprint))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`${blueprint}/${file}`, readFileSync(path.join(shelf, blueprint, file), 'utf8')] as const),
);

/** What a project with these files says of its style. */
async function formatterOf(files: Record<string, string>, entry = 'src/db.ts') {
  const folder = scratch('format');
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const manifest = JSON.parse(files['package.json'] ?? '{}');
  return { folder, ...(await inspectFormatter(openProject(folder), manifest, entry)) };
}

const prettierStyles = [
  {},
  { semi: false, singleQuote: true },
  { useTabs: true, printWidth: 100, arrowParens: 'avoid' as const },
  { tabWidth: 4, trailingComma: 'none' as const, bracketSpacing: false },
  { printWidth: 60, objectWrap: 'collapse' as const, quoteProps: 'consistent' as const },
];

// Of each style half of the templates, of each template two or three of the styles.
describe.each(prettierStyles.map((style, index) => [style, index] as const))(
  'the project’s own Prettier with %j changes nothing',
  (style, index) => {
    test.each(everyNth(templates, 2, index))('%s', async (_name, template) => {
      const { value } = await formatterOf({ '.prettierrc': JSON.stringify(style) });
      const typescript = await formatCode('db.ts', template, value.style!);
      expect(await prettier.format(typescript, { ...style, filepath: 'db.ts' })).toBe(typescript);
      const javascript = await formatCode('db.js', eraseTypes(template), value.style!);
      expect(await prettier.format(javascript, { ...style, filepath: 'db.js' })).toBe(javascript);
      expect(await isSameCode('db.ts', typescript, template)).toBe(true);
    });
  },
);

test.each([
  '{}',
  '{ "formatter": { "indentStyle": "space", "lineWidth": 100 }, "javascript": { "formatter": { "quoteStyle": "single" } } }',
  '{\n  // a comment\n  "formatter": { "indentWidth": 4, "indentStyle": "space" },\n  "javascript": { "formatter": { "semicolons": "asNeeded", "trailingCommas": "none", "arrowParentheses": "asNeeded", "bracketSpacing": false } },\n}',
])('the project’s own Biome with %s changes nothing', async (settings) => {
  const { folder, value } = await formatterOf({ 'biome.jsonc': settings });
  const files: string[] = [];
  const put = (name: string, text: string) => {
    files.push(name);
    writeFileSync(path.join(folder, name), text);
  };
  for (const [i, [, template]] of templates.entries()) {
    put(`db-${i}.ts`, await formatCode('db.ts', template, value.style!));
    put(`db-${i}.js`, await formatCode('db.js', eraseTypes(template), value.style!));
  }
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', ...files], { cwd: folder, stdio: 'pipe' });
});

const biomeDefaults = {
  useTabs: true,
  singleQuote: false,
  semi: true,
  quoteProps: 'as-needed',
  trailingComma: 'all',
  bracketSpacing: true,
  bracketSameLine: false,
  arrowParens: 'always',
  objectWrap: 'preserve',
};

describe('where a style is read from', () => {
  const flueConfig = (text: string) => ({ 'flue.config.ts': text });
  test.each<[string, Record<string, string>, object | null]>([
    ['nothing', {}, null],
    ['our own hand', flueConfig("import { a } from 'b';\n\nexport default {\n  target: 'node',\n};\n"), null],
    [
      'another hand',
      flueConfig('import { a } from "b"\n\nexport default {\n    target: "node",\n}\n'),
      { printWidth: 120, singleQuote: false, semi: false, useTabs: false, tabWidth: 4 },
    ],
    [
      'the hand, not its comments',
      flueConfig("// it's \"so\"\nimport { a } from 'b'\nexport default {\n\ttarget: 'node'\n}\n"),
      { printWidth: 120, tabWidth: 2, singleQuote: true, semi: false, useTabs: true },
    ],
    ['YAML', { '.prettierrc': 'semi: false\nprintWidth: 90 # wide\n' }, { semi: false, printWidth: 90 }],
    ['JSON with comments', { '.prettierrc.json': '{ "semi": false, /* so */ }' }, { semi: false }],
    ['package.json', { 'package.json': '{ "prettier": { "singleQuote": true } }' }, { singleQuote: true }],
    [
      'a config that is a program, as far as it is literal',
      { 'prettier.config.mjs': 'const c = { semi: false, plugins: [x()] };\nexport default c;\n' },
      { semi: false },
    ],
    ['CommonJS', { '.prettierrc.cjs': 'module.exports = { tabWidth: 3 };\n' }, { tabWidth: 3 }],
    [
      'an override for TypeScript',
      {
        '.prettierrc':
          '{ "semi": true, "overrides": [{ "files": "*.ts", "options": { "semi": false } }, { "files": ["*.md"], "options": { "tabWidth": 8 } }] }',
      },
      { semi: false },
    ],
    ['Prettier without settings', { 'package.json': '{ "devDependencies": { "prettier": "^3.0.0" } }' }, {}],
    [
      '.editorconfig under Prettier',
      {
        '.prettierrc': '{ "tabWidth": 2 }',
        '.editorconfig': 'root = true\n[*]\nindent_style = tab\nindent_size = 8\nmax_line_length = 100\n',
      },
      { useTabs: true, tabWidth: 2, printWidth: 100 },
    ],
    [
      '.editorconfig alone, its section for our file',
      { '.editorconfig': '[*.md]\nindent_style = tab\n[*.{ts,js}]\nindent_style = space\nindent_size = 4\n' },
      { printWidth: 120, useTabs: false, tabWidth: 4, semi: true, singleQuote: true },
    ],
    [
      '.editorconfig: the width of a tab, no comment in a name, and no line longer than an editor reads',
      {
        '.editorconfig':
          `[{a#b,db}.ts]\nindent_style = tab ; so\nindent_size = tab\ntab_width = 6 # wide\n` +
          `${' '.repeat(5_000)}tab_width = 7\n`,
      },
      { printWidth: 120, useTabs: true, tabWidth: 6, semi: true, singleQuote: true },
    ],
    [
      'Biome that is not told to read .editorconfig',
      { 'biome.json': '{}', '.editorconfig': '[*]\nindent_style = space\nindent_size = 3\n' },
      biomeDefaults,
    ],
    ['Biome that formats no code', { 'biome.json': '{ "javascript": { "formatter": { "enabled": false } } }' }, null],
    ['Biome that extends itself', { 'biome.json': '{ "extends": ["./biome.json"] }' }, null],
    [
      'an override by a path that begins with a dot',
      {
        'biome.json':
          '{ "overrides": [{ "includes": ["./src/*.ts"], "javascript": { "formatter": { "semicolons": "asNeeded" } } }] }',
      },
      { ...biomeDefaults, semi: false },
    ],
    ['Biome that only lints', { 'biome.json': '{ "formatter": { "enabled": false } }' }, null],
    [
      'Biome that extends a file, and its own override',
      {
        'biome.json': JSON.stringify({
          extends: ['./config/base.json'],
          overrides: [{ includes: ['src/**'], javascript: { formatter: { semicolons: 'asNeeded' } } }],
        }),
        'config/base.json': '{ "formatter": { "indentStyle": "space", "indentWidth": 4, "lineWidth": 90 } }',
      },
      { ...biomeDefaults, useTabs: false, tabWidth: 4, printWidth: 90, semi: false },
    ],
    [
      'Biome that reads .editorconfig',
      {
        'biome.json': '{ "formatter": { "useEditorconfig": true, "lineWidth": 100 } }',
        '.editorconfig': '[*]\nindent_style = space\nindent_size = 3\nmax_line_length = 60\n',
      },
      { ...biomeDefaults, useTabs: false, tabWidth: 3, printWidth: 100 },
    ],
    [
      'settings in a package, which leave it to the hand',
      {
        'package.json': '{ "prettier": "@company/prettier-config", "devDependencies": { "prettier": "^3.0.0" } }',
        ...flueConfig('import { a } from "b"\nexport default {\n    target: "node"\n}\n'),
      },
      { printWidth: 120, singleQuote: false, semi: false, useTabs: false, tabWidth: 4 },
    ],
    ['Biome that extends a package', { 'biome.json': '{ "extends": ["@company/biome"] }' }, null],
    ['JSON5', { '.prettierrc.json5': '{ // c\n semi: false, singleQuote: true }' }, { semi: false, singleQuote: true }],
    ['TOML', { '.prettierrc.toml': 'semi = false\nuseTabs = true\n' }, { semi: false, useTabs: true }],
    ['broken TOML', { '.prettierrc.toml': 'semi = = false\n' }, null],
    [
      'overrides by path, and what they leave out',
      {
        '.prettierrc': JSON.stringify({
          overrides: [
            { files: 'src/**/*.ts', options: { tabWidth: 4 } },
            { files: '*.ts', excludeFiles: 'db.ts', options: { semi: false } },
            { files: '*.js', options: { useTabs: true } },
            { files: '', options: null },
          ],
        }),
      },
      { tabWidth: 4 },
    ],
    [
      'the hand of the Vite config',
      { 'vite.config.ts': 'import a from "b";\n' },
      { printWidth: 120, tabWidth: 2, useTabs: false, semi: true, singleQuote: false },
    ],
    [
      'values that Prettier would refuse',
      { '.prettierrc': '{ "printWidth": 80.5, "tabWidth": -2, "trailingComma": ["all"], "semi": false }' },
      { semi: false },
    ],
    [
      'values beyond what anybody means',
      { '.prettierrc': '{ "printWidth": 1001, "tabWidth": 17, "semi": false }' },
      { semi: false },
    ],
    ['settings of the wrong kind', { '.prettierrc': '{ "semi": "no", "tabWidth": 4 }' }, { tabWidth: 4 }],
    ['a broken config', { '.prettierrc.json': '{ "semi": ' }, null],
  ])('%s', async (_name, files, style) => {
    const { value, because } = await formatterOf(files);
    expect(value.style).toEqual(style);
    expect(because).not.toBe('');
  });

  test('the line ending', async () => {
    const eol = async (files: Record<string, string>) => (await formatterOf(files)).value.eol;
    expect(await eol({})).toBe('\n');
    expect(await eol({ 'package.json': '{\r\n}\r\n' })).toBe('\r\n');
    expect(await eol({ 'package.json': '{\r\n}\r\n', '.prettierrc': '{ "endOfLine": "lf" }' })).toBe('\n');
    expect(await eol({ '.editorconfig': '[*]\nend_of_line = crlf\n' })).toBe('\r\n');
  });
});

test('a change of code is no matter of formatting', async () => {
  const [, template] = templates[0]!;
  expect(await isSameCode('db.ts', template, template.replace('10_000', '20_000'))).toBe(false);
  expect(await withoutFormatting('db.ts', 'export default {')).toBe(null);
});

test('a member that extends the root’s Biome config, and a JavaScript entry’s own overrides', async () => {
  const folder = scratch('nested');
  mkdirSync(path.join(folder, 'apps/agents'), { recursive: true });
  writeFileSync(path.join(folder, 'biome.json'), '{ "javascript": { "formatter": { "quoteStyle": "single" } } }');
  writeFileSync(path.join(folder, 'apps/agents/biome.json'), '{ "root": false, "extends": "//" }');
  writeFileSync(path.join(folder, 'apps/agents/package.json'), '{}');
  const nested = await inspectFormatter(openProject(path.join(folder, 'apps/agents')), {}, 'src/db.ts');
  expect(nested.value.style).toEqual({ ...biomeDefaults, singleQuote: true });
  const overrides = '{ "overrides": [{ "files": "*.js", "options": { "useTabs": true } }] }';
  expect((await formatterOf({ '.prettierrc': overrides }, 'db.js')).value.style).toEqual({ useTabs: true });
});

test.each([
  ['root = true\n', { useTabs: false, tabWidth: 3 }],
  ['root = false\n', { useTabs: true, tabWidth: 3 }],
  ['', { useTabs: true, tabWidth: 3 }],
])('of .editorconfig the nearer wins, and %j says whether one above counts', async (first, style) => {
  const folder = scratch('nested');
  mkdirSync(path.join(folder, 'apps/agents'), { recursive: true });
  writeFileSync(path.join(folder, '.editorconfig'), '[*]\nindent_style = tab\nindent_size = 8\n');
  writeFileSync(path.join(folder, 'apps/agents/.editorconfig'), `${first}[*.ts]\nindent_size = 3\n`);
  writeFileSync(path.join(folder, 'apps/agents/package.json'), '{}');
  const { value } = await inspectFormatter(openProject(path.join(folder, 'apps/agents')), {}, 'src/db.ts');
  expect(value.style).toMatchObject(style);
});

test('a setting named as what every object inherits is none', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => `${name}: 1\n`).join('');
  expect((await formatterOf({ '.prettierrc': `${names}semi: false\n` })).value.style).toEqual({ semi: false });
});
