import { describe, expect, test } from 'vitest';
import { maskedOperations, withoutCredentials } from '../../src/output/secrets.ts';
import { presentable, presentableInLine, presentableJson } from '../../src/output/untrusted.ts';
import type { EnvDoc } from '../../src/types/env-docs.ts';
import { cpuOf } from '../cpu.ts';

/** What is masked wherever it is shown, and what must stay readable. */
describe('credentials', () => {
  test.each([
    ['git+https://me:s3cret@host/x', 'git+https://***@host/x'],
    ['postgres://u:p@ss@w@db:5432/x', 'postgres://***@db:5432/x'],
    ['https://ghp_token@github.com/x', 'https://***@github.com/x'],
    ['npm error //r.example/:_authToken=abc-123', 'npm error //r.example/:_authToken=***'],
    ['npm_0123456789abcdefghij0123456789abcdef', '***'],
    ['Authorization: Bearer abc.def.ghi', 'Authorization: Bearer ***'],
    ['libsql://db.example?authToken=eyJhbGci', 'libsql://db.example?authToken=***'],
  ])('%s', (text, shown) => expect(withoutCredentials(text)).toBe(shown));

  test.each([
    'postgresql://user:password@host:5432/database',
    'git+ssh://git@github.com/a/b.git',
    'https://registry.npmjs.org/pg',
    'a libsql:// URL with ?authToken= where it wants one',
    '@flue/postgres@2.0.3, pg@^8.21.0',
  ])('%s stays', (text) => expect(withoutCredentials(text)).toBe(text));

  test('a long text without any is no work', () => {
    const took = cpuOf(() => {
      for (const piece of ['a', '://', 'x@', ' ', '=']) withoutCredentials(piece.repeat(300_000));
    });
    expect(took).toBeLessThan(2000);
  });
});

describe('values in docs', () => {
  const doc = (path: string, kind: string): EnvDoc => ({
    path,
    kind,
    variables: [],
    because: 'x',
    leftAlone: null,
    text: '',
  });
  const shown = (before: string, added: string, kind = 'dotenv') => {
    const write = { kind: 'write' as const, path: 'doc', before, after: before + added, because: 'x' };
    const [one] = maskedOperations([write], [doc('doc', kind)]);
    return one?.kind === 'write' ? one.after : null;
  };

  test.each([
    ['API_KEY=s3cr3t\n', 'API_KEY=***\n'],
    ['API_KEY="s3cr3t" # the key\n', 'API_KEY="***" # the key\n'],
    ['API_KEY=s3cr3t # the key\n', 'API_KEY=*** # the key\n'],
    ["export API_KEY='s3'\n", "export API_KEY='***'\n"],
    ['# API_KEY=s3cr3t\n', '# API_KEY=***\n'],
    ['API_KEY = s3cr3t\r\n', 'API_KEY = ***\r\n'],
    ['KEY="-----BEGIN\nabc\n-----END" # x\nB=\n', 'KEY="***\n***\n***" # x\nB=\n'],
    ['api.key=s3cr3t\n', 'api.key=***\n'],
    ['EMPTY=\nQUOTED=""\n', 'EMPTY=\nQUOTED=""\n'],
    ['# What a person reads stays: nothing is = here\n', '# What a person reads stays: nothing is = here\n'],
  ])('%j', (before, after) => expect(shown(before, 'DATABASE_URL=xxxx\n')).toBe(`${after}DATABASE_URL=xxxx\n`));

  test.each([
    ['Set `API_KEY=s3cr3t` and go.\n', 'Set `API_KEY=***` and go.\n'],
    ['```sh\nAPI_KEY=s3cr3t\n```\n', '```sh\nAPI_KEY=***\n```\n'],
    ['| `API_KEY` | sk9aB3xZ81qLmN0pR7tUvW2 | key |\n', '| `API_KEY` | *** | key |\n'],
    ['| `PORT` | the port of the server |\n', '| `PORT` | the port of the server |\n'],
    [
      '[docs](https://example.com/guides/getting-started-with-databases)\n',
      '[docs](https://example.com/guides/getting-started-with-databases)\n',
    ],
  ])('markdown %j', (before, after) => expect(shown(before, '', 'markdown')).toBe(after));

  test('defaults in a module', () => {
    expect(shown("KEY: z.string().default('s3cr3t'),\n", '', 'zod')).toBe("KEY: z.string().default('***'),\n");
  });

  test('a file that is no env doc keeps what it says, but no credentials', () => {
    const write = {
      kind: 'write' as const,
      path: 'src/db.ts',
      before: "const A = 'x';\nnew Pool('pg://a:b@c/d');\n",
      after: null,
      because: '',
    };
    expect(maskedOperations([write], [])[0]).toMatchObject({ before: "const A = 'x';\nnew Pool('pg://***@c/d');\n" });
  });
});

describe('what a terminal would obey', () => {
  test.each([
    ['\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
    ['a\u009b31mb', 'a\\u009b31mb'],
    ['\u202eabc\u2066', '\\u202eabc\\u2066'],
    ['a\rb', 'a\\u000db'],
    ['\u{e0041}', '\\u{e0041}'],
    // What is masked is so here, too.
    ['\u001bpg://a:b@c', '\\u001bpg://***@c'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['crlf\r\n', 'crlf\r\n'],
    ['Überraschung 🚀 日本語', 'Überraschung 🚀 日本語'],
  ])('%j', (text, shown) => expect(presentable(text)).toBe(shown));

  test('JSON says the same without any of it', () => {
    const said = { path: '\u001b]0;x\u0007\u202e', text: 'a\u{e0041}\u009b' };
    const json = presentableJson(JSON.stringify(said));
    expect(json).toMatch(/^[ -~]+$/);
    expect(JSON.parse(json)).toEqual(said);
  });

  test('a newline inside a name begins no line', () => {
    expect(presentableInLine('a\nerror: b\r\nc\td')).toBe('a\\nerror: b\\r\\nc\\td');
  });
});
