import { realpathSync, type Stats, statSync } from 'node:fs';
import type { Cache, TsConfigJsonResolved } from 'get-tsconfig';
import { isRefused, kindOf, readBytes, reasonOf } from './door.ts';

/**
 * A tsconfig with all that it extends, and whether it includes a file. Everything is read through the door. Throws where one of them cannot be read or
 * is none.
 */
export async function readTsconfig(
  file: string,
): Promise<{ config: TsConfigJsonResolved; includes(other: string): boolean }> {
  const { createFilesMatcher, parseTsconfig } = await import('get-tsconfig');
  const config = parseTsconfig(file, new Door() as Cache<string>);
  return { config, includes: (other) => createFilesMatcher({ config, path: file })(other) !== undefined };
}

/** get-tsconfig asks its cache before it asks the disk, by the name of a function of node:fs and its arguments: this one always has the answer. */
class Door extends Map<string, unknown> {
  override get(question: string): unknown {
    const [, name, file] = /^(\w+):(.*?)(?::|:utf8)?$/s.exec(question) ?? [];
    switch (name) {
      case 'existsSync':
        return kindOf(file!) !== 'none';
      case 'readFileSync':
        return textOf(file!);
      case 'statSync':
        return statSync(file!) satisfies Stats;
      case 'realpathSync':
        return realpathSync(file!);
      default:
        throw new Error(`get-tsconfig asks for what is not answered: ${question}`);
    }
  }
}

function textOf(file: string): string {
  const bytes = readBytes(file);
  if (bytes === null || isRefused(bytes)) throw new Error(bytes ? reasonOf(bytes) : 'it is not there');
  return bytes.toString('utf8');
}
