import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDependencies, type Dependency } from '../../../src/edit/json/manifest.ts';

const pg: Dependency = { list: 'dependencies', name: 'pg', specifier: '^8.21.0' };

function add(text: string, ...dependencies: Dependency[]): string {
  const edited = addDependencies(text, dependencies.length > 0 ? dependencies : [pg]);
  return 'refused' in edited ? `refused: ${edited.refused}` : edited.text;
}

test('into a sorted list at its place, into any other at the end', () => {
  expect(add('{\n  "dependencies": {\n    "a": "1",\n    "z": "1"\n  }\n}\n')).toBe(
    '{\n  "dependencies": {\n    "a": "1",\n    "pg": "^8.21.0",\n    "z": "1"\n  }\n}\n',
  );
  expect(add('{\n  "dependencies": {\n    "z": "1",\n    "a": "1"\n  }\n}\n')).toBe(
    '{\n  "dependencies": {\n    "z": "1",\n    "a": "1",\n    "pg": "^8.21.0"\n  }\n}\n',
  );
});

test('tabs, CRLF, one line, a BOM and a missing final newline stay', () => {
  expect(add('{\r\n\t"dependencies": {\r\n\t\t"a": "1"\r\n\t}\r\n}')).toBe(
    '{\r\n\t"dependencies": {\r\n\t\t"a": "1",\r\n\t\t"pg": "^8.21.0"\r\n\t}\r\n}',
  );
  expect(add('{"dependencies":{"a":"1"}}')).toBe('{"dependencies":{"a":"1","pg":"^8.21.0"}}');
  expect(add('{ "dependencies": { "a": "1", "b": "1" } }')).toBe(
    '{ "dependencies": { "a": "1", "b": "1", "pg": "^8.21.0" } }',
  );
  expect(add('\uFEFF{\n  "dependencies": {\n    "a": "1"\n  }\n}')).toBe(
    '\uFEFF{\n  "dependencies": {\n    "a": "1",\n    "pg": "^8.21.0"\n  }\n}',
  );
});

test('a list that is empty or not there is made', () => {
  expect(add('{\n  "dependencies": {}\n}\n')).toBe('{\n  "dependencies": {\n    "pg": "^8.21.0"\n  }\n}\n');
  expect(add('{\n  "name": "x"\n}\n')).toBe('{\n  "name": "x",\n  "dependencies": {\n    "pg": "^8.21.0"\n  }\n}\n');
  expect(add('{\n  "devDependencies": {\n    "a": "1"\n  }\n}\n')).toBe(
    '{\n  "dependencies": {\n    "pg": "^8.21.0"\n  },\n  "devDependencies": {\n    "a": "1"\n  }\n}\n',
  );
  expect(add('{}')).toBe('{"dependencies": {"pg": "^8.21.0"}}');
});

test('what is no JSON object is refused', () => {
  expect(add('[]')).toMatch(/^refused/);
});

describe('laws', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^(@[a-z]{1,3}\/)?[a-z]{1,4}$/), { maxLength: 6 });
  const list = names.map((all) => Object.fromEntries(all.map((name) => [name, '1'])));
  const manifest = fc
    .record({ name: fc.constant('x'), scripts: list, dependencies: list, devDependencies: list }, { requiredKeys: [] })
    .chain((value) => fc.constantFrom('  ', '\t', 4, undefined).map((indent) => JSON.stringify(value, null, indent)));
  const form = fc.tuple(manifest, fc.boolean(), fc.boolean(), fc.boolean()).map(([text, crlf, bom, final]) => {
    const whole = `${bom ? '\uFEFF' : ''}${text}${final ? '\n' : ''}`;
    return crlf ? whole.replaceAll('\n', '\r\n') : whole;
  });
  const dependency = fc.constantFrom<Dependency>(
    pg,
    { ...pg, name: '@flue/postgres' },
    { ...pg, list: 'devDependencies', name: '@types/pg' },
  );

  test('only the new entry is new, every other byte is where it was, and line endings are not mixed', () => {
    fc.assert(
      fc.property(form, dependency, (text, one) => {
        const parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
        if (parsed[one.list]?.[one.name]) return;
        const after = add(text, one);
        const now = JSON.parse(after.replace(/^\uFEFF/, ''));
        expect(now[one.list][one.name]).toBe(one.specifier);
        let start = 0;
        while (start < text.length && text[start] === after[start]) start += 1;
        const added = after.length - text.length;
        expect(Array.from({ length: start + 1 }, (_, i) => after.slice(0, i) + after.slice(i + added))).toContain(text);
        if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
        const keys = Object.keys(parsed[one.list] ?? {});
        const sorted = keys.every((key, i) => i === 0 || keys[i - 1]! <= key);
        if (sorted) expect(Object.keys(now[one.list])).toEqual([...keys, one.name].sort());
      }),
      { numRuns: 2000 },
    );
  });
});
