import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../flue.ts';

let count = 0;

/** Imports a template as it is, in a module instance of its own. */
export async function importTemplate<T>(blueprint: string, file: string): Promise<T> {
  return importMutant<T>(blueprint, file, (text) => text);
}

/** Imports a template after a change to its text. A change that changes nothing is an error, or the mutant would test nothing. */
export async function importMutant<T>(blueprint: string, file: string, mutate: (text: string) => string): Promise<T> {
  const text = readFileSync(path.join(root, 'blueprints/database', blueprint, file), 'utf8');
  // Below the package, so that it finds the drivers; one file per import, so that it has a state of its own.
  const folder = path.join(root, '.cache/templates', `${process.pid}-${count++}`);
  mkdirSync(folder, { recursive: true });
  const at = path.join(folder, file);
  writeFileSync(at, mutate(text));
  return (await import(at)).default;
}

/** Replaces a piece of text that must be there exactly once. */
export function swap(piece: string, by: string): (text: string) => string {
  return (text) => {
    const parts = text.split(piece);
    if (parts.length !== 2) throw new Error(`\`${piece}\` stands ${parts.length - 1} times in the template`);
    return parts.join(by);
  };
}
