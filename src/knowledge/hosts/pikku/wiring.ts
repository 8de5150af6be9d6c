import {
  entriesOf,
  importsOf,
  type Module,
  type Node,
  nameOf,
  nodesIn,
  requiredBy,
  sourceOf,
} from '../../../code/module.ts';
import { insertEntry } from '../../../edit/insert.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../../../edit/splice.ts';
import { factoriesIn, literalOf } from './factory.ts';

/** What the entry exports, by which both of our insertions are known again. */
export const exported = 'createRedisServices';

/** The last property of the object of services: what comes last wins. */
export const spread = `...(await ${exported}())`;

/** The two places in a module: an import of the entry's function, and its call in the object of services. */
export interface Wiring {
  /** The specifier that the entry is imported by. */
  imported: string | null;
  spread: Node | null;
}

/** Whether a module has neither imports nor exports of its own. */
export function isCommonJs({ body }: Module): boolean {
  return !body.some(({ type }) => /^(?:Import|Export)/.test(type));
}

/** Which of our insertions a module has. */
export function wiringIn(module: Module): Wiring {
  const imported = importsOf(module).find(({ name }) => name === exported);
  const calls = nodesIn(module.body).filter((node) => node.type === 'SpreadElement' && isCall(node));
  return { imported: imported?.from ?? null, spread: calls.length === 1 ? calls[0]! : null };
}

/**
 * The specifier of the module that another calls for the entry's services, by whatever line: ours, or one that was
 * added by hand, as `(await import('./redis.mjs')).createRedisServices()`. Null where it calls none.
 */
export function calledFrom(module: Module): string | null {
  const imports = importsOf(module);
  for (const { type, callee } of nodesIn(module.body)) {
    if (type !== 'CallExpression') continue;
    const called = callee as Node;
    const [local, member] = nameOf(called).split('.');
    const whole = member === exported;
    const found = imports.find((one) => one.local === local && one.name === (whole ? '*' : exported));
    if (found && (whole || member === undefined)) return found.from;
    const isOurs = called.type === 'MemberExpression' && nameOf(called.property) === exported;
    const from = isOurs ? requiredBy(called.object as Node) : null;
    if (from !== null) return from;
  }
  return null;
}

function isCall(node: Node): boolean {
  const awaited = unbracketed(node.argument as Node);
  if (awaited.type !== 'AwaitExpression') return false;
  const call = unbracketed(awaited.argument as Node);
  return call.type === 'CallExpression' && nameOf(call.callee) === exported;
}

function unbracketed(node: Node): Node {
  return node.type === 'ParenthesizedExpression' ? (node.expression as Node) : node;
}

/** The import as the module writes its own: with their quotes, and a semicolon where they have one. */
export function importLine(text: string, module: Module, specifier: string): string {
  const last = module.body.findLast(({ type }) => type === 'ImportDeclaration');
  const written = last ? text.slice(last.start, last.end) : '';
  const quote = /["'](?=;?$)/.exec(written)?.[0] ?? "'";
  const end = last && !written.endsWith(';') ? '' : ';';
  return `import { ${exported} } from ${quote}${specifier}${quote}${end}`;
}

/**
 * The text of a module with the entry's services in the object that its factory returns, and the import of them. What
 * is there already is left. Refused where the form is none that can be edited without a doubt, and where the result
 * does not prove to be the module as it was with those two insertions and nothing else.
 */
export async function withWiring(text: string, specifier: string): Promise<{ text: string } | Refusal> {
  const { parseModule } = await import('../../../code/parse.ts');
  const parse = (one: string) => parseModule(one.replace(/^\uFEFF/, ' '));
  const module = parse(text);
  if (!module) return { refused: 'it does not parse' };
  if (isCommonJs(module)) return { refused: 'it is CommonJS' };
  const factories = factoriesIn(module);
  if (factories.length !== 1) return { refused: `it has ${factories.length || 'no'} functions that make services` };
  if (factories[0]!.kind === 'addon') return { refused: 'it is an addon, whose services come from the application' };
  const object = literalOf(factories[0]!);
  if (typeof object === 'string') return { refused: object };
  const there = wiringIn(module);
  if (there.imported !== null && there.imported !== specifier)
    return { refused: `it has \`${exported}\` from \`${there.imported}\`` };
  if (
    there.imported === null &&
    nodesIn(module.body).some((node) => nameOf(node) === exported && node.type === 'Identifier')
  )
    return { refused: `it has a \`${exported}\` of its own` };
  const list = entriesOf(object, module.text);
  const insertions = [
    ...(there.imported === null ? [importInto(text, module, specifier)] : []),
    ...(there.spread === null ? insertEntry(module.text, list, list.entries.length - 1, [spread]) : []),
  ];
  const after = splice(text, insertions);
  const again = parse(after);
  const proven = onlyInserts(text, after, insertions) && again !== null && isOnlyWired(module, again, specifier);
  return proven ? { text: after } : { refused: 'the edit did not prove clean' };
}

/** Below the last import; in a module without one above its first statement. */
function importInto(text: string, module: Module, specifier: string): Insertion {
  const last = module.body.findLast(({ type }) => type === 'ImportDeclaration');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const line = importLine(text, module, specifier);
  const first = module.body.find(({ directive }) => directive === undefined || directive === null);
  if (!last) return { at: first?.start ?? text.length, text: `${line}${eol}${eol}` };
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\n]*?\*\/[ \t]*(?=\r?\n|$))?/.exec(text.slice(last.end))![0];
  return { at: last.end + rest.length, text: `${eol}${line}` };
}

/**
 * Whether one module is the other with our import and our spread, the latter last in the object of services, and the
 * same else.
 */
function isOnlyWired(before: Module, after: Module, specifier: string): boolean {
  const is = wiringIn(after);
  const [factory, ...more] = factoriesIn(after);
  const object = factory && more.length === 0 ? literalOf(factory) : 'none';
  if (typeof object === 'string' || is.imported !== specifier || !is.spread) return false;
  if ((object.properties as Node[]).at(-1) !== is.spread && !wiringIn(before).spread) return false;
  return shapeOf(before) === shapeOf(after);
}

/** A module as its nodes without their places, and without what is ours. */
function shapeOf({ body }: Module): string {
  const places = new Set(['start', 'end', 'loc', 'range', 'extra', 'raw', 'comments', 'leadingComments', 'errors']);
  const isOurs = (node: unknown) => {
    const one = node as Node | null;
    if (one?.type === 'SpreadElement') return isCall(one);
    const names =
      one?.type === 'ImportDeclaration' ? (one.specifiers as Node[]).map(({ imported }) => nameOf(imported)) : [];
    return names.length === 1 && names[0] === exported;
  };
  return JSON.stringify(body, (key, value) => {
    if (places.has(key)) return undefined;
    return Array.isArray(value) ? value.filter((one) => !isOurs(one)) : value;
  });
}

/**
 * The text without what `withWiring` put in: one from which that gives this text again, byte for byte; else, where the
 * project has formatted it since, one that is the same module without the two. Null where they are not as they were put
 * in.
 */
export async function withoutWiring(text: string, specifier: string): Promise<string | null> {
  const { parseModule } = await import('../../../code/parse.ts');
  const parse = (one: string) => parseModule(one.replace(/^\uFEFF/, ' '));
  const module = parse(text);
  const wiring = module && wiringIn(module);
  const statement = module?.body.find(
    (node) =>
      node.type === 'ImportDeclaration' && sourceOf(node) === specifier && (node.specifiers as Node[]).length === 1,
  );
  if (!module || !wiring?.spread || wiring.imported !== specifier || !statement) return null;
  let second: string | null = null;
  for (const shorter of shorterTexts(text, statement, wiring.spread)) {
    const rest = parse(shorter);
    if (!rest || isWired(rest) || shapeOf(rest) !== shapeOf(module)) continue;
    const again = await withWiring(shorter, specifier);
    if ('text' in again && again.text === text) return shorter;
    second ??= shorter;
  }
  return second;
}

function isWired(module: Module): boolean {
  const { imported, spread } = wiringIn(module);
  return imported !== null || spread !== null;
}

/** A text without two of its nodes, in every way in which they may have been put in. */
function* shorterTexts(text: string, statement: Node, spread: Node): Generator<string> {
  const spreads = [...spansOf(text, spread)];
  for (const one of spansOf(text, statement)) for (const other of spreads) yield* without(text, one, other);
}

type Span = readonly [start: number, end: number];

/** What may have come with a node: the end of its line, an empty line, the comma before it or behind it. */
function* spansOf(text: string, { start, end }: Node): Generator<Span> {
  const before = /,?\s*$/.exec(text.slice(0, start))![0].length;
  const bareBefore = /\s*$/.exec(text.slice(0, start))![0].length;
  const indent = /[ \t]*$/.exec(text.slice(0, start))![0].length;
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  const line = /^[ \t]*\r?\n/.exec(text.slice(end + comma))?.[0].length ?? 0;
  const lines = /^(?:[ \t]*\r?\n){2}/.exec(text.slice(end))?.[0].length ?? 0;
  const feed = /\r?\n$/.exec(text.slice(0, start - indent))?.[0].length ?? 0;
  const alone = /^\s*\}/.test(text.slice(end)) && text[start - bareBefore - 1] === '{' && line === 0;
  if (alone) yield [start - bareBefore, end + /^[ \t]*/.exec(text.slice(end))![0].length];
  // A line of its own; the same with the feed above it; what was put behind the last entry without a comma; what stands
  // on one line, or behind a comma that leads the line.
  yield [start - indent, end + comma + line];
  yield [start - indent - feed, end + comma];
  yield [start - before, end];
  yield [start - bareBefore, end + comma];
  yield [start, end + lines];
  yield [start - bareBefore, end + comma + /^[ \t]*/.exec(text.slice(end + comma))![0].length];
  yield [start - (/\s*,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0), end];
  yield [start, end + comma];
}

/**
 * The text without an import and a spread; and without the comma that was put before a comment behind the entry above.
 */
function* without(text: string, imported: Span, spread: Span): Generator<string> {
  const [first, second] = imported[0] < spread[0] ? [imported, spread] : [spread, imported];
  const rest = text.slice(0, first[0]) + text.slice(first[1], second[0]) + text.slice(second[1]);
  yield rest;
  const at = spread[0] - (imported[0] < spread[0] ? imported[1] - imported[0] : 0);
  const comma = /,([ \t]*(?:\/\/[^\r\n]*|\/\*[^*]*\*\/)\s*)$/.exec(rest.slice(0, at));
  if (comma) yield rest.slice(0, comma.index) + comma[1] + rest.slice(at);
}
