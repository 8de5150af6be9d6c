// blueprints/released.json: the folders of blueprints that a release has had, each with the digests of its files. A
// db.ts in somebody's project is recognised by them, so they never change: a new version is a new folder.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ since: string, files: Record<string, string> }} Released the version that had it first; file → SHA-256
 */

/** Where the list stands in a tree. @param {string} root */
export const listOf = (root) => path.join(root, 'blueprints/released.json');

/**
 * The folders that were released, by their markers (`database/postgres@1`).
 * @param {string} root
 * @returns {Record<string, Released>}
 */
export function readReleased(root) {
  return JSON.parse(readFileSync(listOf(root), 'utf8'));
}

/** What is not as it was released, as sentences; none where all is well. @param {string} root */
export function changesSinceRelease(root) {
  return Object.entries(readReleased(root)).flatMap(([marker, { since, files }]) => {
    const now = digestsOf(path.join(root, 'blueprints', marker));
    const names = [...new Set([...Object.keys(files), ...Object.keys(now)])].sort();
    const version = Number(marker.split('@')[1]);
    const next = `${marker.split('@')[0]}@${version + 1}`;
    const hint = `blueprints/${marker} was released with ${since}: put it back, and change ${next}`;
    return names
      .filter((name) => files[name] !== now[name])
      .map((name) => `${name} ${change(files[name], now[name])}; ${hint}`);
  });
}

/** @param {string | undefined} before @param {string | undefined} after */
function change(before, after) {
  if (before === undefined) return 'is new';
  return after === undefined ? 'is gone' : 'has changed';
}

/**
 * The list with every folder of a tree that it lacks, as the file has it.
 * @param {string} root
 * @param {string} version
 */
export function withFolders(root, version) {
  const released = { ...readReleased(root) };
  for (const marker of foldersIn(root))
    released[marker] ??= { since: version, files: digestsOf(path.join(root, 'blueprints', marker)) };
  const sorted = Object.fromEntries(Object.entries(released).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

/** `database/postgres@1` and all others. @param {string} root */
function foldersIn(root) {
  const shelves = path.join(root, 'blueprints');
  return readdirSync(shelves)
    .filter((shelf) => statSync(path.join(shelves, shelf)).isDirectory())
    .flatMap((shelf) => readdirSync(path.join(shelves, shelf)).map((name) => `${shelf}/${name}`))
    .filter((marker) => /@\d+$/.test(marker));
}

/**
 * File → SHA-256, its line ends as git has them; none where there is no such folder.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function digestsOf(folder) {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).sort();
  return Object.fromEntries(
    names.map((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      return [name, createHash('sha256').update(text).digest('hex')];
    }),
  );
}
