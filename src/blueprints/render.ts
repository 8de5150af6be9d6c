import { formatCode } from '../edit/format.ts';
import type { Shelved } from '../types/blueprint.ts';
import type { Choice } from '../types/choice.ts';
import type { Facts } from '../types/facts.ts';
import { withOptional, withServices } from './services.ts';
import {
  givesCause,
  nameIn,
  readingOf,
  templateFor,
  templateOf,
  withClient,
  withImport,
  withReferences,
} from './template.ts';

/**
 * The db entry for this project: the driver's template in the project's language, with its names, its env convention's
 * way of reading them, and as its formatter would leave it. For plain `process.env`, the blueprint's own names and a
 * project that writes as we do it is the template itself. `reading`: how it reads its variables, as in `Facts.env`.
 */
export async function renderEntry(facts: Facts, choice: Choice, shelved: Shelved, reading: string): Promise<string> {
  const file = choice.entry.path.split('/').at(-1)!;
  const { driver, client } = choice;
  const { services } = choice;
  const whole = withServices(shelved.templates[templateOf(driver.value, client)]!, services?.value ?? []);
  const plain = await templateFor(file, withOptional(whole, services?.optional ?? []));
  const template = client ? withClient(plain, client.value) : plain;
  const names = Object.fromEntries(Object.entries(choice.names).map(([canonical, { value }]) => [canonical, value]));
  const { expression, line } = readingOf(reading);
  const { bracketed, nodeTypes, errorCause } = facts.compiler.value;
  const typescript = /\.m?ts$/.test(file);
  const read = typescript && bracketed && line === null ? (name: string) => `process.env['${name}']` : expression;
  const written = withImport(nameIn(template, names, read), line);
  // A reference and not an import of `node:process`, which is declared in the same types; and tsconfig stays the
  // project's.
  const references = [
    ...(!nodeTypes && driver.value.types?.['@types/node'] ? ['types="node"'] : []),
    ...(!errorCause && givesCause(written) ? ['lib="es2022.error"'] : []),
  ];
  const text = typescript ? withReferences(written, references) : written;
  const { style, eol } = facts.formatter.value;
  return (style ? await formatCode(file, text, style) : text).replaceAll('\n', eol);
}
