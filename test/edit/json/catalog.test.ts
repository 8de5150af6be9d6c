import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addToCatalog, parseCatalogs } from '../../../src/edit/json/catalog.ts';

const yaml = 'pnpm-workspace.yaml';
async function added(text: string, catalog = 'default', name = 'pg', file = yaml): Promise<string> {
  const edited = await addToCatalog(file, text, catalog, name, '^8.21.0');
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
    expect(await added(inside, 'default', 'pg', 'package.json')).toBe(
      inside.replace('"^4.0.0"', '"^4.0.0",\n      "pg": "^8.21.0"'),
    );
    const atTop = '{\n  "workspaces": ["a"],\n  "catalogs": { "data": { "zod": "^4.0.0" } }\n}\n';
    expect(await added(atTop, 'data', 'pg', 'package.json')).toContain('{ "pg": "^8.21.0", "zod": "^4.0.0" }');
  });

  test('what is read of it', async () => {
    const text = 'catalogMode: strict\ncatalog:\n  a: ^1.0.0\ncatalogs:\n  old:\n    a: ^0.9.0\n';
    expect(await parseCatalogs(yaml, text)).toEqual({
      mode: 'strict',
      named: { default: { a: '^1.0.0' }, old: { a: '^0.9.0' } },
    });
    expect(await parseCatalogs(yaml, '# no catalog here\npackages: []\n')).toBe(null);
    expect(await parseCatalogs(yaml, 'catalog: [')).toBe(null);
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
