import { describe, expect, test } from 'vitest';
import { withoutCredentials } from '../../src/output/credentials.ts';
import { maskedOperations } from '../../src/output/secrets.ts';
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
    ['postgres://u:p/ss@db:5432/x', 'postgres://***@db:5432/x'],
    ["new Pool({ password: 's3cret', user })", "new Pool({ password: '***', user })"],
    ['"auth_token": "s3cret"', '"auth_token": "***"'],
    ['"dev": "API_TOKEN=s3cret node ."', '"dev": "API_TOKEN=*** node ."'],
    ['"db": "PGPASSWORD=hunter2 psql"', '"db": "PGPASSWORD=*** psql"'],
    ['"db": "DBPASS=hunter2 DB_CREDENTIALS=ab12cd34 run"', '"db": "DBPASS=*** DB_CREDENTIALS=*** run"'],
  ])('%s', (text, shown) => expect(withoutCredentials(text)).toBe(shown));

  test.each([
    'postgresql://user:password@host:5432/database',
    'git+ssh://git@github.com/a/b.git',
    'https://registry.npmjs.org/pg',
    'a libsql:// URL with ?authToken= where it wants one',
    '@flue/postgres@2.0.3, pg@^8.21.0',
    'http://localhost:8080/@scope/name',
    '--var TURSO_AUTH_TOKEN=SHOP_TOKEN.',
    'API_TOKEN=$TOKEN MONKEY=banana AUTHOR=somebody NODE_ENV=production',
    'const adapter = { token: process.env.TOKEN }',
  ])('%s stays', (text) => expect(withoutCredentials(text)).toBe(text));

  test('a long text without any is no work', () => {
    const took = cpuOf(() => {
      for (const piece of ['a', '://', 'x@', ' ', '=', 'A_', '://a:', 'token:'])
        withoutCredentials(piece.repeat(100_000));
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
  const shown = (before: string, added: string, path = '.env.example') => {
    const write = { kind: 'write' as const, path, before, after: before + added, because: 'x' };
    const [one] = maskedOperations([write], [doc(path, 'x')]);
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
    ['KEY: s3cr3t\n# OLD: s3cr3t\n', 'KEY: ***\n# OLD: ***\n'],
    ['KEY=a\\\ns3cr3t\n', 'KEY=***\n***\n'],
    ['lower_key: s3cr3t\n', '***\n'],
    ['A="" # was OLD=s3cr3t\n', 'A="" # was OLD=***\n'],
    ['# @example="s3cr3t" @type=url\nKEY=\n', '# @example=*** @type=url\nKEY=\n'],
    ['# What a person reads stays: nothing is = here\n', '# What a person reads stays: nothing is = here\n'],
  ])('%j', (before, after) => expect(shown(before, 'DATABASE_URL=xxxx\n')).toBe(`${after}DATABASE_URL=xxxx\n`));

  test.each([
    ['Set `API_KEY=s3cr3t` and go.\n', 'Set `API_KEY=***` and go.\n'],
    ['```sh\nAPI_KEY=s3cr3t\n```\n', '```sh\nAPI_KEY=***\n```\n'],
    ['| `API_KEY` | sk9aB3xZ81qLmN0pR7tUvW2 | key |\n', '| `API_KEY` | *** | key |\n'],
    ['Ask for sk9aB3xZ81qLmN0pR7tUvW2 first.\n', 'Ask for *** first.\n'],
    ['| `PORT` | the port of the server |\n', '| `PORT` | the port of the server |\n'],
    ['| Name | Default |\n|---|---|\n| KEY | s3 cr3t |\n', '| Name | Default |\n|---|---|\n| KEY | *** |\n'],
    ['| `API_KEY` | `s3cr3t` | string |\n', '| `API_KEY` | `***` | string |\n'],
    ['- `API_KEY`: `s3cr3t`\n- **PORT** - 3000\n', '- `API_KEY`: `***`\n- **PORT** - ***\n'],
    ['- `API_KEY`: required\n- `PORT`: the port\n', '- `API_KEY`: required\n- `PORT`: the port\n'],
    ['env:\n  API_KEY: s3cr3t\n{ "API_KEY": "s3cr3t" }\n', 'env:\n  API_KEY: ***\n{ "API_KEY": "***" }\n'],
    ['- API_KEY (default: `s3cr3t`)\n', '- API_KEY (default: `***`)\n'],
    [
      '[docs](https://example.com/guides/getting-started-with-databases)\n',
      '[docs](https://example.com/guides/getting-started-with-databases)\n',
    ],
  ])('markdown %j', (before, after) => expect(shown(before, '', 'README.md')).toBe(after));

  test.each([
    ["KEY: z.string().default('s3cr3t'),\n", "KEY: z.string().default('***'),\n"],
    ['KEY: z.string().catch("s3\\"cr3t"),\n', 'KEY: z.string().catch("***"),\n'],
    ["KEY: v.optional(v.string(), 's3cr3t'),\n", "KEY: v.optional(v.string(), '***'),\n"],
    ["KEY: process.env.KEY ??\n  's3cr3t',\n", "KEY: process.env.KEY ??\n  '***',\n"],
    ["KEY: str({ example: 's3cr3t', desc: 'A key' }),\n", "KEY: str({ example: '***', desc: 'A key' }),\n"],
    ['interface ProcessEnv {\n  KEY: "s3cr3t";\n}\n', 'interface ProcessEnv {\n  KEY: "***";\n}\n'],
    ["import { z } from 'zod';\nz.enum(['a', 'b']);\n", "import { z } from 'zod';\nz.enum(['a', 'b']);\n"],
  ])('a module %j', (before, after) => expect(shown(before, '', 'src/env.ts')).toBe(after));

  test('a long doc is no work', () => {
    const start = performance.now();
    for (const piece of ['A=', '|', 'A: ', '"', '`A` ', 'default: ', '?? ', '\\', '# A', 'aB1', 'A\n|', ') ,'])
      for (const file of ['.env.example', 'README.md', 'src/env.ts']) shown(piece.repeat(5_000), '', file);
    expect(performance.now() - start).toBeLessThan(10_000);
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
