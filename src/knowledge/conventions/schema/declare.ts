import type { Module } from '../../../code/module.ts';
import { parseModule } from '../../../code/parse.ts';
import { indentBefore, insertEntry, placeAmong } from '../../../edit/insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../../../edit/splice.ts';
import { isPublic } from '../../../edit/variable-names.ts';
import type { EnvDoc } from '../../../types/env-docs.ts';
import type { DocDeclaration, Edit } from '../convention.ts';
import type { SchemaDefinition } from './definition.ts';
import { type EntryPlace, importInsertions, linesOf, type SchemaEntry } from './entry.ts';
import { schemasIn } from './find.ts';
import { exportedList } from './lists.ts';
import { keysIn, type Slot } from './slots.ts';
import type { Validator } from './validator.ts';

/** A doc that is a module with a schema, and the libraries that its entries may be calls of. */
export interface SchemaDoc {
  definition: SchemaDefinition;
  doc: Pick<EnvDoc, 'path' | 'schema'>;
  validators: readonly Validator[];
}

/**
 * Writes a variable into a schema: into every list that has to name it, beside its family, in the form of its
 * neighbours. The same text where it is there already; a refusal where the edit cannot be made or does not prove clean.
 */
export function declareInModule(text: string, where: SchemaDoc, declaration: DocDeclaration): Edit {
  const variable = { ...declaration, required: where.doc.schema?.required ?? false };
  const module = parseModule(text);
  if (!module) return { refused: 'it does not parse' };
  const found = groupsAt(module, where, variable);
  if (found.groups.length === 0) return { refused: 'its schema is not where it was' };
  const insertions: Insertion[] = [];
  for (const group of found.groups) {
    if (keysIn(group).includes(variable.name)) continue;
    const slot = slotFor(group, variable);
    if (!slot) return { refused: 'a type says which variables it has' };
    const entry = entryIn(slot, { module, variable, emptyIsAbsent: found.emptyIsAbsent, validators: where.validators });
    if ('refused' in entry) return entry;
    insertions.push(...entry.insertions);
  }
  const after = splice(text, insertions);
  return provesKey({ before: text, after, insertions }, where, variable)
    ? { text: after }
    : { refused: 'the edit did not prove clean' };
}

/** Of lists that are joined, the one that has the family, else the last that is not for browsers. */
function slotFor(group: readonly Slot[], { isMember }: SchemaEntry): Slot | undefined {
  const open = group.filter(({ closed }) => !closed);
  return (
    open.find((one) => keysIn([one]).some(isMember)) ?? open.findLast((one) => !isPublic(keysIn([one]))) ?? open.at(-1)
  );
}

/** The schema of that convention that has the family, else the first; or the list that is exported. */
function groupsAt(
  module: Module,
  { definition, doc: { schema } }: SchemaDoc,
  { isMember }: Pick<SchemaEntry, 'isMember'>,
): { groups: Slot[][]; emptyIsAbsent: boolean } {
  if (schema?.exported) {
    const group = exportedList(module, schema.exported);
    return { groups: group ? [group] : [], emptyIsAbsent: false };
  }
  const schemas = schemasIn(module, definition).filter(
    (one) => !one.leftAlone && (!schema || one.reachable === schema.reachable),
  );
  const found = schemas.find(({ groups }) => keysIn(groups[0] ?? []).some(isMember)) ?? schemas[0];
  return { groups: found?.groups ?? [], emptyIsAbsent: found?.emptyIsAbsent ?? false };
}

function entryIn(
  { list, write, unknown }: Slot,
  declared: Omit<EntryPlace, 'list' | 'neighbour' | 'quote'>,
): { insertions: Insertion[] } | Refusal {
  const { module, variable } = declared;
  const keys = list.entries.map(({ key }) => key);
  const last = placeAmong(keys, variable);
  const after = unknown === null ? last : Math.min(last, unknown - 1);
  const beside = list.entries[after] ?? list.entries[0];
  const text = beside ? module.text.slice(beside.start, beside.end) : '';
  const neighbour = { key: beside?.key ?? '', text };
  const quote = /["'`]/.exec(text)?.[0] ?? "'";
  const place: EntryPlace = { ...declared, list, neighbour, quote };
  const entry = write(place);
  if ('refused' in entry) return entry;
  const imports = importInsertions(module, entry.imports ?? { names: [], from: /(?!)/ });
  if (!imports) return { refused: `\`${entry.imports!.names.join('`, `')}\` would have to be imported` };
  const indent = beside ? (indentBefore(module.text, beside.start) ?? '') : '';
  return { insertions: [...insertEntry(module.text, list, after, linesOf(entry, place, indent)), ...imports] };
}

/** The proof of an edit: only the insertions differ, and every group of lists is the old one and the new entry. */
function provesKey(
  { before, after, insertions }: { before: string; after: string; insertions: readonly Insertion[] },
  where: SchemaDoc,
  variable: Pick<SchemaEntry, 'name' | 'isMember'>,
): boolean {
  if (!onlyInserts(before, after, insertions)) return false;
  const [old, now] = [parseModule(before), parseModule(after)];
  if (!old || !now) return false;
  const written = (module: Module) =>
    groupsAt(module, where, variable).groups.map((group) =>
      group.flatMap(({ list }) => list.entries.map(({ key, start, end }) => [key, module.text.slice(start, end)])),
    );
  const others = (groups: string[][][]) =>
    JSON.stringify(groups.map((group) => group.filter(([key]) => key !== variable.name)));
  const groups = groupsAt(now, where, variable).groups;
  const once = groups.every((group) => keysIn(group).filter((key) => key === variable.name).length === 1);
  return groups.length > 0 && once && others(written(now)) === others(written(old));
}
