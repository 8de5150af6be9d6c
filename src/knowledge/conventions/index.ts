import type { Declaration } from '../../edit/dotenv/insert.ts';
import { insertIntoDotenv } from '../../edit/dotenv/insert.ts';
import type { Refusal } from '../../edit/splice.ts';
import type { EnvDoc } from '../../types/facts.ts';

/** A variable to be written down, and what its place depends on. */
export interface DocDeclaration extends Declaration {
  /** Whether nothing else in the project documents its variables. */
  sole: boolean;
  /** Whether it is a URL of one host, which a check of URLs lets pass. */
  url: boolean;
}

type Edit = { text: string } | Refusal;

/** How one kind of doc takes a new variable. Pure: text in, text out; the same text where it has it already. */
type Declare = (text: string, declaration: DocDeclaration, doc: EnvDoc) => Edit | Promise<Edit>;

/** Loaded by the projects that have such a doc. */
const inModule: Declare = async (text, declaration, { path, kind, schema }) => {
  const { declareInModule } = await import('./modules.ts');
  const where = { path, convention: kind, exported: schema?.exported ?? null };
  return declareInModule(text, where, [{ ...declaration, required: schema?.required ?? false }]);
};

/** The kinds of docs that are edited, by name. A doc of any other kind is only reported. */
const kinds: Record<string, Declare> = {
  dotenv: (text, declaration) => insertIntoDotenv(text, declaration),
  'env-schema': async (text, declaration) =>
    (await import('../../edit/dotenv/env-schema.ts')).insertIntoEnvSchema(text, declaration, declaration.url),
  markdown: async (text, declaration) =>
    (await import('../../edit/markdown/insert.ts')).declareInMarkdown(text, declaration, declaration.sole),
  agents: async (text, declaration) =>
    (await import('../../edit/markdown/insert.ts')).declareInMarkdown(text, declaration, declaration.sole, [
      'table',
      'list',
    ]),
  turbo: async (text, declaration) => (await import('./turbo.ts')).declareInTurbo(text, declaration),
  't3-env': inModule,
  zod: inModule,
  valibot: inModule,
  arktype: inModule,
  arkenv: inModule,
  znv: inModule,
  envsafe: inModule,
  envalid: inModule,
  joi: inModule,
  'nestjs-joi': inModule,
  'class-validator': inModule,
  astro: inModule,
  ProcessEnv: inModule,
};

/** Writes a variable into a doc of its kind. A kind that is not in the table is a bug. */
export async function declareIn(text: string, doc: EnvDoc, declaration: DocDeclaration): Promise<Edit> {
  const declare = kinds[doc.kind];
  if (!declare) throw new Error(`no way to write into a doc of kind ${doc.kind}`);
  return declare(text, declaration, doc);
}
