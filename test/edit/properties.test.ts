import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModule } from '../../src/code/parse.ts';
import { insertIntoDotenv } from '../../src/edit/dotenv/insert.ts';
import { addToList } from '../../src/edit/json/list.ts';
import { variableBlocks } from '../../src/edit/markdown/blocks.ts';
import { declareInMarkdown } from '../../src/edit/markdown/insert.ts';
import { parseMarkdown } from '../../src/edit/markdown/node.ts';
import { mayListVariables } from '../../src/edit/markdown/scan.ts';
import type { Refusal } from '../../src/edit/splice.ts';
import { conventions } from '../../src/knowledge/conventions/index.ts';
import { declareInModule } from '../../src/knowledge/conventions/schema/declare.ts';
import { type Schema, schemasIn } from '../../src/knowledge/conventions/schema/find.ts';
import { declarationOf as declaration } from '../declaration.ts';
import { everything } from '../every.ts';

/**
 * The laws of every edit, on texts nobody wrote: nothing but insertions; what was there reads the same; a second
 * application changes nothing; taking the insertions away gives the input back. `FLUE_SEED` repeats a run.
 */
const seed = Number(process.env.FLUE_SEED ?? Date.now() % 2 ** 31);
const perKind = everything ? 2_100 : 500;
console.log(`properties: FLUE_SEED=${seed}, ${perKind * 5} cases`);

type Edit = { text: string } | Refusal;

/** The laws that need no knowledge of the format. Gives the new text, or null where the edit was refused. */
function holdLaws(before: string, edit: (text: string) => Edit): string | null {
  const edited = edit(before);
  if ('refused' in edited) return null;
  expect(isLeftOf(edited.text, before), `${before}\n->\n${edited.text}`).toBe(true);
  expect(edit(edited.text)).toEqual({ text: edited.text });
  expect(edited.text.startsWith('\uFEFF')).toBe(before.startsWith('\uFEFF'));
  const crlf = (text: string) => (text.match(/\r\n/g) ?? []).length;
  const feeds = (text: string) => (text.match(/\n/g) ?? []).length;
  if (feeds(before) > 0 && crlf(before) === feeds(before)) expect(crlf(edited.text)).toBe(feeds(edited.text));
  if (crlf(before) === 0) expect(crlf(edited.text)).toBe(0);
  return edited.text;
}

/** Whether taking characters away from `after` can leave `before`: nothing was changed, moved or removed. */
function isLeftOf(after: string, before: string): boolean {
  let at = 0;
  for (const character of after) if (before.startsWith(character, at)) at += character.length;
  return at === before.length;
}

const name = fc.constantFrom(
  ...[
    'API_KEY',
    'PORT',
    'LOG_LEVEL',
    'DB_HOST',
    'POSTGRES_URL',
    'REDIS_URL',
    'SMTP_URL',
    'NODE_ENV',
    'ZONE',
    'A_B',
    'MY_DATABASE_URL_2',
  ],
);
const names = (min: number) => fc.uniqueArray(name, { minLength: min, maxLength: 8 });
const indent = fc.constantFrom('  ', '    ', '\t');
const dressed = fc.record({ crlf: fc.boolean(), bom: fc.boolean(), feed: fc.boolean() });

function dress(text: string, { crlf, bom, feed }: { crlf: boolean; bom: boolean; feed: boolean }): string {
  const ended = feed ? text : text.replace(/\n+$/, '');
  return (bom ? '\uFEFF' : '') + (crlf ? ended.replaceAll('\n', '\r\n') : ended);
}

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed, numRuns: perKind });
}

test('dotenv templates', { timeout: 120_000 }, () => {
  const value = fc.constantFrom(
    '',
    'x',
    '"quoted"',
    "'single'",
    'https://host/#a',
    'xxxx',
    '"two\nlines"',
    '3000 # port',
    '`tick`',
  );
  const other = fc.constantFrom(
    '',
    '# Database',
    '# a longer comment, with words.',
    '# -----',
    '####',
    '# ─── Mail ───',
    '\t# tabbed',
    '#OFF=1',
    '# OFF_TOO=x',
  );
  const line = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('', 'export ', '  '), name, fc.constantFrom('=', ' = ', '= '), value)
        .map(([lead, key, equals, right]) => lead + key + (right === '' ? equals.trimEnd() : equals) + right),
    },
    { weight: 2, arbitrary: other },
  );
  check(fc.tuple(fc.array(line, { maxLength: 14 }), dressed), ([lines, how]) => {
    const before = dress(`${lines.join('\n')}\n`, how);
    const after = holdLaws(before, (text) => insertIntoDotenv(text, declaration('DATABASE_URL')));
    if (after === null) return;
    // Node 20 trips over some comments (`#KEY=1` on the last line, a tab before `#`): where it does, it is no witness.
    const read = (text: string): Record<string, string | undefined> =>
      parseEnv(`${text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')}\n`);
    const now = read(after);
    if (!('PROBE' in read(`${before}\nPROBE=1\n`)) || Object.keys(now).some((key) => !/^\w+$/.test(key))) return;
    expect('DATABASE_URL' in now).toBe(true);
    delete now.DATABASE_URL;
    expect(now).toEqual(Object.fromEntries(Object.entries(read(before)).filter(([key]) => key !== 'DATABASE_URL')));
  });
});

/** A list of properties as people write them: comments anywhere, a trailing comma or none, on one line or many. */
function objectOf(
  keys: string[],
  init: (key: string) => string,
  form: { many: boolean; trailing: boolean; comments: number; indent: string; spread: boolean },
): string {
  const entries = keys.map((key) => `${key}: ${init(key)}`);
  if (form.spread) entries.unshift('...base');
  if (!form.many) return entries.length === 0 ? '{}' : `{ ${entries.join(', ')}${form.trailing ? ',' : ''} }`;
  const lines = entries.map((entry, i) => {
    const comma = i < entries.length - 1 || form.trailing ? ',' : '';
    const { above = '', beside = '', beforeComma = '' } = commentsIn(form.indent)[(form.comments + i) % 5]!;
    return `${above}${form.indent}${entry}${beforeComma}${comma}${beside}`;
  });
  return `{\n${lines.join('\n')}${lines.length > 0 ? '\n' : ''}}`;
}

/** The comments that an entry of an object may have. */
function commentsIn(indent: string): { above?: string; beside?: string; beforeComma?: string }[] {
  return [
    {},
    { above: `${indent}// above, with { and ,\n` },
    { above: `${indent}/* a block\n${indent}   of two lines */\n` },
    { beside: ' // beside, here' },
    { beforeComma: ' /* beside */' },
  ];
}

const form = fc.record({
  many: fc.boolean(),
  trailing: fc.boolean(),
  comments: fc.nat(4),
  indent,
  spread: fc.boolean(),
});

/** The one schema that a module holds, and the convention that finds it. */
function schemaIn(text: string): { schema: Schema; definition: NonNullable<(typeof conventions)[number]['schema']> } {
  const module = parseModule(text)!;
  const found = conventions.flatMap(({ schema: definition }) =>
    definition ? schemasIn(module, definition).map((schema) => ({ schema, definition })) : [],
  );
  expect(found.length, text).toBe(1);
  return found[0]!;
}

const validators = conventions.flatMap(({ schema }) => schema?.validators ?? []);

test('objects in TypeScript modules', { timeout: 240_000 }, () => {
  const wrapped = fc.constantFrom('', ' as const', ' satisfies Record<string, unknown>', ' satisfies Shape');
  const shape = fc.constantFrom('t3', 't3 strict', 'zod', 'zod chained', 'valibot', 'envalid', 'ProcessEnv');
  check(fc.tuple(shape, names(0), form, wrapped, dressed), ([kind, keys, how, wrap, dressing]) => {
    const before = dress(moduleOf(kind, keys, how, wrap), dressing);
    expect(parseModule(before), before).not.toBeNull();
    const { schema, definition } = schemaIn(before);
    const closed = before.includes('satisfies Shape');
    expect(schema.leftAlone?.code, before).toBe(closed ? 'closed-type' : undefined);
    const where = { definition, doc: { path: 'env.ts' }, validators };
    const after = holdLaws(before, (text) => declareInModule(text, where, declaration('DATABASE_URL')));
    expect(after === null, before).toBe(closed);
    if (closed) return;
    const listed = (text: string) =>
      schemaIn(text)
        .schema.groups.map(([slot]) => slot!.list)
        .map((list) => list.entries.map(({ key, start, end }) => [key, text.slice(start, end)]));
    expect(listed(after!).map((list) => list.filter(([key]) => key !== 'DATABASE_URL'))).toEqual(listed(before));
    expect(listed(after!).every((list) => list.filter(([key]) => key === 'DATABASE_URL').length === 1)).toBe(true);
  });
});

function moduleOf(kind: string, keys: string[], how: Parameters<typeof objectOf>[2], wrap: string): string {
  const zod = objectOf(keys, () => 'z.string().min(1)', how);
  switch (kind) {
    case 't3':
      return `import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nexport const env = createEnv({\n  server: ${zod}${wrap},\n  runtimeEnv: process.env,\n});\n`;
    case 't3 strict': {
      const values = objectOf(keys, (key) => `process.env.${key}`, {
        ...how,
        comments: how.comments + 1,
        spread: false,
      });
      return `import { createEnv } from "@t3-oss/env-nextjs";\nimport { z } from "zod";\nconst server = ${zod}${wrap};\nexport const env = createEnv({ server, runtimeEnv: ${values} });\n`;
    }
    case 'zod':
      return `import { z } from 'zod';\nexport const env = z.object(${zod}).parse(process.env);\n`;
    case 'zod chained':
      return `import * as z from 'zod';\nconst schema = z.object(${zod}${wrap}).strict().refine((value) => ({ ok: [value] }));\nexport const result = schema.safeParse({ ...process.env });\n`;
    case 'valibot':
      return `import * as v from 'valibot';\nexport const env = v.parse(v.object(${objectOf(keys, () => 'v.pipe(v.string(), v.minLength(1))', how)}), process.env);\n`;
    case 'envalid':
      return `import { cleanEnv, str } from 'envalid';\nexport const env = cleanEnv(process.env, ${objectOf(keys, () => "str({ desc: 'a, b' })", how)});\n`;
    default: {
      const end = how.trailing ? ';' : '';
      const members = keys.map(
        (key, i) =>
          `${how.indent}${(how.comments + i) % 3 === 1 ? `/** said, of it */\n${how.indent}` : ''}${key}?: 'a' | 'b'${end}`,
      );
      return `declare global {\n  namespace NodeJS {\n    interface ProcessEnv {\n${members.join('\n')}\n    }\n  }\n}\nexport {};\n`;
    }
  }
}

const wrappers = fc.constantFrom<(key: string) => string>(
  (key) => `\`${key}\``,
  (key) => `**${key}**`,
  (key) => `**\`${key}\`**`,
);
const quoting = fc.constantFrom('', '> ');

test('Markdown tables', { timeout: 240_000 }, () => {
  const table = fc.record({
    keys: names(2),
    wrap: fc.oneof(
      wrappers,
      fc.constant((key: string) => key),
    ),
    even: fc.boolean(),
    outer: fc.boolean(),
    columns: fc.shuffledSubarray(['Required', 'Default', 'Type', 'Description'], { minLength: 1 }),
    quote: quoting,
    dressing: dressed,
  });
  check(table, ({ keys, wrap, even, outer, columns, quote, dressing }) => {
    if (!keys.some((key) => key.includes('_'))) return;
    const words: Record<string, string> = {
      Required: 'yes',
      Default: '-',
      Type: 'string',
      Description: 'what it is \\| does',
    };
    const rows = [
      ['Name', ...columns],
      ['---', ...columns.map(() => '---')],
      ...keys.map((key) => [wrap(key), ...columns.map((column) => words[column]!)]),
    ];
    const width = (i: number) => (even ? Math.max(...rows.map((row) => row[i]!.length)) : 0);
    const lines = rows.map((row) => {
      const inner = row.map((cell, i) => cell.padEnd(width(i), cell === '---' ? '-' : ' ')).join(' | ');
      return quote + (outer ? `| ${inner} |` : inner);
    });
    const before = dress(`# App\n\n${quote}## Variables\n${quote.trimEnd()}\n${lines.join('\n')}\n`, dressing);
    expectOneMore(before, keys);
  });
});

test('Markdown lists', { timeout: 240_000 }, () => {
  const list = fc.record({
    keys: names(2),
    wrap: wrappers,
    bullet: fc.constantFrom('-', '*', '+'),
    dash: fc.constantFrom(' — ', ': ', ' - ', ' – ', ' '),
    loose: fc.boolean(),
    nested: fc.boolean(),
    quote: quoting,
    dressing: dressed,
  });
  check(list, ({ keys, wrap, bullet, dash, loose, nested, quote, dressing }) => {
    if (!keys.some((key) => key.includes('_'))) return;
    const items = keys.map(
      (key, i) =>
        `${quote}${bullet} ${wrap(key)}${dash}what it is${nested && i === 1 ? `\n${quote}  - more of it` : ''}`,
    );
    const before = dress(
      `# App\n\n${quote}Set these environment variables:\n${quote.trimEnd()}\n${items.join(loose ? `\n${quote.trimEnd()}\n` : '\n')}\n`,
      dressing,
    );
    expectOneMore(before, keys);
  });
});

function expectOneMore(before: string, keys: string[]): void {
  const known = { byName: false, isOfDatabase: () => true };
  const blocksOf = (text: string) => variableBlocks(parseMarkdown(text)!, text, known);
  expect(
    blocksOf(before).map(({ variables }) => variables),
    before,
  ).toEqual([keys]);
  expect(mayListVariables(before), before).toBe(true);
  const manner = { byName: false, sole: true, kinds: ['table', 'list', 'fence'] as const };
  const after = holdLaws(before, (text) => declareInMarkdown(text, declaration('DATABASE_URL'), manner));
  expect(after, before).not.toBeNull();
  const [block] = blocksOf(after!);
  expect(block!.variables.filter((key) => key !== 'DATABASE_URL')).toEqual(keys);
  expect(block!.variables).toHaveLength(keys.length + 1);
}

test('lists in turbo.json', { timeout: 120_000 }, () => {
  check(fc.tuple(names(0), form, dressed), ([keys, how, dressing]) => {
    const entries = keys.map((key) => JSON.stringify(key));
    const comma = how.trailing && entries.length > 0 ? ',' : '';
    const list = how.many
      ? `[\n${entries.map((entry) => `${how.indent}${entry}`).join(',\n')}${comma}\n]`
      : `[${entries.join(', ')}${comma}]`;
    const before = dress(`{\n  // comment, [here]\n  "tasks": { "build": { "env": ${list} } }\n}\n`, dressing);
    const path = ['tasks', 'build', 'env'];
    const after = holdLaws(before, (text) => addToList(text, path, declaration('DATABASE_URL')));
    expect(after, before).not.toBeNull();
  });
});
