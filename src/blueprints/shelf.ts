import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Blueprint, Driver, Shelved } from '../types/blueprint.ts';
import { nearest } from './nearest.ts';

/** The folder of this package, which holds `blueprints`: seen from here, or from the build. */
export const home = path.join(import.meta.dirname, import.meta.dirname.endsWith('dist') ? '..' : '../..');

/** Each host has a folder of blueprints of its own, its shelf. */
const shelves = path.join(home, 'blueprints');

/** The newest version of every blueprint on a shelf, by name. */
export function listBlueprints(shelf: string): Blueprint[] {
  return [...newestVersions(shelf)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => readBlueprint(shelf, name, version));
}

function newestVersions(shelf: string): Map<string, number> {
  const newest = new Map<string, number>();
  for (const folder of readdirSync(path.join(shelves, shelf))) {
    const [name, version] = folder.split('@') as [string, string | undefined];
    if (version) newest.set(name, Math.max(newest.get(name) ?? 0, Number(version)));
  }
  return newest;
}

/**
 * The newest blueprint of that name, alias or driver, with its templates. Raises `unknown-blueprint`, with the nearest
 * name.
 */
export function takeBlueprint(name: string, shelf: string): Shelved {
  return takeTyped(name, shelf).shelved;
}

/**
 * The same, and the driver that the word stands for, if it stands for one: `ioredis` is Redis with `ioredis`. Raises
 * `unknown-blueprint`.
 */
export function takeTyped(word: string, shelf: string): { shelved: Shelved; driver: string | null } {
  const name = word.toLowerCase();
  const version = newestVersions(shelf).get(name);
  if (version) return { shelved: withTemplates(readBlueprint(shelf, name, version)), driver: null };
  const all = listBlueprints(shelf);
  const byAlias = all.find(({ aliases }) => aliases.includes(name));
  if (byAlias) return { shelved: withTemplates(byAlias), driver: null };
  for (const blueprint of all) {
    const driver = blueprint.drivers.find((one) => wordsFor(one, blueprint).includes(name));
    if (driver) return { shelved: withTemplates(blueprint), driver: driver.package };
  }
  throw somethingElse(word, all) ?? unknown(word, all);
}

/** What people may type for a blueprint beside its name: other names of the database, and words for its drivers. */
export function otherNames(blueprint: Blueprint): string[] {
  return [...new Set([...blueprint.aliases, ...blueprint.drivers.flatMap((one) => wordsFor(one, blueprint))])];
}

function wordsFor({ package: name, names = [] }: Driver, { adapter }: Blueprint): string[] {
  return name === adapter ? names : [name, ...names];
}

/** Whether a shelf has a blueprint of that name, alias or driver. */
export function hasBlueprint(word: string, shelf: string): boolean {
  const name = word.toLowerCase();
  return newestVersions(shelf).has(name) || listBlueprints(shelf).some((one) => otherNames(one).includes(name));
}

/** The blueprint that a marker names (`database/postgres@1`), or null where the shelf does not have it. */
export function takeMarked(marker: string): Shelved | null {
  const [, shelf, name, version] = /^([a-z]+)\/([a-z]+)@(\d+)$/.exec(marker) ?? [];
  if (!shelf || !readdirSync(shelves).includes(shelf)) return null;
  if (!readdirSync(path.join(shelves, shelf)).includes(`${name}@${version}`)) return null;
  return withTemplates(readBlueprint(shelf, name!, Number(version)));
}

/** The db entry that `flue init` writes for Node (2.0.0 to 2.0.3), comments and all. */
export function takeScaffold(): string {
  return readFileSync(path.join(shelves, 'flue-init/db.ts'), 'utf8');
}

/** `database/postgres@1`: the folder on the shelf and the marker on line 1. */
export function markerOf({ shelf, name, version }: Blueprint): string {
  return `${shelf}/${name}@${version}`;
}

function readBlueprint(shelf: string, name: string, version: number): Blueprint {
  const text = readFileSync(path.join(shelves, shelf, `${name}@${version}`, 'blueprint.json'), 'utf8');
  return { ...JSON.parse(text), shelf, name, version };
}

function withTemplates(blueprint: Blueprint): Shelved {
  const folder = path.join(shelves, blueprint.shelf, `${blueprint.name}@${blueprint.version}`);
  const files = [...new Set(blueprint.drivers.flatMap(({ file, client }) => (client ? [file, client.file] : [file])))];
  const templates = Object.fromEntries(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
  return { blueprint, templates };
}

/** A name that people type for something we know and do not do, or for a package that cannot carry a host's state. */
function somethingElse(typed: string, all: readonly Blueprint[]): Problem | null {
  const name = typed.toLowerCase();
  const known = all.flatMap((one) => one.notThis ?? []).find((one) => one.name === name || one.also?.includes(name));
  if (known) return new Problem('unknown-blueprint', `\`${typed}\` cannot be added: ${known.because}`, known.instead);
  for (const { title, name: database, refused } of all) {
    const one = refused.find(({ package: refusedName }) => refusedName === name);
    const instead = `\`${database}\` adds ${title} with a driver beside it`;
    if (one) return new Problem('unknown-blueprint', `\`${typed}\` cannot be added: ${one.because}`, instead);
  }
  return null;
}

function unknown(name: string, all: readonly Blueprint[]): Problem {
  const names = all.flatMap((one) => [one.name, ...otherNames(one)]);
  const known = `it can add ${all.map((one) => one.name).join(', ')}`;
  const scheme = /^([a-z][a-z\d]*)(?:\+srv)?:\/\//i.exec(name)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    const spoken = names.find((one) => one === scheme || `${one}s` === scheme);
    const how = spoken ? `\`flue-db add ${spoken}\`` : known;
    const why = `\`${name}\` is a URL, and the name of a database is wanted`;
    return new Problem('unknown-blueprint', why, `${how}; the URL goes into your own env file afterwards`);
  }
  const near = nearest(name, names) ?? partOf(name, names);
  const hint = near ? `did you mean \`${near}\`? ${known}` : known;
  return new Problem('unknown-blueprint', `there is no database blueprint named \`${name}\``, hint);
}

/** The name that stands in a word with more around it: of `postgres@15` and `aurora-postgres` it is `postgres`. */
function partOf(word: string, names: readonly string[]): string | undefined {
  const parts = word
    .slice(0, 64)
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return parts.find((part) => names.includes(part));
}
