import { insertIntoDotenv } from '../edit/dotenv-insert.ts';
import { isMember } from '../env/family.ts';
import type { Choice, EnvDoc, Facts, Shelved, Variable, Write } from '../types.ts';

/** The edits to the env docs, and what a person has to know about those that were not made. */
export interface DocPlan {
  writes: Write[];
  notes: string[];
}

/**
 * Writes each new variable into the env docs that the project keeps. A variable the project's own code reads is left as it is, and so are
 * those of a db entry that its owner edited.
 */
export function planDocs(facts: Facts, choice: Choice, { blueprint }: Shelved): DocPlan {
  if (choice.entry.value === 'keep') return { writes: [], notes: [] };
  const fresh = blueprint.variables.filter(
    ({ name }) => !facts.source?.uses.some((use) => use.name === nameOf(choice, name)),
  );
  if (fresh.length === 0) return { writes: [], notes: [] };
  const notes = facts.envDocs
    .filter(({ skipped }) => skipped)
    .map((doc) => `\`${doc.path}\` was left alone: ${doc.skipped}`);
  const writes: Write[] = [];
  const family = (name: string) => isMember(blueprint.family, name);
  for (const doc of docsToEdit(facts, family)) {
    const before = facts.files[doc.path]!;
    const after = insertAll(before, fresh, choice, (name) => ({
      isMember: family,
      titles:
        blueprint.family === 'sql'
          ? ['Database', blueprint.title, blueprint.name]
          : [blueprint.title, blueprint.name, 'Database'],
      derivedFrom: name.startsWith('FLUE_') ? name.slice('FLUE_'.length) : null,
    }));
    if ('refused' in after) notes.push(`\`${doc.path}\` was left alone: ${after.refused}`);
    else if (after.text !== before)
      writes.push({ kind: 'write', path: doc.path, before, after: after.text, because: doc.because });
  }
  return { writes, notes };
}

function nameOf(choice: Choice, canonical: string): string {
  return choice.names[canonical]!.value;
}

type Context = { isMember: (name: string) => boolean; titles: string[]; derivedFrom: string | null };

function insertAll(text: string, variables: readonly Variable[], choice: Choice, contextOf: (name: string) => Context) {
  let edited: { text: string } | { refused: string } = { text };
  for (const { name: canonical, purpose } of variables) {
    if ('refused' in edited) break;
    const name = nameOf(choice, canonical);
    edited = insertIntoDotenv(edited.text, { name, comment: `${purpose}, for Flue`, ...contextOf(name) });
  }
  return edited;
}

/** Every template that already declares the family; else the main one and those with the same keys. */
function docsToEdit(facts: Facts, family: (name: string) => boolean): EnvDoc[] {
  const docs = facts.envDocs.filter(({ skipped }) => !skipped);
  const declaring = docs.filter((doc) => doc.variables.some(({ name }) => family(name)));
  if (declaring.length > 0) return declaring;
  const main = docs.find(({ path }) => /(?:^|\/)\.env\.example$/.test(path)) ?? docs[0];
  const keys = (doc: EnvDoc) => doc.variables.map(({ name }) => name).join();
  return main ? docs.filter((doc) => doc === main || keys(doc) === keys(main)) : [];
}
