import { importedFrom, importList, type Module } from '../../code/module.ts';
import { parseModule } from '../../code/parse.ts';
import { type Company, insertEntry, placeAmong } from '../../edit/insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../../edit/splice.ts';
import { isPublic } from '../../edit/variable-names.ts';
import { inAstro } from './astro.ts';
import { inProcessEnv } from './process-env.ts';
import { exportedSchema, type Schema, schemasIn } from './schemas.ts';
import { namesIn, type Slot } from './slots.ts';
import { initializerFor } from './validators.ts';

/** A variable to be written into a schema. */
export interface SchemaEntry extends Company {
  required: boolean;
  /** Whether it is a URL, which a sibling's check of URLs would fit. */
  url: boolean;
}

const generated =
  /auto-?generated|generated (?:by|file|from)|do not (?:edit|modify)(?: this file| by hand| manually|[^\w]*$)/i;

/** Whether a comment in the first lines says that a program writes the file. */
function isGenerated(text: string): boolean {
  return text.split(/\r?\n/, 8).some((line) => /^\s*(?:\/\/|\/\*|\*|#)/.test(line) && generated.test(line));
}

/** Every schema of the environment that a module holds, whichever convention it follows; empty where it does not parse. */
export function readSchemas(text: string, path: string): Schema[] {
  const module = parseModule(text);
  if (!module) return [];
  const found = /(?:^|\/)astro\.config\.\w+$/.test(path)
    ? inAstro(module)
    : [...schemasIn(module), ...inProcessEnv(module)];
  return isGenerated(text) ? found.map((schema) => ({ ...schema, skipped: 'it is generated' })) : found;
}

/** The keys of the list of validators that a module exports under that name; null where there is no such list. */
export function readExportedSchema(text: string, name: string): string[] | null {
  const module = parseModule(text);
  const found = module && exportedSchema(module, name);
  return found ? namesIn(found) : null;
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
    const found = groupsAt(module, where, variable);
    if (found.groups.length === 0) return { refused: 'its schema is not where it was' };
    const insertions: Insertion[] = [];
    // Out of reach of `db.ts`: named there only beside its family, for the record.
    if (contained.includes(where.convention) && !namesIn(found.groups[0]!).some(variable.isMember)) continue;
    for (const group of found.groups) {
      if (namesIn(group).includes(variable.name)) continue;
      const entry = entryIn(module, listFor(group, variable), variable, found.emptyIsAbsent);
      if ('refused' in entry) return entry;
      insertions.push(...entry.insertions);
    }
    const after = splice(edited, insertions);
    if (!proves(edited, after, insertions, where, variable)) return { refused: 'the edit did not prove clean' };
    edited = after;
  }
  return { text: edited };
}

/** Schemas whose values stay inside a framework's container. */
const contained = ['nestjs-joi', 'class-validator'];

/** Of lists that are joined, the one that has the family, else the last that is not for browsers. */
function listFor(group: readonly Slot[], { isMember }: SchemaEntry): Slot {
  return (
    group.find((one) => namesIn([one]).some(isMember)) ??
    group.findLast((one) => !isPublic(namesIn([one]))) ??
    group.at(-1)!
  );
}

/** The schema of that convention that has the family, else the first; or the list that is exported. */
function groupsAt(
  module: Module,
  { path, convention, exported }: Whereabouts,
  { isMember }: Pick<SchemaEntry, 'isMember'>,
): { groups: Slot[][]; emptyIsAbsent: boolean } {
  if (exported !== null) {
    const group = exportedSchema(module, exported);
    return { groups: group ? [group] : [], emptyIsAbsent: false };
  }
  const schemas = readSchemas(module.text, path).filter((one) => one.convention === convention && !one.skipped);
  const schema = schemas.find(({ groups }) => namesIn(groups[0] ?? []).some(isMember)) ?? schemas[0];
  return { groups: schema?.groups ?? [], emptyIsAbsent: schema?.emptyIsAbsent ?? false };
}

function entryIn(
  module: Module,
  { list, form, unknown }: Slot,
  variable: SchemaEntry,
  emptyIsAbsent: boolean,
): { insertions: Insertion[] } | Refusal {
  const { name, required } = variable;
  const place = placeAmong(
    list.entries.map(({ key }) => key),
    variable,
  );
  const after = unknown === null ? place : Math.min(place, unknown - 1);
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
    case 'astro': {
      const field = envField(module, alike);
      if (!field) return { refused: '`envField` would have to be imported' };
      const q = /["']/.exec(alike.slice(name.length))?.[0] ?? /import[^;]*?(["'])/.exec(module.text)?.[1] ?? quote;
      return put(
        `${name}: ${field.name}.string({ context: ${q}server${q}, access: ${q}secret${q}, optional: true })`,
        field.imports,
      );
    }
    case 'class': {
      const imports = importMissing(module, { needs: missingFrom(module), imports: /^class-validator$/ });
      const lines = ['@IsOptional()', '@IsString()', `${name}?: string`];
      if (!imports) return { refused: '`IsOptional` and `IsString` would have to be imported' };
      return { insertions: [...insertEntry(module.text, list, after, lines), ...imports] };
    }
    case 'validator': {
      const init = initializerFor(module, list, { name, required, emptyIsAbsent }, variable);
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

/** What the fields are called on: as the neighbour does it, else as it is imported, else by an import of its own. */
function envField(module: Module, neighbour: string): { name: string; imports: Insertion[] } | null {
  const called = /:\s*([\w.]+)\.\w+\s*\(/.exec(neighbour)?.[1];
  const imported = importedFrom(module, /^astro\/config$/);
  const local = [...imported].find(([, name]) => name === 'envField')?.[0];
  const all = [...imported].find(([, name]) => name === '*')?.[0];
  const name = called ?? local ?? (all && `${all}.envField`);
  if (name) return { name, imports: [] };
  const imports = importMissing(module, { needs: ['envField'], imports: /^astro\/config$/ });
  return imports && { name: 'envField', imports };
}

/** Only the insertions differ, and every group of lists is the old one and the new entry. */
function proves(
  before: string,
  after: string,
  insertions: readonly Insertion[],
  where: Whereabouts,
  variable: SchemaEntry,
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
  const once = groupsAt(now, where, variable).groups.every(
    (group) => namesIn(group).filter((key) => key === variable.name).length === 1,
  );
  return once && others(written(now)) === others(written(old));
}
