import { diffChars } from 'diff';
import { describe, expect, test } from 'vitest';
import { declareIn } from '../../../src/knowledge/conventions/index.ts';
import { isMember } from '../../../src/knowledge/engines/family.ts';
import { docsToEdit } from '../../../src/plan/docs-to-edit.ts';
import { declarationOf } from '../../declaration.ts';
import { docsOf } from './docs-of.ts';

const zod = "import { z } from 'zod';\n";

/** What is put into the module, span by span; why not; or what is said of it where it holds no schema to edit. */
async function put(
  text: string,
  { path = 'src/env.ts', name = 'DATABASE_URL', required = false } = {},
): Promise<string[]> {
  const docs = await docsOf({ [path]: text });
  if (docs.length === 0) return ['no schema'];
  const doc = docs.find(({ leftAlone }) => !leftAlone);
  if (!doc) return [`left alone: ${docs[0]!.leftAlone!.message}`];
  if (required) doc.schema!.required = true;
  const edited = await declareIn(text, doc, declarationOf(name));
  if ('refused' in edited) return [`refused: ${edited.refused}`];
  const spans = diffChars(text, edited.text).flatMap(({ added, value }) =>
    added ? [value.trim().replace(/^,\s*/, '')] : [],
  );
  return spans.filter(Boolean);
}

/** The line above what was put in. */
async function below(text: string): Promise<string> {
  const doc = (await docsOf({ 'src/env.ts': text })).find(({ leftAlone }) => !leftAlone)!;
  const edited = await declareIn(text, doc, declarationOf('DATABASE_URL'));
  if ('refused' in edited) return edited.refused;
  const lines = edited.text.split('\n');
  return lines[lines.findIndex((line) => line.trim().startsWith('DATABASE_URL:')) - 1]!.trim();
}

const optional = 'DATABASE_URL: z.string().optional(),';

test.each([
  ['env.config.ts', 1],
  ['vite.config.ts', 0],
  ['drizzle.config.ts', 0],
  ['prisma.config.mjs', 0],
])('what %s checks are %d docs: a config of a tool checks what that needs', async (file, docs) => {
  const text = `${zod}export const env = z.object({\n  PORT: z.string(),\n}).parse(process.env);\n`;
  expect(await docsOf({ [file]: text })).toHaveLength(docs);
});

describe('where a schema is found', () => {
  test.each([
    [
      'safeParse of a constant',
      `${zod}const schema = z.object({\n  PORT: z.string(),\n});\nconst parsed = schema.safeParse(process.env);\n`,
      [optional],
    ],
    [
      'in a function',
      `${zod}export const load = () => {\n  const schema = z.object({\n    PORT: z.string(),\n  });\n  return schema.parse(process.env);\n};\n`,
      [optional],
    ],
    [
      'CommonJS',
      "const { z } = require('zod');\nmodule.exports = z.object({\n  PORT: z.string(),\n}).parse(process.env);\n",
      [optional],
    ],
    [
      'named imports',
      "import { object, string } from 'zod';\nobject({\n  PORT: string(),\n}).parse(process.env);\n",
      ['DATABASE_URL: string().optional(),'],
    ],
    [
      'zod/mini',
      "import * as z from 'zod/mini';\nz.parse(z.object({\n  PORT: z.string(),\n}), process.env);\n",
      ['DATABASE_URL: z.optional(z.string()),'],
    ],
    [
      'preprocess',
      `${zod}z.preprocess(trim, z.object({\n  PORT: z.string(),\n})).parse(process.env);\n`,
      ['left alone: its variables are computed, not written out'],
    ],
    [
      'an object that names each variable',
      `${zod}z.object({\n  PORT: z.string(),\n}).parse({\n  PORT: process.env.PORT,\n});\n`,
      [optional, 'DATABASE_URL: process.env.DATABASE_URL,'],
    ],
    [
      'from another module',
      "import { schema } from './schema';\nschema.safeParse(process.env);\n",
      ['left alone: its validators come from `./schema`, where they are not written out'],
    ],
    [
      'a shadowed name',
      `${zod}const env = process.env;\nexport const parse = (env: unknown) => z.object({ A: z.string() }).parse(env);\n`,
      ['no schema'],
    ],
    [
      'a request',
      `${zod}export const body = z.object({ A: z.string() });\nexport const read = (request: unknown) => body.parse(request);\n`,
      ['no schema'],
    ],
    ['something of that method', 'var App = App; App.parse(process.env);\n', ['no schema']],
    [
      'for browsers',
      `${zod}z.object({ VITE_API: z.string() }).parse(process.env);\n`,
      ['left alone: it holds what a browser may see'],
    ],
    [
      'computed',
      `${zod}z.object(shape()).parse(process.env);\n`,
      ['left alone: its variables are computed, not written out'],
    ],
    [
      'picked',
      `${zod}z.object({ PORT: z.string(), A: z.string() }).pick({ PORT: true }).parse(process.env);\n`,
      ['left alone: its variables are computed, not written out'],
    ],
    [
      'made required as a whole',
      `${zod}z.object({ PORT: z.string() }).required().parse(process.env);\n`,
      ['left alone: its variables are computed, not written out'],
    ],
    [
      "a bundler's values",
      "import { createEnv } from '@t3-oss/env-core';\ncreateEnv({ server: {}, runtimeEnv: import.meta.env });\n",
      ['left alone: it reads what a bundler puts in (`import.meta.env`), which no server variable reaches'],
    ],
    [
      'Joi, which is given the schema',
      "import Joi from 'joi';\nexport const env = Joi.attempt(process.env, Joi.object().keys({\n  PORT: Joi.number()\n}).unknown(true));\n",
      ["DATABASE_URL: Joi.string().allow('')"],
    ],
    [
      'Joi, with keys that go together',
      "import Joi from 'joi';\nJoi.object({\n  PORT: Joi.number(),\n}).and('A', 'B').validate(process.env);\n",
      ["DATABASE_URL: Joi.string().allow(''),"],
    ],
    [
      'generated',
      `// Generated by a tool\n${zod}z.object({ PORT: z.string() }).parse(process.env);\n`,
      ['left alone: it is generated'],
    ],
    [
      'told not to edit values',
      `// Do not edit the values here\n${zod}z.object({ PORT: z.string() }).parse(process.env);\n`,
      ['DATABASE_URL: z.string().optional()'],
    ],
  ])('%s', async (_what, text, spans) => {
    expect(await put(text)).toEqual(spans);
  });
});

describe('which of its lists', () => {
  const base = `${zod}const client = z.object({\n  NEXT_PUBLIC_A: z.string(),\n});\nconst server = z.object({\n  DB_HOST: z.string(),\n});\nconst other = z.object({\n  PORT: z.string(),\n});\n`;
  test.each([
    [
      'joined: the one that has the family',
      `${base}other.merge(server).merge(client).parse(process.env);\n`,
      'DB_HOST: z.string(),',
    ],
    [
      'extended: the last that is not for browsers',
      `${base}other.merge(client).parse(process.env);\n`,
      'PORT: z.string(),',
    ],
    [
      'two schemas: the one that has the family',
      `${base}client.parse(process.env);\nother.parse(process.env);\nserver.parse(process.env);\n`,
      'DB_HOST: z.string(),',
    ],
    [
      'before a spread that cannot be followed',
      `${zod}import { more } from './more';\nz.object({\n  PORT: z.string(),\n  ...more,\n  A: z.string(),\n}).parse(process.env);\n`,
      'PORT: z.string(),',
    ],
  ])('%s', async (_what, text, above) => {
    expect(await below(text)).toBe(above);
  });

  test('what is there by a spread or an extension is there', async () => {
    expect(
      await put(
        `${zod}const database = { DATABASE_URL: z.string() };\nz.object({ ...database, A: z.string() }).parse(process.env);\n`,
      ),
    ).toEqual([]);
    expect(
      await put(`${zod}z.object({ A: z.string() }).extend({ DATABASE_URL: z.string() }).parse(process.env);\n`),
    ).toEqual([]);
  });
});

describe('how it is written', () => {
  const t3 = (sibling: string, empty: string) =>
    `import { createEnv } from '@t3-oss/env-core';\n${zod}export const env = createEnv({\n  server: {\n    POSTGRES_URL: ${sibling},\n  },\n  runtimeEnv: process.env,${empty}\n});\n`;
  const empty = '\n  emptyStringAsUndefined: true,';
  test.each([
    [
      "the sibling's form where empty is absent",
      t3('z.string().url()', empty),
      {},
      'DATABASE_URL: z.string().url().optional(),',
    ],
    [
      'no check of a URL on a token',
      t3('z.string().url()', empty),
      { name: 'DATABASE_AUTH_TOKEN' },
      'DATABASE_AUTH_TOKEN: z.string().min(1).optional(),',
    ],
    [
      'a sibling that is more than a string',
      t3("z.string().url().refine((s) => s, 'x')", empty),
      {},
      'DATABASE_URL: z.string().min(1).optional(),',
    ],
    ['the empty string passes', t3('z.string().url()', ''), {}, optional],
    ['required', t3('z.string().url()', ''), { required: true }, 'DATABASE_URL: z.string().url(),'],
  ])('%s', async (_what, text, how, span) => {
    expect(await put(text, how)).toEqual([span]);
  });

  test('what has to be imported is imported', async () => {
    expect(
      await put("import { object, parse, string } from 'valibot';\nparse(object({ A: string() }), process.env);\n"),
    ).toEqual(['optional', 'DATABASE_URL: optional(string())']);
    const astro =
      "import { defineConfig } from 'astro/config';\nimport { A } from './fields.mjs';\nexport default defineConfig({ env: { schema: { A } } });\n";
    const spans = (await put(astro, { path: 'astro.config.mjs' })).join(' ');
    expect(spans).toContain(
      "envField DATABASE_URL: envField.string({ context: 'server', access: 'secret', optional: true",
    );
  });

  test('a class has its decorators, and only beside its family', async () => {
    const of = (field: string) =>
      `import { IsString, validateSync } from 'class-validator';\nclass Env {\n  @IsString()\n  ${field}: string;\n}\nexport const check = (config: object) => validateSync(plainToInstance(Env, config));\n`;
    expect(await put(of('DB_HOST'))).toEqual(['IsOptional', '@IsOptional()\n  @IsString()\n  DATABASE_URL?: string;']);
    const docs = await docsOf({ 'src/env.ts': of('PORT') });
    expect(docs).toMatchObject([{ kind: 'class-validator', leftAlone: null, schema: { reachable: false } }]);
    expect(docsToEdit(docs, (name) => isMember('sql', name))).toEqual([]);
  });
});

test('the values are read through an export only where it holds them', async () => {
  const readers: [string, string | null][] = [
    [`${zod}export const env = z.object({ A: z.string() }).strict().parse(process.env);\n`, 'env'],
    [`${zod}const checked = z.object({ A: z.string() }).parse(process.env);\nexport { checked as env };\n`, 'env'],
    [`${zod}export const parsed = z.object({ A: z.string() }).safeParse(process.env);\n`, null],
    [
      `${zod}export const config = z.object({ A: z.string() }).transform((e) => ({ a: e.A })).parse(process.env);\n`,
      null,
    ],
    [
      "import { createEnv } from '@t3-oss/env-core';\nexport const env = createEnv({ server: {}, runtimeEnv: process.env, createFinalSchema: (s) => s });\n",
      null,
    ],
    ["import { type } from 'arktype';\nexport const result = type({ A: 'string' })(process.env);\n", null],
    ["import { type } from 'arktype';\nexport const env = type({ A: 'string' }).assert(process.env);\n", 'env'],
    ["import Joi from 'joi';\nexport const checked = Joi.object({ A: Joi.string() }).validate(process.env);\n", null],
  ];
  const taken = "import { checked, config, env, parsed, result } from '../env.ts';\n";
  for (const [text, reader] of readers) {
    const [doc] = await docsOf({ 'src/env.ts': text, 'src/agents/a.ts': taken });
    expect(doc!.schema!.reader?.value ?? null, text).toBe(reader && `./env.ts#${reader}`);
  }
});
