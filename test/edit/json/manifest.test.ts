import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameListsIn } from '../../../src/edit/json/list.ts';
import { addDependencies, type Dependency, provesMember, removeDependencies } from '../../../src/edit/json/manifest.ts';
import { type Insertion, splice } from '../../../src/edit/splice.ts';
import { cpuOf } from '../../cpu.ts';

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
  expect(add('{}')).toBe('{ "dependencies": { "pg": "^8.21.0" } }');
});

test('one line: what stands between, round and before is as in the rest', () => {
  const types: Dependency = { list: 'devDependencies', name: '@types/pg', specifier: '^8.20.0' };
  expect(add('{ "name": "a", "dependencies": { "@flue/runtime": "2.0.3" } }', pg, types)).toBe(
    '{ "name": "a", "dependencies": { "@flue/runtime": "2.0.3", "pg": "^8.21.0" }, "devDependencies": { "@types/pg": "^8.20.0" } }',
  );
  expect(add('{"name": "a", "dependencies": {"z": "1"}}', pg, types)).toBe(
    '{"name": "a", "dependencies": {"pg": "^8.21.0", "z": "1"}, "devDependencies": {"@types/pg": "^8.20.0"}}',
  );
  expect(add('{"name":"a"}', pg, types)).toBe(
    '{"name":"a","dependencies":{"pg":"^8.21.0"},"devDependencies":{"@types/pg":"^8.20.0"}}',
  );
  expect(add('{ "devDependencies": {}, "dependencies": { } }', pg, types)).toBe(
    '{ "devDependencies": { "@types/pg": "^8.20.0" }, "dependencies": { "pg": "^8.21.0" } }',
  );
  expect(add('{\n  "name": "a",\n  "dependencies": { "a": "1" }\n}\n')).toBe(
    '{\n  "name": "a",\n  "dependencies": { "a": "1", "pg": "^8.21.0" }\n}\n',
  );
});

test('one line: taken out again, every byte is back', () => {
  const types: Dependency = { list: 'devDependencies', name: '@types/pg', specifier: '^8.20.0' };
  for (const text of [
    '{ "name": "a", "dependencies": { "@flue/runtime": "2.0.3" } }',
    '{"name": "a", "dependencies": {"z": "1"}}',
    '{"name":"a"}',
    '{\n\t"name": "a",\n\t"dependencies": { "a": "1" }\n}\n',
  ]) {
    const edited = addDependencies(text, [pg, types]);
    expect(removeDependencies('text' in edited ? edited.text : '', [types, pg])).toEqual({ text });
  }
});

test('a name that stands twice is told with its lines', () => {
  const twice = '{\n  "dependencies": { "a": "1" },\n  "name": "x",\n  "dependencies": { "b": "1" }\n}\n';
  expect(add(twice)).toBe('refused: `dependencies` stands in it more than once, on lines 2 and 4: merge them into one');
  expect(add('{\n  "dependencies": {\n    "pg": "1"\n  }\n}\n')).toBe(
    'refused: `dependencies` has `pg` already, on line 3',
  );
  // Elsewhere it is nobody's business here.
  expect(add('{ "scripts": {}, "scripts": {}, "dependencies": { "a": "1" } }')).toContain('"a": "1", "pg"');
});

test('what is no text among the dependencies stays as it is', () => {
  expect(add('{ "dependencies": { "//": ["pinned", { "on": "purpose" }], "z": null } }')).toBe(
    '{ "dependencies": { "//": ["pinned", { "on": "purpose" }], "pg": "^8.21.0", "z": null } }',
  );
});

test('what is nested too deep is refused, and in time', () => {
  const took = cpuOf(() => {
    for (const depth of [5000, 200_000]) {
      const text = `{ "x": ${'['.repeat(depth)}${']'.repeat(depth)} }`;
      expect(add(text)).toBe('refused: it does not hold a JSON object that can be followed');
      expect(removeDependencies(text, [pg])).toMatchObject({ refused: expect.any(String) });
      expect(nameListsIn(text)).toBe(null);
    }
  });
  expect(took).toBeLessThan(1000);
});

/** The proof is tested, too: each of these is an insertion that an editor with a fault might make. */
describe('the proof refuses', () => {
  const before = '{\n  "dependencies": {\n    "a": "1"\n  },\n  "devDependencies": {\n    "b": "1"\n  }\n}\n';
  const wanted = { path: ['dependencies'], name: 'pg', value: '^8.21.0' };
  const good = { at: before.indexOf('"1"') + 3, text: ',\n    "pg": "^8.21.0"' };
  const proves = (insertion: Insertion, after = splice(before, [insertion])) =>
    provesMember(before, after, [insertion], wanted);

  test('what is right is proven', () => {
    expect(proves(good)).toBe(true);
    const fresh = { at: 1, text: '"dependencies":{"pg":"^8.21.0"}' };
    expect(provesMember('{}', splice('{}', [fresh]), [fresh], wanted)).toBe(true);
  });

  test.each<[string, Insertion]>([
    ['another version', { ...good, text: ',\n    "pg": "^8.22.0"' }],
    ['another name', { ...good, text: ',\n    "pgx": "^8.21.0"' }],
    ['the other list', { at: before.lastIndexOf('"1"') + 3, text: ',\n    "pg": "^8.21.0"' }],
    ['outside of any list', { at: before.length - 3, text: ',\n  "pg": "^8.21.0"' }],
    ['a second entry', { ...good, text: ',\n    "pg": "^8.21.0",\n    "evil": "1"' }],
    ['the same entry twice', { ...good, text: ',\n    "pg": "^8.21.0",\n    "pg": "^8.21.0"' }],
    ['an entry that is there, again', { ...good, text: ',\n    "pg": "^8.21.0",\n    "a": "1"' }],
    ['an entry that is there, with another version', { ...good, text: ',\n    "pg": "^8.21.0",\n    "a": "2"' }],
    ['a second list', { ...good, text: ',\n    "pg": "^8.21.0"\n  },\n  "scripts": {' }],
    ['a comment in its place', { ...good, text: ' /* "pg": "^8.21.0" */' }],
    ['what does not parse', { ...good, text: ',\n    "pg": "^8.21.0",,' }],
    ['nothing', { ...good, text: '' }],
  ])('%s', (_name, insertion) => {
    expect(proves(insertion)).toBe(false);
  });

  test('a change elsewhere', () => {
    const after = splice(before, [good]);
    expect(proves(good, after.replace('"b"', '"c"'))).toBe(false);
    expect(proves(good, `${after}\n`)).toBe(false);
    expect(proves(good, after.slice(0, -1))).toBe(false);
  });
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
