import { posix } from 'node:path';
import { Problem } from '../../../problem.ts';
import { readJsonObject } from '../../../project/json-file.ts';
import { inFolder, type Project } from '../../../project/project.ts';
import { seenFrom } from './repository.ts';

/** What Pikku's config says, that of a config it extends included. Paths from the package folder. */
export interface PikkuConfig {
  path: string;
  /** The folders in which Pikku looks for code. */
  sources: string[];
  /** Where it writes what it generates. */
  outDir: string;
  /** An addon takes its services from the application that uses it. */
  addon: boolean;
}

/** The only name that Pikku reads as JSON and finds from a folder upward (cli 0.12). */
export const configName = 'pikku.config.json';

/** The config nearest to the package, up to the root of the repository; null where there is none. */
export function findConfig(project: Project): string | null {
  return project.upward.map((folder) => inFolder(folder, configName)).find((file) => project.has(file)) ?? null;
}

/** No one extends more than a few. */
const limit = 20;

/**
 * Reads a config and those that it extends. Raises `cannot-parse` where one is no JSON object, or is not there: Pikku
 * cannot read it either.
 */
export function readConfig(project: Project, path: string): PikkuConfig {
  const merged: Record<string, unknown> = {};
  // Where what is said is seen from: each config's own folder, or the `rootDir` it names.
  let sources: string[] | null = null;
  let outDir: string | null = null;
  let file: string | null = path;
  for (let passed = 0; file !== null && passed < limit; passed += 1) {
    const value = parsed(project, file);
    const folder = posix.dirname(file);
    const root: string = typeof value.rootDir === 'string' ? posix.join(folder, value.rootDir) : folder;
    const at = (one: string) => seenFrom(project, posix.join(root, one));
    if (Array.isArray(value.srcDirectories)) sources ??= value.srcDirectories.filter(isText).map(at);
    if (isText(value.outDir)) outDir ??= at(value.outDir);
    for (const [key, one] of Object.entries(value)) merged[key] ??= one;
    file = isText(value.extends) ? posix.join(folder, value.extends) : null;
  }
  const home = posix.dirname(path);
  return {
    path,
    sources: sources ?? [seenFrom(project, home)],
    outDir: outDir ?? seenFrom(project, inFolder(home, '.pikku')),
    addon: merged.addon !== undefined && merged.addon !== false && merged.addon !== null,
  };
}

function parsed(project: Project, file: string): Record<string, unknown> {
  if (project.has(file)) return readJsonObject(project, file);
  const hint = 'fix the file first; nothing was changed';
  throw new Problem('cannot-parse', `\`${file}\`, which Pikku's config extends, is not there`, hint);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
