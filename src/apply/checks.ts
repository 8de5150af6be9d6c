import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { literally } from '../pattern.ts';
import { Problem } from '../problem.ts';
import { isRefused, kindOf, listFolder, readBytes } from '../project/door.ts';
import type { InstallCheck } from '../types/plan.ts';

/** Whether a check holds: null where it does, what is wrong, or that the packages are nowhere to be read. */
type CheckResult = null | string | 'unseen';

/**
 * Reads what an install has brought, as text: nothing of it is run. Returns what could not be looked at, as sentences.
 * Raises `operation-failed` for a check that does not hold.
 */
export function checkInstalled(root: string, checks: readonly InstallCheck[]): string[] {
  const unseen = new Set<string>();
  for (const check of checks) {
    const verdict = verdictOn(root, check);
    if (verdict === 'unseen') unseen.add(check.package);
    else if (verdict !== null) {
      const hint = 'the versions that were brought do not go together; install others first, then run this again';
      throw new Problem('operation-failed', verdict, hint);
    }
  }
  return [...unseen].map((name) => `\`${name}\` is in no \`node_modules\`, so what it needs was not looked at`);
}

function verdictOn(root: string, check: InstallCheck): CheckResult {
  const home = folderOf(root, check.package);
  if (home === null) return 'unseen';
  switch (check.kind) {
    case 'exports':
      return lacksExport(home, check);
    case 'lacks':
      return mentions(home, check.package, check.word);
    case 'shares':
      return hasOwnCopy(root, home, check);
  }
}

/** A package as it is found from a folder: in a `node_modules` there or above, links followed. */
function folderOf(from: string, name: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(found, 'package.json'))) return realpathSync(found);
    if (path.dirname(folder) === folder) return null;
  }
}

function lacksExport(home: string, { package: name, of }: { package: string; of: string }): CheckResult {
  const other = folderOf(home, of);
  const exported = other && manifestIn(other)?.exports;
  if (!other) return 'unseen';
  if (typeof exported !== 'object' || exported === null) return null;
  const patterns = Object.keys(exported).map((key) => new RegExp(`^${literally(key.slice(1)).replace('\\*', '.+')}$`));
  const imports = new RegExp(`(?:from|import)\\s*\\(?\\s*['"]${literally(of)}((?:/[^'"]*)?)['"]`, 'g');
  for (const file of filesIn(home, /\.[mc]?js$/)) {
    const missing = [...readText(file).matchAll(imports)]
      .map((match) => match[1]!)
      .find((subpath) => !patterns.some((pattern) => pattern.test(subpath)));
    if (missing !== undefined) return `\`${name}\` imports \`${of}${missing}\`, which this \`${of}\` does not have`;
  }
  return null;
}

function mentions(home: string, name: string, word: string): CheckResult {
  const found = filesIn(home, /\.d\.[mc]?ts$/).find((file) => readText(file).includes(word));
  return found ? `this \`${name}\` wants a \`${word}\`, as no version known here does` : null;
}

function hasOwnCopy(root: string, home: string, { package: name, of }: { package: string; of: string }): CheckResult {
  const [its, ours] = [folderOf(home, of), folderOf(root, of)];
  if (!its || !ours) return 'unseen';
  if (its === ours) return null;
  const [one, other] = [versionIn(its), versionIn(ours)];
  return (
    `\`${name}\` has a copy of \`${of}\` of its own (${one}, the project has ${other}), ` +
    `and would take a client of the project's for settings`
  );
}

/** What is read of a package: its own files, in no `node_modules`. More are nobody's. */
const most = 2000;

function filesIn(home: string, wanted: RegExp): string[] {
  const files: string[] = [];
  const folders = [home];
  for (const folder of folders) {
    for (const { name, kind } of listFolder(folder).entries) {
      if (kind === 'folder' && name !== 'node_modules' && folders.length < most) folders.push(path.join(folder, name));
      if (kind === 'file' && wanted.test(name) && files.length < most) files.push(path.join(folder, name));
    }
  }
  return files;
}

function readText(file: string): string {
  const bytes = kindOf(file) === 'file' ? readBytes(file) : null;
  return bytes === null || isRefused(bytes) ? '' : bytes.toString('utf8');
}

function manifestIn(home: string): { exports?: unknown; version?: string } | null {
  try {
    return JSON.parse(readText(path.join(home, 'package.json')));
  } catch {
    return null;
  }
}

function versionIn(home: string): string {
  return manifestIn(home)?.version ?? 'of no known version';
}
