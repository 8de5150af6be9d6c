import { expect, test } from 'vitest';
import { redact, redactOutput } from '../../src/verify/child/secrets.ts';
import { codesOf, errorText, plain } from '../../src/verify/child/words.ts';
import { cpuOf } from '../cpu.ts';

/** Addresses as people get them wrong, each with the words that may be nowhere in what is said. */
const addresses: [string, string[]][] = [
  ['postgres://app:Tr0ub4dor@db.example.com:5432/shop', ['Tr0ub4dor']],
  ['postgres://app:Tr0ub%264dor@db.example.com/shop', ['Tr0ub%264dor', 'Tr0ub&4dor']],
  ['postgres://app:pa/ss/w0rd@db.example.com/shop', ['pa/ss/w0rd', 'w0rd']],
  ['postgres://app:on@e@two@db.example.com/shop', ['on@e@two', 'two@db']],
  ['postgres://app:hash#word@db.example.com/shop', ['hash#word', 'hash', 'word']],
  ['postgres://app:ques?tion@db.example.com/shop', ['ques?tion', 'tion']],
  ['postgres://app:100%sure@db.example.com/shop', ['100%sure', 'sure']],
  ['"postgres://app:quot3d@db.example.com/shop"', ['quot3d']],
  ['app:n0scheme@db.example.com/shop', ['n0scheme']],
  ['  postgres://app:sp4ces@db.example.com/shop \n', ['sp4ces']],
  ['rediss://:onlypass@cache.example.com:6380', ['onlypass']],
  ['libsql://shop.turso.io?authToken=eyJhbGciOi.abc.def', ['eyJhbGciOi.abc.def']],
  ['mysql://root:pw@127.0.0.1/x?ssl={"key":"v"}', ['pw@']],
  ['jdbc:postgresql://db.example.com/shop?user=app&password=jdbcpass', ['jdbcpass']],
  ['host=db.example.com user=app password=keyw0rd dbname=shop', ['keyw0rd']],
  ["host=db password='quoted words' dbname=x", ['quoted words']],
  ['mongodb+srv://app:m0ngo@cluster.example.net/?retryWrites=true', ['m0ngo']],
  ['postgres://app:пароль@db.example.com/shop', ['пароль']],
];

test.each(addresses)('nothing of %s is said', (address, words) => {
  const environment = { DATABASE_URL: address, PATH: '/usr/bin' };
  const pieces = [address, address.trim(), ...words, encodeURIComponent(words[0]!)];
  const said = redact(pieces.map((piece) => `cannot reach ${piece} now`).join('; '), environment);
  for (const word of words) expect(said).not.toContain(word);
});

test('values of variables with a secret name go, and ordinary words stay', () => {
  const environment = {
    TURSO_AUTH_TOKEN: 'abcd1234',
    API_KEY: 'k-777777',
    DB_PASSWORD: 'pässword',
    PWD: '/home/me/shop',
    OLDPWD: '/home/me',
    SESSION_SECRET: 'true',
    DATABASE_URL: 'postgres://postgres:postgres@localhost/postgres',
    REDIS_URL: 'redis://app:app@localhost',
  };
  expect(redact('abcd1234 k-777777 pässword /home/me/shop true', environment)).toBe('*** *** *** /home/me/shop true');
  expect(redact('Postgres at localhost/postgres for the role app', environment)).toBe(
    'Postgres at localhost/postgres for the role app',
  );
});

test('a short password is masked as a word, not in the middle of others', () => {
  expect(redact('a cat sat: a, "a"', { URL: 'redis://u:a@h' })).toBe('*** cat sat: ***, "***"');
});

test('what looks like a password goes, though no variable has it', () => {
  expect(redact('at postgres://u:hard-coded@h/d and libsql://h?authToken=zzz', {})).toBe(
    'at postgres://***@h/d and libsql://h?authToken=***',
  );
  expect(redactOutput('token sk4aB93kdk20dkKd93kd92kdD3 was refused', {})).toBe('token *** was refused');
});

test('of two secrets that begin alike nothing of the longer one is left', () => {
  const short = { A_TOKEN: 'abcdef' };
  const long = { B_TOKEN: 'abcdef-ghijkl' };
  for (const environments of [
    [short, long],
    [long, short],
  ])
    expect(redact('it was abcdef-ghijkl, then abcdef', ...environments)).toBe('it was ***, then ***');
});

test('a long value of many colons is no work', () => {
  const values = { A: `${'a:'.repeat(50_000)}@`, B: 'a:'.repeat(3_000), C: `x@${'b:'.repeat(3_000)}` };
  expect(cpuOf(() => redact('x', values))).toBeLessThan(500);
});

test.each([
  [null, 'null'],
  [undefined, 'undefined'],
  ['words', 'words'],
  [Symbol('x'), 'Symbol(x)'],
  [{}, 'Object without a message'],
  [Object.create(null), 'without a message'],
  [new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })], ''), 'ECONNREFUSED'],
  [new Error('outer', { cause: new Error('inner') }), 'outer: inner'],
  [Object.assign(new Error('no'), { code: '28P01' }), '28P01 no'],
  [
    {
      get message() {
        throw new Error('trap');
      },
    },
    'cannot be read',
  ],
  [
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    ),
    'cannot be read',
  ],
  [new Error('\u001b[31mred\u001b[0m\nline\u202e'), 'red line'],
  [new Error('x'.repeat(1e7)), 'xxx'],
])('%# an error of any kind is one line', (error, words) => {
  const said = errorText(error);
  expect(said).toContain(words);
  expect(said.length).toBeLessThanOrEqual(8_000);
  expect(said).toBe(plain(said, 8_000));
  expect(Array.isArray(codesOf(error))).toBe(true);
});

test('a cycle of causes ends', () => {
  const error: Error & { cause?: unknown; errors?: unknown[] } = new Error('round');
  error.cause = error;
  error.errors = [error];
  expect(errorText(error)).toContain('round');
  expect(codesOf(error)).toEqual([]);
});
