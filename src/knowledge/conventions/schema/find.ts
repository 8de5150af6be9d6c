import { posix } from 'node:path';
import { placeOf } from '../../../code/follow.ts';
import { specifierFrom } from '../../../code/import-style.ts';
import { type Importer, importersOf, takes } from '../../../code/importers.ts';
import type { Module } from '../../../code/module.ts';
import { parseModule } from '../../../code/parse.ts';
import type { SourceCode } from '../../../code/source-code.ts';
import { nestsTooDeep } from '../../../edit/nesting.ts';
import { isPublic } from '../../../edit/variable-names.ts';
import { kept } from '../../../memo.ts';
import { isIgnored } from '../../../project/git.ts';
import type { Project } from '../../../project/project.ts';
import type { DocVariable, EnvDoc, EnvSchema, LeftAlone } from '../../../types/env-docs.ts';
import type { Found } from '../../../types/facts.ts';
import type { ProjectView } from '../convention.ts';
import { docOf, refused } from '../left-alone.ts';
import { isInContainer } from './container.ts';
import type { FoundSchema, SchemaDefinition } from './definition.ts';
import { exportedList, readerOf } from './lists.ts';
import { keysIn, type Slot } from './slots.ts';
import * as syntax from './syntax.ts';

/** A schema of the environment in one module. */
export interface Schema extends FoundSchema {
  leftAlone: LeftAlone | null;
  /** Whether an import gives its values. */
  reachable: boolean;
}

/** Every schema of that convention in a module. */
export function schemasIn(module: Module, definition: SchemaDefinition): Schema[] {
  return definition.schemasIn(module, syntax).map((found) => ({
    ...found,
    leftAlone: found.leftAlone ?? whyClosed(found.groups),
    reachable: (definition.reachableFromEntry ?? true) && !isInContainer(module, found.at),
  }));
}

function outOfReach({ entry }: ProjectView, { outOfReach: what }: FoundSchema): LeftAlone | null {
  return what ? { code: 'unreachable', message: `${what} is out of reach of \`${posix.basename(entry)}\`` } : null;
}

function whyClosed(groups: readonly Slot[][]): LeftAlone | null {
  if (isPublic(keysIn(groups[0] ?? []))) return { code: 'browser', message: 'it holds what a browser may see' };
  if (!groups.some((group) => group.every(({ closed }) => closed))) return null;
  return { code: 'closed-type', message: 'a type says which variables it has, so one more would not compile' };
}

/** The docs of that convention in those files of the project. */
export async function findSchemas(
  view: ProjectView,
  definition: SchemaDefinition,
  files: readonly string[],
): Promise<EnvDoc[]> {
  const docs = await Promise.all(files.map((file) => docsIn(view, definition, file)));
  return oneOfEach(docs.flat());
}

async function docsIn(view: ProjectView, definition: SchemaDefinition, file: string): Promise<EnvDoc[]> {
  const text = view.project.refusal(file) ? '' : (view.project.read(file) ?? '');
  const { name: kind, because = `it checks the environment (${kind})` } = definition;
  const unfit = await unfitModule(view.project, file, text);
  const module = unfit?.code === 'too-large' ? null : moduleAt(view, file, text);
  const code = await view.source().code();
  if (!module) {
    const unparsed: LeftAlone = unfit ?? { code: 'unparsable', message: 'it does not parse' };
    return [docOf({ path: file, kind, variables: [], because }, text, unparsed)];
  }
  const schemas = schemasIn(module, definition);
  const use = useOf(view, code, file);
  const docs = schemas.map(async (schema): Promise<EnvDoc[]> => {
    const read = schemaFacts(module, schema, use());
    const facts = { path: file, kind, variables: declaredVariables(schema, text), because, schema: read };
    const own = schema.leftAlone ?? outOfReach(view, schema);
    const leftAlone = own ?? (isGenerated(text) ? generated : unfit);
    return [
      ...(schema.groups.length > 0 || own ? [docOf(facts, text, leftAlone)] : []),
      ...(schema.elsewhere ? [await elsewhere(view, code, schema.elsewhere, facts)] : []),
    ];
  });
  return (await Promise.all(docs)).flat();
}

function moduleAt({ modules }: ProjectView, file: string, text: string): Module | null {
  return kept(modules, file, () => parseModule(text));
}

/** Characters of a module and of a line above which a program has written it. */
const limits = { characters: 200_000, line: 5_000 };

/** Why a module is not edited, whatever it holds. */
async function unfitModule(project: Project, file: string, text: string): Promise<LeftAlone | null> {
  const refusal = project.refusal(file);
  if (refusal) return refused(refusal);
  const byProgram = text.length > limits.characters || hasLongLine(text) || nestsTooDeep(text);
  if (byProgram) return { code: 'too-large', message: 'it is larger or nests deeper than what people write' };
  const outside = project.outside(file);
  if (outside) return { code: 'symlink', message: `it is a symlink to \`${outside}\`, outside this project` };
  if (!project.isText(file)) return { code: 'encoding', message: 'it is not valid UTF-8' };
  return (await isIgnored(project, file)) ? { code: 'ignored', message: 'git ignores it' } : null;
}

function hasLongLine(text: string): boolean {
  for (let from = 0, feed = 0; feed >= 0; from = feed + 1) {
    feed = text.indexOf('\n', from);
    if ((feed < 0 ? text.length : feed) - from > limits.line) return true;
  }
  return false;
}

const generated: LeftAlone = { code: 'generated', message: 'it is generated' };
const saysGenerated =
  /auto-?generated|generated (?:by|file|from)|do not (?:edit|modify)(?: this file| by hand| manually|[^\w]*$)/i;

/** Whether a comment in the first lines says that a program writes the file. */
function isGenerated(text: string): boolean {
  return text.split(/\r?\n/, 8).some((line) => /^\s*(?:\/\/|\/\*|\*|#)/.test(line) && saysGenerated.test(line));
}

function declaredVariables({ groups }: FoundSchema, text: string): DocVariable[] {
  const entries = (groups[0] ?? []).flatMap(({ list, inherited }) => [
    ...list.entries.map(({ key, start, end }) => ({ name: key, scheme: schemeIn(text.slice(start, end)) })),
    ...inherited.map((name) => ({ name, scheme: null })),
  ]);
  return entries.filter(({ name }) => name !== '').map((entry) => ({ ...entry, live: true }));
}

/** The scheme that a validator demands: `.startsWith('postgresql://')`, `protocols: ['postgres']`. */
function schemeIn(validator: string): string | null {
  const word = /(?:startsWith|protocols?|regex|scheme|\^)\W{0,20}/.source;
  const scheme = /(postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|valkeys?|libsql)\b/.source;
  return new RegExp(word + scheme).exec(validator)?.[1] ?? null;
}

/** Modules that only a framework may load, or whose values are not there outside it. */
const ofFramework = /['"](?:server-only|client-only|astro:env\/\w+|\$env\/[\w/]+|\$app\/\w+)['"]/;

/** Who imports a module. */
interface Use {
  code: SourceCode;
  file: string;
  entry: string;
  /** Code of the host that does. */
  own: Importer[];
  /** Whether nothing else does. */
  onlyOwn: boolean;
}

/** Who imports a module, looked up when it is first asked for: the other files only until one of them does. */
function useOf(view: ProjectView, code: SourceCode, file: string): () => Use {
  let found: Use | undefined;
  const look = (): Use => {
    const { files, complete } = view.source();
    const own = [...importersOf(code, files.filter(view.isOwnCode), file)];
    const others = files.filter((one) => !view.isOwnCode(one));
    const onlyOwn = complete && own.length > 0 && importersOf(code, others, file).next().done === true;
    return { code, file, entry: view.entry, own, onlyOwn };
  };
  return () => (found ??= look());
}

/** What importing the module gives, and to whom. */
function schemaFacts(module: Module, schema: Schema, { code, file, entry, own, onlyOwn }: Use): EnvSchema {
  const name = schema.holds ? readerOf(module, schema.at) : null;
  const by = own.find(({ path, alias }) => !alias && takes(code, path, name));
  const readable = name && by && !schema.leftAlone && schema.reachable && !ofFramework.test(module.text);
  const reader: Found<string> | null = readable
    ? {
        value: `${specifierFrom(entry, file, by.specifier)}#${name}`,
        because: `\`${by.path}\` reads the checked values of \`${file}\``,
      }
    : null;
  return { exported: null, required: onlyOwn, reachable: schema.reachable, reader };
}

/** The validators are in another module: that one takes the key. */
async function elsewhere(
  { project, modules }: ProjectView,
  code: SourceCode,
  { from, name }: { from: string; name: string },
  facts: Omit<EnvDoc, 'leftAlone' | 'text'>,
): Promise<EnvDoc> {
  const found = placeOf(code, facts.path, from, name);
  const text = found ? (project.read(found.path) ?? '') : '';
  const module = found && !(await unfitModule(project, found.path, text)) ? parseModule(text) : null;
  if (found && module) modules.set(found.path, module);
  const list = found && module && exportedList(module, found.name);
  const keys = list ? keysIn(list) : [];
  const left = (reason: LeftAlone['code'], message: string) =>
    docOf({ ...facts, variables: [] }, '', { code: reason, message });
  if (!found || !list) return left('computed', `its validators come from \`${from}\`, where they are not written out`);
  const variables = keys.map((key) => ({ name: key, live: true, scheme: null }));
  const schema: EnvSchema = { ...facts.schema!, exported: found.name, required: false, reader: null };
  return docOf({ ...facts, path: found.path, variables, schema }, text, whyClosed([list]));
}

/**
 * Two schemas of one convention in one module are one doc: which of them takes a variable is settled when it is
 * written.
 */
function oneOfEach(docs: EnvDoc[]): EnvDoc[] {
  const same = (one: EnvDoc, other: EnvDoc) =>
    one.path === other.path &&
    one.schema?.exported === other.schema?.exported &&
    one.schema?.reachable === other.schema?.reachable;
  return docs.flatMap((doc, index) => {
    if (docs.findIndex((other) => same(other, doc)) < index) return [];
    const all = docs.filter((other) => same(other, doc));
    const open = all.find(({ leftAlone }) => !leftAlone) ?? doc;
    const reader = all.find(({ schema }) => schema?.reader)?.schema?.reader ?? null;
    const variables = all.flatMap((one) => one.variables);
    return [{ ...open, variables, ...(open.schema && { schema: { ...open.schema, reader } }) }];
  });
}
