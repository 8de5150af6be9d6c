import type { Catalogs } from '../../types/facts.ts';
import { type Insertion, onlyInserts, type Refusal, splice } from '../splice.ts';
import { addMember } from './manifest.ts';

type Parsed = Pick<Catalogs, 'mode' | 'named'>;

/** The catalogs in the text of a pnpm-workspace.yaml, a .yarnrc.yml or, for Bun, a package.json; null where it has none or does not parse. */
export async function parseCatalogs(file: string, text: string): Promise<Parsed | null> {
  const holder = file.endsWith('.json') ? holderIn(parseJson(text)) : await parseYaml(text);
  if (!isObject(holder)) return null;
  const named = Object.fromEntries(
    Object.entries({ default: holder.catalog, ...(isObject(holder.catalogs) && holder.catalogs) }).flatMap(
      ([name, versions]) => (isObject(versions) ? [[name, strings(versions)]] : []),
    ),
  );
  if (Object.keys(named).length === 0) return null;
  const mode = holder.catalogMode === 'strict' || holder.catalogMode === 'prefer' ? holder.catalogMode : 'manual';
  return { named, mode };
}

/** Adds a package to a catalog that is there: at its sorted place where the others are sorted, quoted as they are. */
export async function addToCatalog(
  file: string,
  text: string,
  catalog: string,
  name: string,
  specifier: string,
): Promise<{ text: string } | Refusal> {
  const edited = file.endsWith('.json')
    ? addMember(text, pathIn(text, catalog), name, specifier)
    : await addToYaml(text, catalog, name, specifier);
  if ('refused' in edited) return edited;
  const [before, after] = [await parseCatalogs(file, text), await parseCatalogs(file, edited.text)];
  const wanted = {
    ...before,
    named: { ...before?.named, [catalog]: { ...before?.named[catalog], [name]: specifier } },
  };
  const sorted = (value: unknown) =>
    JSON.stringify(value, (_, one) => (isObject(one) ? Object.entries(one).sort() : one));
  return sorted(after) === sorted(wanted) ? edited : { refused: 'the edit did not prove clean' };
}

async function addToYaml(
  text: string,
  catalog: string,
  name: string,
  specifier: string,
): Promise<{ text: string } | Refusal> {
  const { isMap, isScalar, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const atTop = catalog === 'default' ? document.get('catalog', true) : undefined;
  const map = atTop ?? document.getIn(['catalogs', catalog], true);
  if (!isMap(map) || map.flow || map.items.length === 0)
    return { refused: `its catalog \`${catalog}\` is not a plain list` };
  const entries = map.items.map(({ key, value }) => ({ key, value }));
  if (!entries.every(({ key, value }) => isScalar(key) && isScalar(value) && key.range && value.range))
    return { refused: `its catalog \`${catalog}\` has more than versions in it` };
  const scalars = entries as { key: Scalar; value: Scalar }[];
  const keys = scalars.map(({ key }) => String(key.value));
  const sorted = keys.every((key, i) => i === 0 || keys[i - 1]! <= key);
  const next = sorted ? keys.findIndex((key) => key > name) : -1;
  const [first] = scalars;
  const indent = /[ \t]*$/.exec(text.slice(0, first!.key.range[0]))![0];
  const quoteOf = ({ range }: Scalar) => /^['"]/.exec(text.slice(range[0]))?.[0] ?? '';
  const keyQuote = scalars.map(({ key }) => quoteOf(key)).find((one) => one !== '') ?? "'";
  const key =
    /^[\w.-]/.test(name) && scalars.some(({ key }) => quoteOf(key) === '') ? name : `${keyQuote}${name}${keyQuote}`;
  const valueQuote = quoteOf(first!.value);
  const line = `${indent}${key}: ${valueQuote}${specifier}${valueQuote}`;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const insertion =
    next >= 0 ? before(text, scalars[next]!.key, line, eol) : after(text, scalars.at(-1)!.value, line, eol);
  const result = splice(text, [insertion]);
  return onlyInserts(text, result, [insertion]) ? { text: result } : { refused: 'the edit did not prove clean' };
}

interface Scalar {
  value: unknown;
  range: [number, number, number];
}

function before(text: string, { range }: Scalar, line: string, eol: string): Insertion {
  return { at: text.lastIndexOf('\n', range[0] - 1) + 1, text: line + eol };
}

function after(text: string, { range }: Scalar, line: string, eol: string): Insertion {
  const end = text.indexOf('\n', range[1]);
  return end < 0 ? { at: text.length, text: eol + line } : { at: end + 1, text: line + eol };
}

async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

/** Bun takes them from `workspaces` or from the top. */
function holderIn(manifest: unknown): unknown {
  if (!isObject(manifest)) return null;
  const { workspaces } = manifest;
  return isObject(workspaces) && (workspaces.catalog || workspaces.catalogs) ? workspaces : manifest;
}

function pathIn(text: string, catalog: string): string[] {
  const manifest = parseJson(text);
  const holder = holderIn(manifest);
  const inner = catalog === 'default' && isObject(holder) && holder.catalog ? ['catalog'] : ['catalogs', catalog];
  return holder === manifest ? inner : ['workspaces', ...inner];
}

function strings(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
