import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addToManifestCatalog, catalogsInManifest } from '../../../src/edit/json/catalog.ts';
import { type Insertion, splice } from '../../../src/edit/splice.ts';
import { addToYamlCatalog, catalogsInYaml, provesCatalog } from '../../../src/edit/yaml/catalog.ts';

const inManifest: typeof addToYamlCatalog = async (...edit) => addToManifestCatalog(...edit);

async function added(text: string, catalog = 'default', name = 'pg', add = addToYamlCatalog): Promise<string> {
  const edited = await add(text, catalog, name, '^8.21.0');
  return 'text' in edited ? edited.text : `refused: ${edited.refused}`;
}

describe('a catalog', () => {
  test.each([
    ['sorted', 'catalog:\n  hono: ^4.0.0\n  zod: ^4.0.0\n', 'catalog:\n  hono: ^4.0.0\n  pg: ^8.21.0\n  zod: ^4.0.0\n'],
    [
      'unsorted',
      'catalog:\n  zod: ^4.0.0\n  hono: ^4.0.0\n',
      'catalog:\n  zod: ^4.0.0\n  hono: ^4.0.0\n  pg: ^8.21.0\n',
    ],
    ['no final newline', 'catalog:\n  hono: ^4.0.0', 'catalog:\n  hono: ^4.0.0\n  pg: ^8.21.0'],
    ['CRLF', 'catalog:\r\n  hono: ^4.0.0\r\n', 'catalog:\r\n  hono: ^4.0.0\r\n  pg: ^8.21.0\r\n'],
    [
      'comments',
      'catalog: # all\n  hono: ^4.0.0 # web\n# end\n',
      'catalog: # all\n  hono: ^4.0.0 # web\n  pg: ^8.21.0\n# end\n',
    ],
    ['quoted', "catalog:\n    'hono': '^4.0.0'\n", "catalog:\n    'hono': '^4.0.0'\n    'pg': '^8.21.0'\n"],
    [
      'a key after it',
      'catalog:\n  hono: 4\npackages:\n  - a\n',
      'catalog:\n  hono: 4\n  pg: ^8.21.0\npackages:\n  - a\n',
    ],
    ['inline', 'catalog: { hono: ^4.0.0 }\n', 'refused: its catalog `default` is not a plain list'],
    [
      'an alias',
      'catalog:\n  hono: &h ^4.0.0\n  zod: *h\n',
      'refused: its catalog `default` has more than versions in it',
    ],
  ])('%s', async (_name, before, after) => {
    expect(await added(before)).toBe(after);
  });

  test('a scoped name is quoted as the others are', async () => {
    const text = 'catalog:\n  "@types/node": ^22.0.0\n  hono: ^4.0.0\n';
    expect(await added(text, 'default', '@flue/postgres')).toBe(
      'catalog:\n  "@flue/postgres": ^8.21.0\n  "@types/node": ^22.0.0\n  hono: ^4.0.0\n',
    );
  });

  test('a named one, and the default under its name', async () => {
    const text = 'catalogs:\n  default:\n    hono: ^4.0.0\n  data:\n    zod: ^4.0.0\n';
    expect(await added(text, 'data')).toBe(text.replace('    zod', '    pg: ^8.21.0\n    zod'));
    expect(await added(text)).toBe(text.replace('4.0.0\n  data', '4.0.0\n    pg: ^8.21.0\n  data'));
  });

  test('Bun’s, in package.json', async () => {
    const inside =
      '{\n  "workspaces": {\n    "packages": ["a"],\n    "catalog": {\n      "hono": "^4.0.0"\n    }\n  }\n}\n';
    expect(await added(inside, 'default', 'pg', inManifest)).toBe(
      inside.replace('"^4.0.0"', '"^4.0.0",\n      "pg": "^8.21.0"'),
    );
    const atTop = '{\n  "workspaces": ["a"],\n  "catalogs": { "data": { "zod": "^4.0.0" } }\n}\n';
    expect(await added(atTop, 'data', 'pg', inManifest)).toContain('{ "pg": "^8.21.0", "zod": "^4.0.0" }');
  });

  test('what is read of it', async () => {
    const text = 'catalogMode: strict\ncatalog:\n  a: ^1.0.0\ncatalogs:\n  old:\n    a: ^0.9.0\n';
    expect(await catalogsInYaml(text)).toEqual({
      mode: 'strict',
      named: { default: { a: '^1.0.0' }, old: { a: '^0.9.0' } },
    });
    expect(await catalogsInYaml('# no catalog here\npackages: []\n')).toBe(null);
    expect(await catalogsInYaml('catalog: [')).toBe(null);
  });

  test('what is read of Bun’s, and what is no version', () => {
    const inside = {
      workspaces: { packages: ['a'], catalog: { a: '^1.0.0', b: 5, c: null }, catalogs: { old: ['a'] } },
    };
    expect(catalogsInManifest(JSON.stringify(inside))).toEqual({ mode: 'manual', named: { default: { a: '^1.0.0' } } });
    expect(catalogsInManifest('{ "workspaces": ["a"] }')).toBe(null);
    expect(catalogsInManifest('[')).toBe(null);
    expect(catalogsInManifest(`{ "catalog": ${'['.repeat(50_000)}`)).toBe(null);
  });

  test.each([
    ['>=8 <9', "'>=8 <9'"],
    ['*', "'*'"],
    ['8', "'8'"],
    ['~8.21.0', '~8.21.0'],
    ['8.21.0', '8.21.0'],
    ['npm:pg@8', 'npm:pg@8'],
  ])('the version %s is written as %s', async (specifier, written) => {
    const edited = await addToYamlCatalog('catalog:\n  hono: ^4.0.0\n', 'default', 'pg', specifier);
    expect(edited).toEqual({ text: `catalog:\n  hono: ^4.0.0\n  pg: ${written}\n` });
  });

  test('a text that cannot be followed is refused', async () => {
    for (const text of ['catalog: [', '- '.repeat(100_000), 'a', `catalog:\n  a: ${'['.repeat(50_000)}`])
      expect(await added(text), text.slice(0, 20)).toMatch(/^refused: /);
  });

  test('any list of versions: only the insertion is new, and every version stays', async () => {
    const name = fc.stringMatching(/^(?:@[a-z]{1,4}\/)?[a-z]{1,6}$/).filter((one) => one !== 'pg');
    const version = fc.constantFrom('^1.0.0', '2.0.3', '~3.1.0', 'workspace:*');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, version), { minLength: 1, maxLength: 6, selector: ([one]) => one }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('  ', '    '),
        fc.constantFrom('', ' # why'),
        fc.boolean(),
        async (entries, eol, indent, comment, final) => {
          const lines = entries.map(([key, value]) => `${indent}'${key}': ${value}${comment}`);
          const text = [
            'packages:',
            '  - a',
            'catalog:',
            ...lines,
            ...(final ? ['', 'catalogMode: prefer', ''] : []),
          ].join(eol);
          const after = await added(text);
          expect(after.replace(/[ \t]+'?pg'?: \^8\.21\.0(?:\r?\n|$)/, '').trimEnd()).toBe(text.trimEnd());
          expect(parse(after).catalog).toEqual({ ...Object.fromEntries(entries), pg: '^8.21.0' });
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The proof is tested, too: each of these is an insertion that an editor with a fault might make. */
describe('the proof refuses', () => {
  const before = 'packages:\n  - a\ncatalog:\n  hono: ^4.0.0\ncatalogs:\n  old:\n    hono: ^3.0.0\n';
  const wanted = { catalog: 'default', name: 'pg', specifier: '^8.21.0' };
  const good = { at: before.indexOf('catalogs:'), text: '  pg: ^8.21.0\n' };
  const proves = (insertion: Insertion, after = splice(before, [insertion])) =>
    provesCatalog(before, after, [insertion], wanted);

  test('what is right is proven', async () => {
    expect(await proves(good)).toBe(true);
  });

  test.each<[string, Insertion]>([
    ['another version', { ...good, text: '  pg: ^8.22.0\n' }],
    ['another name', { ...good, text: '  pgx: ^8.21.0\n' }],
    ['another catalog', { at: before.length, text: '    pg: ^8.21.0\n' }],
    ['another indentation, which begins a key of its own', { ...good, text: 'pg: ^8.21.0\n' }],
    ['a second entry', { ...good, text: '  pg: ^8.21.0\n  evil: 1.0.0\n' }],
    ['an entry that is there, again with another version', { ...good, text: '  pg: ^8.21.0\n  hono: 9.9.9\n' }],
    ['a second list of packages', { ...good, text: '  pg: ^8.21.0\npackages: []\n' }],
    ['what does not parse', { ...good, text: '  pg: ^8.21.0\n  : : [\n' }],
    ['nothing', { ...good, text: '' }],
  ])('%s', async (_name, insertion) => {
    expect(await proves(insertion)).toBe(false);
  });

  test('a change elsewhere', async () => {
    expect(await proves(good, splice(before, [good]).replace('# end', '').replace('- a', '- b'))).toBe(false);
    expect(await proves(good, `${splice(before, [good])}# more\n`)).toBe(false);
  });

  test('a package that the catalog has', async () => {
    const text = 'catalog:\n  pg: ^8.21.0\n';
    const insertion = { at: text.length, text: '  pg: ^8.21.0\n' };
    expect(await provesCatalog(text, splice(text, [insertion]), [insertion], wanted)).toBe(false);
  });
});
