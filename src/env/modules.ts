import { type Company, insertEntry, placeAmong } from '../edit/entries.ts';
import {
  entriesOf,
  importedFrom,
  importList,
  keyOf,
  type Module,
  type Node,
  nodesIn,
  parseModule,
  propertyOf,
  resolve,
} from '../edit/module.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../edit/splice.ts';
import { exportedSchema, type Schema, type Slot, schemasIn } from './schemas.ts';
import { initializerFor } from './validators.ts';

/** A variable to be written into a schema. */
export interface SchemaEntry extends Company {
  required: boolean;
}

const generated =
  /^(?:\s*(?:\/\/|\/\*|\*|#).*\n){0,8}?\s*(?:\/\/|\/\*|\*).*(?:auto-?generated|generated (?:by|file)|do not (?:edit|modify))/i;

/** Every schema of the environment that a module holds, whichever convention it follows; empty where it does not parse. */
export function readSchemas(text: string, path: string): Schema[] {
  const module = parseModule(text);
  if (!module) return [];
  const found = /(?:^|\/)astro\.config\.\w+$/.test(path)
    ? inAstro(module)
    : [...schemasIn(module), ...inProcessEnv(module)];
  return generated.test(text) ? found.map((schema) => ({ ...schema, skipped: 'it is generated' })) : found;
}

/** The keys of the list of validators that a module exports under that name; null where there is no such list. */
export function readExportedSchema(text: string, name: string): string[] | null {
  const module = parseModule(text);
  return (module && exportedSchema(module, name)?.list.entries.map(({ key }) => key)) ?? null;
}

/** Where in a module the variables go: the schema of that convention, or the list it exports under a name. */
export interface Whereabouts {
  path: string;
  convention: string;
  exported: string | null;
}

/**
 * Writes variables into a schema: into every list that has to name them, beside their family, in the form of their neighbours. The same text where they
 * are there already; a refusal where the edit cannot be made or does not prove clean.
 */
export function declareInModule(
  text: string,
  where: Whereabouts,
  variables: readonly SchemaEntry[],
): { text: string } | Refusal {
  let edited = text;
  for (const variable of variables) {
    const module = parseModule(edited);
    if (!module) return { refused: 'it does not parse' };
    const found = slotsAt(module, where);
    if (found.slots.length === 0) return { refused: 'its schema is not where it was' };
    const insertions: Insertion[] = [];
    // Out of reach of `db.ts`: named there only beside its family, for the record.
    if (contained.includes(where.convention) && !found.slots.some((slot) => hasFamily(slot, variable))) continue;
    for (const slot of found.slots) {
      if (slot.list.entries.some(({ key }) => key === variable.name)) continue;
      const entry = entryIn(module, slot, variable, found.emptyIsAbsent);
      if ('refused' in entry) return entry;
      insertions.push(...entry.insertions);
    }
    const after = splice(edited, insertions);
    if (!proves(edited, after, insertions, where, variable.name)) return { refused: 'the edit did not prove clean' };
    edited = after;
  }
  return { text: edited };
}

/** Schemas whose values stay inside a framework's container. */
const contained = ['nestjs-joi', 'class-validator'];

function hasFamily({ list }: Slot, { isMember }: SchemaEntry): boolean {
  return list.entries.some(({ key }) => isMember(key));
}

function slotsAt(
  module: Module,
  { path, convention, exported }: Whereabouts,
): { slots: Slot[]; emptyIsAbsent: boolean } {
  if (exported !== null) {
    const slot = exportedSchema(module, exported);
    return { slots: slot ? [slot] : [], emptyIsAbsent: false };
  }
  const schemas = readSchemas(module.text, path).filter((one) => one.convention === convention && !one.skipped);
  const [schema] = schemas;
  return { slots: schema?.slots ?? [], emptyIsAbsent: schema?.emptyIsAbsent ?? false };
}

function entryIn(
  module: Module,
  { list, form }: Slot,
  variable: SchemaEntry,
  emptyIsAbsent: boolean,
): { insertions: Insertion[] } | Refusal {
  const { name, required } = variable;
  const after = placeAmong(
    list.entries.map(({ key }) => key),
    variable,
  );
  const neighbour = list.entries[after] ?? list.entries[0];
  const alike = neighbour ? module.text.slice(neighbour.start, neighbour.end) : '';
  const quote = /["'`]/.exec(alike)?.[0] ?? "'";
  const put = (entry: string, more: Insertion[] = []) => ({
    insertions: [...insertEntry(module.text, list, after, [entry]), ...more],
  });
  switch (form) {
    case 'notation':
      return put(`${required ? name : `${quote}${name}?${quote}`}: ${quote}string${quote}`);
    case 'value':
      return put(`${keyLike(alike, name)}: ${valueLike(alike, neighbour?.key, name)}`);
    case 'type':
      return put(`${/^readonly\s/.test(alike) ? 'readonly ' : ''}${name}?: string`);
    case 'astro':
      return put(
        `${name}: ${envField(module)}.string({ context: ${quote}server${quote}, access: ${quote}secret${quote}, optional: true })`,
      );
    case 'class': {
      const imports = importMissing(module, { needs: missingFrom(module), imports: /^class-validator$/ });
      const lines = ['@IsOptional()', '@IsString()', `${name}?: string`];
      if (!imports) return { refused: '`IsOptional` and `IsString` would have to be imported' };
      return { insertions: [...insertEntry(module.text, list, after, lines), ...imports] };
    }
    case 'validator': {
      const init = initializerFor(module, list, { name, required, emptyIsAbsent }, variable.isMember);
      if ('refused' in init) return init;
      const imports = importMissing(module, init);
      return (
        (imports && put(`${keyLike(alike, name)}: ${init.text}`, imports)) || {
          refused: `\`${init.needs.join('`, `')}\` would have to be imported`,
        }
      );
    }
  }
}

function missingFrom(module: Module): string[] {
  const imported = [...importedFrom(module, /^class-validator$/).values()];
  return ['IsOptional', 'IsString'].filter((name) => !imported.includes(name));
}

function importMissing(module: Module, { needs, imports }: { needs: string[]; imports: RegExp }): Insertion[] | null {
  if (needs.length === 0) return [];
  const list = importList(module, imports);
  return list && insertEntry(module.text, list, list.entries.length - 1, [needs.join(', ')]);
}

function keyLike(neighbour: string, name: string): string {
  const quote = /^["']/.exec(neighbour)?.[0] ?? '';
  return `${quote}${name}${quote}`;
}

/** `process.env.X` as the neighbour reads its own, where that is a plain reading. */
function valueLike(neighbour: string, key: string | undefined, name: string): string {
  const value = /:\s*([\w.]+(?:\.(\w+)|\[["'](\w+)["']\]))$/.exec(neighbour);
  return value && key && (value[2] ?? value[3]) === key ? value[1]!.replace(key, name) : `process.env.${name}`;
}

function envField(module: Module): string {
  return [...importedFrom(module, /^astro\/config$/)].find(([, name]) => name === 'envField')?.[0] ?? 'envField';
}

/** `env.schema` of an Astro config, also where it was experimental. */
function inAstro(module: Module): Schema[] {
  for (const node of nodesIn(module.body)) {
    if (node.type !== 'Property' || keyOf(node) !== 'env') continue;
    const env = resolve(module, node.value as Node);
    const given = env?.type === 'ObjectExpression' ? propertyOf(env, 'schema') : null;
    const schema = given && resolve(module, given);
    if (!given) continue;
    const slots: Slot[] =
      schema?.type === 'ObjectExpression' ? [{ list: entriesOf(schema, module.text), form: 'astro' }] : [];
    return [schemaOf('astro', slots)];
  }
  return [];
}

/** `interface ProcessEnv`, unless it is inferred from a schema, which is then the source. */
function inProcessEnv(module: Module): Schema[] {
  const found = [...nodesIn(module.body)].find(
    (node) => node.type === 'TSInterfaceDeclaration' && (node.id as Node).name === 'ProcessEnv',
  );
  if (!found || ((found.extends as Node[] | null) ?? []).length > 0) return [];
  return [schemaOf('ProcessEnv', [{ list: entriesOf(found.body as Node, module.text), form: 'type' }])];
}

function schemaOf(convention: string, slots: Slot[]): Schema {
  const skipped = slots.length === 0 ? 'its variables are computed, not written out' : null;
  return { convention, slots, elsewhere: null, reader: null, emptyIsAbsent: false, skipped };
}

/** Only the insertions differ, and every list is the old one and the new entry. */
function proves(
  before: string,
  after: string,
  insertions: readonly Insertion[],
  where: Whereabouts,
  name: string,
): boolean {
  if (!onlyInserts(before, after, insertions)) return false;
  const [old, now] = [parseModule(before), parseModule(after)];
  if (!old || !now) return false;
  const written = (module: Module) =>
    slotsAt(module, where).slots.map(({ list }) =>
      list.entries.map((entry) => [entry.key, module.text.slice(entry.start, entry.end)]),
    );
  const lists = written(now);
  return (
    lists.every((list) => list.filter(([key]) => key === name).length === 1) &&
    JSON.stringify(lists.map((list) => list.filter(([key]) => key !== name))) ===
      JSON.stringify(written(old).map((list) => list.filter(([key]) => key !== name)))
  );
}
