import { diffChars } from 'diff';
import { describe, expect, test } from 'vitest';
import { declareInModule, readSchemas } from '../../../src/knowledge/conventions/modules.ts';
import { isMember } from '../../../src/knowledge/engines/family.ts';

const zod = "import { z } from 'zod';\n";

/** What is put into the module, span by span; why not; or what is said of it where it holds no schema to edit. */
function put(text: string, { path = 'env.ts', name = 'DATABASE_URL', required = false } = {}): string[] {
  const schemas = readSchemas(text, path);
  if (schemas.length === 0) return ['no schema'];
  const open = schemas.find(({ skipped }) => !skipped);
  if (!open) return [`left alone: ${schemas[0]!.skipped}`];
  if (open.elsewhere && open.groups.length === 0)
    return [`elsewhere: ${open.elsewhere.name} of ${open.elsewhere.from}`];
  const where = { path, convention: open.convention, exported: null };
  const variable = {
    name,
    derivedFrom: null,
    isMember: (other: string) => isMember('sql', other),
    required,
    url: !name.endsWith('TOKEN'),
  };
  const edited = declareInModule(text, where, [variable]);
  if ('refused' in edited) return [`refused: ${edited.refused}`];
  const spans = diffChars(text, edited.text).flatMap(({ added, value }) =>
    added ? [value.trim().replace(/^,\s*/, '')] : [],
  );
  return spans.filter(Boolean);
}

/** The line above what was put in. */
function below(text: string): string {
  const schema = readSchemas(text, 'env.ts').find(({ skipped }) => !skipped)!;
  const variable = {
    name: 'DATABASE_URL',
    derivedFrom: null,
    isMember: (other: string) => isMember('sql', other),
    required: false,
    url: true,
  };
  const edited = declareInModule(text, { path: 'env.ts', convention: schema.convention, exported: null }, [variable]);
  if ('refused' in edited) return edited.refused;
  const lines = edited.text.split('\n');
  return lines[lines.findIndex((line) => line.trim().startsWith('DATABASE_URL:')) - 1]!.trim();
}

const optional = 'DATABASE_URL: z.string().optional(),';

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
      ['elsewhere: schema of ./schema'],
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
  ])('%s', (_what, text, spans) => {
    expect(put(text)).toEqual(spans);
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
  ])('%s', (_what, text, above) => {
    expect(below(text)).toBe(above);
  });

  test('what is there by a spread or an extension is there', () => {
    expect(
      put(
        `${zod}const database = { DATABASE_URL: z.string() };\nz.object({ ...database, A: z.string() }).parse(process.env);\n`,
      ),
    ).toEqual([]);
    expect(put(`${zod}z.object({ A: z.string() }).extend({ DATABASE_URL: z.string() }).parse(process.env);\n`)).toEqual(
      [],
    );
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
  ])('%s', (_what, text, how, span) => {
    expect(put(text, how)).toEqual([span]);
  });

  test('what has to be imported is imported', () => {
    expect(
      put("import { object, parse, string } from 'valibot';\nparse(object({ A: string() }), process.env);\n"),
    ).toEqual(['optional', 'DATABASE_URL: optional(string())']);
    const astro =
      "import { defineConfig } from 'astro/config';\nimport { A } from './fields.mjs';\nexport default defineConfig({ env: { schema: { A } } });\n";
    const spans = put(astro, { path: 'astro.config.mjs' }).join(' ');
    expect(spans).toContain(
      "envField DATABASE_URL: envField.string({ context: 'server', access: 'secret', optional: true",
    );
  });

  test('a class has its decorators, and only beside its family', () => {
    const of = (field: string) =>
      `import { IsString, validateSync } from 'class-validator';\nclass Env {\n  @IsString()\n  ${field}: string;\n}\nexport const check = (config: object) => validateSync(plainToInstance(Env, config));\n`;
    expect(put(of('DB_HOST'))).toEqual(['IsOptional', '@IsOptional()\n  @IsString()\n  DATABASE_URL?: string;']);
    expect(put(of('PORT'))).toEqual([]);
  });
});

test('the values are read through an export only where it holds them', () => {
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
  expect(readers.map(([text]) => readSchemas(text, 'env.ts')[0]!.reader)).toEqual(readers.map(([, reader]) => reader));
});
