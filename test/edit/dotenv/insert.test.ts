import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insertIntoDotenv } from '../../../src/edit/dotenv/insert.ts';
import { readDotenv } from '../../../src/edit/dotenv/read.ts';
import { declarationOf } from '../../declaration.ts';

function insert(text: string, name = 'DATABASE_URL', derivedFrom: string | null = null): string {
  const edited = insertIntoDotenv(text, declarationOf(name, { derivedFrom }));
  return 'refused' in edited ? `refused: ${edited.refused}` : edited.text;
}

/** The lines that were put in, with what stands above and below them. */
function around(before: string, after: string): string {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (old[start] === now[start] && start < old.length) start += 1;
  const added = now.length - old.length;
  return [
    now[start - 1] ?? '^',
    ...now.slice(start, start + added).map((line) => `+${line}`),
    now[start + added] ?? '$',
  ].join('\n');
}

describe('the dialects of env templates', () => {
  test.each([
    [
      'rules of three lines',
      '# ––––––––––––––––––––––––\n# ––––––––––  STORAGE  –––––––––\n# ––––––––––––––––––––––––\n\nBUCKET=a\n',
      '\n# ––––––––––––––––––––––––\n# ––––––––––  DATABASE  ––––––––\n# ––––––––––––––––––––––––\n\nDATABASE_URL=\n',
    ],
    [
      'one-line rule, variables commented out',
      '# ─── Search (optional) ──────────────\n# SEARCH_URL=http://localhost:7700\n',
      'DATABASE_URL=\n',
    ],
    [
      'hash box',
      '##############################\n####### Message queue ########\n##############################\n#QUEUE_URL=amqp://localhost\n',
      '##############################\n######### Database ###########\n##############################\nDATABASE_URL=\n',
    ],
    ['bracket tags', '# [[MAIL]]\nSMTP_URL="smtp://localhost:2500"\n', '# [[DATABASE]]\nDATABASE_URL=""\n'],
    ['short marks', '#== Mailer\nSMTP=x\n', '#== Database\nDATABASE_URL=\n'],
    ['plain titles', '# Redis\nREDIS_HOST=localhost\n\n# Mail\nSMTP_HOST=localhost\n', '\n# Database\nDATABASE_URL=\n'],
    ['one token for every value', 'API_TOKEN=xxxx\nOTHER=xxxx\n', 'DATABASE_URL=xxxx\n'],
    ['quotes that one value needs', 'A="x y"\nB=1\n', 'DATABASE_URL=\n'],
    ['quotes round every value', 'A="x y"\nB="#1"\n', 'DATABASE_URL=""\n'],
    ['a comment at the end', 'A=1\n# that is all\n', '\nDATABASE_URL=\n'],
    ['export', 'export API_KEY=\n', 'export DATABASE_URL=\n'],
    ['no final newline', 'A=1', '\nDATABASE_URL='],
    ['an empty file', '', 'DATABASE_URL=\n'],
    [
      'a title with a rule that closes',
      '# - MAIL ------\nA=1\n# -------------\n',
      '\n# - DATABASE --\nDATABASE_URL=\n# -------------\n',
    ],
    ['regions', '#region Mail\nA=1\n\nB=1\n#endregion\n', '\n#region Database\nDATABASE_URL=\n#endregion\n'],
    ['a box of blanks', '###########\n# Mail    #\n###########\nA=1\n', '# Database #\n###########\nDATABASE_URL=\n'],
    ['numbers', '# 1. App\nA=1\n\n# 2. Mail (last)\nB=1\n', '\n# 3. Database\nDATABASE_URL=\n'],
    ['the name of a file is no title', '# .env\nA=1\n', 'DATABASE_URL=\n'],
  ])('%s', (_name, before, inserted) => {
    const after = insert(before);
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toContain(inserted.trimStart());
  });

  test.each([
    ['a title', '# Database\n\n# Mail\nA=1\n', '# Database\n'],
    ['a title in a box', '# ====\n# Database\n# ====\n\n# ====\n# Mail\n# ====\nA=1\n', '# ====\n# Database\n# ====\n'],
    ['a region', '#region Database\n#endregion\n\n#region Mail\nA=1\n#endregion\n', '#region Database\n'],
  ])('%s that has no variable yet takes it', (_what, before, head) => {
    expect(insert(before)).toBe(`${head}DATABASE_URL=\n${before.slice(head.length)}`);
  });

  test('after the run of the family, over a comment that belongs to its next member', () => {
    const before = 'DB_HOST=localhost\n# usually 5432\nDB_PORT=5432\n# mail\nSMTP_HOST=x\n';
    expect(around(before, insert(before))).toBe('DB_PORT=5432\n+DATABASE_URL=\n# mail');
  });

  test.each([
    ['known parts', 'DB_HOST=a\nDB_CHARSET=utf8\nDB_PORT=5432\nMAIL=x\n', 'DB_PORT=5432\n+DATABASE_URL=\nMAIL=x'],
    [
      'an unknown last',
      '# DB_PATH=a\n# DB_TYPE=b\n# DB_HOST=c\n# DB_RETRY_MS=1\n\nX=1\n',
      '# DB_RETRY_MS=1\n+DATABASE_URL=\n',
    ],
    ['a longer stem', 'APP_DB_URL=a\nAPP_DB_LOG=1\nAPP_PORT=1\n', 'APP_DB_LOG=1\n+DATABASE_URL=\nAPP_PORT=1'],
    ['a stem of before', 'PG_USER=a\nPG_POOL_SIZE=1\nPG_CERT_DIR=b\nX=1\n', 'PG_CERT_DIR=b\n+DATABASE_URL=\nX=1'],
    ['no stem', 'PGHOST=a\nPAGER=less\n', 'PGHOST=a\n+DATABASE_URL=\nPAGER=less'],
  ])('after the run of the family, which goes on by its stem: %s', (_what, before, expected) => {
    expect(around(before, insert(before))).toBe(expected);
  });

  test('after the variable its name was made from', () => {
    const before = 'DB_HOST=a\n\nPOSTGRES_URL=\nX=1\n';
    expect(around(before, insert(before, 'FLUE_POSTGRES_URL', 'POSTGRES_URL'))).toBe(
      'POSTGRES_URL=\n+FLUE_POSTGRES_URL=\nX=1',
    );
  });

  test('under a title that names it', () => {
    const before = '# Server\nPORT=1\n\n# Database\nMIGRATE=1\n\n# Mail\nSMTP=x\n';
    expect(around(before, insert(before))).toBe('MIGRATE=1\n+DATABASE_URL=\n');
  });

  test('a sorted file keeps its order', () => {
    const before = 'A=1\nC=1\nE=1\nG=1\nI=1\nK=1\n';
    expect(around(before, insert(before))).toBe('C=1\n+DATABASE_URL=\nE=1');
  });

  test('the mark that begins a file stays its beginning', () => {
    const sorted = 'E=1\nG=1\nI=1\nK=1\nM=1\nO=1\n';
    expect(insert(`\uFEFF${sorted}`)).toBe(`\uFEFFDATABASE_URL=\n${sorted}`);
  });

  test('spaces round the equals sign, and never white space after an empty value', () => {
    expect(insert('STORE_DSN = "x"\n')).toBe('STORE_DSN = "x"\nDATABASE_URL = ""\n');
    expect(insert('STORE = x\nOTHER = y\n')).toBe('STORE = x\nOTHER = y\nDATABASE_URL =\n');
  });

  test('a line inside a multi-line value is not a variable', () => {
    const before = 'KEY="-----BEGIN\nDATABASE_URL=part-of-the-key\n-----END"\n';
    expect(insert(before)).toBe(`${before}DATABASE_URL=""\n`);
  });
});

describe('what is already there stays', () => {
  test.each([
    'DATABASE_URL=x\n',
    'export DATABASE_URL=\n',
    '  DATABASE_URL = "y"\n',
    '# DATABASE_URL=\n',
    '#DATABASE_URL=postgres://\n',
  ])('%j', (before) => {
    expect(insert(before)).toBe(before);
  });
  test.each(['MY_DATABASE_URL=x\n', '# set DATABASE_URL=... in production\n'])(
    '%j is another variable, or prose',
    (before) => {
      expect(insert(before)).not.toBe(before);
    },
  );
});

describe('what must not be edited is refused with a reason', () => {
  test.each([
    ['<<<<<<< HEAD\nA=1\n=======\n>>>>>>> b\n', 'merge conflict'],
    ['#/---[DOTENV_PUBLIC_KEY]---/\nDOTENV_PUBLIC_KEY="03"\n', 'dotenvx'],
    ['A="encrypted:BDq"\n', 'dotenvx'],
    ['sops_version=3\n', 'SOPS'],
    ['/*\nA=1\n*/\n', '/*'],
    ['A="never closed\nB=1\n', 'never closes'],
    ['A=1\nDB_HOST= \n', 'white space'],
  ])('%j', (before, reason) => {
    expect(insert(before)).toMatch(/^refused: /);
    expect(insert(before)).toContain(reason);
  });
});

/**
 * Node's own reader. It keeps a BOM in the first key; Node 20 takes a comment without a final newline for a key, and
 * from Node 22 on a key without a value keeps its `export`.
 */
const witness = (text: string) => {
  const read = Object.entries(parseEnv(`${text.replace(/^\uFEFF/, '')}\n`));
  return Object.fromEntries(read.map(([key, value]) => [key.replace(/^export /, ''), value]));
};

/** Generated files: assignments of every spelling, comments, rules, blank lines, in any line ending. */
const key = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
const plain = fc.stringMatching(/^[a-z0-9:/@.-]{0,12}$/);
const value = fc.oneof(
  plain,
  plain.map((v) => `"${v}"`),
  plain.map((v) => `'${v}'`),
  plain.map((v) => `"${v}\n${v}"`),
);
const assign = fc
  .tuple(fc.constantFrom('', 'export ', '  '), key, fc.constantFrom('=', ' = '), value, fc.constantFrom('', ' # note'))
  .map(([before, name, equals, v, note]) => (v === '' ? `${before}${name}=` : `${before}${name}${equals}${v}${note}`));
const line = fc.oneof(
  { weight: 5, arbitrary: assign },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '',
      '# Server',
      '# ---- Mail ----',
      '#=====#',
      '# DB_PORT=5432',
      '#REDIS_URL=x',
      '# a longer sentence about it.',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('DB_HOST=localhost', 'POSTGRES_URL=', 'MYSQL_URL="mysql://x"') },
);
const file = fc
  .record({ lines: fc.array(line, { maxLength: 14 }), crlf: fc.boolean(), bom: fc.boolean(), final: fc.boolean() })
  .map(
    ({ lines, crlf, bom, final }) =>
      `${bom ? '\uFEFF' : ''}${(lines.join('\n') + (final && lines.length ? '\n' : '')).replaceAll('\n', crlf ? '\r\n' : '\n')}`,
  );
const name = fc.constantFrom('DATABASE_URL', 'FLUE_DATABASE_URL', 'FLUE_POSTGRES_URL');
const runs = { numRuns: 4000, seed: Number(process.env.FUZZ_SEED ?? Date.now() % 1e9) };
console.log(`fast-check seed ${runs.seed} (FUZZ_SEED sets it)`);

describe('laws', () => {
  test('the reader loses nothing', () => {
    fc.assert(
      fc.property(file, (text) => {
        const lines = readDotenv(text);
        if ('refused' in lines) return;
        expect(lines.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text === '\uFEFF' ? '' : text);
      }),
      runs,
    );
  });

  test('result minus insertion is the input; the second time changes nothing; every other value is what it was', () => {
    fc.assert(
      fc.property(file, name, (text, wanted) => {
        const after = insert(text, wanted);
        if (after.startsWith('refused: ') || after === text) return;
        expect(insert(after, wanted)).toBe(after);
        let start = 0;
        while (start < text.length && text[start] === after[start]) start += 1;
        const added = after.length - text.length;
        const removed = Array.from({ length: start + 1 }, (_, i) => after.slice(0, i) + after.slice(i + added));
        expect(removed).toContain(text);
        const { [wanted]: fresh, ...others } = witness(after);
        expect(fresh).toBeDefined();
        expect(others).toEqual(witness(text));
        if (!text.includes('\r\n')) expect(after).not.toContain('\r\n');
        else expect(after.replaceAll('\r\n', '')).not.toContain('\n');
      }),
      runs,
    );
  });
});
