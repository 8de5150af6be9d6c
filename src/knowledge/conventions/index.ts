import type { Sources } from '../../code/source-code.ts';
import type { Manifest } from '../../project/manifest.ts';
import { packageOf } from '../../project/package-name.ts';
import type { Project } from '../../project/project.ts';
import type { EnvDoc } from '../../types/env-docs.ts';
import type { Found } from '../../types/facts.ts';
import { agents } from './agents.ts';
import { arkenv } from './arkenv.ts';
import { arktype } from './arktype.ts';
import { astro } from './astro.ts';
import { classValidator } from './class-validator.ts';
import { comparedTemplate } from './compared-template.ts';
import { contracts } from './contracts.ts';
import type { Convention, DocDeclaration, Edit, ProjectView } from './convention.ts';
import { dotenv } from './dotenv.ts';
import { effectSchema } from './effect-schema.ts';
import { envalid } from './envalid.ts';
import { envsafe } from './envsafe.ts';
import { joi } from './joi.ts';
import { markdown } from './markdown.ts';
import { namedReaders } from './named-readers.ts';
import { nestjsJoi } from './nestjs-joi.ts';
import { nx } from './nx.ts';
import { processEnv } from './process-env.ts';
import { secretManagers } from './secret-managers.ts';
import { sury } from './sury.ts';
import { t3Env } from './t3-env.ts';
import { templateFiles } from './template-files.ts';
import { turbo } from './turbo.ts';
import { typebox } from './typebox.ts';
import { valibot } from './valibot.ts';
import { values } from './values.ts';
import { varlock } from './varlock.ts';
import { yup } from './yup.ts';
import { znv } from './znv.ts';
import { zod } from './zod.ts';

export type { Convention, DocDeclaration } from './convention.ts';
export { isVariant } from './template-files.ts';

/**
 * Every way of writing variables down that is known. In order: a file with a meaning of its own belongs to the first
 * that knows it.
 */
export const conventions: readonly Convention[] = [
  ...contracts,
  comparedTemplate,
  dotenv,
  varlock,
  markdown,
  turbo,
  nx,
  agents,
  t3Env,
  envalid,
  envsafe,
  znv,
  arkenv,
  arktype,
  zod,
  valibot,
  yup,
  typebox,
  effectSchema,
  sury,
  joi,
  nestjsJoi,
  classValidator,
  astro,
  processEnv,
  ...secretManagers,
  ...values,
  ...namedReaders,
];

/** The convention that a doc follows. */
export function conventionOf({ kind }: Pick<EnvDoc, 'kind'>): Convention {
  const found = conventions.find(({ name }) => name === kind);
  if (!found) throw new Error(`no convention is called ${kind}`);
  return found;
}

/**
 * Writes a variable into the text of a doc, by its convention. The same text where it has it; a refusal where that
 * cannot be done.
 */
export async function declareIn(text: string, doc: EnvDoc, declaration: DocDeclaration): Promise<Edit> {
  const { declare } = conventionOf(doc);
  return declare ? declare(text, declaration, doc, conventions) : { refused: 'it is never edited' };
}

/**
 * Whether a doc tells people, or the program itself, which variables there are: a list of what a tool passes on does
 * not, nor does a schema out of reach.
 */
export function documents(doc: EnvDoc): boolean {
  return conventionOf(doc).kind !== 'list' && (doc.schema?.reachable ?? true);
}

/** Whether a package's values check the environment, or any other input, and do nothing else. */
export function isValidator(specifier: string): boolean {
  return conventions.some(({ kind, packages }) => kind === 'schema' && packages.includes(packageOf(specifier)));
}

/** What has to be known of a project to find its docs. */
export interface Whereabouts {
  project: Project;
  manifest: Manifest;
  /** The workspace root, where the package is a member of one. */
  workspace: Found<string> | null;
  /** The folder that the host works in, seen from the package: `.`, or one below it. */
  from: string;
  sourceRoot: string;
  entry: string;
  isOwnCode(path: string): boolean;
  isOfDatabase(name: string): boolean;
  isSignOfOwner(name: string): boolean;
  source(): Sources;
}

/**
 * The files in which a project writes its variables down, by every convention: those that may be edited, with their
 * texts, and those that are left alone, with the reason. Templates and documents are those of the nearest folder that
 * has them, up to the workspace root. Reads only.
 */
export async function findEnvDocs({ workspace, from, ...given }: Whereabouts): Promise<EnvDoc[]> {
  const { upward } = given.project;
  const parts = from === '.' || from.startsWith('..') ? [] : from.split('/');
  const below = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const folders = [...below, ...upward.slice(0, workspace ? upward.indexOf(workspace.value) + 1 : 1)];
  let templates: ReturnType<typeof templateFiles> | undefined;
  const view: ProjectView = {
    ...given,
    folders,
    templates: () => (templates ??= templateFiles(given.project, folders)),
    modules: new Map(),
  };
  const found: EnvDoc[] = [];
  for (const convention of conventions) found.push(...(await convention.find(view, found)));
  return onlyWhereSole(found);
}

/** A doc that takes a variable only where nothing else documents them is left alone where something does. */
function onlyWhereSole(docs: readonly EnvDoc[]): EnvDoc[] {
  const open = docs.filter((doc) => !doc.leftAlone && documents(doc));
  const first = open.find((doc) => !doc.onlyWhereSole) ?? open[0];
  return docs.map((doc) => {
    if (doc.leftAlone || !doc.onlyWhereSole || doc === first) return doc;
    return { ...doc, leftAlone: { code: 'other-docs', message: 'other docs list the variables' }, text: null };
  });
}

/**
 * How the host's entry can read variables as the project has checked them, where the host's own code does so already;
 * null where it does not.
 */
export function readerIn(docs: readonly EnvDoc[]): (Found<string> & { module: string }) | null {
  const doc = docs.find(({ schema }) => schema?.reader);
  return doc ? { ...doc.schema!.reader!, module: doc.path } : null;
}
