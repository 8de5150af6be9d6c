import { formatCode } from '../edit/format.ts';
import { nameIn, templateFor } from '../edit/template.ts';
import { conventionNamed } from '../env/index.ts';
import type { Choice, Facts, Shelved } from '../types.ts';

/**
 * The db entry for this project: the driver's template in the project's language, with its names, its env convention's way
 * of reading them, and as its formatter would leave it. For plain `process.env`, the blueprint's own names and a project that writes
 * as we do it is the template itself.
 */
export async function renderEntry(facts: Facts, choice: Choice, shelved: Shelved): Promise<string> {
  const file = choice.entry.path.split('/').at(-1)!;
  const template = await templateFor(file, shelved.templates[choice.driver.value.file]!);
  const names = Object.fromEntries(Object.entries(choice.names).map(([canonical, { value }]) => [canonical, value]));
  const text = nameIn(template, names, conventionNamed(facts.env.value).reference);
  const { style, eol } = facts.formatter.value;
  return (style ? await formatCode(file, text, style) : text).replaceAll('\n', eol);
}
