import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';

/** `src/choose` and `dist` alike stand somewhere below the package folder that holds `blueprints`. */
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

/** The newest blueprint of that name or alias, with its templates. Raises `unknown-blueprint`, with the nearest name. */
export function takeBlueprint(name: string, shelf: string): Shelved {
  const wanted = name.toLowerCase();
  const version = newestVersions(shelf).get(wanted);
  if (version) return withTemplates(readBlueprint(shelf, wanted, version));
  const all = listBlueprints(shelf);
  const blueprint = all.find((one) => one.aliases.includes(wanted));
  if (!blueprint) throw somethingElse(name, all) ?? unknown(name, all);
  return withTemplates(blueprint);
}

/** Whether a shelf has a blueprint of that name or alias. */
export function hasBlueprint(name: string, shelf: string): boolean {
  const wanted = name.toLowerCase();
  return newestVersions(shelf).has(wanted) || listBlueprints(shelf).some(({ aliases }) => aliases.includes(wanted));
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

/** A name that people type for something we know and do not do. */
function somethingElse(name: string, all: readonly Blueprint[]): Problem | null {
  const known = all.flatMap((one) => one.notThis ?? []).find((one) => one.name === name.toLowerCase());
  return known
    ? new Problem('unknown-blueprint', `\`${name}\` is not one of them: ${known.because}`, known.instead)
    : null;
}

function unknown(name: string, all: readonly Blueprint[]): Problem {
  const names = all.flatMap((one) => [one.name, ...one.aliases]);
  const near = names.map((one) => ({ one, far: distance(name.toLowerCase(), one) })).sort((a, b) => a.far - b.far)[0];
  const known = `it can add ${all.map((one) => one.name).join(', ')}`;
  const hint = near && name !== '' && near.far <= 2 ? `did you mean \`${near.one}\`? ${known}` : known;
  return new Problem('unknown-blueprint', `there is no database blueprint named \`${name}\``, hint);
}

/** Edits between two words: insert, delete, replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
