import { isBeside } from '../edit/variable-names.ts';
import { type DocDeclaration, declareIn } from '../knowledge/conventions/index.ts';
import { isMember } from '../knowledge/engines/family.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint, Shelved, Variable } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { EnvDoc, Facts } from '../types/facts.ts';
import type { Write } from '../types/plan.ts';

/** The edits to the env docs, what a person has to know about those that were not made, and how `db.ts` reads its variables. */
export interface DocPlan {
  writes: Write[];
  notes: string[];
  /** As `Facts.env`; `process.env` where the module of that has not all of the variables. */
  reading: string;
}

/**
 * Writes each new variable into the env docs that the project keeps. A variable the project's own code reads is left as it is, and so are
 * those of a db entry that its owner edited.
 */
export async function planDocs(facts: Facts, choice: Choice, { blueprint }: Shelved): Promise<DocPlan> {
  const names = blueprint.variables.map(({ name }) => nameOf(choice, name));
  const reading = (edited: EnvDoc[]) => (readsAll(facts, names, edited) ? facts.env.value : 'process.env');
  const fresh = blueprint.variables.filter(({ name }) => !inUse(facts, nameOf(choice, name)));
  if (choice.entry.value === 'keep' || fresh.length === 0) return { writes: [], notes: [], reading: reading([]) };
  const notes: string[] = [];
  const texts = textsOf(facts);
  const before = { ...texts };
  const edited: EnvDoc[] = [];
  for (const doc of docsToEdit(facts, (name) => isMember(blueprint.family, name))) {
    const after = await insertAll(texts[doc.path]!, doc, fresh, choice, blueprint, facts);
    if ('refused' in after) notes.push(`\`${doc.path}\` was left alone: ${after.refused}`);
    else if (after.text !== texts[doc.path]) {
      texts[doc.path] = after.text;
      edited.push(doc);
    }
  }
  const paths = [...new Set(edited.map(({ path }) => path))];
  const untouched = facts.envDocs.filter(({ path }) => !paths.includes(path));
  const once = untouched.filter(
    (doc, i) => doc.skipped && untouched.findIndex((one) => one.path === doc.path && one.skipped) === i,
  );
  notes.unshift(...once.flatMap((doc) => noteOn(doc, fresh, choice)));
  const writes = paths.map((path): Write => {
    const because = edited.find((doc) => doc.path === path)!.because;
    return { kind: 'write', path, before: before[path]!, after: texts[path]!, because };
  });
  for (const doc of edited.filter(({ variables }) => variables.some(({ scheme }) => scheme === 'op')))
    notes.push(`the values in \`${doc.path}\` are references to a vault: point the new one at yours`);
  const started = edited.some(({ kind }) => kind === 'env-schema');
  if (started) notes.push('start the server through varlock, which fills in the variables: `varlock run -- <command>`');
  const read = reading(edited);
  if (read !== 'process.env')
    notes.push(
      `\`db.ts\` reads what \`${facts.env.module}\` has checked, so the server needs every variable that one requires`,
    );
  return { writes, notes, reading: read };
}

/** The texts of the docs that may be edited, by path: two docs may stand in one file. */
export function textsOf({ envDocs }: Facts): Record<string, string> {
  return Object.fromEntries(envDocs.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text]])));
}

function nameOf(choice: Choice, canonical: string): string {
  return choice.names[canonical]!.value;
}

/** The project's own code reads it, beyond merely listing it in a schema. */
export function inUse({ source, envDocs }: Facts, name: string): boolean {
  const schemas = envDocs.filter(({ schema }) => schema).map(({ path }) => path);
  return source?.uses.some((use) => use.name === name && !schemas.includes(use.path)) ?? false;
}

/** Whether the module that `db.ts` would read from has every variable, once the plan is done. */
function readsAll(facts: Facts, names: readonly string[], edited: readonly EnvDoc[]): boolean {
  const module = moduleOf(facts);
  if (!module) return false;
  return edited.includes(module) || names.every((name) => module.variables.some((variable) => variable.name === name));
}

function moduleOf({ env, envDocs }: Facts): EnvDoc | undefined {
  return envDocs.find(({ path, schema }) => path === env.module && schema && !schema.exported);
}

/** Docs that say nothing of how the variables are set: beside them, another is still the only one. */
const aside = ['turbo', 'nestjs-joi', 'class-validator'];

/** Why a doc is left as it is, for people; nothing where that goes without saying. */
function noteOn({ path, kind, skipped }: EnvDoc, fresh: readonly Variable[], choice: Choice): string[] {
  if (!skipped || kind === 'agents' || /^it (?:feeds a deployment|is Cloudflare's)/.test(skipped)) return [];
  const names = fresh.map(({ name }) => nameOf(choice, name));
  const said = skipped.replaceAll('<NAME>', names[0]!);
  return [path === 'package.json' ? `the scripts in \`${path}\`: ${said}` : `\`${path}\` was left alone: ${said}`];
}

type Edit = { text: string } | { refused: string };

async function insertAll(
  text: string,
  doc: EnvDoc,
  variables: readonly Variable[],
  choice: Choice,
  blueprint: Blueprint,
  facts: Facts,
): Promise<Edit> {
  let edited: Edit = { text };
  for (const declaration of declarationsFor(facts, doc, variables, (name) => nameOf(choice, name), blueprint)) {
    if ('refused' in edited) break;
    edited = await declareIn(edited.text, doc, declaration);
  }
  return edited;
}

/** What is written into a doc for each variable, by the name that the project gives it. */
export function declarationsFor(
  facts: Facts,
  doc: EnvDoc,
  variables: readonly Variable[],
  named: (canonical: string) => string,
  blueprint: Blueprint,
): DocDeclaration[] {
  const { title, prefix } = hostOf(facts);
  const sole = facts.envDocs.every((other) => other === doc || other.skipped || aside.includes(other.kind));
  return variables.map(({ name: canonical, purpose }, index) => {
    const name = named(canonical);
    // What goes with a connection stands beside it.
    const beside = index > 0 ? named(variables[0]!.name) : null;
    return {
      name,
      comment: `${purpose.split(', such as')[0]}, for ${title}`,
      derivedFrom: beside ?? (name.startsWith(prefix) ? name.slice(prefix.length) : null),
      url: canonical.endsWith('URL') && blueprint.family !== 'mongo',
      isMember: (other) => isMember(blueprint.family, other),
      titles:
        blueprint.family === 'sql'
          ? ['Database', blueprint.title, blueprint.name]
          : [blueprint.title, blueprint.name, 'Database'],
      sole,
    };
  });
}

/** Of the templates, and of the modules that check the environment, those that have the family, else the main ones; every other kind of doc. */
function docsToEdit(facts: Facts, family: (name: string) => boolean): EnvDoc[] {
  const open = facts.envDocs.filter(({ skipped }) => !skipped);
  const templates = open.filter(({ kind }) => kind === 'dotenv' || kind === 'env-schema');
  const types = open.filter(({ kind }) => kind === 'ProcessEnv');
  const modules = open.filter(
    ({ kind, schema }) => schema && kind !== 'ProcessEnv' && kind !== 'astro' && !aside.includes(kind),
  );
  const others = open.filter((doc) => ![...templates, ...types, ...modules].includes(doc));
  return [
    ...templatesToEdit(templates, family),
    ...others,
    ...modulesToEdit(modules, family),
    ...modulesToEdit(types, family).slice(0, 1),
  ];
}

function declares({ variables }: EnvDoc, family: (name: string) => boolean): boolean {
  return variables.some(({ name }) => family(name) && !isBeside(name));
}

function templatesToEdit(docs: readonly EnvDoc[], family: (name: string) => boolean): EnvDoc[] {
  const declaring = docs.filter((doc) => declares(doc, family));
  if (declaring.length > 0) return declaring;
  const main =
    docs.find(({ path }) => /(?:^|\/)\.env\.example$/.test(path)) ??
    docs.find(({ kind }) => kind === 'env-schema') ??
    docs.find(({ path }) => !/test/.test(path)) ??
    docs[0];
  const keys = (doc: EnvDoc) => doc.variables.map(({ name }) => name).join();
  return main ? docs.filter((doc) => doc === main || keys(doc) === keys(main)) : [];
}

/** The main module is the one nearest to the top, one that is named for the environment first; with it goes what its checks are imported from. */
function modulesToEdit(docs: readonly EnvDoc[], family: (name: string) => boolean): EnvDoc[] {
  const declaring = docs.filter((doc) => declares(doc, family));
  if (declaring.length > 0) return declaring;
  const depth = ({ path }: EnvDoc) => path.split('/').length - (/(?:^|[/.-])env[\w.-]*$|\/env\//.test(path) ? 10 : 0);
  const [main] = docs.toSorted((one, other) => depth(one) - depth(other));
  const folder = main?.path.slice(0, main.path.lastIndexOf('/') + 1);
  return docs.filter(
    (doc) =>
      doc === main ||
      (doc.path.startsWith(folder!) && Boolean(doc.schema?.exported) !== Boolean(main!.schema?.exported)),
  );
}
