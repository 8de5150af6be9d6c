import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../problem.ts';
import type { Blueprint, Shelved } from '../types/blueprint.ts';

/** `src/choose` and `dist` alike stand somewhere below the package folder that holds `blueprints`. */
export const home = path.join(import.meta.dirname, import.meta.dirname.endsWith('dist') ? '..' : '../..');

const shelf = path.join(home, 'blueprints/database');

/** The newest version of every blueprint, by name. */
export function listBlueprints(): Blueprint[] {
  return [...newestVersions()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, version]) => readBlueprint(name, version));
}

function newestVersions(): Map<string, number> {
  const newest = new Map<string, number>();
  for (const folder of readdirSync(shelf)) {
    const [name, version] = folder.split('@') as [string, string | undefined];
    if (version) newest.set(name, Math.max(newest.get(name) ?? 0, Number(version)));
  }
  return newest;
}

/** The newest blueprint of that name or alias, with its templates. Raises `unknown-blueprint`, with the nearest name. */
export function takeBlueprint(name: string): Shelved {
  const wanted = name.toLowerCase();
  const version = newestVersions().get(wanted);
  if (version) return withTemplates(readBlueprint(wanted, version));
  const all = listBlueprints();
  const blueprint = all.find((one) => one.aliases.includes(wanted));
  if (!blueprint) throw somethingElse(name, all) ?? unknown(name, all);
  return withTemplates(blueprint);
}

/** The blueprint that a marker names (`database/postgres@1`), or null where the shelf does not have it. */
export function takeMarked(marker: string): Shelved | null {
  const match = /^database\/([a-z]+)@(\d+)$/.exec(marker);
  if (!match || !readdirSync(shelf).includes(`${match[1]}@${match[2]}`)) return null;
  return withTemplates(readBlueprint(match[1]!, Number(match[2])));
}

/** The db entry that `flue init` writes for Node (2.0.0 to 2.0.3), comments and all. */
export function takeScaffold(): string {
  return readFileSync(path.join(shelf, '../flue-init/db.ts'), 'utf8');
}

/** `database/postgres@1`: the folder on the shelf and the marker on line 1. */
export function markerOf(blueprint: Blueprint): string {
  return `database/${blueprint.name}@${blueprint.version}`;
}

function readBlueprint(name: string, version: number): Blueprint {
  const text = readFileSync(path.join(shelf, `${name}@${version}`, 'blueprint.json'), 'utf8');
  return { ...JSON.parse(text), name, version };
}

function withTemplates(blueprint: Blueprint): Shelved {
  const folder = path.join(shelf, `${blueprint.name}@${blueprint.version}`);
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
