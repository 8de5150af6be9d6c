import type { YAMLMap } from 'yaml';
import type { Catalogs } from '../../types/facts.ts';
import { catalogsOf } from '../json/catalog.ts';
import { isObject, parseYaml } from '../parse-data.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';

/** The catalogs in the text of a pnpm-workspace.yaml or a .yarnrc.yml; null where it has none or does not parse. */
export async function catalogsInYaml(text: string): Promise<Pick<Catalogs, 'mode' | 'named'> | null> {
  // Most have none, and the parser costs more than all else.
  const holder = text.includes('catalog') ? await parseYaml(text) : null;
  return isObject(holder) ? catalogsOf(holder) : null;
}

/** Adds a package to a catalog that is there: at its sorted place where the others are sorted, quoted as they are. */
export async function addToYamlCatalog(
  text: string,
  catalog: string,
  name: string,
  specifier: string,
): Promise<{ text: string } | Refusal> {
  if (!isObject(await parseYaml(text))) return { refused: 'it is not valid YAML that can be followed' };
  const { isMap, isScalar, parseDocument } = await import('yaml');
  const document = parseDocument(text, { uniqueKeys: false });
  const atTop = catalog === 'default' ? document.get('catalog', true) : undefined;
  const map = atTop ?? document.getIn(['catalogs', catalog], true);
  if (!isMap(map) || map.flow || map.items.length === 0)
    return { refused: `its catalog \`${catalog}\` is not a plain list` };
  const plain = map.items.every(({ key, value }) => isScalar(key) && isScalar(value) && key.range && value.range);
  if (!plain) return { refused: `its catalog \`${catalog}\` has more than versions in it` };
  const insertion = intoMap(text, map as YAMLMap<Scalar, Scalar>, name, specifier);
  const result = splice(text, [insertion]);
  const added = { catalog, name, specifier };
  return (await provesCatalog(text, result, [insertion], added))
    ? { text: result }
    : { refused: 'the edit did not prove clean' };
}

/**
 * The proof of an insertion: the old text without it, byte for byte, and read again nothing new but that version in
 * that catalog.
 */
export async function provesCatalog(
  before: string,
  after: string,
  insertions: readonly Insertion[],
  { catalog, name, specifier }: { catalog: string; name: string; specifier: string },
): Promise<boolean> {
  const [old, now] = [await parseYaml(before), await parseYaml(after)];
  if (!isObject(old) || !isObject(now) || !onlyInserts(before, after, insertions)) return false;
  const catalogs = isObject(now.catalogs) ? now.catalogs : {};
  const changed = catalog === 'default' && isObject(now.catalog) ? now.catalog : catalogs[catalog];
  if (!isObject(changed) || changed[name] !== specifier) return false;
  delete changed[name];
  return sorted(now) === sorted(old) && catalogsOf(old)?.named[catalog]?.[name] === undefined;
}

/** A text that two values share only where they are equal, whatever the order of their keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one) => (isObject(one) ? Object.entries(one).sort() : one));
}

interface Scalar {
  value: unknown;
  range: [number, number, number];
}

function intoMap(text: string, { items }: YAMLMap<Scalar, Scalar>, name: string, specifier: string): Insertion {
  const entries = items as { key: Scalar; value: Scalar }[];
  const keys = entries.map(({ key }) => String(key.value));
  const isSorted = keys.every((key, i) => i === 0 || keys[i - 1]! <= key);
  const next = isSorted ? keys.findIndex((key) => key > name) : -1;
  const quoteOf = ({ range }: Scalar) => /^['"]/.exec(text.slice(range[0], range[0] + 1))?.[0] ?? '';
  const quotes = entries.map(({ key }) => quoteOf(key));
  const keyQuote = /^[\w.-]/.test(name) && quotes.includes('') ? '' : quotes.find((one) => one !== '') || "'";
  const [first] = entries;
  const indent = /[ \t]*$/.exec(text.slice(0, first!.key.range[0]).slice(-200))![0];
  const isPlain = /^[~^\w]/.test(specifier) && !/^[\d.]*$|[:#]\s/.test(specifier.replace(/\.\d+\.\d+/, 'x'));
  const valueQuote = quoteOf(first!.value) || (isPlain ? '' : "'");
  const line = `${indent}${keyQuote}${name}${keyQuote}: ${valueQuote}${specifier}${valueQuote}`;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return next >= 0 ? before(text, entries[next]!.key, line, eol) : after(text, entries.at(-1)!.value, line, eol);
}

function before(text: string, { range }: Scalar, line: string, eol: string): Insertion {
  return { at: text.lastIndexOf('\n', range[0] - 1) + 1, text: line + eol };
}

function after(text: string, { range }: Scalar, line: string, eol: string): Insertion {
  const end = text.indexOf('\n', range[1]);
  return end < 0 ? { at: text.length, text: eol + line } : { at: end + 1, text: line + eol };
}
