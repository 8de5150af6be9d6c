import { realpathSync, type Stats, statSync } from 'node:fs';
import type { Cache, TsConfigJsonResolved } from 'get-tsconfig';
import { parse } from 'jsonc-parser';
import { isRefused, kindOf, readBytes, reasonOf } from './door.ts';

/**
 * A tsconfig with all that it extends, and whether it includes a file. `whole`: whether all that it extends could be
 * read.
 */
export interface Tsconfig {
  config: TsConfigJsonResolved;
  whole: boolean;
  includes(other: string): boolean;
}

/** A chain of `extends` may double with every step; no project reads this many files. */
const mostFiles = 200;

/**
 * Patterns that take for ever on a long path: four wildcards in one part of it, or five that stand for several parts.
 */
const slowPattern = /(?:\*[^/*]+){4}|(?:\*\*.*){5}/;

/**
 * Reads tsconfigs by their absolute paths, everything through the door. Where what one extends cannot be read, its own
 * options count; null where it cannot be read itself or is none.
 */
export async function tsconfigs(): Promise<(file: string) => Tsconfig | null> {
  const { createFilesMatcher, parseTsconfig } = await import('get-tsconfig');
  const door = new Door();
  const own = (file: string): TsConfigJsonResolved | null => {
    const config: unknown = parse(readText(file), [], { allowTrailingComma: true });
    if (typeof config !== 'object' || config === null) return null;
    // The matcher of files takes none that extends another.
    const { extends: _extended, ...rest } = config as TsConfigJsonResolved & { extends?: unknown };
    return rest;
  };
  const tsconfig = (file: string, config: TsConfigJsonResolved, whole: boolean): Tsconfig => ({
    config,
    whole,
    includes: (other) =>
      isQuick(config) && attempt(() => createFilesMatcher({ config, path: file })(other) !== undefined) === true,
  });
  return (file) => {
    const config = attempt(() => parseTsconfig(file, door as Cache<string>));
    if (config) return tsconfig(file, config, true);
    const alone = attempt(() => own(file));
    return alone && tsconfig(file, alone, false);
  };
}

/**
 * get-tsconfig asks its cache before it asks the disk, by the name of a function of node:fs and its arguments: this one
 * always has the answer.
 */
class Door extends Map<string, unknown> {
  private count = 0;

  override get(question: string): unknown {
    const [, name, file] = /^(\w+):(.*?)(?::|:utf8)?$/s.exec(question) ?? [];
    switch (name) {
      case 'existsSync':
        return kindOf(file!) !== 'none';
      case 'readFileSync':
        this.count += 1;
        if (this.count > mostFiles) throw new Error(`more than ${mostFiles} files are read for one tsconfig`);
        return readText(file!);
      case 'statSync':
        return statSync(file!) satisfies Stats;
      case 'realpathSync':
        return realpathSync(file!);
      default:
        throw new Error(`get-tsconfig asks for what is not answered: ${question}`);
    }
  }
}

function readText(file: string): string {
  const bytes = readBytes(file);
  if (bytes === null || isRefused(bytes)) throw new Error(bytes ? reasonOf(bytes) : 'it is not there');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Whether its patterns can be matched in a moment. */
function isQuick({ files = [], include = [], exclude = [] }: TsConfigJsonResolved): boolean {
  const lists: unknown[] = [files, include, exclude];
  return lists.every(
    (list) => Array.isArray(list) && list.every((one) => typeof one === 'string' && !slowPattern.test(one)),
  );
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
