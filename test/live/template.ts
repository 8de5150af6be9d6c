import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../flue.ts';

/** A new folder below the package, from where drivers are found. */
export function templateFolder(): string {
  return mkdtempSync(path.join(process.env.FLUE_TEST_TEMPLATES ?? '', 'one-'));
}

/** GLIDE's own part, which is no JavaScript, writes its log past every test runner: not here. */
export async function silenceLog(text: string): Promise<void> {
  if (text.includes("'@valkey/valkey-glide'")) (await import('@valkey/valkey-glide')).Logger.init('off');
}

/** Imports a template as it is, in a module instance of its own. */
export async function importTemplate<T>(blueprint: string, file: string): Promise<T> {
  return importMutant<T>(blueprint, file, (text) => text);
}

/**
 * Imports a template for a client that the application makes, together with such an application's module. `as`: the
 * package it is made with, where that is another major.
 */
export async function importShared<T, C>(
  blueprint: string,
  file: string,
  as: (text: string) => string = (text) => text,
): Promise<{ runner: T; client: C }> {
  const text = readFileSync(path.join(root, 'blueprints/database', blueprint, file), 'utf8');
  const folder = templateFolder();
  const name = /'#clients\/([\w-]+)'/.exec(text)![1];
  const client = path.join(folder, 'client.ts');
  writeFileSync(client, as(readFileSync(path.join(root, `test/clients/${name}.ts`), 'utf8')));
  writeFileSync(path.join(folder, file), as(text).replace(`'#clients/${name}'`, "'./client.ts'"));
  await silenceLog(text);
  const runner = (await import(path.join(folder, file))).default;
  return { runner, client: (await import(client)).client };
}

/**
 * Imports a template after a change to its text. A change that changes nothing is an error, or the mutant would test
 * nothing.
 */
export async function importMutant<T>(blueprint: string, file: string, mutate: (text: string) => string): Promise<T> {
  const text = readFileSync(path.join(root, 'blueprints/database', blueprint, file), 'utf8');
  // One file per import, so that it has a state of its own.
  const folder = templateFolder();
  const at = path.join(folder, file);
  writeFileSync(at, mutate(text));
  await silenceLog(text);
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
