import { type DocDeclaration, declareIn, documents } from '../knowledge/conventions/index.ts';
import { familyNamed, isMember, isVariable } from '../knowledge/engines/family.ts';
import { engineNamed } from '../knowledge/engines/index.ts';
import { hostOf } from '../knowledge/hosts/index.ts';
import type { Blueprint, Shelved, Variable } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { EnvDoc } from '../types/env-docs.ts';
import type { Facts } from '../types/facts.ts';
import type { Write } from '../types/plan.ts';
import { notesOn } from './doc-notes.ts';
import { docsToEdit } from './docs-to-edit.ts';

/**
 * The edits to the env docs, what a person has to know about those that were not made, and how `db.ts` reads its
 * variables.
 */
interface DocPlan {
  writes: Write[];
  notes: string[];
  /** As `Facts.env`; `process.env` where the module of that has not all of the variables. */
  reading: string;
}

/**
 * Writes each new variable into the env docs that the project keeps. A variable the project's own code reads is left as
 * it is, and so are those of a db entry that its owner edited.
 */
export async function planDocs(facts: Facts, choice: Choice, { blueprint }: Shelved): Promise<DocPlan> {
  const nameOf = (canonical: string) => choice.names[canonical]!.value;
  const names = blueprint.variables.map(({ name }) => nameOf(name));
  const fresh = blueprint.variables.filter(({ name }) => !inUse(facts, nameOf(name)));
  if (choice.entry.value === 'keep' || fresh.length === 0)
    return { writes: [], notes: [], reading: readingOf(facts, names, []) };
  const refused: string[] = [];
  // Two docs may stand in one file.
  const texts = new Map<string, string>();
  const edited: EnvDoc[] = [];
  for (const doc of docsToEdit(facts.envDocs, (name) => isMember(blueprint.family, name))) {
    const text = texts.get(doc.path) ?? doc.text ?? '';
    const { variables } = blueprint;
    const isFresh = ({ name }: DocDeclaration) => fresh.some((one) => nameOf(one.name) === name);
    const declarations = declarationsFor(doc, { facts, blueprint, variables, nameOf }).filter(isFresh);
    const after = await insertAll(text, doc, declarations);
    if ('refused' in after) refused.push(`\`${doc.path}\` was left alone: ${after.refused}`);
    else if (after.text !== text) {
      texts.set(doc.path, after.text);
      edited.push(doc);
    }
  }
  const writes = [...texts].map(([path, after]): Write => {
    const { text, because } = edited.find((doc) => doc.path === path)!;
    return { kind: 'write', path, before: text ?? '', after, because };
  });
  const reading = readingOf(facts, names, edited);
  const notes = notesOn(facts, edited, nameOf(fresh[0]!.name));
  return { writes, notes: [...notes.untouched, ...refused, ...notes.edited, ...aboutReading(facts, reading)], reading };
}

/** The texts of the docs that may be edited, by path: two docs may stand in one file. */
export function docTexts({ envDocs }: Facts): Record<string, string> {
  return Object.fromEntries(envDocs.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])));
}

/** The project's own code reads it, beyond merely listing it in a schema. */
export function inUse({ source, envDocs }: Facts, name: string): boolean {
  const schemas = envDocs.filter(({ schema }) => schema).map(({ path }) => path);
  return source?.uses.some((use) => use.name === name && !schemas.includes(use.path)) ?? false;
}

/** How `db.ts` reads: through the project's own module where that has every variable once the plan is done. */
function readingOf({ env, envDocs }: Facts, names: readonly string[], edited: readonly EnvDoc[]): string {
  const module = envDocs.find(({ path, schema }) => path === env.module && schema && !schema.exported);
  const has = (name: string) => module?.variables.some((variable) => variable.name === name);
  return module && (edited.includes(module) || names.every(has)) ? env.value : 'process.env';
}

function aboutReading(facts: Facts, reading: string): string[] {
  if (reading === 'process.env') return [];
  return [
    `\`${hostOf(facts).entryFile}\` reads what \`${facts.env.module}\` has checked, ` +
      'so the server needs every variable that one requires',
  ];
}

type Edit = { text: string } | { refused: string };

async function insertAll(text: string, doc: EnvDoc, declarations: readonly DocDeclaration[]): Promise<Edit> {
  let edited: Edit = { text };
  for (const declaration of declarations) {
    if ('refused' in edited) break;
    edited = await declareIn(edited.text, doc, declaration);
  }
  return edited;
}

/** Variables of a blueprint that env docs declare, and the names that the project gives them. */
export interface Declaring {
  facts: Facts;
  blueprint: Blueprint;
  variables: readonly Variable[];
  nameOf(canonical: string): string;
}

/** What is written into a doc for each variable, by the name that the project gives it. */
export function declarationsFor(doc: EnvDoc, { facts, blueprint, variables, nameOf }: Declaring): DocDeclaration[] {
  const { title, prefix } = hostOf(facts);
  const sole = facts.envDocs.every((other) => other === doc || other.leftAlone || !documents(other));
  const { style } = facts.formatter.value;
  const { isSql } = familyNamed(blueprint.family);
  return variables.map(({ name: canonical, purpose }, index) => {
    const name = nameOf(canonical);
    // What goes with a connection stands beside it.
    const beside = index > 0 ? nameOf(variables[0]!.name) : null;
    return {
      name,
      comment: `${purpose.split(', such as')[0]}, for ${title}`,
      derivedFrom: beside ?? (name.startsWith(prefix) ? name.slice(prefix.length) : null),
      url: canonical.endsWith('URL') && !engineNamed(blueprint.engine)?.severalHosts,
      isMember: (other) => isMember(blueprint.family, other),
      isForeign: (other) => isVariable(other) && !isMember(blueprint.family, other),
      heading: isSql ? 'Database' : blueprint.title,
      titles: [blueprint.title, blueprint.name, ...blueprint.aliases],
      generic: isSql ? 'Database' : null,
      width: style ? Number(style.printWidth ?? 80) : null,
      sole,
    };
  });
}
