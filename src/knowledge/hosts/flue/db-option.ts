import { entriesOf, keyOf, type Module, type Node, nameOf, unwrap } from '../../../code/module.ts';
import { insertEntry } from '../../../edit/insert.ts';
import { onlyInserts, type Refusal, splice } from '../../../edit/splice.ts';
import { type FlueConfig, readFlueConfig } from './config.ts';

/** The `db` option of a flue.config (2.x), by which a db entry of any name is found. */

/** The config that names nothing but the db entry, for a project that has none. */
export function configNaming(entry: string): string {
  return (
    `import { defineConfig } from '@flue/runtime/config';\n\n` +
    `export default defineConfig({\n  db: '${entry}',\n});\n`
  );
}

/**
 * The text of a flue.config with `db` in the object that it exports, as its last property. Refused where there is no
 * such object, where it has the option or a spread that may bring it, and where the result does not prove to say what
 * it said before, and `db` besides.
 */
export async function withDbOption(text: string, entry: string): Promise<{ text: string } | Refusal> {
  const { parseModule } = await import('../../../code/parse.ts');
  const module = parseModule(text.replace(/^\uFEFF/, ' '));
  const object = module && exportedObject(module);
  if (!module || !object) return { refused: 'it exports no object that is written out' };
  const list = entriesOf(object, module.text);
  if ((object.properties as Node[]).some((one) => one.type !== 'Property'))
    return { refused: 'a spread may bring more' };
  if (list.entries.some(({ key }) => key === 'db')) return { refused: 'it has the option already' };
  const insertions = insertEntry(module.text, list, list.entries.length - 1, [`db: ${quoted(text, entry)}`]);
  const after = splice(text, insertions);
  const proven = onlyInserts(text, after, insertions) && (await saysMore(text, after, entry));
  return proven ? { text: after } : { refused: 'the edit did not prove clean' };
}

/**
 * The text without what `withDbOption` put in: a shorter one from which it gives this text again, byte for byte; null
 * where there is none.
 */
export async function withoutDbOption(text: string, entry: string): Promise<string | null> {
  const { parseModule } = await import('../../../code/parse.ts');
  const module = parseModule(text.replace(/^\uFEFF/, ' '));
  const object = module && exportedObject(module);
  const option = (object?.properties as Node[] | undefined)?.find((one) => keyOf(one) === 'db');
  if (!object || !option) return null;
  const lineStart = text.lastIndexOf('\n', option.start) + 1;
  const lineEnd = text.indexOf('\n', option.end) + 1 || text.length;
  const comma = /,\s*$/.exec(text.slice(object.start, option.start));
  const beforeComma = comma ? object.start + comma.index : option.start;
  const spans = [
    [lineStart, lineEnd],
    [beforeComma, option.end],
    // The one before it had no comma, and the line is gone as well.
    [beforeComma, lineEnd - (/\r?\n$/.exec(text.slice(option.end, lineEnd))?.[0].length ?? 0)],
    [object.start + 1, object.end - 1],
  ] as const;
  for (const [start, end] of spans) {
    if (start >= end || start < object.start || end > object.end) continue;
    const shorter = text.slice(0, start) + text.slice(end);
    const again = await withDbOption(shorter, entry);
    if ('text' in again && again.text === text) return shorter;
  }
  return null;
}

/** The object behind `export default` or `module.exports =`, through `defineConfig()` and a constant of the module. */
function exportedObject({ body }: Module): Node | null {
  const exported = body.flatMap((node): Node[] => {
    if (node.type === 'ExportDefaultDeclaration') return [node.declaration as Node];
    const { left, right, type } = (node.expression ?? {}) as Node;
    return type === 'AssignmentExpression' && nameOf(left) === 'module.exports' ? [right as Node] : [];
  });
  return exported.length === 1 ? objectBehind(exported[0]!, body, 0) : null;
}

function objectBehind(node: Node, body: readonly Node[], followed: number): Node | null {
  const bare = unwrap(node);
  if (bare.type === 'ObjectExpression') return bare;
  const [first] = (bare.arguments ?? []) as Node[];
  if (bare.type === 'CallExpression' && nameOf(bare.callee) === 'defineConfig' && first)
    return objectBehind(first, body, followed);
  if (bare.type !== 'Identifier' || followed > 0) return null;
  const constants = body.filter(({ type, kind }) => type === 'VariableDeclaration' && kind === 'const');
  const declared = constants
    .flatMap(({ declarations }) => declarations as Node[])
    .find(({ id }) => nameOf(id) === nameOf(bare));
  return declared?.init ? objectBehind(declared.init as Node, body, followed + 1) : null;
}

/** Whether the config says what it said, and `db` besides. */
async function saysMore(before: string, after: string, entry: string): Promise<boolean> {
  const [was, is] = [await readFlueConfig(before), await readFlueConfig(after)];
  const rest = (config: FlueConfig | null) => JSON.stringify({ ...config, db: null });
  return is !== null && rest(was) === rest(is) && typeof is.db === 'object' && is.db.literal === entry;
}

/** A text in the quotes that the config has. */
function quoted(text: string, entry: string): string {
  const quote = /['"]/.exec(text)?.[0] ?? "'";
  return `${quote}${entry}${quote}`;
}
